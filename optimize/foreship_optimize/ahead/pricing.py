"""What later plans pay for scarce room: from tables and demand to certified prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.telling.words import plural
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
from foreship_optimize.ahead.rooms import (
    Rooms,
    behind_limits,
    limits_of,
    rooms_of,
    users_of,
)
from foreship_optimize.ahead.storage import Storage, resting_cells, volume_of, with_storage
from foreship_optimize.ahead.tiers_ahead import MOST_TIERS
from foreship_optimize.ahead.unpriced import (
    AT_ONCE,
    Unpriced,
    exceeded,
    levels_of,
    load_of,
    unpriced_flows,
)
from foreship_optimize.arrays import parts
from foreship_optimize.demand import WEEK_DAYS, DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.transport.next_plans import AheadPrices
from foreship_optimize.network.transport.places_and_lanes import Network
from foreship_optimize.params import OptimizeParams
from foreship_optimize.plan import Plan
from foreship_optimize.program.solver import run_arrays
from foreship_optimize.tables import Tables, complete
from foreship_optimize.valuation.hub_rundown.parcels import refill_days
from foreship_optimize.valuation.inputs import Ground, read_ground

__all__ = ["Ahead", "price_ahead"]

MOST_ITERATIONS = 200_000
"""of the simplex; beyond, later weeks are not priced. Not a time: same inputs, same bytes"""
BLOCK_NUMBERS = 10_000_000
"""cells x plans x paths read at a time"""
WITHOUT_STORAGE = "storage is scarce in later weeks in more cells than are priced: it has no price"
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
        told = plan.summary | {"ahead": self.figures}
        notes = [*plan.notes, *self.notes]
        return replace(plan, summary=told, notes=notes, ahead=self.prices, sends_ahead=self.sends)


def price_ahead(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    obsolescence: float,
    *,
    by_order: bool = False,
) -> Ahead | None:
    """Price the room that later plans would fill beyond what there is; None where none is scarce.

    Parameters
    ----------
    tables
        Frames by their contract names.
    demand
        What regions may serve.
    by_order
        Credits of orders, which know no later plan, say which units go first: prices enter only as
        far as they are beyond those of this plan (equation 30b of docs/program.md).
    """
    filled = complete(tables, params.economics, as_of)
    if params.plan.weeks_ahead == 0 or not _states_limits(filled):
        return None
    ground = read_ground(filled, demand, as_of, params, obsolescence)
    review, network = params.plan.review_weeks, ground.network
    plans = plans_in(ground.wanted.horizon_days, review, params.plan.weeks_ahead)
    rooms = rooms_of(network, WEEK_DAYS * review, plans)
    rows = reached_now(network, ground.cells)
    rows = rows[behind_limits(network, rooms, WEEK_DAYS * review)[ground.cells.region[rows]]]
    if plans < 2 or not len(rows):
        return None
    economics = ground.economics()

    def read(some: Ints) -> Horizon:
        return read_horizon(network, ground.cells, ground.wanted, economics, review, plans, some)

    cells_at_once = max(1, BLOCK_NUMBERS // (plans * ground.wanted.scenarios))
    flows = _unpriced(read, rows, cells_at_once)
    scarce = exceeded(load_of(flows, rooms), rooms.most)
    mine = ground.cells.rows(rows)
    storage = _storage(ground, rows, flows, lambda rest: _unpriced(read, rest, cells_at_once))
    full = storage.full(flows, mine.region)
    if not scarce.any() and not full.any():
        return None
    users = _users(network, rooms, mine, scarce, WEEK_DAYS * review)
    stored = np.asarray(full.any(axis=0))[mine.region]
    refill = refill_days(network, params.plan.hub_refill_weeks, ground.wanted.horizon_days)

    def price(inside: Bools, *, with_regions: bool) -> Ahead:
        if inside.sum() * plans > MOST_TIERS:
            return _unpriced_for(_too_many(int(inside.sum())))
        outside, part = np.flatnonzero(~inside), read(rows[inside])
        others = flows.of_cells(outside)
        load = load_of(others, rooms)
        limits = limits_of(part, network, rooms, load, refill, WEEK_DAYS * review)
        if with_regions:
            mine_alone = flows.of_cells(np.flatnonzero(inside)).unsent()
            alone = volume_of(mine_alone, part.region, full.shape)
            left = storage.left(others, mine.region[outside], alone)
            limits = with_storage(limits, part, left)
        return _priced(ground, part, rooms, limits, scarce, as_of, params, by_order=by_order)

    found = price(users | stored, with_regions=True)
    if found.figures is None and users.any() and stored.any():
        found = replace(price(users, with_regions=False), notes=(WITHOUT_STORAGE,))
    return found


def _states_limits(tables: Tables) -> bool:
    """Whether any table states a limit that later plans may meet."""
    stated = (
        ("lanes", "capacity"),
        ("hubs", "picking_units"),
        ("regions", "receiving_units"),
        ("regions", "capacity"),
    )
    return any(np.isfinite(tables[name][column]).any() for name, column in stated)


def _unpriced(read: Callable[[Ints], Horizon], rows: Ints, at_once: int) -> Unpriced:
    """Find the flows of many cells, as many at a time as memory holds."""
    found = []
    for block in parts(len(rows), at_once):
        horizon = read(rows[block])
        found.append(unpriced_flows(horizon, levels_of(horizon)))
    return Unpriced.joined(found)


def _users(network: Network, rooms: Rooms, cells: Cells, scarce: Bools, every: int) -> Bools:
    """Mark the cells that a way leads into over a place that is scarce in its plan, (C,)."""
    users = np.zeros(len(cells), dtype=bool)
    if not scarce.any():
        return users
    for some in parts(len(cells), AT_ONCE):
        mine = cells.rows(np.arange(some.start, some.stop))
        ways = read_ways(network, mine, usual_lead(network, mine), every, len(rooms.most))
        users[some] = users_of(rooms, ways, scarce, len(mine))
    return users


def _storage(
    ground: Ground, rows: Ints, flows: Unpriced, flows_of: Callable[[Ints], Unpriced]
) -> Storage:
    """Read the room of regions; `flows_of` says the flows of other cells."""
    network, rest = ground.network, resting_cells(ground.network, ground.cells, rows)
    shape, region = (flows.there.shape[1], len(network.regions)), ground.cells.region
    resting = np.zeros(shape)
    if len(rest):
        resting = volume_of(flows_of(rest).unsent(), region[rest], shape)
    storage = Storage(np.broadcast_to(network.capacity, shape), resting)
    if not storage.full(flows, region[rows]).any():
        return storage
    least = resting + volume_of(flows.unsent(), region[rows], shape)
    return replace(storage, most=np.maximum(storage.most, least))


def _unpriced_for(reason: str) -> Ahead:
    """Say why nothing is priced though room is scarce."""
    text = f"room is scarce in later weeks, but {reason}: no unit is sent ahead of a peak for it"
    return Ahead(None, None, None, (text,))


def _too_many(cells: int) -> str:
    return f"{plural(cells, 'cell uses', 'cells use')} it, more than are priced"


def _not_ended(termination: str) -> str:
    return (
        f"the program that prices it ended without prices ({termination}; it may take "
        f"{MOST_ITERATIONS} steps)"
    )


def _priced(
    ground: Ground,
    horizon: Horizon,
    rooms: Rooms,
    limits: Room,
    scarce: Bools,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    *,
    by_order: bool,
) -> Ahead:
    """Solve the program of some cells, and read prices and flows from it."""
    every = WEEK_DAYS * params.plan.review_weeks
    program = build(horizon, limits)
    if len(program.tiers.cell) > MOST_TIERS:
        return _unpriced_for(_too_many(len(horizon.rows)))
    found = run_arrays(
        program.cost, program.most, program.rows,
        iterations=MOST_ITERATIONS, threads=params.plan.threads, seed=params.plan.seed,
    )  # fmt: skip
    if found.duals is None or found.objective is None:
        return _unpriced_for(_not_ended(found.termination))
    duals = admitted(program, found.duals)
    bound = bound_of(program, duals)
    price = -duals[program.limits]
    network = ground.network
    by_place = np.zeros(rooms.most.shape)
    shared, stored = limits.place >= 0, limits.region >= 0
    by_place[limits.plan[shared], limits.place[shared]] = price[shared]
    by_region = np.zeros((len(by_place), len(network.regions)))
    by_region[limits.plan[stored], limits.region[stored]] = price[stored]
    if by_order:
        by_place, by_region = (np.maximum(each - each[0], 0.0) for each in (by_place, by_region))
        scarce = by_place > 0.0
    limited = np.zeros(by_place.shape, dtype=bool)
    limited[limits.plan[shared], limits.place[shared]] = True
    by_place = _sooner(by_place, scarce, limited, rooms.lanes, horizon)
    prices = _as_prices(by_place, by_region, rooms)
    sends = _sends(network, horizon, found.columns[program.ways], as_of, every)
    figures = {
        "prices": _named(network, np.hstack([by_place, by_region]), as_of, every),
        "objective": found.objective,
        "bound": bound,
        "gap": (found.objective - bound) / max(1.0, abs(bound)),
    }
    return Ahead(prices, sends, figures)


def _as_prices(by_place: Floats, by_region: Floats, rooms: Rooms) -> AheadPrices:
    """Give each lane the price of the room it shares, and each region that of its storage."""
    lanes, hubs = rooms.lanes, rooms.hubs
    plan = np.arange(len(by_place))[:, None]
    return AheadPrices(
        lanes=np.where(rooms.group >= 0, by_place[plan, rooms.group], 0.0),
        picking=by_place[:, lanes : lanes + hubs],
        receiving=by_place[:, lanes + hubs :],
        storage=by_region,
    )


def _named(
    network: Network, by_place: Floats, as_of: pd.Timestamp, every: int
) -> list[dict[str, Any]]:
    """Name the scarce limits of later plans and their prices, dearest first."""
    origin, destination = network.lane_ids
    names = [f"lane {a} -> {b}" for a, b in zip(origin, destination, strict=True)]
    names += [f"picking at {hub}" for hub in network.hubs]
    names += [f"receiving at {region}" for region in network.regions]
    names += [f"storage of {region}" for region in network.regions]
    plan, place = np.nonzero(by_place[1:] > 0.0)
    told = [
        {
            "limit": names[at],
            "week": str((as_of + pd.Timedelta(days=every * (when + 1))).date()),
            "price": float(by_place[when + 1, at]),
        }
        for when, at in zip(plan.tolist(), place.tolist(), strict=True)
    ]
    return sorted(told, key=lambda each: (-each["price"], each["limit"], each["week"]))


def _sooner(
    by_place: Floats, scarce: Bools, limited: Bools, lanes: int, horizon: Horizon
) -> Floats:
    """Make room a little dearer plan by plan, up to the last short of it (program.md, 15).

    Only where it is a limit: a lane has no price in weeks in which it does not leave.
    """
    plan = np.arange(len(by_place))[:, None]
    last = np.where((by_place > 0.0) | scarce, plan, 0).max(axis=0)
    loads = horizon.volume > 0.0
    a_volume = horizon.benefit[loads] / horizon.volume[loads]
    step = np.full(by_place.shape[1], _middle(horizon.benefit))
    step[:lanes] = _middle(a_volume)
    return np.asarray(by_place + np.where(limited & (plan >= 1) & (plan <= last), step * plan, 0))


def _middle(benefit: Floats) -> float:
    """Return what a plan sooner is worth of these benefits."""
    return SOONER * max(float(np.median(benefit)), 0.0) if len(benefit) else 0.0


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
