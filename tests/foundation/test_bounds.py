"""Ceilings, and how a range is said."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from foreship_foundation.bounds import is_number, number_in_words, range_in_words


@pytest.mark.parametrize(
    ("low", "high", "above_zero", "words"),
    [
        (0.0, 1.0, False, "0 to 1"),
        (1, 10**9, False, "1 to 1,000,000,000"),
        (2.0, None, False, "2 or more"),
        (None, 0.5, False, "0.5 or less"),
        (None, None, False, ""),
        (0.0, None, True, "above 0"),
        (0.0, 1000, True, "above 0 to 1000"),
        (1e-6, 1e9, True, "above 0, from 0.000001 to 1,000,000,000"),
    ],
)
def test_a_range_is_said_as_a_planner_would(
    low: float | None, high: float | None, above_zero: bool, words: str
) -> None:
    """Both ends, one of them, none, or all numbers above 0."""
    assert range_in_words(low, high, above_zero=above_zero) == words


@pytest.mark.parametrize(
    ("value", "text"), [(1e12, "1,000,000,000,000"), (1e-4, "0.0001"), (-180.0, "-180"), (0, "0")]
)
def test_numbers_have_no_exponent(value: float, text: str) -> None:
    """Large ones in groups of three, small ones in full."""
    assert number_in_words(value) == text


def test_numbers_of_any_library_are_numbers_and_truth_values_are_none() -> None:
    """Python's and numpy's real numbers are; texts, truth values and nothing at all are not."""
    assert all(map(is_number, (0, -1.5, float("nan"), Fraction(1, 3), np.float32(2), np.int64(2))))
    assert not any(map(is_number, (True, np.True_, "1", None, 1j, Decimal(1), [1])))
