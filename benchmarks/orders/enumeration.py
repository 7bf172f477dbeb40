"""The best plan of a small instance on some weeks of orders, by trying all plans.

Regions meet in the hub's supply alone. So what every stock of one region earns is tabulated
first; of two regions, each plan of the first is then joined with the best of the second among
those that the supply still allows. Nothing is skipped but units beyond what the weeks want of an
item, or so rarely want that their holding costs more than all that those weeks could ever earn.
"""

from __future__ import annotations

import numpy as np

from benchmarks.orders.grid_loops import add_weeks
from benchmarks.orders.instances import Instance
from benchmarks.orders.law import Floats, Ints, Orders
from benchmarks.orders.money import worth_serving

__all__ = ["best_plan", "gains_of_region", "plans_tried"]

NOISE = 1e-9


def best_plan(instance: Instance, orders: Orders) -> tuple[Ints, float]:
    """Return the units (R, I) that gain most a week on these weeks, and that gain."""
    tables = [gains_of_region(instance, orders, region) for region in range(len(instance.lane))]
    sent, gain = _joined(tables, instance.supply)
    return sent, gain


def plans_tried(instance: Instance, orders: Orders) -> int:
    """Return how many plans the tables of the regions stand for."""
    tops = [_most(instance, orders.of_region(r), r) for r in range(len(instance.lane))]
    return int(np.prod([np.prod(top + 1.0) for top in tops]))


def gains_of_region(instance: Instance, orders: Orders, region: int) -> Floats:
    """Return what each plan (units of item 0, 1, ..) gains there over none; -inf without room."""
    mine = orders.of_region(region)
    most = _most(instance, mine, region)
    lies = instance.lying[region]
    earned = _earned_at(instance, mine, lies + most)
    gains = earned[tuple(slice(units, None) for units in lies)]
    gains = gains - gains[(0,) * gains.ndim]
    load = np.zeros(gains.shape)
    for item, units in enumerate(np.ix_(*(np.arange(each + 1) for each in most))):
        gains = gains - instance.holding[item] * units
        load = load + instance.volume[item] * units
    return np.where(load <= instance.room[region] + NOISE, gains, -np.inf)


def _earned_at(instance: Instance, orders: Orders, top: Ints) -> Floats:
    """Return what orders earn a week, with the holding they end, at each stock up to `top`."""
    worth, saving = worth_serving(instance, orders)
    saving = saving + worth.units @ instance.holding
    shape = tuple((top + 1).tolist())
    strides = np.cumprod([1, *shape[:-1]]).astype(np.int64)
    total = np.zeros(int(np.prod(shape)))
    add_weeks(worth.by_week(), np.ascontiguousarray(worth.units), saving, top, strides, total)
    earned = total.reshape(shape, order="F") / orders.weeks
    for axis in range(len(shape)):
        earned = np.cumsum(earned, axis=axis)
    return earned


def _most(instance: Instance, orders: Orders, region: int) -> Ints:
    """Return the most units of each item that a plan could gain by sending to the region, (I,).

    Weeks that want no more than k units of an item are the same with more of it but for the
    holding; all others cannot earn more than all their orders together.
    """
    worth, saving = worth_serving(instance, orders)
    wanted = np.zeros((orders.weeks, worth.units.shape[1]), dtype=np.int64)
    np.add.at(wanted, worth.week, worth.units)
    ended = saving + worth.units @ instance.holding
    earns = np.bincount(worth.week, ended, minlength=orders.weeks) / orders.weeks
    stock = np.arange(wanted.max(initial=0) + 1)
    beyond = np.array([[earns[w > k].sum() for w in wanted.T] for k in stock])
    enough = (beyond <= instance.holding).argmax(axis=0)
    most = np.minimum(np.maximum(enough - instance.lying[region], 0), instance.supply)
    fits = np.floor((instance.room[region] + NOISE) / instance.volume)
    return np.minimum(most, fits).astype(np.int64)


def _joined(tables: list[Floats], supply: Ints) -> tuple[Ints, float]:
    """Return the best plan of one or two regions under the supply of each item."""
    first = tables[0]
    if len(tables) == 1:
        best = np.unravel_index(first.argmax(), first.shape)
        return np.array([best], dtype=np.int64), float(first[best])
    second = reached = tables[1]
    for axis in range(second.ndim):
        reached = np.maximum.accumulate(reached, axis=axis)
    left = [
        np.minimum(units - np.arange(length), last - 1)
        for units, length, last in zip(supply, first.shape, second.shape, strict=True)
    ]
    both = first + reached[np.ix_(*left)]
    best = np.unravel_index(both.argmax(), both.shape)
    rest = second[tuple(slice(0, each[at] + 1) for each, at in zip(left, best, strict=True))]
    other = np.unravel_index(rest.argmax(), rest.shape)
    return np.array([best, other], dtype=np.int64), float(both[best])
