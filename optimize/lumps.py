"""A closer bound for items in packs and lines: their own whole-unit plans, item by item.

At the prices of what items share every item stands alone. Equation 11 lets its packs, minimum
lines and redirects be broken; here the least of its whole-unit plans is searched instead
(docs/program.md, section 4a).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from optimize.bound import Prices, lower_bound, reduced_arcs
from optimize.carried import Carried
from optimize.formulation import money_scale, most_of_each_move
from optimize.limits import cell_units, packs_of
from optimize.problem import Bools, Floats, Ints, ShippingProblem
from optimize.tiers import line_minimum, touched

if TYPE_CHECKING:
    from optimize.lumping import Lumps

__all__ = ["Searched", "searched"]

NODES = 20_000
"""most steps of one search of an item"""
OPTIONS = 4096
"""most options of an item's cells that are looked at"""
AT_ONCE = 10_000
"""units whose outcomes are weighed together"""


@dataclass(frozen=True)
class Searched:
    """What whole units of some items cost at least, beside what equation 11 says of them."""

    items: Ints
    least: Floats
    """of every item, at the prices of what is shared [money]"""
    exact: Bools
    """the least is that of a plan"""
    known: float
    """equation 11 of all of them together [money]"""

    @property
    def gain(self) -> float:
        """By how much the bound of the whole program may rise [money]."""
        return max(0.0, float(self.least.sum()) - self.known)


def searched(part: Carried, prices: Prices, minimum_line: int) -> Searched:
    """Search the whole-unit plans of all items of a part at given prices (equation 11c).

    Parameters
    ----------
    prices
        Of the part's limits, cells and outcomes, whatever their source.
    """
    from optimize.lumping import search_items

    items = np.unique(part.problem.moves.item)
    book, money = _laid_out(part, prices, minimum_line, items)
    least, exact = np.zeros(len(items)), np.zeros(len(items), dtype=bool)
    search_items(book, NODES, OPTIONS, least, exact)
    return Searched(items, least / money, exact, _known(part, prices, minimum_line))


def _known(part: Carried, prices: Prices, minimum_line: int) -> float:
    """Equation 11 of the part's items, what is shared being worth nothing [money]."""
    limits, shared = part.limits, np.zeros(len(part.limits.words), dtype=bool)
    shared[part.coupling] = True
    free = replace(
        limits,
        at_most=np.where(shared & np.isfinite(limits.at_most), 0.0, limits.at_most),
        at_least=np.where(shared & np.isfinite(limits.at_least), 0.0, limits.at_least),
    )
    risk = part.risk if part.risk.budget is None else replace(part.risk, budget=0.0)
    return lower_bound(part.problem, free, prices, risk, minimum_line)


