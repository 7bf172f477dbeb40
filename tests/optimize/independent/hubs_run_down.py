"""How hubs run down on one path, and what a unit or an order more is worth (equations 3a, 3b)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tests.optimize.independent.net_demand import Counts

__all__ = ["Run", "lost_or_parcel", "mean_by_orders", "missed_least", "run_down_paths"]

NOBODY = ""
"""stands for the hub of an order that no hub serves"""
NEXT_TO_NONE = 1e-12
"""units taken to lie at an empty hub, so that it is known what one there would save"""
Price = Callable[[str, str], float]


@dataclass(frozen=True)
class Run:
    """One path: what hubs and orders are worth at the margin."""

    rent: Mapping[str, float]
    """lambda of equation 3a: what one unit more at a hub saves"""
    missed: Mapping[str, float]
    """lambda with a minus: what one unit less costs"""
    order: Mapping[str, float]
    """pi of equation 3b: what an order less of a region saves"""


@dataclass(frozen=True)
class Phase:
    """A part of the time in which the same hubs have units."""

    asks: Mapping[str, str]
    """hub of each region"""
    share: float
    dry: frozenset[str]
    """hubs that are empty at its end"""
    is_last: bool


def lost_or_parcel(price: Mapping[tuple[str, str], float], lost: float) -> Price:
    """Cost of an order of a region from a hub, or of one that nobody serves; inf without a way."""
    return lambda hub, region: lost if hub == NOBODY else price.get((hub, region), math.inf)


def run_down_paths(
    stock: Mapping[str, float], orders: Mapping[str, Counts], price: Price
) -> list[Run]:
    """Run hubs down on every path."""
    paths = len(next(iter(orders.values())))
    return [
        run_down(stock, {region: float(units[path]) for region, units in orders.items()}, price)
        for path in range(paths)
    ]


def run_down(stock: Mapping[str, float], orders: Mapping[str, float], price: Price) -> Run:
    """Run hubs down on one path; orders of all regions come evenly."""
    phases = _phases(stock, orders, price)
    rent = dict.fromkeys([*stock, NOBODY], 0.0)
    missed = dict.fromkeys([*stock, NOBODY], 0.0)
    for phase, after in reversed(list(pairwise(phases))):
        for hub in phase.dry:
            if not phase.is_last:
                rent[hub] = _slope(hub, phase, after, orders, price, rent)
            missed[hub] = _slope(hub, phase, after, orders, price, missed)
    order = {
        region: sum(
            phase.share * (price(phase.asks[region], region) + rent[phase.asks[region]])
            for phase in phases
        )
        for region in orders
    }
    return Run(rent, missed, order)


def _phases(stock: Mapping[str, float], orders: Mapping[str, float], price: Price) -> list[Phase]:
    asked_first = sorted(stock, key=lambda hub: (-stock[hub], _dearness(hub, orders, price)))
    left = {hub: max(float(stock[hub]), NEXT_TO_NONE) for hub in asked_first}
    rest, phases = 1.0, []
    while True:
        asks = {region: _cheapest(region, left, price) for region in orders}
        load = {hub: sum(n for r, n in orders.items() if asks[r] == hub) for hub in left}
        until = {hub: left[hub] / load[hub] for hub in left if load[hub] > 0}
        share = min([rest, *until.values()])
        dry = frozenset(hub for hub, part in until.items() if part <= share)
        phases.append(Phase(asks, share, dry, share >= rest))
        left = {hub: left[hub] - share * load[hub] for hub in left if hub not in dry}
        rest -= share
        if not dry:
            return phases


def _dearness(hub: str, orders: Mapping[str, float], price: Price) -> float:
    """What a hub costs all regions together: of hubs with the same stock the cheaper is asked."""
    costs = [price(hub, region) for region in orders]
    return sum(cost for cost in costs if math.isfinite(cost))


def _cheapest(region: str, left: Mapping[str, float], price: Price) -> str:
    """Cheapest hub that still has the unit; of several the one that is asked first."""
    able = [hub for hub in left if math.isfinite(price(hub, region))]
    return min(able, key=lambda hub: price(hub, region), default=NOBODY)


def _slope(
    hub: str,
    phase: Phase,
    after: Phase,
    orders: Mapping[str, float],
    price: Price,
    rent: Mapping[str, float],
) -> float:
    """Equation 3a."""
    mine = {region: n for region, n in orders.items() if phase.asks[region] == hub}
    saved = sum(
        n * (price(after.asks[region], region) + rent[after.asks[region]] - price(hub, region))
        for region, n in mine.items()
    )
    return max(saved / sum(mine.values()), 0.0)


def missed_least(stock: Mapping[str, float], runs: Sequence[Run]) -> str:
    """Hub, of those that hold a unit, whose units are missed least on average."""
    held = [hub for hub in sorted(stock) if stock[hub] > 0]
    return min(held, key=lambda hub: float(np.mean([run.rent[hub] for run in runs])))


def mean_by_orders(money: Sequence[float], orders: Counts) -> float:
    """Mean over paths by their orders; the plain mean where there are none."""
    weights = orders if orders.sum() > 0 else np.ones(len(orders))
    return float(np.average(money, weights=weights))
