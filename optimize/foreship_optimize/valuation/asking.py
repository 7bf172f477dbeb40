"""Put what is asked into the program beside its money (docs/program.md, P34 to P36 and P38).

This comes last: no value of a unit, hold-back or rent of a hub knows of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ids, Ints
from foreship_foundation.telling.words import plural
from foreship_optimize.departures import Departures
from foreship_optimize.network.policies import PolicyLevels
from foreship_optimize.network.transport.places_and_lanes import codes_of
from foreship_optimize.params import PlanParams
from foreship_optimize.problem import Asked, Floors, ShippingProblem
from foreship_optimize.valuation.inputs import Inputs

__all__ = ["steered", "with_asked"]


def with_asked(problem: ShippingProblem, inputs: Inputs) -> ShippingProblem:
    """Return the problem in which money and what is asked are minimised together.

    The same problem where neither policies nor settings ask for anything.
    """
    plan, levels = inputs.params.plan, inputs.policies
    charged = _charged_for_change(problem, inputs)
    if levels is None and not plan.minimum_line_gain and not charged.any():
        return problem
    if levels is None:
        return steered(problem, plan, _none(), _none(), charged)
    floors, ceilings = _floors_of(problem, inputs, levels), _ceilings_of(problem, inputs, levels)
    asked = steered(problem, plan, floors, ceilings, charged, levels.words)
    return replace(asked, notes=(*asked.notes, *_clashes(levels)))


def steered(
    problem: ShippingProblem,
    plan: PlanParams,
    floors: Floors,
    ceilings: Floors,
    charged: Floats,
    words: Ids | None = None,
) -> ShippingProblem:
    """Return a problem of money alone with what is asked beside it.

    Parameters
    ----------
    charged
        What moves are charged that take a change back, (M,) [money].
    words
        Each row of `policies` in words; none if left out.
    """
    floor_rank = _floor_rank(problem, floors)
    below = problem.units.rank <= floor_rank[problem.units.cell]
    bonus = _bonus(problem, below, charged, plan)
    units, late, moves = problem.units, problem.late, problem.moves
    extra = np.where(below, bonus[problem.cell_item[units.cell]], 0.0)
    asked = Asked(
        value=units.value,
        late=late.value,
        rent=moves.rent,
        line=plan.minimum_line_gain,
        departures=problem.departures,
        floors=floors,
        ceilings=ceilings,
        policies=np.empty(0, dtype=object) if words is None else words,
    )
    return replace(
        problem,
        units=replace(units, value=units.value + extra),
        late=replace(late, value=late.value + extra[late.unit]),
        moves=replace(moves, rent=moves.rent + charged),
        departures=_with_line_gain(problem, plan.minimum_line_gain),
        floor_rank=floor_rank if floor_rank.any() else problem.floor_rank,
        asked=asked,
    )


def _none() -> Floors:
    """Return no cell with a floor."""
    index = np.empty(0, dtype=np.int64)
    return Floors(index, index, index, index, index, index)


def _floors_of(problem: ShippingProblem, inputs: Inputs, levels: PolicyLevels) -> Floors:
    """List the cells with a floor, as far as their ceilings let it be reached."""
    units = np.minimum(levels.floor, levels.ceiling)
    rows = np.flatnonzero(units > 0)
    region, item = inputs.cells.region[rows], inputs.cells.item[rows]
    cell = _cells_of(problem, region, item)
    return Floors(region, item, cell, units[rows], levels.lying[rows], levels.floor_row[rows])


def _ceilings_of(problem: ShippingProblem, inputs: Inputs, levels: PolicyLevels) -> Floors:
    """List the cells with a ceiling, in whole packs beyond what lies there."""
    rows = np.flatnonzero(levels.ceiling_row >= 0)
    region, item = inputs.cells.region[rows], inputs.cells.item[rows]
    cell, lying = _cells_of(problem, region, item), levels.lying[rows]
    pack = problem.pack_size[item]
    units = lying + levels.room[rows] // pack * pack
    return Floors(region, item, cell, units, lying, levels.ceiling_row[rows])


def _clashes(levels: PolicyLevels) -> Iterator[str]:
    """Say of which policies one asks for more than another lets in."""
    above = np.flatnonzero(levels.floor > levels.ceiling)
    pairs = np.stack([levels.floor_row[above], levels.ceiling_row[above]])
    found, cells = np.unique(pairs, axis=1, return_counts=True)
    for (floor, ceiling), count in zip(found.T.tolist(), cells.tolist(), strict=True):
        least, most = levels.words[floor], levels.words[ceiling]
        yield f"{least} asks for more in {plural(count, 'cell')} than {most}, which holds"


def _cells_of(problem: ShippingProblem, region: Ints, item: Ints) -> Ints:
    """Position of each (region, item) among the cells of the problem, -1 where it is none."""
    items = max(len(problem.items), 1)
    key = problem.cell_region.astype(np.int64) * items + problem.cell_item
    wanted = np.where((region >= 0) & (item >= 0), region * items + item, -1)
    if not len(key):
        return np.full(len(wanted), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    return np.where(key[at] == wanted, at, -1)


def _floor_rank(problem: ShippingProblem, floors: Floors) -> Ints:
    """Last rank below each cell's floor, 0 without one, (C,); what is coming counts."""
    units, cells = problem.units, len(problem.cell_item)
    known = floors.cell >= 0
    on_hand = np.bincount(units.cell[units.on_hand], minlength=cells)
    coming = floors.lying[known] - on_hand[floors.cell[known]]
    floor = np.zeros(cells, dtype=np.int64)
    floor[floors.cell[known]] = np.maximum(floors.units[known] - coming, 0)
    return floor


