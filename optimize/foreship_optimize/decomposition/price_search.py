"""The search for the prices of what items share: price all items, mix their plans, price anew.

Every round gives a bound (equation 13) and, once a master is solved, a usable plan
(docs/program.md, section 9).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.arrays import Sparse
from foreship_optimize.decomposition.carried import Carried
from foreship_optimize.decomposition.pricing import Shelf, price
from foreship_optimize.decomposition.restricted_master import Master, Mix
from foreship_optimize.params import PlanParams
from foreship_optimize.program.bound import Prices, lower_bound
from foreship_optimize.program.instance import Clock, LimitsCannotHold

__all__ = ["Search", "aim_of", "no_prices", "run", "search_of"]

GROUPS, MORE_GROUPS = 64, 96
"""groups of items, each of which has one column a round: fewer need more rounds, more make the
master slow, which counts for less where there are more than `FEW` items to be priced a round"""
SMOOTHING, SMOOTHER = 0.8, 0.85
"""weight of the best prices so far beside the master's new ones, with more than `FEW` items too"""
FEW, CLOSER, CLOSE = 20_000, 4.0, 1.25
"""the gap is closed further than asked, so that whole units have more of it left: four times where
items are few and rounds cheap, else by a round or two"""
PATIENCE, SLOW = 8, 0.7
"""items with several days are not priced to the end: the search of such items ends when so many
rounds have left more than this share of the gap open"""
PARTS, ROUGH = 4, 3e-3
"""of more than `FEW` items one part in so many is priced a round, until mix and bound are so near:
prices of samples give a bound about as near as that, and what is missing is plans to mix"""
STRETCHED = (0.85, 1.15)
"""the first prices are tried this much lower and higher too"""


@dataclass
class Search:
    """Items that are searched together, and the best that is known of them."""

    part: Carried
    shelf: Shelf
    params: PlanParams
    items: Ints
    groups: Ints
    count: int
    clock: Clock
    bound: float = -np.inf
    best: Prices | None = None
    shelf_price: Floats = field(default_factory=lambda: np.zeros(0))
    mix: Mix | None = None
    """the cheapest mix; None before the first"""
    plans: list[Sparse] = field(default_factory=list)
    rounds: int = 0
    gaps: list[float] = field(default_factory=list)
    """between mix and bound, by round [money]"""
    termination: str = "time limit"
    size: dict[str, int] = field(default_factory=dict)


def search_of(part: Carried, shelf: Shelf, params: PlanParams, order: Ints, clock: Clock) -> Search:
    """Deal items out to groups, in the order given."""
    count = max(1, min(GROUPS if len(order) <= FEW else MORE_GROUPS, len(order)))
    groups = np.zeros(len(order), dtype=np.int64)
    groups[:] = np.arange(len(order)) % count
    by_item = np.argsort(order, kind="stable")  # memory is read in the order of items
    return Search(part, shelf, params, order[by_item], groups[by_item], count, clock)


def aim_of(gap: float, items: int) -> float:
    """Gap at which the search of so many items ends where the plan may have `gap` in all."""
    return gap / (CLOSER if items <= FEW else CLOSE)


def run(search: Search, start: Prices, gap: float) -> None:
    """Price, mix, price anew, until bound and plan meet; a time limit or Ctrl-C keeps the best."""
    try:
        master = Master(
            search.part, search.params, money=search.shelf.money, groups=search.count,
            time_limit=search.clock.left(),
        )  # fmt: skip
        for factor in (1.0, *STRETCHED):
            if not search.plans or not search.clock.is_over():
                _call(search, master, _scaled(start, factor))
        _improve(search, master, gap)
        search.size = master.size
    except KeyboardInterrupt:
        search.termination = "interrupted"


