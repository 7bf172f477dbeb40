"""Which quantile a column of a forecast holds, by its name.

q05, q5, q0.05, q97.5                    as foreship and most tools write them
MODEL-q-5, MODEL_ql0.05                  one model's quantile, in percent or as a share
MODEL-lo-90, MODEL-hi-90                 ends of an interval of 90 %: q05 and q95
MODEL-median                             q50
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

__all__ = ["Stated", "stated"]

NUMBER: Final = r"(\d*\.?\d+)"
PLAIN: Final = re.compile(rf"q{NUMBER}")
OF_MODEL: Final = re.compile(rf"(.+?)(?:-(lo|hi|q)-{NUMBER}|[-_]ql-?{NUMBER}|-(median))")


class Stated(NamedTuple):
    """A column with a quantile."""

    column: str
    model: str
    """whose it is, "" where no model is named"""
    level: float
    """probability that demand is not above it; outside (0, 1) where the name makes no sense"""


def stated(columns: Iterable[str]) -> list[Stated]:
    """Return the columns that hold quantiles, in their order."""
    found = (_stated(column) for column in columns)
    return [each for each in found if each is not None]


def _stated(column: str) -> Stated | None:
    if plain := PLAIN.fullmatch(column):
        return Stated(column, "", _share(plain[1]))
    named = OF_MODEL.fullmatch(column)
    if named is None:
        return None
    model, kind, number, share, median = named.groups()
    if median:
        level = 0.5
    elif share:
        level = _share(share)
    elif kind == "q":
        level = _share(number)
    else:
        outside = (1.0 - float(number) / 100.0) / 2.0
        level = outside if kind == "lo" else 1.0 - outside
    # 1 - .05 and .95 are one level
    return Stated(column, model, round(level, 9))


def _share(number: str) -> float:
    """Return a share: as it stands where it is written as a fraction below 1, else percent."""
    value = float(number)
    return value if "." in number and value < 1.0 else round(value / 100.0, 9)
