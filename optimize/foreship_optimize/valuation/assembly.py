"""Assemble the shipping problem: value every candidate unit, list every move and limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship_foundation.actions import action_names
from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.arrays import parts, short, shortened, shortest
from foreship_optimize.demand import WEEK_DAYS, DemandScenarios
from foreship_optimize.departures import Departures
from foreship_optimize.network.locks import exit_locks, override_locks
from foreship_optimize.network.moves import MoveRows, as_moves
from foreship_optimize.network.policies import PolicyLevels
from foreship_optimize.network.transport.next_plans import AheadPrices
from foreship_optimize.network.transport.places_and_lanes import Network
from foreship_optimize.orders.order_credits import OrderCredits
from foreship_optimize.params import OptimizeParams
from foreship_optimize.problem import Need, ShippingProblem, Stated
from foreship_optimize.valuation.alternatives import without_beaten
from foreship_optimize.valuation.asking import with_asked
from foreship_optimize.valuation.block_worth import BlockPart, cells_at
from foreship_optimize.valuation.blocks import WHOLE, Blocks, worth_by_blocks
from foreship_optimize.valuation.exclusions import exclusion_notes
from foreship_optimize.valuation.hub_tiers import charged_for_hubs
from foreship_optimize.valuation.inputs import Inputs, Reach, possible_moves, reach_of, read_inputs
from foreship_optimize.valuation.late_units import (
    LateUnitValues,
    as_late_units,
    lateness_of,
)
from foreship_optimize.valuation.not_weighed import cells_not_weighed
from foreship_optimize.valuation.order_weighing import weigh_orders
from foreship_optimize.valuation.unit_worth.believed import believed_up_to
from foreship_optimize.valuation.unit_worth.net_demand import need_beyond_stock
from foreship_optimize.valuation.unit_worth.ranking import Ranking, rank_units
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues

__all__ = ["assemble", "loss_per_unit", "need_by_horizon", "units_sent"]


BLOCK_PATHS: Final = 400_000


def assemble(  # noqa: PLR0913 everything a problem is made from
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams | None = None,
    *,
    obsolescence: float = 0.0,
    sent: pd.DataFrame | None = None,
    order_credits: OrderCredits | None = None,
    ahead: AheadPrices | None = None,
    every_way: bool = False,
    blocks: Blocks = WHOLE,
) -> ShippingProblem:
    """Value every unit and list every move and limit.

    Parameters
    ----------
    tables
        Frames by their contract names; optional ones may be absent.
    demand
        Joint sample paths from `as_of` on.
    as_of
        The Monday the plan is made for.
    params
        Settings of the room.
    obsolescence
        Yearly chance that a cell closes without notice, where the settings do not say [0, 1).
    sent
        Lines to value: their moves and units are among the candidates, whatever they are worth,
        and units for other cells only where they bear on these.
    order_credits
        What past orders say of units in each cell, where money is by the order; absent: what those
        of `tables` say, if there are any.
    ahead
        What later plans pay for scarce room, which makes their units dearer.
    every_way
        Whether ways are kept that another one beats in money and days: limits may tell them apart.
    blocks
        Who values units, and how many cells at a time. It changes none of them.

    Raises
    ------
    TableFault
        Naming every fault of the tables.
    """
    params, as_of = params or OptimizeParams(), pd.Timestamp(as_of)
    if order_credits is None:
        weighed = weigh_orders(tables, demand, as_of, params, obsolescence, tables.get("orders"))
        order_credits = None if weighed is None else weighed.credits
    inputs = read_inputs(tables, demand, as_of, params, obsolescence, order_credits, ahead)
    moves = possible_moves(inputs)
    reach = reach_of(inputs, moves)
    asked = None if sent is not None else inputs.policies
    locked = reach.forced
    reach = reach if asked is None else reach.up_to_floors(asked)
    if order_credits is not None:
        network, cells = inputs.network, inputs.cells
        most = order_credits.most_of(network.regions[cells.region], network.items[cells.item])
        whole = -(-most // reach.step) * reach.step
        inputs = replace(inputs, believed=believed_up_to(whole, moves))
        reach = reach if sent is not None else reach.at_most(most)
    reach = reach if asked is None else reach.below_ceilings(asked, locked)
    if sent is not None:
        fewest = np.maximum(reach.fewest, units_sent(inputs, sent))
        reach = replace(reach, fewest=fewest, most=np.where(_bears_on(inputs, sent), reach.most, 0))
    inputs = inputs.reached_on(reach.day)
    on_hand = inputs.keeper.on_hand(np.flatnonzero(inputs.cells.on_hand > 0))
    part = BlockPart(inputs, moves, reach, on_hand, sent, every_way)
    kept, late, arrivals, hold = worth_by_blocks(part, blocks)
    left = moves.rows(kept)
    # most ways that are possible are of no use: of many cells they need not be held any longer
    del part, moves
    if sent is None and not every_way:
        left, late = without_beaten(inputs.network, left, arrivals, reach, late)
    problem = _problem(inputs, left, late, arrivals, hold.units, on_hand, reach, asked)
    del left, late, arrivals, on_hand
    in_tiers = params.plan.minimum_line_quantity == 1
    problem = charged_for_hubs(problem, hold.hubs, in_tiers=in_tiers)
    return problem if sent is not None else with_asked(problem, inputs)


def units_sent(inputs: Inputs, lines: pd.DataFrame) -> Ints:
    """Units that lines send into each cell, shape (C,)."""
    mine = lines[lines["action"].isin(action_names(destination="region"))]
    at = cells_at(inputs, mine, "destination")
    units = np.bincount(at, mine["quantity"].to_numpy(dtype=np.int64), len(inputs.cells))
    return units.astype(np.int64)


def _bears_on(inputs: Inputs, lines: pd.DataFrame) -> Bools:
    """Mark the cells that lines touch, and their rivals for scarce hub stock, (C,)."""
    network, cells = inputs.network, inputs.cells
    touched = np.zeros(len(cells), dtype=bool)
    for end in ("origin", "destination"):
        touched[cells_at(inputs, lines[lines[end].isin(network.regions)], end)] = True
    items = np.arange(len(inputs.scarce))
    rivals = inputs.scarce & np.isin(items, cells.item[touched])
    return touched | rivals[cells.item]


def _problem(
    inputs: Inputs,
    moves: MoveRows,
    late: list[LateUnitValues],
    arrivals: UnitValues,
    hold: Floats,
    on_hand: UnitValues,
    reach: Reach,
    levels: PolicyLevels | None,
) -> ShippingProblem:
    """Build the immutable problem over the cells that have a unit; no hub charges for it yet."""
    network, money, cells = inputs.network, inputs.economics, inputs.cells
    held = money.holding * inputs.params.plan.review_weeks
    units = rank_units(on_hand, arrivals, hold, Ranking(cells.on_hand, reach.cost, held))
    kept = np.unique(units.cell)
    cell_place = np.full(len(cells), -1, dtype=np.int64)
    cell_place[kept] = np.arange(len(kept))
    carrier = network.lanes.carried_by(0)
    lane_open = np.flatnonzero(carrier == np.arange(len(carrier)))
    lane_place = np.full(len(carrier), -1, dtype=np.int64)
    lane_place[lane_open] = np.arange(len(lane_open))
    law = inputs.laws.of_moves(moves.lane)
    lateness = lateness_of(moves, law, arrivals, hold, reach, late)
    final = as_moves(moves, lateness, np.zeros(len(moves)), lane_place, cell_place)
    held_cells = cells.rows(kept)
    locks, _ = override_locks(inputs.overrides, final, held_cells, network)
    locks += exit_locks(inputs.exits, final, moves.exit_row, network)
    storage, inbound = _storage(inputs)
    supply_item, supply_hub = np.nonzero(network.hub_stock)
    origin, destination = network.lane_ids
    not_weighed = cells_not_weighed(inputs, reach, arrivals, levels)
    problem = ShippingProblem(
        **{each.name: getattr(network, each.name) for each in fields(Stated)},
        cell_region=short(cells.region[kept]),
        cell_item=short(cells.item[kept]),
        units=shortened(replace(units, cell=cell_place[units.cell])),
        moves=shortened(final),
        supply_item=supply_item,
        supply_hub=supply_hub,
        supply_units=network.hub_stock[supply_item, supply_hub],
        lane_origin=origin[lane_open],
        lane_destination=destination[lane_open],
        lane_capacity=network.lanes.room_on(0)[lane_open],
        lane_terms=network.lanes.told_apart(lane_open),
        storage=storage,
        storage_inbound=inbound,
        locks=tuple(locks),
        loss_per_unit=loss_per_unit(inputs)[kept],
        need=need_by_horizon(inputs, kept),
        holding_window=held[kept],
        exit_name=money.exit_name[kept],
        late=as_late_units(late, arrivals, hold, units, held, reach),
        freight_budget=_no_more_than(inputs.params.plan.freight_budget),
        stock_value_budget=_no_more_than(inputs.params.plan.stock_value_budget),
        notes=(*inputs.notes, *exclusion_notes(inputs, reach, arrivals, not_weighed)),
        not_weighed=not_weighed,
    )
    return replace(problem, **_by_departure(network, lane_open, lane_place, problem))


def _by_departure(
    network: Network, lane_open: Ints, lane_place: Ints, problem: ShippingProblem
) -> dict[str, Any]:
    """Departures of the lanes, and limits by the day; nothing where the tables state none."""
    lanes, found = network.lanes, dict[str, Any]()
    stated = [lanes.offset, lanes.vehicle_cost, lanes.line_cost, lanes.sd_days]
    if any(column[lane_open].any() for column in stated):
        found["departures"] = Departures(
            day=lanes.offset[lane_open],
            group=lane_place[lanes.group_on(0)[lane_open]],
            vehicle_cost=lanes.vehicle_cost[lane_open],
            vehicle_volume=lanes.vehicle_volume[lane_open],
            vehicle_kg=lanes.vehicle_kg[lane_open],
            line_cost=lanes.line_cost[lane_open],
            sd_days=lanes.sd_days[lane_open],
            paid=np.full(len(lane_open), np.nan),
            weight_kg=network.weight_kg,
            number=lanes.numbers_on(0)[lane_open],
        )
    if np.isfinite(network.picking).any():
        days = int(lanes.offset[lane_open].max(initial=0)) + 1
        found["picking"] = np.repeat(network.picking[:, None], days, axis=1)
    if np.isfinite(network.receiving).any():
        days = int(problem.moves.lead_days.max(initial=0)) + 1
        found["receiving"] = network.receiving_left(days)
    return found


def _no_more_than(budget: float | None) -> float:
    """Return a budget as a number, infinite where none is set."""
    return np.inf if budget is None else budget


def _storage(inputs: Inputs) -> tuple[Floats, Floats]:
    """Storage of each region, and the volume on its way there.

    A region that is overfull keeps what lies there and comes: its room for this plan is that.
    """
    network, cells = inputs.network, inputs.cells
    lying, coming = np.zeros(len(network.regions)), np.zeros(len(network.regions))
    np.add.at(lying, cells.region, cells.on_hand * network.volume[cells.item])
    volume = cells.inbound_units * network.volume[cells.item[cells.inbound_cell]]
    np.add.at(coming, cells.region[cells.inbound_cell], volume)
    return np.maximum(network.capacity, lying + coming), coming


def loss_per_unit(inputs: Inputs) -> Floats:
    """Loss of a unit not needed: cheapest way in, holding over the risk horizon, exit."""
    money = inputs.economics
    weeks = inputs.params.risk.horizon_weeks
    way_in = np.where(np.isfinite(money.cheapest_lane), money.cheapest_lane, inputs.redirect_cost)
    way_in = np.where(np.isfinite(way_in), way_in, 0.0)
    return np.asarray(way_in + money.holding * weeks + np.maximum(money.exit_cost, 0.0))


def need_by_horizon(inputs: Inputs, rows: Ints) -> Need:
    """Units that each cell needs by the risk horizon beyond what it has (equation 21)."""
    order = np.argsort(inputs.cells.item[rows], kind="stable")
    end = min(WEEK_DAYS * inputs.params.risk.horizon_weeks, inputs.demand.horizon_days)
    size = max(1, BLOCK_PATHS // inputs.demand.scenarios)
    blocks = [np.zeros((0, inputs.demand.scenarios), dtype=np.uint8)]
    for part in parts(len(rows), size):
        need = need_beyond_stock(inputs.demand, inputs.cells, rows[order[part]], 0, end)[0]
        blocks.append(shortest(need))
    return Need.by_item(np.concatenate(blocks), order)
