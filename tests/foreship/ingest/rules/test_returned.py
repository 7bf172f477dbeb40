"""Orders of a negative quantity: faults, or returns where the planner says so."""

from __future__ import annotations

from pathlib import Path

from foreship.workspace.checking import check, inspect
from foreship.workspace.opening import open_workspace
from tests.foreship.bad_changes import cell, config
from tests.foreship.good_workspace import good_frames, write_workspace

TOLD = config('[columns]\norders.negative_quantities = "returns"')


def workspace(path: Path, *, returns: bool = False) -> Path:
    """Write the good workspace, with two orders of a negative quantity."""
    frames = good_frames()
    if not returns:
        del frames["returns"]
    folder = write_workspace(path / "good", frames)
    for line in (9, 700):
        cell("orders", "quantity", line, "-2")(folder)
    return folder


def test_negative_quantities_are_returns_only_when_told(tmp_path: Path) -> None:
    """Untold they are faults; told, each row is a return of its day, and keeps its line."""
    folder = workspace(tmp_path)
    (fault,) = check(folder).faults
    assert (fault.column, fault.rows) == ("quantity", (9, 700))
    TOLD(folder)
    found = inspect(folder)
    assert found.report().exit_code == 0
    assert found.report().rows["orders"] == 898
    returns = found.tables["returns"]
    assert returns.frame["quantity"].tolist() == [2, 2]
    assert [returns.numbering(at) for at in (0, 1)] == [9, 700]
    assert found.tables["orders"].numbering(7) == 10
    assert "2 rows of a negative quantity read as returns" in str(found.report())
    opened = open_workspace(folder)
    assert len(opened.tables["returns"]) == 2
    assert [each["path"] for each in opened.inputs if each["name"] == "returns"] == ["orders.csv"]


def test_a_quantity_of_nothing_stays_a_fault(tmp_path: Path) -> None:
    """And so does a second table of returns beside."""
    folder = workspace(tmp_path, returns=True)
    TOLD(folder)
    cell("orders", "quantity", 3, "0")(folder)
    said = [str(each) for each in check(folder).faults]
    assert any("quantity too small in 1 row, line 3" in each for each in said) is False
    assert any("there is a table of returns, too" in each for each in said)
    folder = workspace(tmp_path / "other")
    TOLD(folder)
    cell("orders", "quantity", 3, "0")(folder)
    (fault,) = check(folder).faults
    assert "quantity too small in 1 row, line 3 (value 0)" in str(fault)
