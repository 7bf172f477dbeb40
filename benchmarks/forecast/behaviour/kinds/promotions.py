"""Promotions that the price list plans, where boosters can learn and where they cannot."""

from __future__ import annotations

from benchmarks.forecast.behaviour import plants as plant
from benchmarks.forecast.behaviour.cases import RIGHT, Case, Panel, quarter, silent
from benchmarks.forecast.behaviour.paths import step
from benchmarks.forecast.behaviour.plants import Plant

__all__ = ["NOTHING_TO_LEARN", "PLANNED", "QUARTERS", "SHORT", "SPARSE"]

SEEN = (13, 27, 40, 61, 75, 90)
DEAD = plant.items(6.0, step(4, 0.0), flat=True)


def planned(level: float, seen: tuple[int, ...] = (), others: int = 8) -> Plant:
    """Plan a promotion for next week; it was seen so many weeks ago, or never."""
    return plant.promotions(level, True, seen, others)


FULL_PRICE = plant.promotions(4.0, True, SEEN, 8, full_price=True)
PLANNED = Panel(
    "promotions",
    (
        Case("promotion", "seen before, 2 a week", planned(2.0, SEEN), RIGHT),
        Case("promotion", "seen before, 6 a week", planned(6.0, SEEN), RIGHT),
        Case("promotion", "first ever, 2 a week", planned(2.0), RIGHT),
        Case("promotion", "first ever, 6 a week", planned(6.0), RIGHT),
        Case("promotion", "seen before, at full price", FULL_PRICE, RIGHT),
        Case("promotion", "none planned", plant.promotions(4.0, False, SEEN, 8), RIGHT),
    ),
)
SPARSE = Panel(
    "sparse price list",
    (
        Case("promotion", "seen before, sparse list", planned(4.0, SEEN), RIGHT),
        Case("promotion", "first ever, sparse list", planned(4.0), RIGHT),
    ),
    prepared=plant.sparse_price_list,
)
SHORT = Panel(
    "short history",
    (
        Case("promotion", "seen before, 14 weeks", planned(4.0, (5, 10)), RIGHT),
        Case("promotion", "first ever, 14 weeks", planned(4.0), RIGHT),
        Case("up_3", "14 weeks", plant.items(3.0, step(3, 3.0)), RIGHT),
        Case("dead", "4 weeks, 14 weeks in all", DEAD, silent(0.10)),
    ),
    weeks=14,
)
NOTHING_TO_LEARN = Panel(
    "nothing to learn",
    (
        Case("promotion", "seen before, items alike", planned(2.0, (20, 60), 4), RIGHT),
        Case("promotion", "first ever, items alike", planned(2.0, (), 4), RIGHT),
        Case("dead", "4 weeks, items alike", DEAD, silent(0.10)),
    ),
    prepared=plant.alike(2.0),
)
QUARTERS = (quarter(Case("promotion", "seen before", plant.promotions(None, True, SEEN), RIGHT)),)
