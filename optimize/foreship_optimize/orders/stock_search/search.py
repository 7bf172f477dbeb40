"""Credits and plan settle on each other: several starts, damped passes, then whole baskets.

docs/value.md, section 9. Orders of several lines are complements, so that there are many plans that
no single unit can better.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.orders.baskets import Baskets, Keeping
from foreship_optimize.orders.credit import Credit, Seen, credited, shrunk
from foreship_optimize.orders.stock_search.need_law import sampled_law
from foreship_optimize.orders.stock_search.stocking import Stocking
from foreship_optimize.orders.stock_search.whole_baskets import with_whole_baskets
from foreship_optimize.orders.walk import sampled_money

__all__ = ["best_plan", "settled_plans", "spread_by_units", "starting_credits"]

PASSES: Final = 6
DAMPING: Final = 0.5
PLENTY: Final = 2**40


def best_plan(baskets: Baskets, keeping: Keeping) -> Ints:
    """Find the plan of most sampled order gain, the past orders being all there is to know.

    Returns
    -------
    Units sent to each cell, (C,), within room and supply.
    """
    cells = len(keeping.lying)
    stocking = Stocking(sampled_law(baskets, cells), keeping, np.zeros(cells))
    weight = baskets.weight[baskets.period[baskets.order]]
    units = np.bincount(baskets.cell, baskets.units * weight, cells)
    seen = Seen(units.astype(np.float64), keeping.item, 0.0)
    best, most = np.zeros(cells, dtype=np.int64), -np.inf
    for plan in _every_start(baskets, baskets.weight, stocking, seen):
        sent = with_whole_baskets(baskets, keeping, plan)
        money = sampled_money(baskets, keeping, sent)
        if money > most + 1e-12:
            best, most = sent, money
    return best


def _every_start(baskets: Baskets, count: Floats, stocking: Stocking, seen: Seen) -> Iterator[Ints]:
    """Yield plans to begin whole baskets from, all different."""
    known: set[bytes] = set()
    nothing = np.zeros(len(stocking.keeping.lying), dtype=np.int64)
    plans = [nothing]
    for start in starting_credits(baskets, count, stocking, seen):
        plans += settled_plans(baskets, count, stocking, seen, start)
    for plan in plans:
        if plan.tobytes() not in known:
            known.add(plan.tobytes())
            yield plan


def starting_credits(
    baskets: Baskets, count: Floats, stocking: Stocking, seen: Seen
) -> Iterator[Credit]:
    """Yield credits to begin with: as if all were there, nothing more, or each its part."""
    plenty = np.full(len(stocking.keeping.lying), PLENTY)
    yield shrunk(credited(baskets, count, plenty), seen)
    yield shrunk(credited(baskets, count, stocking.keeping.lying), seen)
    yield shrunk(credited(baskets, count, plenty, spread_by_units(baskets)), seen)


def settled_plans(
    baskets: Baskets, count: Floats, stocking: Stocking, seen: Seen, credit: Credit
) -> Iterator[Ints]:
    """Go from credit to plan to credit, half a step at a time; yield all plans on the way."""
    last = None
    for _ in range(PASSES):
        sent = stocking.sent(credit)
        yield sent
        if last is not None and np.array_equal(sent, last):
            break
        last = sent
        found = shrunk(credited(baskets, count, stocking.keeping.lying + sent), seen)
        credit = credit.between(found, DAMPING)


def spread_by_units(baskets: Baskets) -> Floats:
    """Part of each line in its order's saving, by units, (L,)."""
    order = baskets.order
    units = np.bincount(order, baskets.units, len(baskets.period))
    return np.asarray(baskets.units / units[order])