def _improve(search: Search, master: Master, gap: float) -> None:
    """Alternate between the master and the items."""
    smoothing = SMOOTHING if len(search.items) <= FEW else SMOOTHER
    share = smoothing
    while True:
        mix = master.solve(search.clock.left())
        asked = np.isfinite(search.part.limits.at_least).any()
        if mix.outcome.termination == "infeasible" and asked:
            raise LimitsCannotHold("the limits contradict each other")
        if search.mix is None or mix.cost <= search.mix.cost:
            search.mix = mix
        search.rounds += 1
        search.gaps.append(search.mix.cost - search.bound)
        if search.gaps[-1] <= gap * abs(search.bound) or _stalled(search):  # in any unit of money
            search.termination = "optimal"
            return
        if mix.prices is None or search.clock.is_over():
            over = search.clock.is_over() or mix.outcome.termination == "optimal"
            search.termination = "time limit" if over else mix.outcome.termination
            return
        prices = _mixed(search.best, mix.prices, share)
        if _is_rough(search) and _call_part(search, master, prices):
            continue
        new = _call(search, master, prices)
        if new == 0 and share == 0.0:
            search.termination = "optimal"  # no plan of any group betters the mix
            return
        share = smoothing if new else 0.0


def _stalled(search: Search) -> bool:
    """Whether items with several days, which are not priced to the end, hold the search up."""
    gaps = search.gaps
    if len(gaps) <= PATIENCE or not search.shelf.book.by_day.items[search.items].any():
        return False
    return gaps[-1] > SLOW * gaps[-1 - PATIENCE]


def _call(search: Search, master: Master, prices: Prices) -> int:
    """Solve every item at the prices; keep the bound if it is better; count the columns added."""
    part, shelf = search.part, search.shelf
    shared = prices.limits[part.coupling]
    answer = price(shelf, shared, prices.outcomes, search.items, search.groups, search.count)
    bound = lower_bound(
        part.problem, part.limits, prices, part.risk, search.params.minimum_line_quantity
    )
    bound += answer.least / shelf.money
    if bound > search.bound:
        search.bound, search.best = bound, prices
        search.shelf_price = shelf.pool.shelf_price.copy()
    search.plans.append(Sparse.of(answer.quantity))
    return master.add(answer)


def _is_rough(search: Search) -> bool:
    """Whether plans to mix are what many items lack, and not a better bound."""
    return len(search.items) > FEW and search.gaps[-1] > ROUGH * abs(search.bound)


def _call_part(search: Search, master: Master, prices: Prices) -> int:
    """Solve the items of one group in `PARTS` at the prices; count the columns added."""
    shelf, shared = search.shelf, prices.limits[search.part.coupling]
    part = search.groups % PARTS == search.rounds % PARTS
    items, groups = search.items[part], search.groups[part]
    answer = price(shelf, shared, prices.outcomes, items, groups, search.count)
    mine = np.zeros(len(shelf.items), dtype=bool)
    mine[items] = True
    search.plans.append(Sparse.of(answer.quantity * mine[shelf.item_of_way]))
    return master.add(answer)


def _scaled(prices: Prices, factor: float) -> Prices:
    """All prices of what is shared times a factor: their cone stays."""
    return replace(prices, limits=prices.limits * factor, outcomes=prices.outcomes * factor)


def _mixed(old: Prices | None, new: Prices, share: float) -> Prices:
    """Mix `share` of the old prices with the new ones: both lie in a convex cone."""
    if old is None or share == 0.0:
        return new
    names = ("limits", "minimums", "cells", "staged", "outcomes")
    mixed = {n: share * getattr(old, n) + (1.0 - share) * getattr(new, n) for n in names}
    return replace(new, **mixed)


def no_prices(part: Carried) -> Prices:
    """All prices nought."""
    rows, cells = len(part.limits.words), len(part.problem.cell_item)
    scenarios = part.problem.need.shape[1]
    return Prices(np.zeros(rows), np.zeros(rows), np.zeros(cells), np.zeros(cells),
                  np.zeros(scenarios), part.risk.level)  # fmt: skip
