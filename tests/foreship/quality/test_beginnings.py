"""Tables and windows in which nothing is open."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from foreship.quality.beginnings import launches_are_near, listings_have_rows, something_is_open
from tests.foreship.quality.shops import clean, evidence, found_by

CELLS = pd.DataFrame({"region": ["R0", "R1"], "item": ["I0", "I1"]})


@pytest.mark.parametrize("name", ["assortment", "exits"])
def test_a_list_without_rows_is_doubted(name: str, tmp_path: Path) -> None:
    """It is read as if it were absent, which is hardly what an empty list says."""
    empty = CELLS[:0] if name == "assortment" else pd.DataFrame({"exit": [], "cost": []})
    (said,) = found_by(listings_have_rows, evidence({name: empty}, tmp_path))
    assert said.startswith(f"{name}: a header but no rows")


@pytest.mark.parametrize(
    ("table", "column"), [("items", "launch_date"), ("assortment", "from"), ("lanes", "from")]
)
def test_first_days_far_ahead_are_doubted(table: str, column: str, tmp_path: Path) -> None:
    """2199 stands for something else; next month and the past do not."""
    frames = clean("plain") | {"assortment": CELLS}
    for day, doubted in (("2199-12-31", True), ("2026-06-01", False), ("2020-01-01", False)):
        changed = frames | {table: frames[table].assign(**{column: day})}
        said = found_by(launches_are_near, evidence(changed, tmp_path, as_of="2026-05-04"))
        assert len(said) == doubted
    assert said == []


def test_windows_that_are_all_over_are_doubted(tmp_path: Path) -> None:
    """Last year's list; one row that is still open is enough."""
    cells = CELLS.assign(to=["2025-12-31", "2026-03-31"])
    frames = clean("plain") | {"assortment": cells}
    (said,) = found_by(something_is_open, evidence(frames, tmp_path, as_of="2026-05-04"))
    assert "every window is over before 2026-05-04" in said
    assert found_by(something_is_open, evidence(frames, tmp_path, as_of="2026-03-30")) == []
