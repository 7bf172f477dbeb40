"""What earlier plans sent in and took out, added up by cell."""

from __future__ import annotations

import pandas as pd

from foreship.pipeline.past_moves import moves_of
from foreship_foundation.tables.derived import RECENT
from foreship_optimize.tables import READS


def lines(*rows: tuple[str, str, str, str, int]) -> pd.DataFrame:
    """Return lines of a plan: action, origin, destination, item, quantity."""
    return pd.DataFrame(rows, columns=["action", "origin", "destination", "item", "quantity"])


def test_every_end_in_a_region_counts() -> None:
    """A redirect is out of one cell and into another; a ship takes nothing out of a region."""
    first = lines(("ship", "H", "R", "A", 3), ("redirect", "R", "S", "A", 2))
    second = lines(("return", "S", "H", "A", 1), ("markdown", "S", "", "B", 4))
    found = moves_of([first, second, lines()])
    assert found.to_dict("split")["data"] == [
        ["R", "A", 3, 2], ["S", "A", 2, 1], ["S", "B", 0, 4],
    ]  # fmt: skip


def test_nothing_moved_is_a_table_without_rows() -> None:
    """Of the declared columns, which the optimise room reads."""
    found = moves_of([])
    assert tuple(found.columns) == RECENT.names and found.empty
    assert READS["recent"] is RECENT
