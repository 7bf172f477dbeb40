"""What later plans pay for scarce room: from tables and demand to certified prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.ahead.certificate import admitted, bound_of
from foreship_optimize.ahead.horizon import (
    Horizon,
    plans_in,
    reached_now,
    read_horizon,
    read_ways,
    usual_lead,
)
from foreship_optimize.ahead.horizon_program import Room, build
from foreship_optimize.ahead.rooms import LANE, behind_limits, limits_of, room_of_lanes
from foreship_optimize.ahead.tiers_ahead import MOST_TIERS
from foreship_optimize.ahead.unpriced import (
    Unpriced,
    exceeded,
    levels_of,
    load_of_lanes,
    unpriced_flows,
)
from foreship_optimize.arrays import parts
from foreship_optimize.demand import WEEK_DAYS, DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.next_plans import AheadPrices
from foreship_optimize.network.places_and_lanes import Network
from foreship_optimize.params import OptimizeParams
from foreship_optimize.plan import Plan
from foreship_optimize.program.solver import run_arrays
from foreship_optimize.tables import complete
from foreship_optimize.valuation.hub_rundown.parcels import refill_days
from foreship_optimize.valuation.inputs import Ground, read_ground

__all__ = ["Ahead", "price_ahead"]

MOST_ITERATIONS = 200_000
"""of the simplex; beyond, later weeks are not priced. Not a time: same inputs, same bytes"""
BLOCK_NUMBERS = 10_000_000
"""cells x plans x paths read at a time"""
SOONER = 1e-3
"""what a plan's room is worth more than that of the plan before, of a sale's benefit, where room
is scarce later: of ways that cost the same the earlier keeps room for what is not known yet"""


@dataclass(frozen=True)
class Ahead:
    """Prices of the weeks after, and what the program that found them says."""

    prices: AheadPrices | None
    """None where too much is scarce to be priced"""
    sends: pd.DataFrame | None
    """columns of the contract's `ahead.parquet`"""
    figures: dict[str, Any] | None
    """`summary.ahead`: prices of scarce limits, objective, bound and gap"""
    notes: tuple[str, ...] = ()

    def told_in(self, plan: Plan) -> Plan:
        """Return a plan with what later plans pay and send, as `summary["ahead"]` and frames."""
        if self.figures is None:
            return replace(plan, notes=[*plan.notes, *self.notes])
        summary = plan.summary | {"ahead": self.figures}
        return replace(plan, summary=summary, ahead=self.prices, sends_ahead=self.sends)


def price_ahead(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    obsolescence: float,
) -> Ahead | None:
    """Price the room that later plans would fill beyond what there is; None where none is scarce.

    Parameters
    ----------
    tables
        Frames by their contract names.
    demand
        What regions may serve.
    """
    filled = complete(tables, params.economics, as_of)
    if params.plan.weeks_ahead == 0 or not np.isfinite(filled["lanes"]["capacity"]).any():
        return None
    ground = read_ground(filled, demand, as_of, params, obsolescence)
    review, network = params.plan.review_weeks, ground.network
    plans = plans_in(ground.wanted.horizon_days, review, params.plan.weeks_ahead)
    room = room_of_lanes(network, WEEK_DAYS * review, plans)
    rows = reached_now(network, ground.cells)
    rows = rows[behind_limits(network, ground.cells.region[rows], room)]
    if plans < 2 or not len(rows):
        return None
    economics = ground.economics()

    def read(some: Ints) -> Horizon:
        return read_horizon(network, ground.cells, ground.wanted, economics, review, plans, some)

    flows = _unpriced(read, rows, plans * ground.wanted.scenarios)
    lanes = len(network.lanes.origin)
    scarce = exceeded(load_of_lanes(flows, lanes), room)
    if not scarce.any():
        return None
    inside = _users(network, ground.cells.rows(rows), scarce, WEEK_DAYS * review)
    if inside.sum() * plans > MOST_TIERS:
        return Ahead(None, None, None, (_too_many(int(inside.sum())),))
    others = load_of_lanes(flows.of_cells(np.flatnonzero(~inside)), lanes)
    refill = refill_days(network, params.plan.hub_refill_weeks, ground.wanted.horizon_days)
    part = read(rows[inside])
    limits = limits_of(part, network, room, others, refill, WEEK_DAYS * review)
    return _priced(ground, part, limits, scarce, as_of, params)


