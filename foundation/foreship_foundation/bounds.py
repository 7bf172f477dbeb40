"""The ceilings that every room shares, and how a range is said.

Each column and each setting has a finite range, made of these where nothing narrower holds: what
`foreship check` admits, every room computes with. Beyond them numbers are no counts and no money,
and whole numbers or the solver would lose digits.
"""

from __future__ import annotations

from numbers import Real
from typing import Final

__all__ = [
    "LARGEST_SEED",
    "LEAST_PRICE",
    "MOST_DAYS",
    "MOST_IN_CELL",
    "MOST_MONEY",
    "MOST_ROOM",
    "MOST_THREADS",
    "MOST_TOTAL_MONEY",
    "MOST_UNITS",
    "is_number",
    "number_in_words",
    "range_in_words",
]

MOST_UNITS: Final = 10**9
"""units that one row counts"""
MOST_IN_CELL: Final = 250_000
"""units of one item that lie in one region, or are wanted there in a week: each is valued alone"""
MOST_MONEY: Final = 10**9
"""money that one unit costs or brings"""
MOST_TOTAL_MONEY: Final = 10**12
"""money that a budget holds"""
LEAST_PRICE: Final = 1e-6
"""money; what is finer buys nothing"""
MOST_ROOM: Final = 10**9
"""volume or kg of one unit; a capacity holds a thousand times that, or is unlimited"""
MOST_DAYS: Final = 3650
"""days of ten years, after which nothing of a plan is left to be known"""
MOST_THREADS: Final = 256
"""threads of one process"""
LARGEST_SEED: Final = 2**31 - 1
"""the largest whole number that every library takes for a seed"""


def is_number(given: object) -> bool:
    """Whether it is a real number of any library; True and False are none."""
    return isinstance(given, Real) and not isinstance(given, bool)


def range_in_words(low: float | None, high: float | None, *, above_zero: bool = False) -> str:
    """Say a closed range, or one that begins just above 0; '' where it has no end."""
    if above_zero:
        least = f", from {number_in_words(low)}" if low else ""
        return f"above 0{least}" if high is None else f"above 0{least} to {number_in_words(high)}"
    if low is not None and high is not None:
        return f"{number_in_words(low)} to {number_in_words(high)}"
    if low is not None:
        return f"{number_in_words(low)} or more"
    return "" if high is None else f"{number_in_words(high)} or less"


def number_in_words(value: float) -> str:
    """Write a number without an exponent, in groups from a million on: 1,000,000 and 0.0001."""
    text = f"{value:,.12f}" if abs(value) >= 10**6 else f"{value:.12f}"
    return text.rstrip("0").rstrip(".")
