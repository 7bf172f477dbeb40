"""The pricing problem: items that only ships move, each solved alone at given prices.

Once storage, lanes, locks and outcomes have prices, the ships of an item are a transportation
problem whose continuous optimum is in whole units already (docs/program.md, section 9). Money is
scaled as in the program; the loops are compiled (`pricing_loops`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.arrays import short
from foreship_optimize.limits import Limits, added, cell_units, lane_groups
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.formulation import GRID, money_scale
from foreship_optimize.program.unit_groups.tiers import Atoms, atoms_of, touched
from foreship_optimize.program.unit_groups.units_by_day import cell_days_of, items_counted_by_day
from foreship_optimize.risk import Risk

__all__ = [
    "PricedPlans",
    "PricingProblem",
    "coupling_rows",
    "priced_items",
    "pricing_problem_of",
    "solve_pricing",
]

BY_PLACE = ("storage", "lane")
"""shared limits that the compiled loops know by cell and by way; of others each way has a list"""


class ByDay(NamedTuple):
    """Items of which some cell is counted by day of arrival; then all their cells are."""

    items: Bools
    """True for such items, by item"""
    cell_days: Ints
    """cell-days of each cell, earliest first: `cell_days[c]:cell_days[c + 1]`; like all below,
    empty where no cell is counted by day"""
    way_day: Ints
    """cell-day that each way arrives on, -1 where its cell is not counted by day"""
    sums_start: Ints
    """where the sums of each cell-day begin in `sums`"""
    sums: Floats
    """worth of the cell's first 0, 1, .. arrivals on that day"""


class ItemArrays(NamedTuple):
    """The priced items as flat arrays: items, their cells, the cells' ways and tiers.

    Sorted by (item, region); `a_b[i]:a_b[i + 1]` are the b of the i-th a.
    """

    item_cells: Ints
    item_stocks: Ints
    volume: Floats
    """of a unit, by item"""
    stock_units: Ints
    cell_ways: Ints
    cell_tiers: Ints
    cell_storage: Ints
    """coupling row of the cell's region, -1 where it has no limit"""
    cell_loss: Floats
    need: npt.NDArray[np.integer[Any]]
    """the rows of the problem's own need"""
    need_row: Ints
    """row of `need` of each cell here"""
    way_stock: Ints
    """position among the item's stocks at hubs"""
    way_lane: Ints
    """coupling row of the lane, -1 where it has no limit"""
    way_cost: Floats
    """lane and lateness [money a unit]"""
    way_dearer: Floats
    tier_width: Ints
    tier_value: Floats
    """mean worth of a unit"""
    by_day: ByDay


class ItemPrices(NamedTuple):
    """The prices at which items are solved, in scaled money."""

    rows: Floats
    """of each coupling row, >= 0"""
    way_locks: Floats
    """what each way pays for the coupling rows listed for it; empty without any"""
    dearer: Floats
    """price of freight above the cheapest way in, shape (1,)"""
    weights: Floats
    """of the outcomes; empty where none has any"""


@dataclass(frozen=True)
class PricingProblem:
    """The pricing problem: the priced items as arrays, and their places in the whole problem."""

    item_arrays: ItemArrays
    money: float
    items: Ints
    """position of each priced item in the problem, (P,)"""
    moves: Ints
    """move of each way, (W,)"""
    item_of_way: Ints
    """position in `items` of each way, (W,)"""
    stock_row: Ints
    """row of `Limits` of each hub stock, -1 where no move draws on it"""
    rows: Ints
    """the coupling rows, positions in `Limits`, (R,)"""
    row_money: Floats
    """scale of the price of each coupling row: 1 where the row itself is in scaled money, (R,)"""
    extra_way: Ints
    """ways that a coupling row counts, those of `BY_PLACE` aside, one entry a (row, way)"""
    extra_row: Ints
    """position in `rows` of that row"""
    extra_use: Floats
    """what a unit uses of it: units, or scaled money"""
    limited: bool
    """whether there is a risk budget"""
    pool: PlanPool


