"""How wide a forecast is, whole dozens, and one huge order."""

from __future__ import annotations

from benchmarks.forecast.behaviour import figures as read
from benchmarks.forecast.behaviour import plants as plant
from benchmarks.forecast.behaviour.cases import RIGHT, Case, Panel, Wanted

__all__ = ["COVERAGE", "HUGE", "HUGE_OF_A_SLOW_ITEM", "WIDTHS"]

CONSTANT = (
    Wanted("q05", read.low_end, 9.0, 12.0),
    Wanted("q95", read.high_end, 12.0, 15.0),
)
POISSON = (
    Wanted("q05", read.low_end, 1.5, 3.0),
    Wanted("q95", read.high_end, 9.0, 10.5),
    Wanted("share inside", read.inside, 0.88, 0.97),
)
DOZENS = (Wanted("p_12 / p_1", read.dozens, 0.95, 1.0), *RIGHT)
MIXED = (Wanted("p_12 / truth", read.dozens_true, 0.85, 1.15), *RIGHT)
WIDTHS = (
    Case("width", "constant 12 a week, 12 lines", plant.constant(12, 12), CONSTANT),
    Case("width", "constant 12 a week, 1 line", plant.constant(12, 1), CONSTANT),
    Case("width", "Poisson 6 a week", plant.items(6.0, flat=True), POISSON),
    Case("lumps", "orders of 12", plant.customers(6.0, (12,)), DOZENS),
    Case("lumps", "orders of 1 or 12", plant.customers(6.5, (1, 12)), MIXED),
)
COVERED = tuple(
    Wanted(f"{round(100 * each)} % interval", read.coverage(each), each - 0.02, each + 0.02)
    for each in (0.50, 0.80, 0.95)
)
COVERAGE = Panel(
    "coverage",
    (
        Case("coverage", "half a Poisson's variance", plant.regular(4.0), COVERED, items=4),
        Case("coverage", "Poisson", plant.items(4.0), COVERED, items=4),
        Case("coverage", "negative binomial, r = 4", plant.items(4.0, r=4.0), COVERED, items=4),
        Case("coverage", "negative binomial, r = 1", plant.items(4.0, r=1.0), COVERED, items=4),
        Case("coverage", "dozens", plant.customers(6.0, (12,)), COVERED, items=4),
    ),
)
MOVED_LITTLE = (
    Wanted("others' change", read.others_change, 0.98, 1.02),
    # seven cells alone: trees learned anew move them by some per cent as well
    Wanted("its other cells' change", read.siblings_change, 0.95, 1.05),
    Wanted("own change", read.own_change, 0.7, 1.3),
)
UNMOVED = (*MOVED_LITTLE, Wanted("own week 1 / truth", read.ratio(), 0.7, 1.3))
HUGE = Panel(
    "huge order",
    (Case("huge_order", "10,000 units, 185,000 lines", plant.huge_order(6.0, 10_000, 6), UNMOVED),),
    times=2.4,
    twin=True,
)
HUGE_OF_A_SLOW_ITEM = Panel(
    "huge order of a slow item",
    (
        Case(
            "huge_order", "10,000 units, .1 a week", plant.huge_order(0.1, 10_000, 6), MOVED_LITTLE
        ),
    ),
    twin=True,
)
