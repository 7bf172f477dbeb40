"""A table before any column is read: how rows are numbered, which headers are refused."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.errors import InputError
from foreship.ingest.raw import MAX_COLUMNS, Numbering, refuse, refuse_header


def test_rows_are_numbered_as_a_planner_finds_them() -> None:
    """Rows from 1; lines of a file from 2, or as they stand where a value has breaks in it."""
    assert [Numbering()(at) for at in (0, 4)] == [1, 5]
    assert Numbering("line", 2)(0) == 2
    assert Numbering("line", 2, np.array([2, 5, 6]))(1) == 5


def test_every_repeated_column_is_named_once_with_its_places() -> None:
    """Two of one name, three of another; the good one is not mentioned."""
    with pytest.raises(InputError) as caught:
        refuse_header("items", ["a", "b", "a", "c", "c", "c"])
    assert [each.problem for each in caught.value.faults] == [
        "column 'a' appears twice (positions 1 and 3)",
        "column 'c' appears 3 times (positions 4, 5 and 6)",
    ]


def test_a_table_has_room_for_so_many_columns() -> None:
    """At the limit and one beyond."""
    names = [f"c{each}" for each in range(MAX_COLUMNS + 1)]
    refuse_header("items", names[:-1])
    with pytest.raises(InputError, match="501 columns, limit 500"):
        refuse_header("items", names)


def test_a_file_that_is_no_table_is_one_fault() -> None:
    """With its remedy, to be raised by who reads it."""
    (fault,) = refuse("items", "is empty", "write a header").faults
    assert (fault.table, fault.problem, fault.remedy) == ("items", "is empty", "write a header")