def _unpriced(read: Callable[[Ints], Horizon], rows: Ints, numbers: int) -> Unpriced:
    """Find the flows of many cells, as many at a time as memory holds."""
    found = []
    for block in parts(len(rows), max(1, BLOCK_NUMBERS // numbers)):
        horizon = read(rows[block])
        found.append(unpriced_flows(horizon, levels_of(horizon)))
    return Unpriced.joined(found)


def _users(network: Network, cells: Cells, scarce: Bools, every: int) -> Bools:
    """Mark the cells that may use a scarce row, by their cheapest way or by another."""
    ways = read_ways(network, cells, usual_lead(network, cells), every, len(scarce))
    uses = np.zeros(len(cells), dtype=bool)
    uses[ways.cell[scarce[ways.plan, ways.lane]]] = True
    return uses


def _too_many(cells: int) -> str:
    return (
        f"lanes are scarce in later weeks, but {cells} cells use them, more than are priced: no "
        "unit is sent ahead of a peak for it"
    )


def _priced(
    ground: Ground,
    horizon: Horizon,
    limits: Room,
    scarce: Bools,
    as_of: pd.Timestamp,
    params: OptimizeParams,
) -> Ahead:
    """Solve the program of some cells, and read prices and flows from it."""
    every = WEEK_DAYS * params.plan.review_weeks
    program = build(horizon, limits)
    found = run_arrays(
        program.cost, program.most, program.rows,
        iterations=MOST_ITERATIONS, threads=params.plan.threads, seed=params.plan.seed,
    )  # fmt: skip
    if found.duals is None or found.objective is None or len(program.tiers.cell) > MOST_TIERS:
        return Ahead(None, None, None, (_too_many(len(horizon.rows)),))
    duals = admitted(program, found.duals)
    bound = bound_of(program, duals)
    price = -duals[program.limits]
    network = ground.network
    lanes = np.zeros((horizon.plans, len(network.lanes.origin)))
    mine = limits.kind == LANE
    lanes[limits.plan[mine], limits.place[mine]] = price[mine]
    lanes = _sooner(lanes, scarce, horizon)
    nothing = np.zeros((horizon.plans, len(network.regions)))
    prices = AheadPrices(lanes, nothing, np.zeros((horizon.plans, len(network.hubs))), nothing)
    sends = _sends(network, horizon, found.columns[program.ways], as_of, every)
    figures = {
        "prices": _named(network, lanes, as_of, every),
        "objective": found.objective,
        "bound": bound,
        "gap": (found.objective - bound) / max(1.0, abs(bound)),
    }
    return Ahead(prices, sends, figures)


def _named(
    network: Network, lanes: Floats, as_of: pd.Timestamp, every: int
) -> list[dict[str, Any]]:
    """Name the scarce limits of later plans and their prices, dearest first."""
    origin, destination = network.lane_ids
    plan, lane = np.nonzero(lanes[1:] > 0.0)
    told = [
        {
            "limit": f"lane {origin[at]} -> {destination[at]}",
            "week": str((as_of + pd.Timedelta(days=every * (when + 1))).date()),
            "price": float(lanes[when + 1, at]),
        }
        for when, at in zip(plan.tolist(), lane.tolist(), strict=True)
    ]
    return sorted(told, key=lambda each: (-each["price"], each["limit"], each["week"]))


def _sooner(lanes: Floats, scarce: Bools, horizon: Horizon) -> Floats:
    """Equation 33a: make room a little dearer plan by plan, up to the last that is short of it."""
    plan = np.arange(len(lanes))[:, None]
    last = np.where((lanes > 0.0) | scarce, plan, 0).max(axis=0)
    loads = horizon.volume > 0.0
    by_volume = horizon.benefit[loads] / horizon.volume[loads]
    step = SOONER * max(float(np.median(by_volume)), 0.0) if loads.any() else 0.0
    return np.asarray(lanes + np.where((plan >= 1) & (plan <= last), step * plan, 0.0))


def _sends(
    network: Network, horizon: Horizon, units: Floats, as_of: pd.Timestamp, every: int
) -> pd.DataFrame:
    """Expected units of later plans by lane, item and week, rows of more than a millionth."""
    ways = horizon.ways
    kept = np.flatnonzero((ways.plan > 0) & (units > 1e-6))
    frame = pd.DataFrame(
        {
            "origin": network.hubs[ways.hub[kept]],
            "destination": network.regions[horizon.region[ways.cell[kept]]],
            "item": network.items[horizon.item[ways.cell[kept]]],
            "week": as_of + pd.to_timedelta(every * ways.plan[kept], unit="D"),
            "units": units[kept],
        }
    )
    keys = ["origin", "destination", "item", "week"]
    return frame.groupby(keys, sort=True, as_index=False)[["units"]].sum()
