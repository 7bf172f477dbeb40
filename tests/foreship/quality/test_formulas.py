"""Ids that a spreadsheet would compute are doubted where they are declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.quality.formulas import ids_are_no_formulas
from tests.foreship.quality.shops import clean, evidence


@pytest.mark.parametrize("name", ["=cmd|A1", "+49", "-7", "@sum"])
@pytest.mark.parametrize(("table", "column"), [("items", "item"), ("regions", "region")])
def test_an_id_that_begins_as_a_formula_is_doubted(
    name: str, table: str, column: str, tmp_path: Path
) -> None:
    """Once, in the table that declares it, with its row and what opens it safely."""
    frames = clean("plain")
    old = str(frames[table][column].iloc[0])
    for each in frames:
        frames[each] = frames[each].replace(old, name)
    (found,) = ids_are_no_formulas(evidence(frames, tmp_path))
    assert (found.table, found.column, found.rows) == (table, column, (2,))  # a line of the file
    assert found.values == (repr(name),)
    assert "use plan.xlsx" in found.remedy


@pytest.mark.parametrize("name", ["A-1", "7+2", "a@b", "x=1", "#1", "'=1"])
def test_signs_inside_an_id_are_no_formula(name: str, tmp_path: Path) -> None:
    """What a cell begins with alone decides."""
    frames = clean("plain")
    old = str(frames["items"]["item"].iloc[0])
    for each in frames:
        frames[each] = frames[each].replace(old, name)
    assert list(ids_are_no_formulas(evidence(frames, tmp_path))) == []
