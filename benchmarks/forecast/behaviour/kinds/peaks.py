"""Peaks of one item that come each year, and the week after a peak of the network."""

from __future__ import annotations

from benchmarks.forecast.behaviour import plants as plant
from benchmarks.forecast.behaviour.cases import Case, Panel, near, quarter
from benchmarks.forecast.behaviour.paths import pulse, since, yearly

__all__ = ["AFTER_PEAK", "QUARTERS", "YEARLY", "YEARLY_SHORT"]

TWO, ONE = near(0.7, 1.3), near(0.5, 1.3)
AFTER = near(0.85, 1.15)


def peak(width: int, peaks: int) -> plant.Path:
    """Return a peak of six times the level that starts in the next week."""
    return yearly(6.0, width, peaks)


YOUNGER = plant.items(4.0, since(70), peak(3, 1))
YEARLY = Panel(
    "years",
    (
        Case("yearly_peak", "two before, 1 week", plant.items(2.0, peak(1, 2)), TWO),
        Case("yearly_peak", "two before, 3 weeks", plant.items(6.0, peak(3, 2)), TWO),
        Case("yearly_peak", "one before, 70 weeks old", YOUNGER, ONE),
    ),
    weeks=112,
)
YEARLY_EXACT = Case("yearly_peak", "two before, 104 weeks", plant.items(4.0, peak(3, 2)), TWO)
"""the earlier of both peaks is in the first weeks that are known"""
YEARLY_SHORT = Panel(
    "78 weeks",
    (
        Case("yearly_peak", "one before, 78 weeks, 1 week", plant.items(2.0, peak(1, 1)), ONE),
        Case("yearly_peak", "one before, 78 weeks, 3 weeks", plant.items(6.0, peak(3, 1)), ONE),
    ),
    weeks=78,
)
AFTER_PEAK = (
    Panel(
        "peak each year",
        (Case("after_peak", "each year", plant.network(yearly(3.0, 1, 2, 1)), AFTER, items=0),),
    ),
    Panel(
        "peak once",
        (Case("after_peak", "never before", plant.network(pulse(1, 3.0)), AFTER, items=0),),
    ),
)
QUARTERS = (
    quarter(Case("yearly_peak", "two before, 104 weeks", plant.items(None, peak(3, 2)), TWO)),
)
