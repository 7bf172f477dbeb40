"""The price search: price all items, combine their plans, take the master's duals as new prices.

Every round gives a bound (equation 13) and, once a master is solved, a usable plan
(docs/program.md, section 9).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.telling.progress import report
from foreship_optimize.arrays import Sparse
from foreship_optimize.decomposition.carried import CarriedPart
from foreship_optimize.decomposition.pricing import PricingProblem, solve_pricing
from foreship_optimize.decomposition.restricted_master import MasterSolution, RestrictedMaster
from foreship_optimize.params import PlanParams
from foreship_optimize.program.bound import Prices, lower_bound
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.instance import LimitsCannotHold

__all__ = ["PriceSearch", "no_prices", "price_search_of", "search_prices", "target_gap"]

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
class PriceSearch:
    """The state of a price search: its items, and the best prices, bound and combination so far."""

    part: CarriedPart
    pricing: PricingProblem
    params: PlanParams
    items: Ints
    groups: Ints
    count: int
    clock: Clock
    bound: float = -np.inf
    best: Prices | None = None
    stock_price: Floats = field(default_factory=lambda: np.zeros(0))
    combination: MasterSolution | None = None
    """the cheapest combination of plans; None before the first"""
    plans: list[Sparse] = field(default_factory=list)
    rounds: int = 0
    gaps: list[float] = field(default_factory=list)
    """cost of the combination less the bound, by round [money]"""
    termination: str = "time limit"
    size: dict[str, int] = field(default_factory=dict)


def price_search_of(
    part: CarriedPart, pricing: PricingProblem, params: PlanParams, order: Ints, clock: Clock
) -> PriceSearch:
    """Set up a search: deal the items out to groups in the order given."""
    count = max(1, min(GROUPS if len(order) <= FEW else MORE_GROUPS, len(order)))
    groups = np.zeros(len(order), dtype=np.int64)
    groups[:] = np.arange(len(order)) % count
    by_item = np.argsort(order, kind="stable")  # memory is read in the order of items
    return PriceSearch(part, pricing, params, order[by_item], groups[by_item], count, clock)


def target_gap(gap: float, items: int) -> float:
    """Gap at which the search may end, so that the finished plan may have `gap` in all."""
    return gap / (CLOSER if items <= FEW else CLOSE)


def search_prices(search: PriceSearch, start: Prices, gap: float) -> None:
    """Alternate pricing and master until bound and plan meet; out of time, the best stays."""
    try:
        master = RestrictedMaster(
            search.part, search.params, money=search.pricing.money, groups=search.count,
            time_limit=search.clock.left(),
        )  # fmt: skip
        for factor in (1.0, *STRETCHED):
            if not search.plans or not search.clock.is_over():
                _price_all(search, master, _scaled(start, factor))
        _improve(search, master, gap)
        search.size = master.size
    except KeyboardInterrupt:
        search.clock.interrupt()  # whatever follows this search ends, too
        search.termination = "interrupted"


def _improve(search: PriceSearch, master: RestrictedMaster, gap: float) -> None:
    """Repeat: solve the master, smooth its prices, price the items, add the new columns."""
    smoothing = SMOOTHING if len(search.items) <= FEW else SMOOTHER
    share = smoothing
    while True:
        combination = master.solve(search.clock.left())
        asked = np.isfinite(search.part.limits.at_least).any()
        if combination.outcome.termination == "infeasible" and asked:
            raise LimitsCannotHold("the limits contradict each other")
        if search.combination is None or combination.cost <= search.combination.cost:
            search.combination = combination
        search.rounds += 1
        search.gaps.append(search.combination.cost - search.bound)
        _report(search, gap * abs(search.bound))
        if search.gaps[-1] <= gap * abs(search.bound) or _stalled(search):  # in any unit of money
            search.termination = "optimal"
            return
        if combination.prices is None or search.clock.is_over():
            over = search.clock.is_over() or combination.outcome.termination == "optimal"
            search.termination = "time limit" if over else combination.outcome.termination
            return
        prices = _smoothed(search.best, combination.prices, share)
        if _lacks_columns(search) and _price_part(search, master, prices):
            continue
        new = _price_all(search, master, prices)
        if new == 0 and share == 0.0:
            search.termination = "optimal"  # no plan of any group betters the mix
            return
        share = smoothing if new else 0.0


def _report(search: PriceSearch, wanted: float) -> None:
    """Say how far the gap has closed, in powers: halving it is as much work near its end."""
    known = [each for each in search.gaps if np.isfinite(each)]
    if known and known[0] > wanted > 0.0:
        closed, all_of_it = np.log(known[0] / max(known[-1], wanted)), np.log(known[0] / wanted)
        report("Solving by prices", float(closed), float(all_of_it))
    else:
        report("Solving by prices", search.rounds, 0)


def _stalled(search: PriceSearch) -> bool:
    """Whether items counted by day, which are priced approximately, keep the gap from closing."""
    gaps = search.gaps
    if len(gaps) <= PATIENCE or not search.pricing.item_arrays.by_day.items[search.items].any():
        return False
    return gaps[-1] > SLOW * gaps[-1 - PATIENCE]


def _price_all(search: PriceSearch, master: RestrictedMaster, prices: Prices) -> int:
    """Price every item; keep the bound where it is better; return how many columns were added."""
    part, pricing = search.part, search.pricing
    shared = prices.limits[part.coupling]
    answer = solve_pricing(
        pricing, shared, prices.outcomes, search.items, search.groups, search.count
    )
    bound = lower_bound(
        part.problem, part.limits, prices, part.risk, search.params.minimum_line_quantity
    )
    bound += answer.least / pricing.money
    if bound > search.bound:
        search.bound, search.best = bound, prices
        search.stock_price = pricing.pool.stock_price.copy()
    search.plans.append(Sparse.of(answer.quantity))
    return master.add(answer)


def _lacks_columns(search: PriceSearch) -> bool:
    """Whether many items still lack columns, rather than a better bound."""
    return len(search.items) > FEW and search.gaps[-1] > ROUGH * abs(search.bound)


def _price_part(search: PriceSearch, master: RestrictedMaster, prices: Prices) -> int:
    """Price the items of one part in `PARTS`; return how many columns were added."""
    pricing, shared = search.pricing, prices.limits[search.part.coupling]
    part = search.groups % PARTS == search.rounds % PARTS
    items, groups = search.items[part], search.groups[part]
    answer = solve_pricing(pricing, shared, prices.outcomes, items, groups, search.count)
    mine = np.zeros(len(pricing.items), dtype=bool)
    mine[items] = True
    search.plans.append(Sparse.of(answer.quantity * mine[pricing.item_of_way]))
    return master.add(answer)


def _scaled(prices: Prices, factor: float) -> Prices:
    """Multiply the prices of shared limits and outcomes by a factor; they stay in their cone."""
    return replace(prices, limits=prices.limits * factor, outcomes=prices.outcomes * factor)


def _smoothed(old: Prices | None, new: Prices, share: float) -> Prices:
    """Smooth prices: `share` of the old ones, the rest of the new; both lie in a convex cone."""
    if old is None or share == 0.0:
        return new
    names = ("limits", "minimums", "cells", "staged", "outcomes")
    smoothed = {n: share * getattr(old, n) + (1.0 - share) * getattr(new, n) for n in names}
    return replace(new, **smoothed)


def no_prices(part: CarriedPart) -> Prices:
    """Return prices that are all 0."""
    rows, cells = len(part.limits.words), len(part.problem.cell_item)
    scenarios = part.problem.need.shape[1]
    return Prices(np.zeros(rows), np.zeros(rows), np.zeros(cells), np.zeros(cells),
                  np.zeros(scenarios), part.risk.level)  # fmt: skip