@dataclass(frozen=True)
class PlanPool:
    """Arrays that a pricing call writes its plans to; the next call starts from them."""

    quantity: npt.NDArray[np.int32]
    stock_price: Floats
    least: Floats


@dataclass(frozen=True)
class PricedPlans:
    """The best plan of every item at some prices, summed by group, in scaled money."""

    least: float
    """sum of the items' least reduced costs: their part of the bound"""
    quantity: npt.NDArray[np.int32]
    """units of each way, (W,)"""
    cost: Floats
    """true cost of each group's plan, (G,)"""
    used: Floats
    """of every coupling row, (G, R)"""
    loss: Floats
    """of every outcome, (G, S)"""


def priced_items(problem: ShippingProblem, limits: Limits) -> Bools:
    """Mark the items that pricing can solve: moved by ships alone, named by no minimum."""
    moves = problem.moves
    mark = np.zeros(len(problem.items), dtype=bool)
    mark[moves.item] = True
    mark[moves.item[~moves.from_hub]] = False
    asked = np.isfinite(limits.at_least)
    mark[moves.item[limits.move[asked[limits.row]]]] = False
    return mark


def coupling_rows(limits: Limits) -> Ints:
    """Rows of limits that items share, as positions in `Limits`."""
    return np.flatnonzero(limits.shared)


def pricing_problem_of(
    problem: ShippingProblem, limits: Limits, risk: Risk, mine: Bools, minimum_line: int
) -> PricingProblem:
    """Write the pricing problem of the items marked, sorted by (item, region)."""
    money, moves = money_scale(problem), problem.moves
    items = np.flatnonzero(mine)
    cells = np.flatnonzero(mine[problem.cell_item] & touched(problem, moves.destination_cell))
    cells = cells[np.lexsort((cells, problem.cell_item[cells]))]
    place = np.full(len(problem.cell_item), -1, dtype=np.int64)
    place[cells] = np.arange(len(cells))
    ways = np.flatnonzero(mine[moves.item])
    ways = ways[np.lexsort((ways, place[moves.destination_cell[ways]]))]
    atoms = atoms_of(problem, minimum_line)
    tiers = np.flatnonzero(mine[problem.cell_item[atoms.cell]])
    tiers = tiers[np.lexsort((tiers, place[atoms.cell[tiers]]))]
    stocks = np.flatnonzero(mine[problem.supply_item])
    stocks = stocks[np.lexsort((problem.supply_hub[stocks], problem.supply_item[stocks]))]
    order = np.full(len(problem.items), -1, dtype=np.int64)
    order[items] = np.arange(len(items))
    rows = coupling_rows(limits)
    item_stocks = _edges(order[problem.supply_item[stocks]], len(items))
    way_item = order[moves.item[ways]]
    limited = risk.budget is not None
    item_arrays = ItemArrays(
        item_cells=_edges(order[problem.cell_item[cells]], len(items)),
        item_stocks=item_stocks,
        volume=problem.volume[items],
        stock_units=problem.supply_units[stocks],
        cell_ways=short(_edges(place[moves.destination_cell[ways]], len(cells))),
        cell_tiers=short(_edges(place[atoms.cell[tiers]], len(cells))),
        cell_storage=short(_row_of(limits, rows, "storage", problem.cell_region[cells])),
        cell_loss=np.round(problem.loss_per_unit[cells] * money, GRID),
        need=problem.need.rows if limited else problem.need.rows[:, :0],
        need_row=short(problem.need.place[cells]),
        way_stock=short(_stock_of(problem, stocks, ways) - item_stocks[way_item]),
        way_lane=short(_row_of(limits, rows, "lane", lane_groups(problem)[ways])),
        way_cost=np.round((moves.charged + moves.lateness)[ways] * money, GRID),
        way_dearer=np.round(risk.dearer[ways] * money, GRID) * limited,
        tier_width=short(atoms.width[tiers]),
        tier_value=_mean_worth(problem, atoms, tiers, money),
        by_day=_by_day(problem, items, cells, ways, atoms, money),
    )
    row_money = np.where(limits.in_money[rows], 1.0, money)
    extra = _listed(limits, rows, ways, money)
    pool = PlanPool(
        np.zeros(len(ways), dtype=np.int32), np.zeros(len(stocks)), np.zeros(len(items))
    )
    stock_row = _row_of(limits, np.arange(len(limits.words)), "hub stock", stocks)
    return PricingProblem(
        item_arrays,
        money,
        items,
        short(ways),
        short(way_item),
        stock_row,
        rows,
        row_money,
        *extra,
        limited,
        pool,
    )


