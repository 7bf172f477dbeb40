"""What a gate looks at: the plan, the demand it was made for, its input and the last plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from foreship.params import GateParams

if TYPE_CHECKING:
    from foreship.errors import Fault

__all__ = ["PastPlan", "Seen", "Size"]


@dataclass(frozen=True)
class Size:
    """How large a plan is."""

    money: float
    """cost of its lines [money]"""
    units: int
    lines: int

    @classmethod
    def of(cls, lines: pd.DataFrame) -> Size:
        """Count the lines of a plan."""
        return cls(float(lines["cost"].sum()), int(lines["quantity"].sum()), len(lines))


@dataclass(frozen=True)
class PastPlan:
    """The plan of an earlier Monday."""

    name: str
    """its run"""
    size: Size
    warnings: frozenset[str] | None
    """checks of data quality that doubted its input; None for a run that does not say"""


@dataclass(frozen=True)
class Seen:
    """A finished plan, and all that its gates ask for."""

    summary: Mapping[str, Any]
    """`summary.json`, its status as the program left it"""
    notes: tuple[str, ...]
    """what the program said of the plan"""
    lines: pd.DataFrame
    """a row a line of the plan"""
    demand: pd.DataFrame
    """`region, item, mean`: expected demand of a week of each cell, in units"""
    sold: pd.DataFrame
    """`region, item, units`: sales of each cell in the last `weeks_sold` weeks"""
    weeks_sold: int
    """weeks with sales among the last `gates.forecast_weeks`"""
    categories: Mapping[str, str]
    """category of each item, '' for none"""
    warnings: tuple[Fault, ...]
    """what `check` doubts"""
    stale: tuple[str, ...]
    """why the stock may be of another day"""
    past: tuple[PastPlan, ...]
    """plans of the last weeks, newest first"""
    hold: tuple[str, ...]
    """gates that hold a plan (`plan.hold`)"""
    largest_gap: float
    """`plan.largest_gap`"""
    settings: GateParams
