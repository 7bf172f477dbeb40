"""The price search: price all items, combine their plans, take the master's duals as new prices.

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
"""weight of the best prices so far against the master's new ones; the second beyond `FEW` items"""
FEW, CLOSER, CLOSE = 20_000, 4.0, 1.25
"""The gap is closed further than asked for, so that rounding to whole units may use the rest of it:
to a quarter where items are few and rounds are cheap, else by a round or two."""
PATIENCE, SLOW = 8, 0.7
"""Items counted by day of arrival are priced only approximately: a search with such items ends once
this many rounds have left more than this share of the gap open."""
PARTS, ROUGH = 4, 3e-3
"""Beyond `FEW` items, a round prices only one part in `PARTS` of them until the gap is below
`ROUGH`: the start prices already give a bound about that close, and what is missing at first is
columns."""
STRETCHED = (0.85, 1.15)
"""the first prices are tried this much lower and higher too"""


@dataclass
class Search:
    """The state of a price search: its items, and the best prices, bound and combination so far."""

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
    """the cheapest combination of plans; None before the first"""
    plans: list[Sparse] = field(default_factory=list)
    rounds: int = 0
    gaps: list[float] = field(default_factory=list)
    """cost of the combination less the bound, by round [money]"""
    termination: str = "time limit"
    size: dict[str, int] = field(default_factory=dict)


def search_of(part: Carried, shelf: Shelf, params: PlanParams, order: Ints, clock: Clock) -> Search:
    """Set up a search: deal the items out to groups in the order given."""
    count = max(1, min(GROUPS if len(order) <= FEW else MORE_GROUPS, len(order)))
    groups = np.zeros(len(order), dtype=np.int64)
    groups[:] = np.arange(len(order)) % count
    by_item = np.argsort(order, kind="stable")  # memory is read in the order of items
    return Search(part, shelf, params, order[by_item], groups[by_item], count, clock)


def aim_of(gap: float, items: int) -> float:
    """Gap at which the search may end, so that the finished plan may have `gap` in all."""
    return gap / (CLOSER if items <= FEW else CLOSE)


def run(search: Search, start: Prices, gap: float) -> None:
    """Alternate pricing and master until bound and plan meet; out of time, the best stays."""
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
    """Repeat: solve the master, smooth its prices, price the items, add the new columns."""
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
    """Whether items counted by day, which are priced approximately, keep the gap from closing."""
    gaps = search.gaps
    if len(gaps) <= PATIENCE or not search.shelf.book.by_day.items[search.items].any():
        return False
    return gaps[-1] > SLOW * gaps[-1 - PATIENCE]


def _call(search: Search, master: Master, prices: Prices) -> int:
    """Price every item; keep the bound where it is better; return how many columns were added."""
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
    """Whether many items still lack columns, rather than a better bound."""
    return len(search.items) > FEW and search.gaps[-1] > ROUGH * abs(search.bound)


def _call_part(search: Search, master: Master, prices: Prices) -> int:
    """Price the items of one part in `PARTS`; return how many columns were added."""
    shelf, shared = search.shelf, prices.limits[search.part.coupling]
    part = search.groups % PARTS == search.rounds % PARTS
    items, groups = search.items[part], search.groups[part]
    answer = price(shelf, shared, prices.outcomes, items, groups, search.count)
    mine = np.zeros(len(shelf.items), dtype=bool)
    mine[items] = True
    search.plans.append(Sparse.of(answer.quantity * mine[shelf.item_of_way]))
    return master.add(answer)


def _scaled(prices: Prices, factor: float) -> Prices:
    """Multiply the prices of shared limits and outcomes by a factor; they stay in their cone."""
    return replace(prices, limits=prices.limits * factor, outcomes=prices.outcomes * factor)


def _mixed(old: Prices | None, new: Prices, share: float) -> Prices:
    """Smooth prices: `share` of the old ones, the rest of the new; both lie in a convex cone."""
    if old is None or share == 0.0:
        return new
    names = ("limits", "minimums", "cells", "staged", "outcomes")
    mixed = {n: share * getattr(old, n) + (1.0 - share) * getattr(new, n) for n in names}
    return replace(new, **mixed)


def no_prices(part: Carried) -> Prices:
    """Return prices that are all 0."""
    rows, cells = len(part.limits.words), len(part.problem.cell_item)
    scenarios = part.problem.need.shape[1]
    return Prices(np.zeros(rows), np.zeros(rows), np.zeros(cells), np.zeros(cells),
                  np.zeros(scenarios), part.risk.level)  # fmt: skip
