"""Put what is asked into the program beside its money (docs/program.md, equations P33 and P34).

This comes last: no value of a unit, hold-back or rent of a hub knows of it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats
from foreship_optimize.network.policies import PolicyLevels
from foreship_optimize.problem import Asked, Floors, ShippingProblem
from foreship_optimize.valuation.inputs import Inputs

__all__ = ["with_asked"]


def with_asked(problem: ShippingProblem, inputs: Inputs) -> ShippingProblem:
    """Return the problem in which units below a floor are worth more than any way there costs."""
    levels = inputs.policies
    if levels is None:
        return problem
    floors = _floors_of(problem, inputs, levels)
    below = _below(problem, floors)
    bonus = _bonus(problem, below, inputs)
    units, late = problem.units, problem.late
    extra = np.where(below, bonus[problem.cell_item[units.cell]], 0.0)
    asked = Asked(
        value=units.value,
        late=late.value,
        rent=problem.moves.rent,
        line=0.0,
        departures=problem.departures,
        bonus=bonus,
        floors=floors,
        policies=levels.words,
    )
    return replace(
        problem,
        units=replace(units, value=units.value + extra),
        late=replace(late, value=late.value + extra[late.unit]),
        asked=asked,
    )


def _floors_of(problem: ShippingProblem, inputs: Inputs, levels: PolicyLevels) -> Floors:
    """List the cells with a floor, as far as their ceilings let it be reached."""
    units = np.minimum(levels.floor, levels.ceiling)
    rows = np.flatnonzero(units > 0)
    region, item = inputs.cells.region[rows], inputs.cells.item[rows]
    items = max(len(problem.items), 1)
    key = problem.cell_region.astype(np.int64) * items + problem.cell_item
    at = np.minimum(np.searchsorted(key, region * items + item), max(len(key) - 1, 0))
    known = key[at] == region * items + item if len(key) else np.zeros(len(rows), dtype=bool)
    cell = np.where(known, at, -1)
    return Floors(region, item, cell, units[rows], levels.lying[rows], levels.floor_row[rows])


def _below(problem: ShippingProblem, floors: Floors) -> Bools:
    """Mark the units whose rank lies below their cell's floor, (U,); what is coming counts."""
    units, cells = problem.units, len(problem.cell_item)
    known = floors.cell >= 0
    on_hand = np.bincount(units.cell[units.on_hand], minlength=cells)
    coming = floors.lying[known] - on_hand[floors.cell[known]]
    floor = np.zeros(cells, dtype=np.int64)
    floor[floors.cell[known]] = np.maximum(floors.units[known] - coming, 0)
    return np.asarray(units.rank <= floor[units.cell])


def _bonus(problem: ShippingProblem, below: Bools, inputs: Inputs) -> Floats:
    """Worth of a unit below its floor, by item: no way, exit or other use outweighs it [money].

    One number an item, so that scarce stock goes among its floors by what it is truly worth there;
    a step that begins below a floor pays although the rest of it lies above.
    """
    moves, units, items = problem.moves, problem.units, len(problem.items)
    of_unit = problem.cell_item[units.cell]
    asked = np.zeros(items, dtype=bool)
    asked[of_unit[below]] = True
    worth, way, shared = np.zeros((3, items))
    np.maximum.at(worth, of_unit, np.abs(units.value))
    np.maximum.at(worth, of_unit[problem.late.unit], np.abs(problem.late.value))
    np.maximum.at(way, moves.item, np.abs(moves.charged) + np.abs(moves.lateness))
    np.maximum.at(shared, moves.item, _shared(problem))
    step = np.maximum(problem.pack_size, inputs.params.plan.minimum_line_quantity)
    return np.where(asked, 1.0 + step * (way + 2.0 * worth) + shared, 0.0)


def _shared(problem: ShippingProblem) -> Floats:
    """Vehicle and line of each move's departure, as if one unit paid for them, (M,) [money]."""
    lane, departures = problem.moves.lane, problem.departures
    if not len(departures.day):
        return np.zeros(len(lane))
    each: Floats = departures.vehicle_cost + departures.line_cost
    return np.where(lane >= 0, each[np.maximum(lane, 0)], 0.0)
