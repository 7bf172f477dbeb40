"""Presolve: leave out candidate units and moves that no best plan can use.

Exact: every coupling row has coefficients >= 0 for arrivals and prices >= 0, so a unit that does
not pay its cheapest way in never pays at all (docs/program.md, section 3). A late way in counts
with the least that any unit loses on it, so that nothing is lost either for units valued on their
own arrival. Units and moves that a planner's minimum may need are kept whatever they are worth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.limits import cell_units, free_storage, units_at_hub
from foreship_optimize.params import PlanParams
from foreship_optimize.problem import LateUnits, Lock, Moves, ShippingProblem, Units
from foreship_optimize.program.unit_groups.arrival_days import (
    OtherDays,
    arrivals_on,
    lateness_spread,
    least_lateness,
    other_days_of,
)
from foreship_optimize.program.unit_groups.tiers import line_minimum, touched

__all__ = ["Reduced", "cut", "needed", "reduce"]


@dataclass(frozen=True)
class Reduced:
    """The problem after presolve, and how much was left out."""

    problem: ShippingProblem
    moves: Ints
    """position in the whole problem of each move kept"""
    counts: dict[str, int]
    """units and moves left out, for the summary"""


def reduce(problem: ShippingProblem, params: PlanParams) -> Reduced:
    """Leave out arrivals that can never pay and moves that cannot be used."""
    moves = _usable_moves(problem, params)
    keep = _units_kept(problem, moves, params)
    moves = moves[_useful_moves(cut(problem, moves, keep), params)]
    keep = _units_kept(problem, moves, params)
    lean = cut(problem, moves, keep)
    lean = replace(lean, late=_late_that_may_pay(lean, params))
    counts = {
        "moves_presolved": len(problem.moves.action) - len(moves),
        "units_presolved": len(problem.units.cell) - len(lean.units.cell),
    }
    return Reduced(lean, moves, counts)


def needed(problem: ShippingProblem) -> Bools:
    """Mark moves that a planner's minimum may need, shape (M,)."""
    mark = np.zeros(len(problem.moves.action), dtype=bool)
    for lock in problem.locks:
        if lock.at_least > 0:
            mark[lock.moves] = True
    return mark


def _usable_moves(problem: ShippingProblem, params: PlanParams) -> Ints:
    """Find the moves whose origin holds units for at least one step."""
    moves, table = problem.moves, cell_units(problem)
    in_region = table.on_hand[moves.origin_cell] if len(table.on_hand) else np.zeros(0, dtype=int)
    lies = np.where(moves.origin_hub >= 0, units_at_hub(problem), in_region)
    room = np.where(moves.destination_cell >= 0, table.count[moves.destination_cell], 1)
    least = line_minimum(problem, params.minimum_line_quantity)
    small_lock = needed(problem)
    return np.flatnonzero((lies >= np.where(small_lock, 1, least)) & (room > 0))


def _units_kept(problem: ShippingProblem, kept: Ints, params: PlanParams) -> Ints:
    """Number of units of each cell that stay candidates, shape (C,)."""
    moves, table = problem.moves, cell_units(problem)
    cells = len(problem.cell_item)
    ships = kept[moves.from_hub[kept]]
    cheapest = np.full(cells, np.inf)
    np.minimum.at(
        cheapest, moves.destination_cell[ships], (moves.charged + least_lateness(problem))[ships]
    )
    step = np.ones(cells, dtype=np.int64)
    np.maximum.at(
        step,
        moves.destination_cell[ships],
        line_minimum(problem, params.minimum_line_quantity)[ships],
    )
    pays = _best_step(problem, step) > cheapest[problem.units.cell]
    last = np.zeros(cells, dtype=np.int64)
    np.maximum.at(last, problem.units.cell[pays], problem.units.rank[pays])
    redirected = kept[moves.between_cells[kept]]
    sources = np.zeros(cells, dtype=np.int64)
    np.add.at(
        sources, moves.destination_cell[redirected], table.on_hand[moves.origin_cell[redirected]]
    )
    keep = np.minimum(np.maximum(table.on_hand, last) + sources, table.count)
    locked = np.flatnonzero(needed(problem))
    everywhere = moves.destination_cell[locked]
    keep[everywhere[everywhere >= 0]] = table.count[everywhere[everywhere >= 0]]
    return keep


def _best_step(problem: ShippingProblem, step: Ints) -> Floats:
    """Highest mean value of a step (pack, minimum line) that could contain each unit."""
    units, table = problem.units, cell_units(problem)
    total = np.concatenate([[0.0], np.cumsum(units.value)])
    size, start = step[units.cell], table.start[units.cell]
    last = np.maximum(units.rank, size)
    fits = last <= table.count[units.cell]
    last = np.minimum(last, table.count[units.cell])
    mean = (total[start + last] - total[start + last - np.minimum(size, last)]) / size
    single = size == 1
    noise = 1e-9 * np.maximum(1.0, np.abs(mean))  # of the running sums: keep when in doubt
    return np.where(single, units.value, np.where(fits, mean + noise, -np.inf))


