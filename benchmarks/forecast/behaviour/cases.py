"""Every kind of behaviour: what is planted, what is read off the forecast, what is wanted."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.forecast.behaviour import figures as read
from benchmarks.forecast.behaviour import plants as plant
from benchmarks.forecast.behaviour.figures import Figure
from benchmarks.forecast.behaviour.market import CLUMPED, ITEMS
from benchmarks.forecast.behaviour.paths import every, pulse, since, step, trend, yearly
from benchmarks.forecast.behaviour.plants import Plant

__all__ = ["PANELS", "Case", "Panel", "Wanted"]

ENDLESS = float("inf")


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


QUARTER = ITEMS // 4


def near(low: float, high: float, week: int = 1) -> tuple[Wanted, ...]:
    """Want the mean of a week over its truth in a range."""
    return (Wanted(f"week {week} / truth", read.ratio(week), low, high),)


def silent(high: float) -> tuple[Wanted, ...]:
    """Want a chance of a sale that is at most `high`."""
    return (Wanted("p_1", read.chance, 0.0, high),)


RIGHT = near(0.85, 1.15)
GROWS = near(0.92, 1.15) + near(0.85, 1.25, week=4)

STEPS = Panel(
    "steps",
    (
        Case("up_3", "2 a week before", plant.items(2.0, step(3, 3.0)), RIGHT),
        Case("up_3", "6 a week before", plant.items(6.0, step(3, 3.0), r=CLUMPED), RIGHT),
        Case("down_3", "2 a week before", plant.items(2.0, step(3, 1 / 3)), near(0.8, 1.3)),
        Case("down_3", "6 a week before", plant.items(6.0, step(3, 1 / 3)), near(0.8, 1.3)),
        Case("last_week_x10", "2 a week", plant.items(2.0, pulse(1, 10.0)), near(0.85, 1.3)),
        Case("last_week_x10", "6 a week", plant.items(6.0, pulse(1, 10.0)), near(0.85, 1.3)),
        Case(
            "yearly_peak",
            "two before, 104 weeks in all",
            plant.items(4.0, yearly(6.0, 3, 2)),
            near(0.7, 1.3),
        ),
    ),
)
TRENDS = Panel(
    "trends",
    (
        Case("decline", "from 6 a week", plant.items(6.0, trend(26, -0.06)), near(0.85, 1.15)),
        Case("decline", "from 12 a week", plant.items(12.0, trend(26, -0.06)), near(0.85, 1.15)),
        Case("growth", "from 1 a week", plant.items(1.0, trend(26, 0.08)), GROWS),
        Case("growth", "from 2 a week", plant.items(2.0, trend(26, 0.08), r=CLUMPED), GROWS),
        Case("dead", "4 weeks", plant.items(6.0, step(4, 0.0), flat=True), silent(0.10)),
        Case("dead", "2 weeks", plant.items(6.0, step(2, 0.0), flat=True), silent(0.35)),
        Case("rhythm", "alternating, next week sells", plant.items(6.0, every(2)), RIGHT),
        Case("rhythm", "every fourth, next week sells", plant.items(6.0, every(4)), RIGHT),
        Case(
            "rhythm",
            "alternating, next week does not",
            plant.items(6.0, every(2, 1)),
            (Wanted("week 1 / a week that sells", read.left_over()),),
        ),
    ),
)
YEARS = Panel(
    "years",
    (
        Case(
            "yearly_peak", "two before, 1 week", plant.items(2.0, yearly(6.0, 1, 2)), near(0.7, 1.3)
        ),
        Case(
            "yearly_peak",
            "two before, 3 weeks",
            plant.items(6.0, yearly(6.0, 3, 2)),
            near(0.7, 1.3),
        ),
        Case(
            "yearly_peak",
            "one before, 70 weeks of life",
            plant.items(4.0, since(70), yearly(6.0, 3, 1)),
            near(0.5, 1.3),
        ),
        Case("launched", "3 weeks ago, told", plant.launch(4.0, 3, told=True), RIGHT),
        Case("launched", "3 weeks ago, not told", plant.launch(2.0, 3, told=False), RIGHT),
        Case("sold_out", "4 weeks, nothing served", plant.shelf_empty(6.0, 4, 0.0), RIGHT),
        Case("sold_out", "4 weeks, half served", plant.shelf_empty(2.0, 4, 0.5), RIGHT),
    ),
    weeks=112,
)
SHORT_YEARS = Panel(
    "78 weeks",
    (
        Case("yearly_peak", "one before, 78 weeks in all", plant.items(2.0, yearly(6.0, 1, 1)), near(0.5, 1.3)),
        Case("yearly_peak", "one before, 78 weeks in all, 3 weeks", plant.items(6.0, yearly(6.0, 3, 1)), near(0.5, 1.3)),
    ),
    weeks=78,
)  # fmt: skip
AFTER_PEAK = (
    Panel(
        "peak each year",
        (
            Case(
                "after_peak", "each year", plant.network(yearly(3.0, 1, 2, 1)), near(0.85, 1.15), 0
            ),
        ),
    ),
    Panel(
        "peak once",
        (Case("after_peak", "never before", plant.network(pulse(1, 3.0)), near(0.85, 1.15), 0),),
    ),
)
SEEN = (13, 27, 40, 61, 75, 90)
PROMOTIONS = Panel(
    "promotions",
    (
        Case("promotion", "seen before, 2 a week", plant.promotions(2.0, True, SEEN, 8), RIGHT),
        Case("promotion", "seen before, 6 a week", plant.promotions(6.0, True, SEEN, 8), RIGHT),
        Case("promotion", "first ever, 2 a week", plant.promotions(2.0, True, (), 8), RIGHT),
        Case("promotion", "first ever, 6 a week", plant.promotions(6.0, True, (), 8), RIGHT),
        Case("promotion", "none planned", plant.promotions(4.0, False, SEEN, 8), RIGHT),
    ),
)
SHORT = Panel(
    "short history",
    (
        Case("promotion", "seen before, 14 weeks in all", plant.promotions(4.0, True, (5, 10), 8), RIGHT),
        Case("promotion", "first ever, 14 weeks in all", plant.promotions(4.0, True, (), 8), RIGHT),
        Case("up_3", "14 weeks in all", plant.items(3.0, step(3, 3.0)), RIGHT),
        Case("dead", "4 weeks, 14 weeks in all", plant.items(6.0, step(4, 0.0), flat=True), silent(0.10)),
    ),
    weeks=14,
)  # fmt: skip
NOTHING_TO_LEARN = Panel(
    "nothing to learn",
    (
        Case("promotion", "seen before, nothing to learn", plant.promotions(2.0, True, (20, 60), 4), RIGHT),
        Case("promotion", "first ever, nothing to learn", plant.promotions(2.0, True, (), 4), RIGHT),
        Case("dead", "4 weeks, nothing to learn", plant.items(6.0, step(4, 0.0), flat=True), silent(0.10)),
    ),
    prepared=plant.alike(2.0),
)  # fmt: skip
WIDTHS = Panel(
    "widths",
    (
        Case("region_opened", "3 weeks ago", plant.region_opened(3), RIGHT, items=0),
        Case(
            "width",
            "constant 12 a week, 12 lines",
            plant.constant(12, 12),
            (
                Wanted("q05", read.low_end, 9.0, 12.0),
                Wanted("q95", read.high_end, 12.0, 15.0),
            ),
        ),
        Case(
            "width",
            "constant 12 a week, 1 line",
            plant.constant(12, 1),
            (
                Wanted("q05", read.low_end, 9.0, 12.0),
                Wanted("q95", read.high_end, 12.0, 15.0),
            ),
        ),
        Case(
            "width",
            "Poisson 6 a week",
            plant.items(6.0, flat=True),
            (
                Wanted("q05", read.low_end, 1.5, 3.0),
                Wanted("q95", read.high_end, 9.0, 10.5),
                Wanted("share inside", read.inside, 0.88, 0.97),
            ),
        ),
        Case(
            "lumps",
            "orders of 12",
            plant.customers(6.0, (12,)),
            (Wanted("p_12 / p_1", read.dozens, 0.95, 1.0), *RIGHT),
        ),
        Case(
            "lumps",
            "orders of 1 or 12",
            plant.customers(6.5, (1, 12)),
            (Wanted("p_12 / truth", read.dozens_true, 0.85, 1.15), *RIGHT),
        ),
    ),
)
UNMOVED = (
    Wanted("others' change", read.others_change, 0.98, 1.02),
    Wanted("its other cells' change", read.siblings_change, 0.98, 1.02),
    Wanted("own change", read.own_change, 0.7, 1.3),
    Wanted("own week 1 / truth", read.ratio(), 0.7, 1.3),
)
HUGE = Panel(
    "huge order",
    (
        Case(
            "huge_order", "10,000 units in 185,000 lines", plant.huge_order(6.0, 10_000, 6), UNMOVED
        ),
    ),
    times=2.4,
    twin=True,
)
YOUNG_LEVELS = (0.5, 0.8, 1.2, 1.6, 2.2, 3.0, 4.0, 5.5)
AGES = (3, 6, 1, 7, 2, 5, 4, 7)
LOW = tuple(level / 5 for level in YOUNG_LEVELS)
YOUNG = (
    Panel(
        "young",
        (
            Case(
                "young", "levels like others'", plant.young(YOUNG_LEVELS, AGES), near(0.8, 1.25), 8
            ),
        ),
    ),
    Panel(
        "young and slow",
        (Case("young", "a fifth of others' levels", plant.young(LOW, AGES), near(0.8, 1.25), 8),),
    ),
)
OLD = Panel(
    "old cells",
    (
        Case("old_dead", "8 cells, 110 weeks", plant.old_dead_cells(4.0, 110), silent(0.02), 8),
        Case("old_dead", "an item, 110 weeks", plant.items(4.0, step(110, 0.0)), silent(0.02)),
    ),
    weeks=164,
)
QUARTERS = tuple(
    Panel(f"quarter: {kind}", (Case(kind, f"{variant}, a quarter of the items", shape, wanted, QUARTER),))
    for kind, variant, shape, wanted in (
        ("up_3", "own levels", plant.items(None, step(3, 3.0)), RIGHT),
        ("down_3", "own levels", plant.items(None, step(3, 1 / 3)), near(0.8, 1.3)),
        ("last_week_x10", "own levels", plant.items(None, pulse(1, 10.0)), near(0.85, 1.3)),
        ("decline", "from 6 a week", plant.items(6.0, trend(26, -0.06)), near(0.85, 1.15)),
        ("growth", "from 1 a week", plant.items(1.0, trend(26, 0.08)), GROWS),
        ("dead", "4 weeks", plant.items(6.0, step(4, 0.0), flat=True), silent(0.10)),
        ("dead", "2 weeks", plant.items(6.0, step(2, 0.0), flat=True), silent(0.35)),
        ("yearly_peak", "two before", plant.items(None, yearly(6.0, 3, 2)), near(0.7, 1.3)),
        ("promotion", "seen before", plant.promotions(None, True, SEEN), RIGHT),
        ("rhythm", "alternating, next week sells", plant.items(6.0, every(2)), RIGHT),
        ("sold_out", "4 weeks, nothing served", plant.shelf_empty(4.0, 4, 0.0), RIGHT),
    )
)  # fmt: skip
PANELS = (STEPS, TRENDS, YEARS, SHORT_YEARS, *AFTER_PEAK, PROMOTIONS, SHORT, NOTHING_TO_LEARN, WIDTHS, HUGE, *YOUNG, OLD, *QUARTERS)  # fmt: skip
