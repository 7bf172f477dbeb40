"""Ten shapes of weekly demand in four variants each: histories, and weeks that are judged.

The design is that of InventoryBench (Baek, Fu, Ma, Peng, arXiv 2602.12631): its shapes, 5 weeks of
history, 50 judged weeks, a change at week 16. Its data are not used; variants it does not state
are our own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from foreship_foundation.arrays import Floats, Ints

__all__ = ["JUDGED_WEEKS", "KNOWN_WEEKS", "SHAPES", "Shape", "demand_of", "every_shape"]

KNOWN_WEEKS: Final = 5
JUDGED_WEEKS: Final = 50
CHANGE: Final = 15
"""index of the first judged week after a change: the sixteenth"""

Law = Callable[[np.random.Generator, Ints], Floats]
"""draws demand of some weeks, counted from the first that is judged; history is below 0"""


@dataclass(frozen=True)
class Shape:
    """A law of demand by its name and variant."""

    name: str
    variant: int
    law: Law


def demand_of(shape: Shape, seed: int) -> tuple[Ints, Ints]:
    """Draw the weeks that are known and those that are judged, whole units >= 0.

    Laws that go on in time are drawn as one walk; others week by week.
    """
    draw = np.random.default_rng([seed, *shape.name.encode(), shape.variant])
    weeks = np.arange(-KNOWN_WEEKS, JUDGED_WEEKS)
    units = np.maximum(np.rint(shape.law(draw, weeks)), 0).astype(np.int64)
    return units[:KNOWN_WEEKS], units[KNOWN_WEEKS:]


def _normal(mean: Callable[[Ints], Floats], sd: Callable[[Ints], Floats]) -> Law:
    return lambda draw, week: draw.normal(mean(week), sd(week))


def _flat(value: float) -> Callable[[Ints], Floats]:
    return lambda week: np.full(len(week), value)


def _stepped(levels: tuple[float, ...], starts: tuple[int, ...]) -> Callable[[Ints], Floats]:
    """Levels one after another; each but the first begins at its start."""
    return lambda week: np.asarray(levels)[np.searchsorted(starts, week, side="right")]


def _line(start: float, slope: float) -> Callable[[Ints], Floats]:
    return lambda week: np.maximum(start + slope * (week + KNOWN_WEEKS + 1.0), 5.0)


def _wave(mean: float, height: float, period: int) -> Callable[[Ints], Floats]:
    return lambda week: mean + height * np.sin(2.0 * np.pi * (week + KNOWN_WEEKS) / period)


def _spell(usual: float, then: float, length: int) -> Callable[[Ints], Floats]:
    return _stepped((usual, then, usual), (CHANGE, CHANGE + length))


def _autocorrelated(part: float, sd: float, mean: float = 100.0) -> Law:
    def law(draw: np.random.Generator, week: Ints) -> Floats:
        units = np.empty(len(week))
        level = mean
        for place, shock in enumerate(draw.normal(0.0, sd, len(week))):
            level = mean + part * (level - mean) + shock
            units[place] = level
        return units

    return law


def _uniform(low: float, high: float) -> Law:
    return lambda draw, week: draw.uniform(low, high, len(week))


def _shapes() -> Iterator[tuple[str, tuple[Law, ...]]]:
    """Name every shape with its four variants."""
    still = [_normal(_flat(100.0), _flat(sd)) for sd in (25.0, 40.0, 15.0)]
    yield "stationary", (*still, _uniform(50.0, 150.0))
    for name, levels in (
        ("step up", (130.0, 150.0, 200.0, 300.0)),
        ("step down", (80.0, 60.0, 50.0, 30.0)),
    ):
        yield name, tuple(_normal(_stepped((100.0, to), (CHANGE,)), _flat(20.0)) for to in levels)
    yield (
        "rising",
        tuple(_normal(_line(60.0, slope), _flat(20.0)) for slope in (1.0, 2.0, 4.0, 6.0)),
    )
    yield (
        "falling",
        tuple(_normal(_line(160.0, -slope), _flat(20.0)) for slope in (0.8, 1.5, 2.0, 2.5)),
    )
    yield (
        "variance",
        tuple(
            _normal(_flat(100.0), _stepped(sds, (CHANGE,)))
            for sds in ((10.0, 40.0), (40.0, 10.0), (15.0, 30.0), (30.0, 60.0))
        ),
    )
    yield (
        "seasonal",
        tuple(
            _normal(_wave(100.0, height, period), _flat(15.0))
            for height, period in ((30.0, 10), (50.0, 10), (50.0, 25), (60.0, 13))
        ),
    )
    yield (
        "two changes",
        tuple(
            _normal(_stepped(levels, (CHANGE, 33)), _flat(20.0))
            for levels in (
                (100.0, 150.0, 100.0),
                (100.0, 60.0, 140.0),
                (80.0, 120.0, 200.0),
                (150.0, 100.0, 50.0),
            )
        ),
    )
    yield (
        "spell",
        tuple(
            _normal(_spell(100.0, then, length), _flat(20.0))
            for then, length in ((200.0, 5), (300.0, 3), (40.0, 5), (0.0, 4))
        ),
    )
    yield (
        "autocorrelated",
        tuple(
            _autocorrelated(part, sd)
            for part, sd in ((0.5, 20.0), (0.8, 15.0), (0.9, 15.0), (-0.5, 25.0))
        ),
    )


SHAPES: Final = tuple(
    Shape(name, variant, law)
    for name, laws in _shapes()
    for variant, law in enumerate(laws, start=1)
)


def every_shape(variants: int) -> tuple[Shape, ...]:
    """Return the first variants of every shape."""
    return tuple(shape for shape in SHAPES if shape.variant <= variants)