def _useful_moves(problem: ShippingProblem, params: PlanParams) -> Bools:
    """Mark moves that some best plan could use, shape (M,)."""
    moves, table = problem.moves, cell_units(problem)
    cost = moves.charged + least_lateness(problem)
    gives = touched(problem, moves.origin_cell)
    # best that an arrival can find: the first rank after what lies there, or the first of all
    entry = table.start + np.where(gives, 0, table.on_hand)
    entry_ok = np.where(gives, table.count > 0, table.count > table.on_hand)
    best = _padded(problem.units.value, entry, entry_ok, -np.inf)
    last = _padded(problem.units.value, table.start + table.count - 1, table.count > 0, np.inf)
    reach = best[moves.destination_cell] if len(best) else np.zeros(0)
    pays = moves.from_hub & (reach > cost)
    receives = (moves.destination_cell >= 0) & np.isfinite(reach)
    giving_up = np.minimum(last - lateness_spread(problem), _cheapest_way_in(problem))
    tight = _storage_may_bind(problem)
    origin = np.maximum(moves.origin_cell, 0)
    if len(problem.cell_item) == 0:
        return np.zeros(len(moves.action), dtype=bool)
    bound_region = tight[problem.cell_region[origin]] | _stepped(problem, params)[origin]
    redirect = moves.between_cells & receives
    pays |= redirect & (bound_region | (reach - cost > giving_up[origin]))
    pays |= moves.out_of_cells & (bound_region | (cost < 0) | (cost + giving_up[origin] < 0))
    return np.asarray(pays | needed(problem))


def _stepped(problem: ShippingProblem, params: PlanParams) -> Bools:
    """Mark cells in which a unit may leave to make room for a pack or a required line, (C,)."""
    into, mark = problem.moves.destination_cell, np.zeros(len(problem.cell_item), dtype=bool)
    forced = (into >= 0) & (
        (line_minimum(problem, params.minimum_line_quantity) > 1) | needed(problem)
    )
    mark[into[forced]] = True
    return mark


def _padded(value: Floats, place: Ints, inside: Bools, fill: float) -> Floats:
    """Read `value[place]` where `inside`, else take `fill`."""
    result = np.full(len(place), fill)
    result[inside] = value[place[inside]]
    return result


def _cheapest_way_in(problem: ShippingProblem) -> Floats:
    """Least cost of replacing a unit given up in a cell; -inf where redirects may chain."""
    moves = problem.moves
    cheapest = np.full(len(problem.cell_item), np.inf)
    ships, redirects = moves.from_hub, moves.between_cells
    np.minimum.at(
        cheapest, moves.destination_cell[ships], (moves.charged + least_lateness(problem))[ships]
    )
    cheapest[moves.destination_cell[redirects]] = -np.inf
    return cheapest


def _storage_may_bind(problem: ShippingProblem) -> Bools:
    """Mark regions whose storage the candidate units could overfill, shape (G,)."""
    table = cell_units(problem)
    most = (table.count - table.on_hand) * problem.volume[problem.cell_item]
    demand = np.bincount(problem.cell_region, weights=most, minlength=len(problem.regions))
    return demand > free_storage(problem)


def cut(problem: ShippingProblem, kept: Ints, keep: Ints) -> ShippingProblem:
    """Return the problem with only the moves at `kept` and each cell's first `keep` units."""
    units = problem.units
    chosen = np.flatnonzero(units.rank <= keep[units.cell])
    place = np.full(len(problem.moves.action), -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    locks = tuple(_follow(lock, place) for lock in problem.locks)
    columns = {name: getattr(problem.moves, name)[kept] for name in Moves.__dataclass_fields__}
    rows = {name: getattr(units, name)[chosen] for name in Units.__dataclass_fields__}
    packs = problem.pack_size[problem.supply_item]
    whole = problem.supply_units // packs * packs  # what lies beside whole packs cannot leave
    return replace(
        problem,
        units=Units(**rows),
        moves=Moves(**columns),
        locks=locks,
        own=problem.own.of(kept),
        supply_units=whole,
        late=problem.late.rows_of(chosen, len(units.cell)),
    )


def _late_that_may_pay(problem: ShippingProblem, params: PlanParams) -> LateUnits:
    """Leave out late units that no best plan sends, so that their cells need no days.

    Without the last unit of a day those of later days move down a rank, and lose at most what worth
    rises with rank. So no unit comes that, with this rise, is worth less than the cheapest ship of
    its day, by its own worth and as charged, nor any of higher rank on that day.
    """
    moves, late, days, units = problem.moves, problem.late, other_days_of(problem), problem.units
    known = np.flatnonzero(days.of_move >= 0)
    cheapest, charge = np.full(len(days.cell), np.inf), arrivals_on(problem, days)[1]
    np.minimum.at(cheapest, days.of_move[known], moves.charged[known])
    charged = units.value[late.unit] - charge[days.of_row]
    cell, rank = units.cell[late.unit], units.rank[late.unit]
    most = np.maximum(late.value, charged) + _rise(problem, days, charged)[cell]
    other = _stepped(problem, params) | touched(
        problem, moves.destination_cell[moves.between_cells]
    )
    pays = (most > cheapest[days.of_row]) | other[cell]
    last = np.zeros(len(days.cell), dtype=np.int64)
    np.maximum.at(last, days.of_row[pays], rank[pays])
    return late.at(np.flatnonzero(rank <= last[days.of_row]))


def _rise(problem: ShippingProblem, days: OtherDays, charged: Floats) -> Floats:
    """Most that a cell's units gain by moving up one rank, on days after the earliest, (C,)."""
    late, units = problem.late, problem.units
    order = np.lexsort((late.unit, days.of_row))
    same = np.diff(days.of_row[order]) == 0
    before, after = order[:-1][same], order[1:][same]
    up = np.maximum(late.value[after], charged[after]) - late.value[before]
    most = np.zeros(len(units.cell))
    np.maximum.at(most, late.unit[before], up)
    return np.asarray(np.bincount(units.cell, most, len(problem.cell_item)), dtype=float)


def _follow(lock: Lock, place: Ints) -> Lock:
    """Return the lock over the moves that are left."""
    mine = place[lock.moves]
    return replace(lock, moves=mine[mine >= 0])
