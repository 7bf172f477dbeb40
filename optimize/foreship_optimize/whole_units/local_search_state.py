"""What a step of each way costs, brings and uses, and the plan being searched, for compiled loops.

Money is scaled. Arrays with one entry a way take four bytes an entry where that suffices: they are
what a search needs its memory for.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.arrays import parts, short
from foreship_optimize.decomposition.pricing import ByDay, PricingProblem
from foreship_optimize.limits import added, cell_units
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import Prices
from foreship_optimize.program.formulation import GRID
from foreship_optimize.program.instance import Instance
from foreship_optimize.risk import Risk, loss_of_outcomes

__all__ = ["Givers", "SearchState", "StepData", "search_state_of", "step_data_of"]


class StepData(NamedTuple):
    """What a step of each way uses and brings."""

    cell: Ints
    stock: Ints
    first: Ints
    """first entry of each way in `row` and `use`, and the end, (W + 1,)"""
    row: Ints
    """shared row that a way uses, position in `SearchState.used`: lane, storage, then others"""
    use: Floats
    """what a unit takes of it, > 0"""
    cost: Floats
    priced: Floats
    """what a unit pays at the prices of the shared rows, freight of outcomes included"""
    dearer: Floats
    risk: float
    """price of freight above the cheapest way in"""
    pack: Ints
    """units of a further step into each cell"""
    least: Ints
    """units of the first step, which starts a line"""
    cell_first: Ints
    """first arrival of each cell in `value`, and the end, (C + 1,)"""
    cell_loss: Floats
    value: Floats
    need: npt.NDArray[np.integer[Any]]
    """the rows of the problem's own need"""
    need_row: Ints
    """row of `need` of each cell here"""
    outcomes: Ints
    """outcomes with a price"""
    weights: Floats
    most: Floats
    """limit of each shared row, its noise included"""
    budget: float
    """most that the sum of the worst outcomes may be, its noise included; inf without a limit"""
    worst: int
    """whole outcomes among the worst"""
    rest: float
    """share of the next one"""
    by_day: ByDay
    """arrivals of cells counted by day"""


class SearchState(NamedTuple):
    """The plan being searched and what it uses; changed in place."""

    quantity: Ints
    there: Ints
    """arrivals of each cell"""
    left: Ints
    """units left of each hub stock"""
    used: Floats
    loss: Floats
    come: Ints
    """arrivals by cell-day, of cells counted by day"""


class Givers(NamedTuple):
    """Ways that may give way for each row and shelf: `a_b[i]:a_b[i + 1]` of owner i."""

    drop_edges: Ints
    drop_ways: Ints
    """ways in use by shared row, least regret first"""
    stock_edges: Ints
    stock_ways: Ints


