"""A higher lower bound for items in packs or lines, from their own whole-unit plans.

At given prices of what items share, each item can be bounded by itself. Equation 11 allows
fractions of packs and of minimum lines, and breaks redirects; here the cheapest whole-unit plan of
the item is searched instead (docs/program.md, equation 11d).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.telling.progress import pieces
from foreship_optimize.decomposition.carried import CarriedPart, carry_items
from foreship_optimize.limits import cell_units, packs_of
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import Prices, lower_bound, reduced_arcs
from foreship_optimize.program.continuous import ContinuousSolution
from foreship_optimize.program.formulation import money_scale, most_of_each_move
from foreship_optimize.program.instance import Instance
from foreship_optimize.program.unit_groups.tiers import line_minimum, touched
from foreship_optimize.program.unit_groups.units_by_day import items_counted_by_day

if TYPE_CHECKING:
    from foreship_optimize.whole_units.pack_bound_loops import PackItems

__all__ = ["ItemMinima", "bound_in_packs", "item_minima", "items_in_packs"]

NODES = 50_000
"""most nodes of one search of an item"""
OPTIONS = 4096
"""most options of an item's cells that one search lists"""
ITEMS_AT_ONCE, UNITS_AT_ONCE = 5_000, 10_000
"""items that are written down, and units whose outcomes are weighted, in one go"""


@dataclass(frozen=True)
class ItemMinima:
    """The least cost of each item in whole units, and equation 11 of all of them."""

    items: Ints
    least: Floats
    """of every item, at the prices of what is shared [money]"""
    exact: Bools
    """whether the least cost is that of a plan found"""
    quantity: Ints
    """that plan: units of every move, 0 of items without one"""
    known: float
    """equation 11 of all of them together [money]"""

    @property
    def gain(self) -> float:
        """Rise of the whole program's bound by these items, >= 0 [money]."""
        return max(0.0, float(self.least.sum()) - self.known)


def items_in_packs(problem: ShippingProblem, minimum_line: int) -> Bools:
    """Mark the items for which whole packs or lines may raise the bound of equation 11.

    Any other item is a network flow, whose optimal continuous plan is in whole units. Items counted
    by day of arrival are left out, because the search does not know their days.
    """
    mark = np.zeros(len(problem.items), dtype=bool)
    mark[problem.moves.item[line_minimum(problem, minimum_line) > 1]] = True
    return mark & ~items_counted_by_day(problem)


def bound_in_packs(instance: Instance, continuous: ContinuousSolution) -> float:
    """Lower bound of the program in whole units, from the continuous program's prices [money].

    Equation 11d; never below the bound of the continuous program.
    """
    line = instance.params.plan.minimum_line_quantity
    items = np.flatnonzero(items_in_packs(instance.problem, line))
    bound = continuous.bound
    starts = range(0, len(items), ITEMS_AT_ONCE)
    for start in pieces(starts, "Proving the bound in packs", len(starts)):
        mine = np.zeros(len(instance.problem.items), dtype=bool)
        mine[items[start : start + ITEMS_AT_ONCE]] = True
        part = carry_items(instance.problem, instance.limits, instance.risk, mine)
        bound += item_minima(part, part.narrowed(continuous.prices), line).gain
    return bound


def item_minima(part: CarriedPart, prices: Prices, minimum_line: int) -> ItemMinima:
    """Find the least cost of each item of a part in whole units, at given prices (11d).

    Each move is charged its lateness, so the part must hold no items counted by day.

    Parameters
    ----------
    prices
        Of the part's limits, cells and outcomes, whatever their source.
    """
    from foreship_optimize.whole_units.pack_bound_loops import bound_items

    items = np.unique(part.problem.moves.item)
    money = money_scale(part.problem)
    pack_items, ways, exits = pack_items_of(part, prices, minimum_line, items, money)
    least, exact = np.zeros(len(items)), np.zeros(len(items), dtype=bool)
    plan, gone = np.zeros(len(ways), dtype=np.int64), np.zeros(len(exits), dtype=np.int64)
    bound_items(pack_items, NODES, OPTIONS, least, exact, plan, gone)
    quantity = np.zeros(len(part.moves), dtype=np.int64)
    quantity[ways] = plan
    quantity[exits[gone > 0]] = gone[gone > 0]
    known = _continuous_bound(part, prices, minimum_line)
    return ItemMinima(items, least / money, exact, quantity, known)