def _by_day(
    problem: ShippingProblem, items: Ints, cells: Ints, ways: Ints, atoms: Atoms, money: float
) -> ByDay:
    """Write down the cells counted by day of arrival (equation 1a); empty where there are none."""
    cell_days, table = cell_days_of(problem), cell_units(problem)
    mine = items_counted_by_day(problem)
    if not mine[items].any():
        none = np.zeros(0, dtype=np.int64)
        return ByDay(mine[items], short(none), short(none), none, np.zeros(0))
    inside, ours = cell_days.inside[cells], mine[problem.cell_item[cells]]
    first = np.searchsorted(cell_days.cell, cells)
    count = np.where(inside, np.searchsorted(cell_days.cell, cells + 1) - first, ours)
    edges = np.concatenate([[0], np.cumsum(count)])
    place = np.zeros(len(problem.cell_item), dtype=np.int64)
    place[cells] = np.arange(len(cells))
    at = place[problem.moves.destination_cell[ways]]
    ordinal = np.where(inside[at], cell_days.of_move[ways] - first[at], 0)
    of_cell = np.repeat(np.arange(len(cells)), count)
    behind = np.arange(len(of_cell)) - edges[of_cell]
    lies, plain = table.on_hand[cells], len(cell_days.worth) + table.start[cells]
    begin = plain[of_cell]
    begin[inside[of_cell]] = cell_days.start[(first[of_cell] + behind)[inside[of_cell]]]
    units = added(atoms.cell, atoms.width.astype(float), len(problem.cell_item))[cells]
    size, start = units.astype(np.int64)[of_cell], begin + lies[of_cell]
    sums_at = np.cumsum(size + 1) - (size + 1)
    sums = np.zeros(int((size + 1).sum()))
    worth = np.concatenate([cell_days.worth, problem.units.value])
    for unit in range(int(size.max(initial=0))):
        more = np.flatnonzero(size > unit)
        step = np.round(worth[start[more] + unit] * money, GRID)
        sums[sums_at[more] + unit + 1] = sums[sums_at[more] + unit] + step
    way_day = np.where(ours[at], edges[at] + ordinal, -1)
    return ByDay(mine[items], short(edges), short(way_day), sums_at, sums)


def solve_pricing(
    pricing: PricingProblem, rows: Floats, outcomes: Floats, items: Ints, groups: Ints, count: int
) -> PricedPlans:
    """Solve each item named at the prices of what items share (equation 14).

    Each item starts from its plan of the last call. The optimal cost does not depend on that; which
    of several plans of that cost is found may.

    Parameters
    ----------
    rows, outcomes
        Prices of the coupling rows, shape (R,), and weights of the outcomes, shape (S,), in the
        problem's own money.
    items, groups
        Positions in `pricing.items`, and the group of each, below `count`.
    """
    from foreship_optimize.decomposition.pricing_loops import price_items, price_items_by_day

    item_arrays, pool = pricing.item_arrays, pricing.pool
    item_prices = _item_prices(pricing, rows * pricing.row_money, outcomes)
    cost, used = np.zeros(count), np.zeros((count, len(pricing.rows)))
    loss = np.zeros((count, item_arrays.need.shape[1]))
    written = (pool.quantity, pool.stock_price, pool.least, cost, used, loss)
    price_items(item_arrays, item_prices, items, groups, *written)
    if item_arrays.by_day.items[items].any():
        price_items_by_day(item_arrays, item_prices, items, groups, *written)
    if len(pricing.extra_way):
        _add_listed(pricing, items, groups, used)
    return PricedPlans(float(pool.least[items].sum()), pool.quantity, cost, used, loss)


