"""Which cases share a market, so that one forecast judges several kinds."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.forecast.behaviour.cases import Panel
from benchmarks.forecast.behaviour.kinds import changes, lives, peaks, promotions, sizes

__all__ = ["ONE_ITEM", "PANELS", "QUARTERS"]

STEPS = replace(changes.STEPS, cases=(*changes.STEPS.cases, peaks.YEARLY_EXACT))
WIDTHS = Panel("widths", (lives.REGION, *sizes.WIDTHS))
ONE_ITEM = (
    STEPS,
    changes.TRENDS,
    lives.NEW,
    peaks.YEARLY,
    peaks.YEARLY_SHORT,
    *peaks.AFTER_PEAK,
    promotions.PLANNED,
    promotions.SPARSE,
    promotions.SHORT,
    promotions.NOTHING_TO_LEARN,
    WIDTHS,
    sizes.COVERAGE,
    sizes.HUGE,
    sizes.HUGE_OF_A_SLOW_ITEM,
    *lives.YOUNG,
    lives.OLD,
)
"""one of forty items a case, unless the kind concerns several"""
QUARTERS = (*changes.QUARTERS, *peaks.QUARTERS, *promotions.QUARTERS, *lives.QUARTERS)
"""ten of forty items behave alike"""
PANELS = (*ONE_ITEM, *QUARTERS)
