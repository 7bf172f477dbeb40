"""What a case is: a kind of behaviour in one variant, and the figures that it is judged by."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.forecast.behaviour import figures as read
from benchmarks.forecast.behaviour.figures import Figure
from benchmarks.forecast.behaviour.market import ITEMS
from benchmarks.forecast.behaviour.plants import Plant

__all__ = ["QUARTER", "RIGHT", "Case", "Panel", "Wanted", "near", "quarter", "silent"]

ENDLESS = float("inf")
QUARTER = ITEMS // 4


@dataclass(frozen=True)
class Wanted:
    """A figure and the range it should lie in; without a range it is shown only."""

    figure: str
    read: Figure
    low: float = -ENDLESS
    high: float = ENDLESS

    def met(self, value: float) -> bool:
        """Tell whether a figure lies in the range."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Case:
    """One kind of behaviour in one variant, planted into `items` items of their own."""

    kind: str
    variant: str
    plant: Plant
    wanted: tuple[Wanted, ...]
    items: int = 1
    """0: it concerns the network and takes no item of its own"""


@dataclass(frozen=True)
class Panel:
    """Cases that do not disturb each other, in one market with one forecast."""

    name: str
    cases: tuple[Case, ...]
    weeks: int = 104
    times: float = 1.0
    """multiple of all levels"""
    prepared: Plant | None = None
    """what happens to the whole market before anything is planted"""
    twin: bool = False
    """forecast the market without its extra orders too"""


def near(low: float, high: float, week: int = 1) -> tuple[Wanted, ...]:
    """Want the mean of a week over its truth in a range."""
    return (Wanted(f"week {week} / truth", read.ratio(week), low, high),)


def silent(high: float) -> tuple[Wanted, ...]:
    """Want a chance of a sale that is at most `high`."""
    return (Wanted("p_1", read.chance, 0.0, high),)


RIGHT = near(0.85, 1.15)


def quarter(case: Case) -> Panel:
    """Return a panel in which a quarter of all items behave so."""
    variant = f"{case.variant}, a quarter of the items"
    name = f"a quarter: {case.kind}, {case.variant}"
    return Panel(name, (Case(case.kind, variant, case.plant, case.wanted, QUARTER),))
