"""A program without vehicles that costs no plan more: each unit pays its share of a full vehicle.

For any split of a vehicle's cost over its volume and its load, no plan pays less than these shares
(equation P24 of docs/program.md): a bound of the program at dearer moves is a bound of the whole.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship_foundation.arrays import Floats
from foreship_optimize.limits import added
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.departure_loads import (
    departures_of,
    item_lines,
    loads_of,
    most_arriving,
)

__all__ = ["by_volume_first", "by_what_binds", "least_lines", "shares_of", "with_shares"]


def with_shares(
    problem: ShippingProblem, by_volume: Floats, first_line: Floats | None = None
) -> ShippingProblem:
    """Return the problem in which units pay their shares, and vehicles and lines cost nothing.

    Parameters
    ----------
    by_volume
        Part of a vehicle's cost that its volume pays, in [0, 1], the rest by its load, shape (L,).
    first_line
        What cells pay for a line before their first unit, shape (C,), out of the shares then.
    """
    moves, departures = problem.moves, problem.departures
    free = np.zeros(len(departures.vehicle_cost))
    return replace(
        problem,
        moves=replace(moves, cost=moves.cost + shares_of(problem, by_volume, first_line)),
        departures=replace(departures, vehicle_cost=free, line_cost=free, line_asked=np.empty(0)),
    )


def by_volume_first(problem: ShippingProblem) -> Floats:
    """Return the first split: all by the side that is limited, or half by each, shape (L,)."""
    departures = departures_of(problem)
    volume, kg = (
        np.isfinite(size).astype(float)
        for size in (departures.vehicle_volume, departures.vehicle_kg)
    )
    return np.asarray(volume / np.maximum(volume + kg, 1.0))


def by_what_binds(problem: ShippingProblem, quantity: Floats) -> Floats:
    """Return the split by the side that loads each vehicle more under a plan, shape (L,)."""
    departures, loads = departures_of(problem), loads_of(problem, quantity)
    volume, kg = loads.volume / departures.vehicle_volume, loads.kg / departures.vehicle_kg
    first = by_volume_first(problem)
    return np.where((first == 0.5) & (volume != kg), (volume > kg).astype(float), first)


def least_lines(problem: ShippingProblem) -> Floats:
    """Least line cost of any way into each cell, 0 without a way, shape (C,) [money]."""
    moves, least = problem.moves, np.full(len(problem.cell_item), np.inf)
    into = np.flatnonzero(moves.destination_cell >= 0)
    lane = moves.lane[into]
    paid = np.where(lane >= 0, departures_of(problem).line_cost[np.maximum(lane, 0)], 0.0)
    np.minimum.at(least, moves.destination_cell[into], paid)
    return np.where(np.isfinite(least), least, 0.0)


def shares_of(
    problem: ShippingProblem, by_volume: Floats, first_line: Floats | None = None
) -> Floats:
    """Least that a unit of each move pays for its vehicle and its line in any plan, (M,) [money].

    Below one full vehicle a plan pays for a whole one, so the most that can travel stands for the
    size where that is less.
    """
    moves, departures, lanes = problem.moves, departures_of(problem), len(problem.lane_origin)
    travel = np.flatnonzero(moves.lane >= 0)
    lane, item, most = moves.lane[travel], moves.item[travel], most_arriving(problem)[travel]
    volume, kg = problem.volume[item], departures.weight_kg[item]
    size = np.minimum(departures.vehicle_volume, added(lane, most * volume, lanes))
    size = np.minimum(size, problem.lane_capacity[departures.group])
    load = np.minimum(departures.vehicle_kg, added(lane, most * kg, lanes))
    units = added(lane, most.astype(float), lanes)
    limited = np.isfinite(departures.vehicle_volume) | np.isfinite(departures.vehicle_kg)
    part = np.where(load > 0, np.where(size > 0, by_volume, 0.0), 1.0)[lane]
    by_size = part * _per(volume, size[lane]) + (1.0 - part) * _per(kg, load[lane])
    told = limited & ((size > 0) | (load > 0))
    share = np.where(told[lane], by_size, _per(np.ones(len(lane)), units[lane]))
    found = np.zeros(len(moves.action))
    found[travel] = share * departures.vehicle_cost[lane]
    line = item_lines(problem)
    paid = np.flatnonzero(line >= 0)
    together = added(line[paid], most_arriving(problem)[paid].astype(float), 0)
    each = _per(np.ones(len(paid)), together[line[paid]])
    cost = departures.line_cost[moves.lane[paid]]
    if first_line is not None:
        into = moves.destination_cell[paid]
        cost = cost - np.where(into >= 0, first_line[np.maximum(into, 0)], 0.0)
    found[paid] += cost * each
    return found


def _per(amount: Floats, whole: Floats) -> Floats:
    """Amount over its whole, 0 where there is no whole."""
    return np.asarray(np.where(whole > 0, amount / np.where(whole > 0, whole, 1.0), 0.0))
