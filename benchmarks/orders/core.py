"""The search for a plan by order, on the small instances, against their best plans.

The search is handed the past weeks as it would make them itself from tables; what its plan then
gains is told by `benchmarks.orders.money`, which knows nothing of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from benchmarks.orders.enumeration import best_plan
from benchmarks.orders.instances import Instance
from benchmarks.orders.law import Ints, Orders
from benchmarks.orders.money import gain, worth_serving
from foreship_optimize.orders.baskets import Baskets, Keeping
from foreship_optimize.orders.certification.certificate import sampled_bound
from foreship_optimize.orders.walk import sampled_gain

__all__ = ["Lost", "Search", "by_single_units", "handed", "judge", "judge_all"]

Search = Callable[[Baskets, Keeping], Ints]
AGREES = 1e-9
BETTER = 1e-12


@dataclass(frozen=True)
class Lost:
    """What a search gained on one instance, and what was to be gained."""

    name: str
    best: float
    """gain of the best plan [money a week]"""
    gained: float
    bound: float
    """what the certificate says that no plan gains more than"""
    cpu_seconds: float
    """of the search, without its certificate"""

    @property
    def share(self) -> float:
        """Share of the best gain that was lost; inf where there was none, but something is lost."""
        lost = self.best - self.gained
        if lost <= AGREES:
            return 0.0
        return lost / self.best if self.best > AGREES else float("inf")


def judge_all(cases: Iterable[Instance], search: Search) -> list[Lost]:
    """Judge a search on some instances."""
    return [judge(case, search) for case in cases]


def judge(instance: Instance, search: Search) -> Lost:
    """Hand an instance to a search, and hold its plan against the best one.

    Raises
    ------
    AssertionError
        If the plan breaks a limit, its gain is told otherwise by the walk of the product, or the
        bound lies below what the best plan gains.
    """
    baskets, keeping = handed(instance, instance.past)
    started = time.process_time()
    sent = np.asarray(search(baskets, keeping))
    spent = time.process_time() - started
    plan = sent.reshape(instance.lying.shape)
    _keeps_limits(instance, plan)
    _, best = best_plan(instance, instance.past)
    gained = gain(instance, instance.past, plan)
    told = sampled_gain(baskets, keeping, sent)
    if abs(told - gained) > AGREES:
        raise AssertionError(f"{instance.name}: the walk tells a gain of {told}, not {gained}")
    bound = sampled_bound(baskets, keeping, told).bound
    if bound < best - AGREES:
        raise AssertionError(f"{instance.name}: a plan gains {best}, above the bound of {bound}")
    return Lost(instance.name, best, gained, bound, spent)


def _keeps_limits(instance: Instance, plan: Ints) -> None:
    kept = (
        (plan >= 0).all()
        and (plan @ instance.volume <= instance.room + AGREES).all()
        and (plan.sum(axis=0) <= instance.supply).all()
    )
    if not kept:
        raise AssertionError(f"{instance.name}: {plan.tolist()} breaks a limit")


def handed(instance: Instance, orders: Orders) -> tuple[Baskets, Keeping]:
    """Return the orders worth serving and what keeping costs, in the arrays of the product."""
    worth, saving = worth_serving(instance, orders)
    order, item = np.nonzero(worth.units)
    regions, items = instance.lying.shape
    baskets = Baskets(
        period=worth.week,
        first=np.searchsorted(order, np.arange(len(saving) + 1)).astype(np.int64),
        cell=(worth.region[order] * items + item).astype(np.int64),
        units=worth.units[order, item],
        saving=saving,
        weight=np.full(orders.weeks, 1.0 / orders.weeks),
    )
    keeping = Keeping(
        lying=instance.lying.ravel(),
        idle=np.tile(instance.holding, regions),
        dearer=np.zeros(regions * items),
        region=np.repeat(np.arange(regions), items),
        item=np.tile(np.arange(items), regions),
        volume=np.tile(instance.volume, regions),
        room=instance.room,
        supply=instance.supply,
    )
    return baskets, keeping


def by_single_units(baskets: Baskets, keeping: Keeping) -> Ints:
    """Send the single unit that gains most, again and again: blind to what goes together."""
    sent = np.zeros(len(keeping.lying), dtype=np.int64)
    best = 0.0
    while True:
        tried = [
            (sampled_gain(baskets, keeping, more), more)
            for more in (sent + one for one in np.eye(len(sent), dtype=np.int64))
            if _fits(keeping, more)
        ]
        value, more = max(tried, key=lambda each: each[0], default=(best, sent))
        if value <= best + BETTER:
            return sent
        sent, best = more, value


def _fits(keeping: Keeping, sent: Ints) -> bool:
    load = np.bincount(keeping.region, sent * keeping.volume, minlength=len(keeping.room))
    units = np.bincount(keeping.item, sent, minlength=len(keeping.supply))
    return bool((load <= keeping.room + AGREES).all() and (units <= keeping.supply).all())