def _continuous_bound(part: CarriedPart, prices: Prices, minimum_line: int) -> float:
    """Equation 11 of the part's items, with shared limits worth nothing [money]."""
    limits, shared = part.limits, np.zeros(len(part.limits.words), dtype=bool)
    shared[part.coupling] = True
    free = replace(
        limits,
        at_most=np.where(shared & np.isfinite(limits.at_most), 0.0, limits.at_most),
        at_least=np.where(shared & np.isfinite(limits.at_least), 0.0, limits.at_least),
    )
    risk = part.risk if part.risk.budget is None else replace(part.risk, budget=0.0)
    return lower_bound(part.problem, free, prices, risk, minimum_line)


def pack_items_of(
    part: CarriedPart, prices: Prices, minimum_line: int, items: Ints, money: float
) -> tuple[PackItems, Ints, Ints]:
    """Write the items down for the compiled search, money multiplied by `money`.

    Also returns the move of each way in, and the cheapest exit move of each cell, -1 for none.
    """
    from foreship_optimize.whole_units.pack_bound_loops import PackItems

    problem, moves = part.problem, part.problem.moves
    into, outof = moves.destination_cell, moves.origin_cell
    arc, worth = reduced_arcs(problem, part.limits, prices, part.risk)
    own = _price_of_own_row(part, prices)
    rows = _rows_of(part, prices, items, worth, own)
    cells = np.flatnonzero(touched(problem, into) | touched(problem, outof))
    cells = cells[np.argsort(problem.cell_item[cells], kind="stable")]
    cell_item = np.searchsorted(items, problem.cell_item[cells])
    place = np.full(len(problem.cell_item), -1, dtype=np.int64)
    place[cells] = np.arange(len(cells))
    ways = np.flatnonzero((into >= 0) & (rows.of_move >= 0))
    ways = ways[np.argsort(place[into[ways]], kind="stable")]
    exits = np.flatnonzero((outof >= 0) & (into < 0))
    exits = exits[np.argsort(-(arc - own)[exits], kind="stable")]
    cheapest = np.full(len(problem.cell_item), -1, dtype=np.int64)
    cheapest[outof[exits]] = exits  # of several to one place the last stays
    way_out = cheapest[cells]
    units = _units_of(problem, cells)
    leave = rows.of_cell[cells]
    pack_items = PackItems(
        item_cells=np.searchsorted(cell_item, np.arange(len(items) + 1)),
        item_rows=rows.first,
        row_most=rows.most,
        row_equal=rows.equal,
        row_price=rows.price * money,
        cell_ways=np.searchsorted(place[into[ways]], np.arange(len(cells) + 1)),
        way_row=rows.of_move[ways] - rows.first[np.searchsorted(items, moves.item[ways])],
        way_cost=(arc - own)[ways] * money,
        way_pack=packs_of(problem)[ways],
        way_least=line_minimum(problem, minimum_line)[ways],
        way_most=most_of_each_move(problem)[ways],
        cell_row=np.where(leave >= 0, leave - rows.first[cell_item], -1),
        cell_exit=np.where(way_out >= 0, (arc - own)[way_out] * money, np.inf),
        cell_lies=units.lies,
        cell_units=units.first,
        worth=problem.units.value[units.unit] * money,
        risk=_risk(part, prices, units) * money,
    )
    return pack_items, ways, way_out


@dataclass(frozen=True)
class _Rows:
    """The rows that tie the cells of an item: stock at hubs, then cells that redirects leave."""

    first: Ints
    """first row of each item, and the end"""
    most: Ints
    equal: Bools
    price: Floats
    of_move: Ints
    """row of each way into a cell; -1 for other moves, and where a hub has nothing of the item"""
    of_cell: Ints
    """row of the units that redirects take out of a cell, -1 where none does"""


