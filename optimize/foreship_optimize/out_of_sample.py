"""Out-of-sample value: a finished plan valued on sample paths it was not optimised on.

What a plan expects of the paths that it was optimised on is better than what it may expect of any
others: it took the units that these paths happen to want.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_foundation.actions import action_names
from foreship_foundation.arrays import Floats, Ids, Ints
from foreship_foundation.tables.output_files import NUMBER
from foreship_foundation.telling.words import plural
from foreship_optimize.account.lines import places_of
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.network.transport.next_plans import AheadPrices
from foreship_optimize.orders.order_credits import OrderCredits
from foreship_optimize.params import OptimizeParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.moved_units import moved_units, totals_of
from foreship_optimize.risk import loss_of_arrivals, loss_of_outcomes, mean_of_worst, risk_of
from foreship_optimize.valuation.assembly import (
    assemble,
    loss_per_unit,
    need_by_horizon,
    units_sent,
)
from foreship_optimize.valuation.hub_tiers import in_both_tiers
from foreship_optimize.valuation.inputs import read_plain_inputs

__all__ = ["OutOfSampleValue", "cells_into", "cvar_out_of_sample", "value_out_of_sample"]


@dataclass(frozen=True)
class OutOfSampleValue:
    """What a plan is worth on paths it was not optimised on [money]."""

    cvar: float
    """mean loss of the worst outcomes (equation 9 of docs/program.md)"""
    objective: float
    """cost of the whole plan (equation 1 of docs/program.md), negative = gain"""


def value_out_of_sample(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    lines: pd.DataFrame,
    *,
    obsolescence: float = 0.0,
    order_credits: OrderCredits | None = None,
    ahead: AheadPrices | None = None,
) -> OutOfSampleValue:
    """Value a plan's lines on other paths, `demand`; nothing is optimised.

    Parameters
    ----------
    tables, as_of, params, obsolescence
        What the plan was made from.
    order_credits
        `Plan.order_credits` of the plan.
    ahead
        `Plan.ahead` of the plan.
    demand
        Other paths of the same cells and weeks.
    lines
        The plan's lines: `action, origin, destination, item, quantity, exit`; of several lanes
        between the same places `ship_date, arrival_date` and `cost` tell which one is meant.
    """
    problem = assemble(
        tables, demand, as_of, params,
        obsolescence=obsolescence, sent=lines, order_credits=order_credits, ahead=ahead,
    ).true()  # fmt: skip
    quantity = _quantities(problem, lines, pd.Timestamp(as_of))
    moved = moved_units(problem, quantity)
    losses = loss_of_outcomes(problem, risk_of(problem, params.risk), quantity)
    return OutOfSampleValue(
        cvar=mean_of_worst(losses, params.risk.level),
        objective=float(sum(totals_of(problem, quantity, moved).values())),
    )


def cvar_out_of_sample(
    tables: Mapping[str, pd.DataFrame],
    own: DemandScenarios,
    other: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    lines: pd.DataFrame,
    cvar: float,
    order_credits: OrderCredits | None = None,
) -> float:
    """Return the CVaR of a plan's lines on other paths (equation 18 of docs/program.md) [money].

    No unit is valued, so that many paths of the cells that units are sent into cost little.

    Parameters
    ----------
    tables, as_of, params
        What the plan was made from.
    own
        The paths it was made for.
    other
        Other paths of the cells that lines end in; what other cells need does not matter.
    lines
        The plan's lines: `action, destination, item, quantity`.
    cvar
        Its CVaR on its own paths.
    order_credits
        `Plan.order_credits` of the plan.
    """
    if not lines["action"].isin(action_names(destination="region")).any():
        return cvar
    if order_credits is not None:
        own, other = order_credits.effective(own), order_credits.effective(other)
    of_own, of_other = (
        mean_of_worst(_losses(tables, paths, as_of, params, lines), params.risk.level)
        for paths in (_paths_into(own, lines), other)
    )
    # dearer freight is lost on every path alike: only what is not needed differs
    return cvar + of_other - of_own


def cells_into(region: Ids, item: Ids, lines: pd.DataFrame) -> Ints:
    """Return the places of the cells that lines end in, ascending."""
    cells = pd.MultiIndex.from_arrays([region, item])
    return np.flatnonzero(cells.isin(pd.MultiIndex.from_frame(lines[["destination", "item"]])))


def _paths_into(demand: DemandScenarios, lines: pd.DataFrame) -> DemandScenarios:
    """Return the paths of the cells that lines end in, cut into days as they are."""
    rows = cells_into(demand.region, demand.item, lines)
    return demand.of_cells(demand.region[rows], demand.item[rows], rows, 0)


def _losses(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    lines: pd.DataFrame,
) -> Floats:
    """Loss of each path by units that lines send and that are not needed, (S,)."""
    inputs = read_plain_inputs(tables, demand, pd.Timestamp(as_of), params)
    units = units_sent(inputs, lines)
    rows = np.flatnonzero(units)
    return loss_of_arrivals(units[rows], need_by_horizon(inputs, rows), loss_per_unit(inputs)[rows])


def _quantities(problem: ShippingProblem, lines: pd.DataFrame, as_of: pd.Timestamp) -> Ints:
    """Units that the lines give each move of the problem, shape (M,).

    Of moves with the same ends, exit and item a line means the one whose days and cost it tells,
    or else the nearest to them.
    """
    moves = problem.moves
    known = pd.DataFrame(
        {
            "action": np.array(action_names(), dtype=object)[moves.action],
            "origin": places_of(problem, moves.origin_hub, moves.origin_cell),
            "destination": places_of(problem, moves.destination_hub, moves.destination_cell),
            "item": problem.items[moves.item],
            "exit": moves.exit,
        }
    )
    keys = list(known.columns)
    own = lines["exit"].to_numpy(dtype=object)
    wanted = lines[keys].astype(object).reset_index(drop=True)
    wanted["exit"] = np.where(lines["action"].isin(action_names(origin="hub")), "", own)
    pairs = wanted.reset_index(names="line").merge(known.reset_index(names="move"), on=keys)
    line, move = pairs["line"].to_numpy(), pairs["move"].to_numpy()
    missing = len(lines) - len(np.unique(line))
    if missing:
        raise ValueError(f"{plural(missing, 'line')} are no moves of this problem")
    leaves, days, cost = _told(lines, as_of)
    dearer = np.abs(cost[line] - moves.cost[move])
    another_day = days[line] != moves.lead_days[move]
    other_departure = leaves[line] != problem.ship_day()[move]
    other_lane = _number_told(lines)[line] != _number(problem)[move]
    order = np.lexsort(
        (
            move,
            np.where(np.isnan(dearer), moves.cost[move], dearer),
            other_lane,
            another_day,
            other_departure,
            line,
        )
    )
    meant = order[np.append(True, np.diff(line[order]) != 0)[: len(order)]]
    quantity = np.zeros(len(moves.action), dtype=np.int64)
    np.add.at(quantity, move[meant], lines["quantity"].to_numpy(dtype=np.int64)[line[meant]])
    return in_both_tiers(problem, quantity)


def _number(problem: ShippingProblem) -> Ints:
    """Number of each move's lane among those alike, 0 where there is none, (M,)."""
    lane, number = problem.moves.lane, problem.departures.number
    return np.where(lane >= 0, number[np.maximum(lane, 0)], 0) if len(number) else 0 * lane


def _number_told(lines: pd.DataFrame) -> Ints:
    """Number of the lane that each line names, 0 where it names none."""
    if NUMBER not in lines.columns:
        return np.zeros(len(lines), dtype=np.int64)
    return lines[NUMBER].to_numpy(dtype=np.int64)


def _told(lines: pd.DataFrame, as_of: pd.Timestamp) -> tuple[Floats, Floats, Floats]:
    """Days until each line leaves and arrives, its unit's cost [money]; NaN where none is told."""
    nothing = np.full(len(lines), np.nan)
    leaves = days = cost = nothing
    if {"ship_date", "arrival_date"} <= set(lines.columns):
        leaves, days = (
            (pd.to_datetime(lines[name]) - as_of).dt.days.to_numpy(dtype=float)
            for name in ("ship_date", "arrival_date")
        )
    if "cost" in lines.columns:
        cost = lines["cost"].to_numpy(dtype=float) / lines["quantity"].to_numpy(dtype=float)
    return leaves, days, cost