def _laid_out(
    part: Carried, prices: Prices, minimum_line: int, items: Ints
) -> tuple[Lumps, float]:
    """Write the items down for the compiled search, and the scale of its money."""
    from optimize.lumping import Lumps

    problem, limits, moves = part.problem, part.limits, part.problem.moves
    money, table = money_scale(problem), cell_units(problem)
    arc, worth_there = reduced_arcs(problem, limits, prices, part.risk)
    gives = touched(problem, moves.origin_cell)
    into, outof = moves.destination_cell, moves.origin_cell
    own = _price_of_own_row(part, prices)
    link = np.zeros(len(problem.cell_item), dtype=bool)
    link[outof[(outof >= 0) & (into >= 0)]] = True

    # rows of an item: its hubs, then the cells that redirects leave
    hub_row = np.flatnonzero(limits.family == "hub stock")
    stock = np.flatnonzero(limits.family[limits.row] == "hub stock")
    item_of_row = np.zeros(len(limits.words), dtype=np.int64)
    item_of_row[limits.row[stock]] = moves.item[limits.move[stock]]
    linked = np.flatnonzero(link)
    away = np.zeros(len(problem.cell_item))
    leaving = np.flatnonzero(outof >= 0)
    away[outof[leaving]] = own[leaving]  # one row of stock on hand a cell
    row_item = np.concatenate([item_of_row[hub_row], problem.cell_item[linked]])
    order = np.argsort(row_item, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    row_first = np.searchsorted(row_item[order], items)
    row_price = np.concatenate([prices.limits[hub_row], worth_there[linked] + away[linked]])
    of_hub = np.full(len(limits.words), -1, dtype=np.int64)
    of_hub[hub_row] = place[: len(hub_row)]
    of_cell = np.full(len(problem.cell_item), -1, dtype=np.int64)
    of_cell[linked] = place[len(hub_row) :]

    # cells that some move touches, by item
    cells = np.flatnonzero(gives | touched(problem, into))
    cells = cells[np.argsort(problem.cell_item[cells], kind="stable")]
    cell_item = np.searchsorted(items, problem.cell_item[cells])
    cell_place = np.full(len(problem.cell_item), -1, dtype=np.int64)
    cell_place[cells] = np.arange(len(cells))

    ways = np.flatnonzero(into >= 0)
    ways = ways[np.argsort(cell_place[into[ways]], kind="stable")]
    row_of_move = np.full(len(into), -1, dtype=np.int64)
    row_of_move[limits.move[stock]] = of_hub[limits.row[stock]]
    redirects = np.flatnonzero((outof >= 0) & (into >= 0))
    row_of_move[redirects] = of_cell[outof[redirects]]
    exits = np.flatnonzero((outof >= 0) & (into < 0))
    cheapest = np.full(len(problem.cell_item), np.inf)
    np.minimum.at(cheapest, outof[exits], arc[exits] - own[exits])

    lies = np.where(gives, table.on_hand, 0)
    count = table.count[cells] - np.where(gives, 0, table.on_hand)[cells]
    first = np.concatenate([[0], np.cumsum(count)])
    cell_of_unit = np.repeat(cells, count)
    ordinal = np.arange(first[-1]) - np.repeat(first[:-1], count)
    unit = table.start[cell_of_unit] + np.where(gives, 0, table.on_hand)[cell_of_unit] + ordinal
    base = row_first[np.searchsorted(items, moves.item[ways])]
    cell_row = np.where(of_cell[cells] >= 0, of_cell[cells] - row_first[cell_item], -1)
    book = Lumps(
        item_cells=np.searchsorted(cell_item, np.arange(len(items) + 1)),
        item_rows=np.append(row_first, len(order)),
        row_most=np.concatenate(
            [limits.at_most[hub_row].astype(np.int64), np.zeros(len(linked), dtype=np.int64)]
        )[order],
        row_equal=np.repeat([False, True], [len(hub_row), len(linked)])[order],
        row_price=row_price[order] * money,
        cell_ways=np.searchsorted(cell_place[into[ways]], np.arange(len(cells) + 1)),
        way_row=row_of_move[ways] - base,
        way_cost=(arc - own)[ways] * money,
        way_pack=packs_of(problem)[ways],
        way_least=line_minimum(problem, minimum_line)[ways],
        way_most=most_of_each_move(problem)[ways],
        cell_row=cell_row,
        cell_exit=cheapest[cells] * money,
        cell_lies=lies[cells],
        cell_units=first,
        worth=problem.units.value[unit] * money,
        risk=_risk(part, prices, cell_of_unit, ordinal) * money,
    )
    return book, money


def _price_of_own_row(part: Carried, prices: Prices) -> Floats:
    """Price of the hub's stock, or of the stock on hand, that each move takes from, (M,)."""
    limits = part.limits
    own = np.flatnonzero(np.isin(limits.family, ("hub stock", "on hand"))[limits.row])
    price = np.zeros(len(part.problem.moves.action))
    price[limits.move[own]] = prices.limits[limits.row[own]]
    return price


def _risk(part: Carried, prices: Prices, cell: Ints, ahead: Ints) -> Floats:
    """What each next arrival of a cell costs at the prices of the outcomes (equation 8)."""
    problem, risk = part.problem, np.zeros(len(cell))
    if part.risk.budget is None or not prices.outcomes.any():
        return risk
    for start in range(0, len(cell), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        unneeded = (problem.need[cell[some]] <= ahead[some, None]) @ prices.outcomes
        risk[some] = unneeded * problem.loss_per_unit[cell[some]]
    return risk
