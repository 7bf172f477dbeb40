"""What a declared column admits, asked of plain arrays."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_foundation.bounds import MOST_UNITS
from foreship_foundation.tables.declaration import Column
from foreship_foundation.tables.ranges import above, below, far, filled, is_whole


def column(kind: str = "number", **about) -> Column:
    """Declare a column."""
    return Column("x", kind, "any", **about)


NUMBERS = np.array([-1.0, 0.0, 1.0, 2.0, np.inf, np.nan])


@pytest.mark.parametrize(
    ("about", "under", "over"),
    [
        ({}, [], []),
        ({"low": 0.0}, [0], []),
        ({"low": 0.0, "high": 1.0}, [0], [3, 4]),
        ({"above_zero": True}, [0, 1], []),
    ],
)
def test_ends_are_inside_and_blanks_are_nowhere(about: dict, under: list, over: list) -> None:
    """-1, 0, 1, 2, infinity and a blank."""
    assert np.flatnonzero(below(column(**about), NUMBERS)).tolist() == under
    assert np.flatnonzero(above(column(**about), NUMBERS)).tolist() == over


def test_days_from_1900_to_2199_are_near() -> None:
    """Both ends included; a blank is not far."""
    days = np.array(
        ["1899-12-31", "1900-01-01", "2199-12-31", "2200-01-01", "NaT"], dtype="datetime64[D]"
    )
    assert far(days).tolist() == [True, False, False, True, False]


def test_units_and_flags_are_whole_and_money_is_not() -> None:
    """By kind."""
    assert [is_whole(column(kind)) for kind in ("units", "flag", "money", "number")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_blanks_take_the_default_in_the_type_of_the_column() -> None:
    """A half is cut off a count, which never becomes a float; a number without default is NaN."""
    numbers, blank = np.array([3.0, np.nan, 1e30]), np.array([False, True, False])
    counts = filled(column("units", default=7.0), numbers, blank)
    assert counts.dtype == np.int64 and counts.tolist() == [3, 7, MOST_UNITS]
    money = filled(column("money", default=0.5), numbers, blank)
    assert money.dtype == np.float64 and money.tolist() == [3.0, 0.5, 1e30]
    assert np.isnan(filled(column(), numbers, blank)).tolist() == [False, True, False]
    assert np.isinf(filled(column(default=np.inf), numbers, blank)).tolist() == [False, True, False]
