"""CSV files: lines counted as an editor counts them, damage named."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship import files
from foreship.errors import ForeshipError
from foreship.ingest.tables import read_table
from foreship_foundation.tables.input_tables import INPUTS
from tests.foreship.good_workspace import good_frames
from tests.foreship.table_files import mutations


def test_lines_are_counted_through_blanks_and_breaks(tmp_path: Path) -> None:
    """A fault names the line of the file although blank lines and breaks in quotes precede it."""
    text = 'item,price,unit_cost,category\na,1,1,"two\nlines"\n\nb,1,x,c\n'
    (tmp_path / "items.csv").write_text(text, "utf-8")
    (fault,) = read_table(INPUTS["items"], tmp_path / "items.csv").faults
    assert (fault.column, fault.rows) == ("unit_cost", (5,))


@pytest.mark.sweep
def test_damaged_csv_never_breaks_the_reader(tmp_path: Path) -> None:
    """Of 200 damages of a CSV none ends in anything but a table or named faults."""
    path = tmp_path / "orders.csv"
    files.write_csv(good_frames()["orders"], path)
    outcomes = set()
    for data in mutations(path.read_bytes(), 200, seed=4):
        path.write_bytes(data)
        try:
            read = read_table(INPUTS["orders"], path)
        except ForeshipError as error:  # pragma: no cover - none is expected
            pytest.fail(str(error))
        outcomes.add(read.is_sound)
        assert read.is_sound or all(str(each) for each in read.faults)
        if read.is_sound:
            assert read.frame["quantity"].gt(0).all()
    assert outcomes == {True, False}
