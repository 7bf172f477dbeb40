"""How hubs run down: which hub serves which order, path by path, and what a unit more is worth.

Equations 3a and 3b of docs/value.md. Every region asks the cheapest hub that still has the unit,
and the orders of all regions come evenly over the days, so that a hub is empty when the regions
that ask it have used it up; they then turn to their next one.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["RunDown", "run_down"]


NEXT_TO_NONE: Final = 1e-12
"""Units taken to lie at an empty hub, so that it is known what one there would save."""


class RunDown(NamedTuple):
    """What hubs and orders are worth at the margin, path by path."""

    rent: Floats
    """what one more unit at a hub saves, shape (H, S); 0 where all its orders are served [money]"""
    missed: Floats
    """what one unit less costs: the same, but where the last order takes the last unit [money]"""
    order: Floats
    """what one order less of a region saves, shape (R, S) [money]"""


class _Phase(NamedTuple):
    """A part of the time in which the same hubs have units left."""

    asks: Ints
    """hub that each region asks, shape (R, S); H where none has a unit"""
    share: Floats
    """part of the orders that come in it, shape (S,)"""
    runs_dry: Bools
    """hubs that are empty at its end, shape (H, S)"""
    last: Bools
    """whether no order comes after it, shape (S,)"""


def run_down(stock: Floats, orders: Floats, cost: Floats, lost: float) -> RunDown:
    """Run hubs down through paths of orders.

    Parameters
    ----------
    stock
        Units at each hub, shape (H,).
    orders
        Orders of each region that its own stock does not serve, shape (R, S).
    cost
        Of serving an order of a region from a hub, shape (R, H); inf where that cannot be.
    lost
        What an order costs that no hub serves [money].
    """
    # of hubs that cost the same the fuller one is asked first, whatever their names
    order_of_hubs = np.lexsort((np.where(np.isfinite(cost), cost, 0.0).sum(axis=0), -stock))
    back = np.argsort(order_of_hubs)
    stock, cost = stock[order_of_hubs], cost[:, order_of_hubs]
    phases = _phases(stock, orders, cost)
    # one column more for orders that no hub serves
    price = np.concatenate([cost, np.full((len(cost), 1), lost)], axis=1)
    rent, missed = np.zeros((2, len(stock) + 1, orders.shape[1]))
    for phase, following in zip(phases[-2::-1], phases[:0:-1], strict=True):
        _add_rents(rent, phase, following, orders, price, phase.runs_dry & ~phase.last)
        _add_rents(missed, phase, following, orders, price, phase.runs_dry)
    order = np.zeros(orders.shape)
    for phase in phases:
        order += phase.share * _served(price, rent, phase.asks)
    return RunDown(rent[back], missed[back], order)


def _phases(stock: Floats, orders: Floats, cost: Floats) -> list[_Phase]:
    """Cut the time at every moment at which a hub is used up; the last phase has all the rest."""
    hubs, paths = len(stock), orders.shape[1]
    left = np.maximum(np.asarray(stock, dtype=np.float64), NEXT_TO_NONE)
    left = np.repeat(left[:, None], paths, axis=1)
    has, rest = np.ones(left.shape, dtype=bool), np.ones(paths)
    phases = []
    for _ in range(hubs + 1):
        asks = _cheapest(cost, has)
        load = np.stack([np.where(asks == hub, orders, 0.0).sum(axis=0) for hub in range(hubs)])
        until = np.divide(left, load, out=np.full(left.shape, np.inf), where=load > 0.0)
        until = np.where(has, until, np.inf)
        share = np.minimum(until.min(axis=0), rest)
        runs_dry = has & (until <= share)
        phases.append(_Phase(asks, share, runs_dry, share >= rest))
        left = np.where(runs_dry, 0.0, left - load * share)
        has, rest = has & ~runs_dry, rest - share
        # a hub may be empty by rounding alone: the next phase finds it
        if not (runs_dry | (has & (left <= 0.0))).any():
            break
    return phases


def _cheapest(cost: Floats, has: Bools) -> Ints:
    """Cheapest hub of each region among those that have the unit, (R, S); H where none has."""
    hubs, best = len(has), np.full((len(cost), has.shape[1]), np.inf)
    asks = np.full(best.shape, hubs, dtype=np.int64)
    for hub in range(hubs):
        price = np.where(has[hub], cost[:, hub, None], np.inf)
        asks = np.where(price < best, hub, asks)
        best = np.minimum(best, price)
    return asks


def _add_rents(
    rent: Floats, phase: _Phase, following: _Phase, orders: Floats, price: Floats, dry: Bools
) -> None:
    """Fill in the rents of the hubs that run dry at the end of a phase, `dry` (H, S).

    One more unit there serves one more order of the regions that ask the hub: it saves what that
    order costs from the next one, whose own unit is then left for others.
    """
    saved = _served(price, rent, following.asks) - _served(price, rent * 0.0, phase.asks)
    for hub in range(len(rent) - 1):
        mine = np.where((phase.asks == hub) & dry[hub], orders, 0.0)
        total, mean = mine.sum(axis=0), np.zeros(mine.shape[1])
        np.divide((mine * saved).sum(axis=0), total, out=mean, where=total > 0)
        rent[hub] += np.maximum(mean, 0.0)


def _served(price: Floats, rent: Floats, asks: Ints) -> Floats:
    """Cost of an order of each region from the hub that it asks, and that hub's rent, (R, S)."""
    region = np.arange(len(price))[:, None]
    path = np.arange(asks.shape[1])[None, :]
    return np.asarray(price[region, asks] + rent[asks, path])
