"""Small networks with whole orders: one hub, one or two regions, four to eight cells.

Two sets: `full` with lanes of .60 to .90 a unit, where orders of more than four or five units
are not worth serving from a region, and `scarce` with lanes at a quarter of that, storage that
mostly binds, and more that is worth serving than there is room for.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.orders.law import Floats, Ints, Law, Orders, draw_law, draw_orders

__all__ = ["SETS", "WEEKS", "Instance", "Tariff", "draw_instance", "fresh_weeks", "instances"]

WEEKS: Final = 24
"""weeks of orders that a plan may look at"""
SETS: Final = ("full", "scarce")
EACH: Final = 120
PLENTY: Final = 99
LOST_SALE_SHARE: Final = 0.04
FRESH: Final = 1
"""second word of the seed of weeks that no plan has seen"""


@dataclass(frozen=True)
class Tariff:
    """What an order costs: the first unit of a parcel or a delivery, and each further one."""

    parcel: float = 5.00
    parcel_further: float = 0.50
    delivery: float = 2.50
    delivery_further: float = 0.25


@dataclass(frozen=True)
class Instance:
    """R regions, I items, one hub; a cell is a region and an item, C = R I, regions first."""

    name: str
    tariff: Tariff
    lost_sale_share: float
    margin: Floats
    """(I,) of a unit before its delivery"""
    lane: Floats
    """(R,) freight of a unit from the hub"""
    holding: Floats
    """(I,) of a unit in a region, a week"""
    volume: Floats
    """(I,)"""
    capacity: Floats
    """(R,) volume that fits; inf without a limit"""
    lying: Ints
    """(R, I) units that lie in the regions"""
    supply: Ints
    """(I,) units at the hub"""
    law: Law
    past: Orders
    """the weeks a plan may look at"""

    @property
    def room(self) -> Floats:
        """Volume left for units that are sent, (R,)."""
        return np.asarray(self.capacity - self.lying @ self.volume)


def instances(each: int = EACH, sets: tuple[str, ...] = SETS) -> Iterator[Instance]:
    """Draw so many instances of each set; the first ones are the same however many are drawn."""
    for name in sets:
        for number in range(each):
            yield draw_instance(name, number)


def draw_instance(kind: str, number: int) -> Instance:
    """Draw the instance of that number of a set."""
    scarce = kind == "scarce"
    rng = np.random.default_rng(_seed(kind, number))
    regions = int(rng.integers(1, 3))
    items = int(rng.integers(4, 9)) if regions == 1 else int(rng.integers(2, 5))
    law = draw_law(rng, regions, items)
    volume = rng.uniform(0.5, 2.0, items).round(2)
    lying = (rng.random((regions, items)) < 0.15).astype(np.int64)
    cut = rng.uniform(0.5, 1.5, regions) * (_weekly(law) @ volume)
    limited = rng.random(regions) < (0.8 if scarce else 0.3)
    few = rng.random() < 0.25
    return Instance(
        name=f"{kind}-{number}",
        tariff=Tariff(),
        lost_sale_share=LOST_SALE_SHARE,
        margin=rng.uniform(1.5, 5.0, items).round(2),
        lane=(rng.uniform(0.6, 0.9, regions) / (4.0 if scarce else 1.0)).round(3),
        holding=rng.uniform(0.05, 0.30, items).round(3),
        volume=volume,
        capacity=np.where(limited, (lying @ volume + cut).round(2), np.inf),
        lying=lying,
        supply=rng.integers(1, 4, items) if few else np.full(items, PLENTY, dtype=np.int64),
        law=law,
        past=draw_orders(law, WEEKS, rng),
    )


def fresh_weeks(instance: Instance, weeks: int) -> Orders:
    """Draw weeks from the instance's law that are independent of those it was drawn with."""
    kind, number = instance.name.split("-")
    return draw_orders(
        instance.law, weeks, np.random.default_rng([*_seed(kind, int(number)), FRESH])
    )


def _seed(kind: str, number: int) -> tuple[int, int]:
    return zlib.crc32(kind.encode()), number


def _weekly(law: Law) -> Floats:
    """Units that habits and chance order in a usual week, about, (R, I)."""
    units = np.outer(1.3 * law.chance, law.popularity)
    for habit in law.habits:
        units[habit.region] += habit.rate * law.kept * habit.units
    return units