def step_data_of(instance: Instance, pricing: PricingProblem, prices: Prices) -> StepData:
    """Write down what steps cost, bring and use, in the order of the pricing problem's ways."""
    problem, limits, item_arrays = instance.problem, instance.limits, pricing.item_arrays
    cell_of_way = np.repeat(
        short(np.arange(len(item_arrays.cell_loss))), np.diff(item_arrays.cell_ways)
    )
    first, row, use = _uses(pricing, cell_of_way)
    priced = limits.paid(prices.limits, len(problem.moves.action))[pricing.moves]
    priced *= pricing.money
    priced += item_arrays.way_dearer * prices.risk
    cells = np.zeros(len(item_arrays.cell_loss), dtype=np.int64)
    cells[cell_of_way] = problem.moves.destination_cell[pricing.moves]
    pack = problem.pack_size[problem.cell_item[cells]]
    line = instance.params.plan.minimum_line_quantity
    active = np.flatnonzero(prices.outcomes) if pricing.limited else np.zeros(0, dtype=np.int64)
    cell_first, value = _arrivals(problem, cells, pricing.money)
    budget, worst, rest = _worst(instance.risk, item_arrays.need.shape[1], pricing.money)
    return StepData(
        cell=cell_of_way,
        stock=short(item_arrays.item_stocks[pricing.item_of_way] + item_arrays.way_stock),
        first=first,
        row=row,
        use=use,
        cost=item_arrays.way_cost,
        priced=priced,
        dearer=item_arrays.way_dearer,
        risk=prices.risk,
        pack=short(pack),
        least=short(-(-line // pack) * pack),
        cell_first=cell_first,
        cell_loss=item_arrays.cell_loss,
        value=value,
        need=item_arrays.need,
        need_row=item_arrays.need_row,
        outcomes=active,
        weights=prices.outcomes[active],
        most=(limits.at_most + limits.tolerance())[pricing.rows],
        budget=budget,
        worst=worst,
        rest=rest,
        by_day=item_arrays.by_day,
    )


def _arrivals(problem: ShippingProblem, cells: Ints, money: float) -> tuple[Ints, Floats]:
    """Where the arrivals of each cell start, and the end; the scaled worth of every arrival."""
    table = cell_units(problem)
    lies = table.on_hand[cells]
    count = table.count[cells] - lies
    first = np.concatenate([[0], np.cumsum(count)])
    place = np.arange(first[-1]) - np.repeat(first[:-1] - table.start[cells] - lies, count)
    return first, np.round(problem.units.value[place] * money, GRID)


def _worst(risk: Risk, scenarios: int, money: float) -> tuple[float, int, float]:
    """Most that the sum of the worst outcomes may be, how many these are, and part of the next."""
    size = max((1.0 - risk.level) * scenarios, 1e-9)
    worst = min(int(size + 1e-9), scenarios)
    rest = size - worst if size - worst > 1e-12 else 0.0
    if risk.budget is None:
        return np.inf, worst, rest
    return (risk.budget + 1e-9 * max(1.0, risk.budget)) * size * money, worst, rest


def _uses(pricing: PricingProblem, cell_of_way: Ints) -> tuple[Ints, Ints, Floats]:
    """List the shared rows that each way uses: first entry of each way, rows, use of a unit."""
    item_arrays = pricing.item_arrays
    order = np.argsort(pricing.extra_way, kind="stable")
    extra, its_row = pricing.extra_way[order], pricing.extra_row[order]
    # a use of money is scaled in the shelf, in the problem's own in its limits
    its_use = pricing.extra_use[order] * (pricing.row_money / pricing.money)[its_row]
    count = np.bincount(extra, minlength=len(cell_of_way))
    for part in parts(len(count)):
        storage = item_arrays.cell_storage[cell_of_way[part]]
        count[part] += (item_arrays.way_lane[part] >= 0).astype(np.int64) + (storage >= 0)
    first = short(np.concatenate([[0], np.cumsum(count)]))
    del count
    row, use = np.empty(first[-1], dtype=np.int32), np.empty(first[-1])
    for part in parts(len(cell_of_way)):
        volume, at = item_arrays.volume[pricing.item_of_way[part]], first[part].astype(np.int64)
        for rows in (item_arrays.way_lane[part], item_arrays.cell_storage[cell_of_way[part]]):
            known = np.flatnonzero(rows >= 0)
            row[at[known]], use[at[known]] = rows[known], volume[known]
            at[known] += 1
    place = first[extra + 1] - np.bincount(extra, minlength=1)[extra]  # behind lane and storage
    place += np.arange(len(extra)) - np.searchsorted(extra, extra)
    row[place], use[place] = its_row, its_use
    return first, row, use


def search_state_of(
    instance: Instance, pricing: PricingProblem, steps: StepData, plan: Ints
) -> SearchState:
    """Start from a plan: the priced ways cut to whole packs, lines below the minimum left out."""
    pack = steps.pack[steps.cell]
    quantity = plan[pricing.moves] // pack * pack
    quantity = short(np.where(quantity >= steps.least[steps.cell], quantity, 0))
    del pack
    there = added(steps.cell, quantity.astype(float), len(pricing.item_arrays.cell_loss)).astype(
        np.int64
    )
    drawn = added(steps.stock, quantity.astype(float), len(pricing.item_arrays.stock_units))
    whole = plan.copy()
    whole[pricing.moves] = quantity
    loss: Floats = np.zeros(pricing.item_arrays.need.shape[1])
    if pricing.limited:
        loss = loss_of_outcomes(instance.problem, instance.risk, whole) * pricing.money
    left = pricing.item_arrays.stock_units - drawn.astype(np.int64)
    used = instance.limits.use(whole)[pricing.rows]
    return SearchState(quantity, there, left, used, loss, _by_cell_day(steps, quantity))


def _by_cell_day(steps: StepData, quantity: Ints) -> Ints:
    """Units of a plan that arrive by each cell-day."""
    by_day = steps.by_day
    by_cell_day = np.flatnonzero(by_day.way_day >= 0)
    units = quantity[by_cell_day].astype(float)
    return added(by_day.way_day[by_cell_day], units, len(by_day.sums_start)).astype(np.int64)