def _rows_of(part: CarriedPart, prices: Prices, items: Ints, worth: Floats, own: Floats) -> _Rows:
    """Number the rows of every item."""
    limits, problem, moves = part.limits, part.problem, part.problem.moves
    into, outof = moves.destination_cell, moves.origin_cell
    hubs = np.flatnonzero(limits.family == "hub stock")
    stock = np.flatnonzero(limits.family[limits.row] == "hub stock")
    hub_item = np.zeros(len(limits.words), dtype=np.int64)
    hub_item[limits.row[stock]] = moves.item[limits.move[stock]]
    redirects = np.flatnonzero((outof >= 0) & (into >= 0))
    left = np.unique(outof[redirects])
    away = np.zeros(len(problem.cell_item))
    away[outof[redirects]] = own[redirects]  # one row of stock on hand a cell
    item = np.concatenate([hub_item[hubs], problem.cell_item[left]])
    order = np.argsort(item, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    of_limit = np.full(len(limits.words), -1, dtype=np.int64)
    of_limit[hubs] = place[: len(hubs)]
    of_cell = np.full(len(problem.cell_item), -1, dtype=np.int64)
    of_cell[left] = place[len(hubs) :]
    of_move = np.full(len(into), -1, dtype=np.int64)
    of_move[limits.move[stock]] = of_limit[limits.row[stock]]
    of_move[redirects] = of_cell[outof[redirects]]
    most = np.concatenate([limits.at_most[hubs], np.zeros(len(left))])
    price = np.concatenate([prices.limits[hubs], (worth + away)[left]])
    return _Rows(
        np.append(np.searchsorted(item[order], items), len(order)),
        np.floor(most[order]).astype(np.int64), order >= len(hubs),
        price[order], of_move, of_cell,
    )  # fmt: skip


@dataclass(frozen=True)
class _CellUnits:
    """Units of the cells that moves touch: all where units may leave, else arrivals only."""

    lies: Ints
    """units on hand that may leave, by cell"""
    first: Ints
    unit: Ints
    """position in `problem.units`"""
    cell: Ints
    ahead: Ints
    """units of the same cell before each"""


def _units_of(problem: ShippingProblem, cells: Ints) -> _CellUnits:
    """List the units of the cells named."""
    table, gives = cell_units(problem), touched(problem, problem.moves.origin_cell)[cells]
    lies, start, count = table.on_hand[cells], table.start[cells], table.count[cells]
    stays = np.where(gives, 0, lies)
    first = np.concatenate([[0], np.cumsum(count - stays)])
    ahead = np.arange(first[-1]) - np.repeat(first[:-1], count - stays)
    unit = np.repeat(start + stays, count - stays) + ahead
    return _CellUnits(lies - stays, first, unit, np.repeat(cells, count - stays), ahead)


def _price_of_own_row(part: CarriedPart, prices: Prices) -> Floats:
    """Price of the hub stock, or stock on hand, that each move draws on, (M,)."""
    limits = part.limits
    own = np.flatnonzero(~limits.shared[limits.row])
    price = np.zeros(len(part.problem.moves.action))
    price[limits.move[own]] = prices.limits[limits.row[own]]
    return price


def _risk(part: CarriedPart, prices: Prices, units: _CellUnits) -> Floats:
    """Cost of each further arrival of a cell at the prices of the outcomes (equation 8)."""
    problem, risk = part.problem, np.zeros(len(units.unit))
    if part.risk.budget is None or not prices.outcomes.any():
        return risk
    for start in range(0, len(risk), UNITS_AT_ONCE):
        some = slice(start, start + UNITS_AT_ONCE)
        cell = units.cell[some]
        unneeded = (problem.need[cell] <= units.ahead[some, None]) @ prices.outcomes
        risk[some] = unneeded * problem.loss_per_unit[cell]
    return risk