def _bonus(problem: ShippingProblem, below: Bools, charged: Floats, plan: PlanParams) -> Floats:
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
    np.maximum.at(way, moves.item, np.abs(moves.charged) + np.abs(moves.lateness) + charged)
    np.maximum.at(shared, moves.item, _shared(problem) + plan.minimum_line_gain)
    pack = problem.pack_size
    step = -(-plan.minimum_line_quantity // pack) * pack
    return np.where(asked, 1.0 + step * (way + 2.0 * worth) + shared, 0.0)


def _shared(problem: ShippingProblem) -> Floats:
    """Vehicle and line of each move's departure, as if one unit paid for them, (M,) [money]."""
    lane, departures = problem.moves.lane, problem.departures
    if not len(departures.day):
        return np.zeros(len(lane))
    each: Floats = departures.vehicle_cost + departures.line_cost
    return np.where(lane >= 0, each[np.maximum(lane, 0)], 0.0)


def _with_line_gain(problem: ShippingProblem, gain: float) -> Departures:
    """Charge every line of a ship what it is asked to earn (P36)."""
    if not gain:
        return problem.departures
    lanes = len(problem.lane_origin)
    departures = problem.departures.filled(lanes, len(problem.items))
    ships = np.zeros(lanes, dtype=bool)
    ships[problem.moves.lane[problem.moves.from_hub]] = True
    asked = np.where(ships, gain, 0.0)
    return replace(departures, line_cost=departures.line_cost + asked, line_asked=asked)


def _charged_for_change(problem: ShippingProblem, inputs: Inputs) -> Floats:
    """What moves are charged that take back what earlier plans did (P35), (M,) [money]."""
    moves, cost = problem.moves, inputs.params.plan.change_cost
    if not cost or inputs.recent.empty:
        return np.zeros(len(moves.action))
    region = codes_of(inputs.recent["region"], problem.regions)
    item = codes_of(inputs.recent["item"], problem.items)
    cell = _cells_of(problem, region, item)
    came, went = np.zeros((2, len(problem.cell_item) + 1), dtype=bool)
    came[cell] = inputs.recent["units_in"].to_numpy() > 0
    went[cell] = inputs.recent["units_out"].to_numpy() > 0
    came[-1] = went[-1] = False
    leaves = (moves.between_cells | (moves.destination_hub >= 0)) & came[moves.origin_cell]
    returns = moves.from_hub & went[moves.destination_cell]
    return np.where(leaves | returns, cost, 0.0)
