"""What travels on each departure, how many vehicles that takes, and what they and lines cost.

Volumes add up: how units are packed inside a vehicle is not looked at. A vehicle of unlimited size
carries all there is (equations P22, P23 of docs/program.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.departures import Departures
from foreship_optimize.limits import added, cell_units
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.formulation import most_of_each_move
from foreship_optimize.program.unit_groups.tiers import touched

__all__ = [
    "Loads",
    "departures_of",
    "fewest_vehicles",
    "freight_of_departures",
    "freight_shares",
    "item_lines",
    "loads_of",
    "most_arriving",
    "spent",
    "vehicles_filled",
]

NOISE = 1e-9
"""a load this little beyond whole vehicles still fits into them: 3 x 0.1 fills 0.3"""


@dataclass(frozen=True)
class Loads:
    """What travels on each lane, shape (L,) each."""

    volume: Floats
    kg: Floats
    units: Floats
    lines: Ints
    """items of which any unit travels"""


def departures_of(problem: ShippingProblem) -> Departures:
    """Return what is stated of the problem's departures, a row for every lane."""
    return problem.departures.filled(len(problem.lane_origin), len(problem.items))


def loads_of(problem: ShippingProblem, quantity: Floats | Ints) -> Loads:
    """Add up what a plan sends on each lane.

    Parameters
    ----------
    quantity
        Units of each move, shape (M,); they need not be whole.
    """
    moves, lanes = problem.moves, len(problem.lane_origin)
    used = np.flatnonzero((moves.lane >= 0) & (quantity > 0))
    lane, item, units = moves.lane[used], moves.item[used], np.asarray(quantity[used], dtype=float)
    key = np.unique(lane.astype(np.int64) * max(1, len(problem.items)) + item)
    weight = departures_of(problem).weight_kg
    return Loads(
        volume=added(lane, units * problem.volume[item], lanes),
        kg=added(lane, units * weight[item], lanes),
        units=added(lane, units, lanes),
        lines=np.bincount(key // max(1, len(problem.items)), minlength=lanes),
    )


def vehicles_filled(problem: ShippingProblem, loads: Loads) -> Floats:
    """Load of each lane in vehicles, by the tighter of volume and weight, shape (L,)."""
    departures = departures_of(problem)
    by_size = (loads.volume / departures.vehicle_volume, loads.kg / departures.vehicle_kg)
    return np.asarray(np.maximum(*by_size))


def fewest_vehicles(problem: ShippingProblem, loads: Loads) -> Ints:
    """Fewest vehicles that carry the loads, at least one where anything travels, shape (L,)."""
    fewest = np.ceil(vehicles_filled(problem, loads) - NOISE).astype(np.int64)
    return np.where(loads.units > 0, np.maximum(fewest, 1), 0)


def freight_of_departures(problem: ShippingProblem, quantity: Floats | Ints) -> tuple[float, float]:
    """Money of the fewest vehicles that carry a plan, and of its item lines."""
    if not problem.departures.charged:
        return 0.0, 0.0
    departures, loads = problem.departures, loads_of(problem, quantity)
    vehicles = float(departures.vehicle_cost @ fewest_vehicles(problem, loads))
    return vehicles, float(departures.line_cost @ loads.lines)


def spent(problem: ShippingProblem, quantity: Floats | Ints) -> float:
    """Freight of a plan as the freight budget counts it: units sent ahead, vehicles and lines."""
    moves = problem.moves
    sent = moves.destination_cell >= 0
    units = float(np.maximum(moves.cost[sent], 0.0) @ quantity[sent])
    departures = replace(
        problem.departures, line_cost=problem.departures.line_spent, line_asked=np.empty(0)
    )
    return units + sum(freight_of_departures(replace(problem, departures=departures), quantity))


def freight_shares(problem: ShippingProblem, quantity: Ints) -> Floats:
    """Share of each move's unit in the vehicles and lines of its departure (P26), (M,) [money].

    Vehicles are shared by what loads them most, volume or weight; where neither does, by units. A
    line is shared by its units.
    """
    moves, departures = problem.moves, problem.departures
    share = np.zeros(len(moves.action))
    if not departures.charged:
        return share
    loads = loads_of(problem, quantity)
    paid = departures.vehicle_cost * fewest_vehicles(problem, loads)
    used = np.flatnonzero((moves.lane >= 0) & (quantity > 0))
    lane, item = moves.lane[used], moves.item[used]
    volume = loads.volume / departures.vehicle_volume
    kg = loads.kg / departures.vehicle_kg
    sizes = (
        (problem.volume[item], loads.volume, (volume >= kg - NOISE) & (np.maximum(volume, kg) > 0)),
        (departures.weight_kg[item], loads.kg, kg - NOISE > volume),
        (np.ones(len(used)), loads.units, ~(np.maximum(volume, kg) > 0)),
    )
    for own, whole, tighter in sizes:
        mine = np.flatnonzero(tighter[lane])
        share[used[mine]] = paid[lane[mine]] * own[mine] / whole[lane[mine]]
    _, line = np.unique(
        lane.astype(np.int64) * max(1, len(problem.items)) + item, return_inverse=True
    )
    together = np.bincount(line, quantity[used])
    share[used] += departures.line_cost[lane] / together[line]
    return share


def item_lines(problem: ShippingProblem) -> Ints:
    """Number of the item line that each move belongs to, -1 where none is paid, shape (M,).

    An item line is an item on a departure; moves of it are paid for once.
    """
    moves = problem.moves
    line = np.full(len(moves.action), -1, dtype=np.int64)
    if not (problem.departures.line_cost > 0).any():
        return line
    mine = np.flatnonzero(moves.lane >= 0)
    mine = mine[problem.departures.line_cost[moves.lane[mine]] > 0]
    key = moves.lane[mine].astype(np.int64) * max(1, len(problem.items)) + moves.item[mine]
    line[mine] = np.unique(key, return_inverse=True)[1]
    return line


def most_arriving(problem: ShippingProblem) -> Ints:
    """Most units that each move can carry, what lies where it goes aside, shape (M,).

    Where no unit may leave a cell, what lies there stays, and only the candidates beyond it come.
    """
    moves, table = problem.moves, cell_units(problem)
    most = most_of_each_move(problem)
    stays = (moves.destination_cell >= 0) & moves.from_hub
    stays &= ~touched(problem, moves.origin_cell)[np.maximum(moves.destination_cell, 0)]
    free = (table.count - table.on_hand)[np.maximum(moves.destination_cell, 0)]
    return np.asarray(np.where(stays, np.minimum(most, free), most))
