"""One limit of a planner's own, as a value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
import pandas as pd

from foreship_foundation.bounds import is_number
from foreship_optimize.errors import TableFault

__all__ = ["FREE", "Limit", "OwnRules"]


@dataclass(frozen=True)
class Limit:
    """An upper bound on a weighted sum of all units that a plan moves.

    `weight` is called with a row for each way a unit may move, `action, origin, destination, item,
    ship_date, arrival_date`, and returns what one unit on it counts: a finite number, 0 or more. It
    is asked of the candidates, and again of the finished lines: it must look at each row by
    itself. Vehicles and item lines count nothing.

    Raises
    ------
    TableFault
        For a name that is blank, an upper side that is no number or below 0, or a weight that is
        no function.
    """

    name: str
    """how it is named in words, prices and reasons"""
    upper: float
    """most that all units together may count, >= 0"""
    weight: Callable[[pd.DataFrame], npt.ArrayLike]
    """what one unit of each row counts, shape (rows,)"""
    unit: str = ""
    """what is counted, as `kg`; blank: `units`"""

    def __post_init__(self) -> None:
        name, upper, weight = self._stated()
        if not (isinstance(name, str) and name.strip()):
            raise TableFault(["a limit of one's own needs a name"])
        if not (is_number(upper) and math.isfinite(upper) and upper >= 0):
            raise TableFault([f"limit {name}: upper is {upper}; it must be 0 or more"])
        if not callable(weight):
            raise TableFault([f"limit {name}: weight must be a function of the ways"])

    def _stated(self) -> tuple[Any, Any, Any]:
        """Return what was given, of whatever kind it is."""
        return self.name, self.upper, self.weight

    @property
    def counts(self) -> str:
        """What is counted, in a word."""
        return self.unit or "units"


@dataclass(frozen=True, eq=False)
class OwnRules:
    """What a plan keeps beside the tables."""

    limits: tuple[Limit, ...] = ()
    only: pd.DataFrame | None = None
    """lines `action, origin, destination, item`, beside which nothing moves; None: all may"""

    def __bool__(self) -> bool:
        return bool(self.limits) or self.only is not None


FREE = OwnRules()
