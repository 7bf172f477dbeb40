"""How the program counts units together: in atoms (steps), tiers (blocks) and lots (arrivals).

An **atom** is what a cell can take at once: a unit, or where only ships in packs reach it, the
minimum line first and packs after it. A **tier** joins neighbouring atoms; a **lot** is a tier, or
a single arrival, whose loss is counted together (docs/program.md, section 2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.arrays import parts, short
from foreship_optimize.limits import cell_units, packs_of
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.unit_groups.units_by_day import (
    CellDays,
    cell_days_of,
    worth_on_last_day,
)

__all__ = [
    "Atoms",
    "Lots",
    "Tiers",
    "TiersByDay",
    "ahead_of",
    "atoms_of",
    "line_minimum",
    "lots_of",
    "tiers_by_day_of",
    "tiers_of",
    "touched",
]  # fmt: skip


NOISE = 1e-9
"""a rise of worth below this is float noise [money]"""


@dataclass(frozen=True)
class Atoms:
    """Consecutive units of a cell that only move together, sorted by (cell, rank)."""

    cell: Ints
    first: Ints
    """position in `problem.units` of the atom's first unit"""
    width: Ints
    """units in the atom"""

    def sums(self, amount: Floats) -> Floats:
        """Add up an amount of each unit over every atom, (A,)."""
        single = self.width == 1
        if single.all():
            return np.asarray(amount[self.first])
        total = np.concatenate([[0.0], np.cumsum(amount)])
        sums = total[self.first + self.width] - total[self.first]
        sums[single] = amount[self.first[single]]
        return np.asarray(sums)


@dataclass(frozen=True)
class Tiers:
    """Blocks of consecutive units of a cell, values averaged inside, sorted by (cell, rank)."""

    cell: Ints
    first: Ints
    """position in `problem.units` of the block's first unit"""
    width: Ints
    """units in the block"""
    value: Floats
    """mean worth of its units, on the last day of cells counted by day [money]"""
    arrival: Bools
    """True where the block's units are arrivals in a cell that gives nothing away"""


def ahead_of(steps: Atoms | Tiers) -> Ints:
    """Units of the same cell in earlier atoms or tiers, shape (A,)."""
    first = np.flatnonzero(np.diff(steps.cell, prepend=-1))
    ahead = np.cumsum(steps.width) - steps.width
    ahead -= np.repeat(ahead[first], np.diff(first, append=len(steps.cell)))
    return ahead


@dataclass(frozen=True)
class TiersByDay:
    """Tiers of the cells counted by day, one row a (cell-day, tier), sorted."""

    cell_day: Ints
    tier: Ints
    value: Floats
    """mean worth of the tier's units on that day beyond that on the cell's next day [money]"""
    last: Bools
    """True on the last day of a cell, whose tiers are the plain `Tiers`"""
    rises: Bools
    """True where on that day the values do not fall with rank"""


@dataclass(frozen=True)
class Lots:
    """Consecutive arrivals of a cell whose loss is counted together, sorted by (cell, ahead)."""

    cell: Ints
    ahead: Ints
    """arrivals of the cell before this lot"""
    width: Ints
    tier: Ints
    """the tier that is this lot; -1 where the cell also gives units away"""


