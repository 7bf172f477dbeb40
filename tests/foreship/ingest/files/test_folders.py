"""Which files of a folder are data."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from foreship.errors import Fault, InputError
from foreship.ingest.files.folders import data_files, is_hidden


def chosen(*names: str) -> tuple[list[str], list[Fault]]:
    """Return the names of the files that are data, and what was said."""
    notes: list[Fault] = []
    found = data_files([PurePosixPath(each) for each in names], "s3://b/sales", "orders", notes)
    return [each.as_posix() for each in found], notes


def test_what_writers_leave_behind_is_no_data() -> None:
    """Marks of success are passed over; what an unfinished write left is said."""
    names, notes = chosen("_SUCCESS", "_year=1/a.parquet", "_temporary/0/b.parquet", "c.parquet")
    assert names == ["_year=1/a.parquet", "c.parquet"]
    assert "'_temporary', what an unfinished write leaves" in str(notes[0])
    assert is_hidden(PurePosixPath(".git/x.csv"))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), "is a folder without Parquet files"),
        (("_SUCCESS",), "is a folder without Parquet files"),
        (("a.parquet", "b.csv"), "holds 'b.csv'"),
        (("a.csv.gz", "b.pdf"), "holds 'b.pdf'"),
        (("_delta_log/0.json", "a.parquet"), "is a Delta table"),
        ((".hoodie/x", "a.parquet"), "is a Hudi table"),
    ],
)
def test_a_folder_of_two_sorts_is_no_table(names: tuple[str, ...], words: str) -> None:
    """Nor one without data, nor one whose files are partly data no more."""
    with pytest.raises(InputError, match=words):
        chosen(*names)
