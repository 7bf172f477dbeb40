"""What an arrival must be worth at least to be of any use, way by way.

The proof behind the list of candidates: no best plan sends a unit that is worth less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.network.moves import MoveRows
from foreship_optimize.valuation.hub_credit import HubCredit
from foreship_optimize.valuation.inputs import Inputs
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues

__all__ = ["Thresholds", "thresholds_of"]


@dataclass(frozen=True)
class Thresholds:
    """What an arrival must be worth at least to be of any use, and how many may be of it."""

    otherwise: Floats
    """by cell: least that giving up a unit there costs; -inf where any redirect may do"""
    ship: Floats
    """by cell: the cheapest ship; inf without one"""
    any_way: Floats
    """by cell: the least over all ways in"""
    sources: Ints
    """by cell: units on hand elsewhere that redirects may bring"""
    beyond: Bools
    """by cell: whether a way in comes only when the window of the first arrivals is over, or by a
    drawn day beside another law"""
    credit: HubCredit
    """most that a unit's sale may save others"""

    def of(self, moves: MoveRows, some: Ints) -> Thresholds:
        """Return the thresholds of some of the moves alone."""
        ship, any_way = _by_cell(moves, some, self.otherwise)
        return replace(self, ship=ship, any_way=any_way)

    def last_paying(self, worth: UnitValues, value: Floats) -> Ints:
        """Find the last unit of each cell that may be of use, shape (C,), 0 where none is.

        Only redirects bring units that are worth less than the cheapest ship costs, and no more of
        them than lie elsewhere.
        """
        ships = _last_above(self.ship, worth, value)
        ways = _last_above(self.any_way, worth, value)
        return np.asarray(np.minimum(ways, ships + self.sources))

    def last_that_may_pay(self, worth: UnitValues) -> Ints:
        """Find the last unit of each cell that may be of use, whatever hold-back will say, (C,)."""
        return self.last_paying(worth, worth.value + self.credit.of(worth.cell, worth.unit))


def _by_cell(moves: MoveRows, some: Ints, otherwise: Floats) -> tuple[Floats, Floats]:
    """Least worth by cell over the ships and over all ways in among some moves; inf without one."""
    least = moves.cost.copy()
    redirect = moves.between_cells
    least[redirect] += otherwise[moves.origin_cell[redirect]]
    ship, any_way = np.full((2, len(otherwise)), np.inf)
    ships = some[moves.from_hub[some]]
    into = some[moves.destination_cell[some] >= 0]
    np.minimum.at(ship, moves.destination_cell[ships], least[ships])
    np.minimum.at(any_way, moves.destination_cell[into], least[into])
    return ship, any_way


def _last_above(least: Floats, worth: UnitValues, value: Floats) -> Ints:
    """Last unit of each cell that is worth more than its cell's `least`; 0 without one."""
    last = np.zeros(len(least), dtype=np.int64)
    pays = value > least[worth.cell]
    np.maximum.at(last, worth.cell[pays], worth.unit[pays])
    return last


def thresholds_of(
    inputs: Inputs, moves: MoveRows, on_hand: UnitValues, credit: HubCredit
) -> Thresholds:
    """Work out what arrivals must be worth, way by way.

    A ship must earn its lane. A unit is redirected only if that is better than what else could be
    done with it: leave by an exit that has room for all, or stay where storage never ends.
    """
    count = len(inputs.cells)
    otherwise = _otherwise(inputs, moves, on_hand)
    redirect = moves.between_cells
    ship, any_way = _by_cell(moves, np.arange(len(moves)), otherwise)
    sources = np.zeros(count, dtype=np.int64)
    lies = inputs.cells.on_hand[moves.origin_cell[redirect]]
    np.add.at(sources, moves.destination_cell[redirect], lies)
    return Thresholds(otherwise, ship, any_way, sources, _beyond(inputs, moves), credit)


def _beyond(inputs: Inputs, moves: MoveRows) -> Bools:
    """Mark the cells that a move reaches only after the next arrival, (C,).

    And those reached by several laws of which one is drawn.
    """
    into = np.flatnonzero(moves.destination_cell >= 0)
    cell, law = moves.destination_cell[into], inputs.laws.of_moves(moves.lane[into])
    latest = np.full(len(inputs.cells), -1, dtype=np.int64)
    np.maximum.at(latest, cell, moves.lead_days[into])
    rows = np.arange(len(latest))
    following, _ = inputs.economics.next_plans.after(rows, inputs.economics.arrival_day)
    drawn, first, last = np.zeros(len(rows), dtype=bool), np.full_like(latest, NEVER), latest * 0
    drawn[cell[np.append(inputs.laws.drawn, False)[law]]] = True
    np.minimum.at(first, cell, law)
    np.maximum.at(last, cell, law)
    return np.asarray((latest >= following) | (drawn & (first < last)))


def _otherwise(inputs: Inputs, moves: MoveRows, on_hand: UnitValues) -> Floats:
    """Least that giving up a unit on hand costs, by cell; -inf where nothing is sure.

    A unit that could stay is worth what it earns there, or, where ships refill the cell, what a new
    one costs; one that could leave by an exit, what that earns.
    """
    count, network = len(inputs.cells), inputs.network
    stays = np.full(count, np.inf)
    np.minimum.at(stays, on_hand.cell, on_hand.value)
    endless = np.isinf(network.capacity)[inputs.cells.region]
    refilled = np.minimum(stays, _refill(moves, count))
    stays = np.where(endless & np.isfinite(stays), refilled, -np.inf)
    leaves = np.full(count, -np.inf)
    mine = moves.out_of_cells & _without_limit(inputs, moves)
    np.maximum.at(leaves, moves.origin_cell[mine], -moves.cost[mine])
    return np.asarray(np.maximum(stays, leaves))


def _refill(moves: MoveRows, cells: int) -> Floats:
    """Least that a unit costs that takes another's place, by cell; -inf where redirects come in."""
    cost = np.full(cells, np.inf)
    ship, redirect = moves.from_hub, moves.between_cells
    np.minimum.at(cost, moves.destination_cell[ship], moves.cost[ship])
    cost[moves.destination_cell[redirect]] = -np.inf
    return cost


def _without_limit(inputs: Inputs, moves: MoveRows) -> Bools:
    """Mark the moves that no capacity can stop, and that pay for their units alone, (M,)."""
    free = np.ones(len(moves), dtype=bool)
    for kind, rows in inputs.exits.kinds.items():
        mine = np.flatnonzero(moves.exit == kind)
        free[mine] = np.isinf(rows.capacity[moves.exit_row[mine]])
    lanes = inputs.network.lanes
    plain = np.isinf(lanes.capacity) & (lanes.vehicle_cost == 0.0) & (lanes.line_cost == 0.0)
    on_lane = np.flatnonzero(moves.lane >= 0)
    free[on_lane] &= plain[moves.lane[on_lane]]
    return free
