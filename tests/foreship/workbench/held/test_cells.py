"""Rows by cell against the same by comparing every row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from foreship.files import write_parquet
from foreship.workbench.held.cells import CellFrame
from foreship.workbench.held.columns import Arrays, read_columns


def frame(in_order: bool) -> pd.DataFrame:
    """Make up rows of cells, some cells without any."""
    cells = [(f"R{n * 7 % 5}", f"I{n * n % 6}", n) for n in range(60)]
    return pd.DataFrame(sorted(cells) if in_order else cells, columns=["region", "item", "n"])


def held(rows: pd.DataFrame, folder: Path, region: str = "region") -> CellFrame:
    """Write rows and hold them by cell."""
    write_parquet(rows, folder / "rows.parquet")
    columns = read_columns(folder / "rows.parquet", Arrays(64, folder))
    return CellFrame(columns, region, "item")


@pytest.mark.parametrize("in_order", [True, False])
def test_an_item_a_region_and_a_cell_are_found(tmp_path: Path, in_order: bool) -> None:
    """In the order of the frame, sorted or not; ids that it does not have have no rows."""
    rows = frame(in_order)
    found = held(rows, tmp_path)
    assert len(found) == len(rows) and found.items == tuple(sorted(rows["item"].unique()))
    for item in (*found.items, "I9", None):
        for region in (*found.regions, "R9", None):
            mine = pd.Series(True, index=rows.index)
            mine &= (rows["item"] == item) if item else True
            mine &= (rows["region"] == region) if region else True
            pd.testing.assert_frame_equal(
                found.of(item=item, region=region), rows[mine].reset_index(drop=True)
            )


def test_rows_without_a_region_are_found_by_item(tmp_path: Path) -> None:
    """As what hubs will need; and no rows at all are none."""
    rows = frame(in_order=False).drop(columns="region")
    found = held(rows, tmp_path, region="")
    mine = rows[rows["item"] == "I1"].reset_index(drop=True)
    pd.testing.assert_frame_equal(found.of(item="I1", region=None), mine)
    empty = held(rows.head(0), tmp_path, region="")
    assert len(empty.of(item="I1", region=None)) == len(empty.of(item=None, region=None)) == 0