def _add_listed(pricing: PricingProblem, items: Ints, groups: Ints, used: Floats) -> None:
    """Add to `used` what each group's plan takes of the rows that are listed by way."""
    group_of = np.full(len(pricing.items), -1, dtype=np.int64)
    group_of[items] = groups
    group = group_of[pricing.item_of_way[pricing.extra_way]]
    known = np.flatnonzero(group >= 0)
    units = pricing.pool.quantity[pricing.extra_way[known]].astype(float)
    np.add.at(used, (group[known], pricing.extra_row[known]), units * pricing.extra_use[known])


def _item_prices(pricing: PricingProblem, rows: Floats, outcomes: Floats) -> ItemPrices:
    """Put scaled prices into the form that the compiled loops read."""
    locks = np.zeros(0)
    if len(pricing.extra_way):
        charge = rows[pricing.extra_row] * pricing.extra_use
        locks = added(pricing.extra_way, charge, len(pricing.moves))
    weights = outcomes if pricing.limited and outcomes.any() else np.zeros(0)
    return ItemPrices(rows, locks, np.array([weights.sum()]), weights)


def _edges(sorted_place: Ints, count: int) -> Ints:
    """Where the members of each of `count` owners begin, and the end, (count + 1,)."""
    return np.searchsorted(sorted_place, np.arange(count + 1)).astype(np.int64)


def _row_of(limits: Limits, rows: Ints, family: str, index: Ints) -> Ints:
    """Position in `rows` of the row that a family has for each index; -1 where there is none."""
    mine = np.flatnonzero((limits.family == family)[rows])
    where = limits.index[rows[mine]]
    found = np.full(int(max(where.max(initial=-1), index.max(initial=-1))) + 2, -1, dtype=np.int64)
    found[where] = mine
    return found[index]  # index -1 reads the spare last place


def _stock_of(problem: ShippingProblem, stocks: Ints, ways: Ints) -> Ints:
    """Position of the hub stock that each way draws on, among the stocks given."""
    key = problem.stock_key(problem.supply_item[stocks], problem.supply_hub[stocks])
    drawn = problem.stock_key(problem.moves.item[ways], problem.moves.origin_hub[ways])
    return np.searchsorted(key, drawn).astype(np.int64)


def _mean_worth(problem: ShippingProblem, atoms: Atoms, tiers: Ints, money: float) -> Floats:
    """Mean worth of a unit of each tier, in scaled money."""
    return np.round(atoms.sums(problem.units.value)[tiers] / atoms.width[tiers] * money, GRID)


def _listed(limits: Limits, rows: Ints, ways: Ints, money: float) -> tuple[Ints, Ints, Floats]:
    """Ways that coupling rows count, those of `BY_PLACE` aside, the row, and a unit's use of it."""
    place = np.full(int(max(limits.move.max(initial=-1), ways.max(initial=-1))) + 1, -1)
    place[ways] = np.arange(len(ways))
    of_row = np.full(len(limits.words), -1, dtype=np.int64)
    of_row[rows] = np.arange(len(rows))
    mine = np.flatnonzero((limits.shared & ~limits.are(BY_PLACE))[limits.row])
    way = place[limits.move[mine]]
    mine, way = mine[way >= 0], way[way >= 0]
    scale = np.where(limits.in_money[limits.row[mine]], money, 1.0)
    return way, of_row[limits.row[mine]], limits.coefficient[mine] * scale
