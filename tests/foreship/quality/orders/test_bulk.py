"""One order line that outweighs all others."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from foreship.quality.orders.bulk import no_line_outweighs_its_item
from tests.foreship.quality.shops import SHAPES, clean, evidence, found_by


def with_units(orders: pd.DataFrame, rows: list[int], units: int) -> pd.DataFrame:
    """Return the orders with other units in some rows."""
    changed = orders.reset_index(drop=True)
    changed.loc[rows, "quantity"] = units
    return changed


@pytest.mark.parametrize("shape", SHAPES)
def test_ten_thousand_units_are_doubted_with_their_line(shape: str, tmp_path: Path) -> None:
    """Whatever the shop sells, by any row order of its lines."""
    frames = clean(shape)
    frames["orders"] = with_units(frames["orders"], [17], 10_000)
    (said,) = found_by(no_line_outweighs_its_item, evidence(frames, tmp_path))
    assert "in 1 row, line 19 (value 10000)" in said


def test_a_line_of_an_item_hardly_ever_sold_is_judged_by_all_items(tmp_path: Path) -> None:
    """Its only line has nothing of its own to be compared with."""
    frames = clean("plain")
    lonely = frames["orders"].head(1).assign(item="I-new", quantity=10_000)
    frames["orders"] = pd.concat([frames["orders"], lonely], ignore_index=True)
    (said,) = found_by(no_line_outweighs_its_item, evidence(frames, tmp_path))
    assert "(value 10000)" in said


def test_what_recurs_is_a_custom(tmp_path: Path) -> None:
    """Five lines of 500 of one item are its wholesale; ten times a small line is no bulk."""
    frames = clean("plain")
    mine = frames["orders"].reset_index(drop=True)
    rows = mine.index[mine["item"] == "I1"][:5].tolist()
    often = frames | {"orders": with_units(frames["orders"], rows, 500)}
    assert found_by(no_line_outweighs_its_item, evidence(often, tmp_path)) == []
    small = frames | {"orders": with_units(frames["orders"], [17], 20)}
    assert found_by(no_line_outweighs_its_item, evidence(small, tmp_path)) == []