def line_minimum(problem: ShippingProblem, minimum: int) -> Ints:
    """Fewest units of a line of each move, whole packs for ships, shape (M,)."""
    packs = packs_of(problem)
    least = np.where(problem.moves.from_hub, minimum, 1)
    return np.asarray(-(-least // packs) * packs)


def touched(problem: ShippingProblem, cells: Ints) -> Bools:
    """Mark the cells named in `cells`, where -1 names none, shape (C,)."""
    mark = np.zeros(len(problem.cell_item), dtype=bool)
    mark[cells[cells >= 0]] = True
    return mark


def atoms_of(problem: ShippingProblem, minimum_line: int) -> Atoms:
    """Cut the units of every cell that some move touches into atoms.

    On-hand units that no move can take away are constants and in no atom; nor are arrivals that
    no whole pack can reach.
    """
    moves, units, table = problem.moves, problem.units, cell_units(problem)
    gives = touched(problem, moves.origin_cell)
    takes = touched(problem, moves.destination_cell)
    pack, start = _steps_into(problem, gives, minimum_line)
    before = 1 + np.where(gives, 0, table.on_hand)
    found = [(np.zeros(0, dtype=np.int32),) * 2]
    for part in parts(len(units.cell)):
        cell, rank = units.cell[part], units.rank[part]
        named = np.where(units.on_hand[part], gives[cell], takes[cell])
        ahead = rank - before[cell]
        beyond = ahead - start[cell]
        opens = named & ((ahead == 0) | ((beyond >= 0) & (beyond % pack[cell] == 0)))
        width = np.where(ahead == 0, start[cell], pack[cell])
        first = np.flatnonzero(opens & (rank - 1 + width <= table.count[cell]))
        found.append((short(part.start + first), short(width[first])))
    first, width = (np.concatenate([each[column] for each in found]) for column in (0, 1))
    return Atoms(units.cell[first], first, width)


def _steps_into(problem: ShippingProblem, gives: Bools, minimum_line: int) -> tuple[Ints, Ints]:
    """Units of each step, and of the first step, into each cell; 1 unless only ships come."""
    ships, into = problem.moves.from_hub, problem.moves.destination_cell
    stepped = touched(problem, into[ships])
    stepped &= ~gives & ~touched(problem, into[~ships])
    pack = np.where(stepped, problem.pack_size[problem.cell_item], 1)
    return pack, np.where(stepped, -(-minimum_line // pack) * pack, 1)


def tiers_of(
    problem: ShippingProblem,
    maximum_blocks: int | None,
    minimum_line: int = 1,
    *,
    risky: bool = False,
) -> Tiers:
    """Join the atoms of every cell into tiers of equal, or of nearly equal, value.

    Atoms of equal value share a tier; beyond `maximum_blocks` (None: no maximum) neighbours of
    unequal value do too. Always does a tier begin behind a floor: the worth of reaching it is never
    spread over units beyond it.

    Parameters
    ----------
    risky
        Losses are limited: an arrival is then joined only beyond `maximum_blocks`, for the loss
        of a tier is spread evenly over its units, and the first are the least likely to be lost.
    """
    atoms, cell_days = atoms_of(problem, minimum_line), cell_days_of(problem)
    worth = worth_on_last_day(problem, cell_days)
    same_worth = worth[atoms.first] == worth[atoms.first + atoms.width - 1]
    mean = np.where(same_worth, worth[atoms.first], atoms.sums(worth) / atoms.width)
    new_cell = np.diff(atoms.cell, prepend=-1) != 0
    gives = touched(problem, problem.moves.origin_cell)
    opens = new_cell | (np.diff(mean, prepend=np.inf) != 0) | (risky & ~gives[atoms.cell])
    opens |= cell_days.inside[atoms.cell]  # units of one worth on this day differ on another
    if maximum_blocks is not None:
        opens = _coarser(atoms.cell, new_cell, opens, maximum_blocks)
        opens |= _behind_floors(problem, atoms)
    first = np.flatnonzero(opens)
    if len(first) == 0:
        none = np.zeros(0, dtype=np.int64)
        return Tiers(none, none, none, np.zeros(0), np.zeros(0, dtype=bool))
    width = np.add.reduceat(atoms.width, first)
    value = np.add.reduceat(atoms.width * mean, first) / width
    last = np.append(first[1:], len(mean)) - 1
    value = np.where(mean[first] == mean[last], mean[first], value)
    cell = atoms.cell[first]
    return Tiers(cell, atoms.first[first], width, value, ~gives[cell])


def tiers_by_day_of(
    problem: ShippingProblem, cell_days: CellDays, tiers: Atoms | Tiers
) -> TiersByDay:
    """Write down the tiers or atoms of cells counted by day, day by day."""
    cells = len(problem.cell_item)
    count = np.bincount(tiers.cell, minlength=cells)
    first = np.cumsum(count) - count
    size = count[cell_days.cell]
    cell_day = np.repeat(np.arange(len(cell_days.cell)), size)
    before = np.repeat(np.cumsum(size) - size, size)
    tier = np.arange(len(cell_day)) - before + first[cell_days.cell[cell_day]]
    total = np.concatenate([[0.0], np.cumsum(cell_days.more())])
    start = (
        cell_days.start[cell_day]
        + tiers.first[tier]
        - cell_units(problem).start[cell_days.cell[cell_day]]
    )
    value = (total[start + tiers.width[tier]] - total[start]) / tiers.width[tier]
    up = (np.diff(value, prepend=np.inf) > NOISE) & (np.diff(cell_day, prepend=-1) == 0)
    rises = np.bincount(cell_day[up], minlength=len(cell_days.cell)) > 0
    return TiersByDay(cell_day, tier, value, cell_days.is_last()[cell_day], rises[cell_day])


def lots_of(problem: ShippingProblem, tiers: Tiers) -> Lots:
    """Write down the arrivals of every cell that a ship or a redirect reaches.

    Where a cell gives nothing away its tiers are arrivals already; elsewhere arrivals are counted
    apart, one by one, for a unit sent away does not undo the loss of one sent in.
    """
    table = cell_units(problem)
    takes = touched(problem, problem.moves.destination_cell)
    same = np.flatnonzero(tiers.arrival & takes[tiers.cell])
    gives = touched(problem, problem.moves.origin_cell)
    apart = np.flatnonzero(takes & gives)
    count = table.count[apart]
    one_by_one = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    rank = tiers.first[same] - table.start[tiers.cell[same]]
    cell = np.concatenate([tiers.cell[same], np.repeat(apart, count)])
    ahead = np.concatenate([rank - table.on_hand[tiers.cell[same]], one_by_one])
    width = np.concatenate([tiers.width[same], np.ones(len(one_by_one), dtype=np.int64)])
    tier = np.concatenate([same, np.full(len(one_by_one), -1, dtype=np.int64)])
    order = np.lexsort((ahead, cell))
    return Lots(cell[order], ahead[order], width[order], tier[order])


def _behind_floors(problem: ShippingProblem, atoms: Atoms) -> Bools:
    """Mark the first atom of each cell that begins behind its floor."""
    if not len(problem.floor_rank):
        return np.zeros(len(atoms.cell), dtype=bool)
    behind = problem.units.rank[atoms.first] > problem.floor_rank[atoms.cell]
    return np.asarray(behind & ~np.append(False, behind[:-1]))


def _coarser(cell: Ints, new_cell: Bools, new_value: Bools, maximum: int) -> Bools:
    """Mark the starts of at most `maximum` tiers a cell, by merging runs of equal value evenly."""
    run = np.cumsum(new_value) - 1
    first_run = np.maximum.accumulate(np.where(new_cell, run, 0))
    place = run - first_run
    runs = np.zeros(int(cell.max()) + 1 if len(cell) else 0, dtype=np.int64)
    np.maximum.at(runs, cell, place + 1)
    count = runs[cell]
    block = np.where(count > maximum, place * maximum // np.maximum(count, 1), place)
    return np.asarray(new_cell | (np.diff(block, prepend=-1) != 0))
