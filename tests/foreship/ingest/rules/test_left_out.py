"""Stock of items that `items` does not have: a fault, or left out where the planner says so."""

from __future__ import annotations

from pathlib import Path

from foreship.workspace.checking import check, inspect
from tests.foreship.bad_changes import cell, config
from tests.foreship.good_workspace import good_frames, write_workspace

TOLD = config('[columns]\nstock.unknown_items = "leave_out"')


def test_unknown_items_are_left_out_only_when_told(tmp_path: Path) -> None:
    """Untold the fault says which line leaves them out; told, rows and units are counted."""
    folder = write_workspace(tmp_path / "good", good_frames())
    cell("stock", "item", 3, "never sold")(folder)
    (fault,) = check(folder).faults
    assert (fault.table, fault.rows) == ("stock", (3,))
    assert '[columns] stock.unknown_items = "leave_out"' in fault.remedy
    before = check(folder).rows["stock"]
    TOLD(folder)
    found = inspect(folder)
    assert found.report().exit_code == 0
    assert found.report().rows["stock"] == before - 1
    assert "never sold" not in found.tables["stock"].names_of("item")
    assert found.tables["stock"].numbering(1) == 4
    assert "1 row of 60 units left out, as declared: of 1 item" in str(found.report())


def test_only_stock_and_inbound_leave_items_out(tmp_path: Path) -> None:
    """Orders of unknown items are never dropped."""
    folder = write_workspace(tmp_path / "good", good_frames())
    config('[columns]\norders.unknown_items = "leave_out"')(folder)
    (fault,) = check(folder).faults
    assert "only of stock and inbound" in str(fault)
