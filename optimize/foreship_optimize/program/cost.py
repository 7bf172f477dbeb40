"""Cost and losses of a continuous plan, counted as the program does: by atoms, in order of rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.limits import added, cell_units
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.instance import gives_units
from foreship_optimize.program.unit_groups.tiers import (
    Atoms,
    Tiers,
    TiersByDay,
    ahead_of,
    atoms_of,
    tiers_by_day_of,
)
from foreship_optimize.program.unit_groups.units_by_day import CellDays, cell_days_of
from foreship_optimize.risk import Risk, loss_of_outcomes

__all__ = ["CellsByDay", "program_cost", "program_losses", "units_there", "worth_by_day"]

NOISE = 1e-6
"""units by day may break their rows by this, relative, as other points of a solver may"""


def program_cost(
    problem: ShippingProblem, quantity: Floats, minimum_line: int, *, by_day: Floats | None = None
) -> float:
    """Cost of a plan whose cells keep their units of lowest rank (equations 1, 1a) [money].

    Each unit is worth what it is on its own arrival.

    Parameters
    ----------
    quantity
        Units of each move, shape (M,); they need not be whole.
    by_day
        Worth of each cell counted by day in a combination of plans, shape (C,) [money]; taken where
        it is more than that of the units of lowest rank.
    """
    atoms, moves = atoms_of(problem, minimum_line), problem.moves
    there = units_there(problem, quantity)
    filled = np.clip(there[atoms.cell] - ahead_of(atoms), 0.0, atoms.width)
    cell_days, units = cell_days_of(problem), problem.units
    worth = atoms.sums(units.value) / atoms.width
    worth[cell_days.inside[atoms.cell]] = 0.0
    lies = units.on_hand & gives_units(problem)[units.cell]
    cost = float((moves.charged + moves.lateness) @ quantity) + float(units.value[lies].sum())
    cost -= float(worth @ filled)
    if not len(cell_days.cell):
        return cost
    lowest = CellsByDay.of(problem, cell_days, atoms).worth(quantity)
    return cost - float((lowest if by_day is None else np.maximum(lowest, by_day)).sum())


def units_there(problem: ShippingProblem, quantity: Floats) -> Floats:
    """Units in each cell under a plan: arrivals and, where units may leave, those on hand."""
    moves, cells = problem.moves, len(problem.cell_item)
    into, outof = moves.destination_cell >= 0, moves.origin_cell >= 0
    there = added(moves.destination_cell[into], quantity[into], cells)
    there -= added(moves.origin_cell[outof], quantity[outof], cells)
    return there + np.where(gives_units(problem), cell_units(problem).on_hand, 0)


@dataclass(frozen=True)
class CellsByDay:
    """The cells of a problem that are counted by day, and what they are worth (equation 1a)."""

    problem: ShippingProblem
    cell_days: CellDays
    tiers_by_day: TiersByDay
    ahead: Floats
    """units of the same cell before the step, by row of `tiers_by_day`"""
    width: Floats
    """units of the step, by row of `tiers_by_day`"""

    @classmethod
    def of(cls, problem: ShippingProblem, cell_days: CellDays, steps: Atoms | Tiers) -> CellsByDay:
        """Write the cells counted by day down in steps: atoms or tiers."""
        tiers_by_day = tiers_by_day_of(problem, cell_days, steps)
        ahead, width = (
            each[tiers_by_day.tier].astype(float) for each in (ahead_of(steps), steps.width)
        )
        return cls(problem, cell_days, tiers_by_day, ahead, width)

    def worth(self, quantity: Floats | Ints) -> Floats:
        """Worth of every cell's units of lowest rank, 0 if not counted by day, (C,) [money]."""
        there = self._there(quantity)[self.tiers_by_day.cell_day]
        return self._summed(np.clip(there - self.ahead, 0.0, self.width))

    def worth_of(self, quantity: Floats, units: Floats) -> Floats:
        """Worth by cell, from units by row of `tiers_by_day`; -inf where they break (2a), (C,)."""
        tiers_by_day, cell_days = self.tiers_by_day, self.cell_days
        size = np.diff(np.searchsorted(tiers_by_day.cell_day, np.arange(len(cell_days.cell) + 1)))
        later = units[
            np.minimum(np.arange(len(units)) + size[tiers_by_day.cell_day], len(units) - 1)
        ]
        share = units / self.width
        same = np.diff(tiers_by_day.cell_day, prepend=-1) == 0
        wrong = (units < -NOISE) | (units > self.width * (1 + NOISE) + NOISE)
        wrong |= ~tiers_by_day.last & (units > later + NOISE * (1 + later))
        wrong |= tiers_by_day.rises & same & (np.diff(share, prepend=0.0) > NOISE)
        there = self._there(quantity)
        apart = np.abs(added(tiers_by_day.cell_day, units, len(cell_days.cell)) - there)
        broken = apart > NOISE * np.maximum(1.0, np.abs(there)) * 10
        worth = self._summed(units)
        worth[cell_days.cell[broken]] = -np.inf
        worth[cell_days.cell[tiers_by_day.cell_day[wrong]]] = -np.inf
        return worth

    def _there(self, quantity: Floats | Ints) -> Floats:
        """Units there by each cell-day; those on hand count where units may leave, (E,)."""
        moves, cell_days, cells = self.problem.moves, self.cell_days, len(self.problem.cell_item)
        outof = moves.origin_cell >= 0
        lies = np.where(gives_units(self.problem), cell_units(self.problem).on_hand, 0)
        left = lies - added(moves.origin_cell[outof], quantity[outof].astype(float), cells)
        into = np.flatnonzero(cell_days.of_move >= 0)
        come = added(cell_days.of_move[into], quantity[into].astype(float), len(cell_days.cell))
        first = np.flatnonzero(np.diff(cell_days.cell, prepend=-1))
        total = np.cumsum(come)
        total -= np.repeat(total[first] - come[first], np.diff(first, append=len(come)))
        return total + left[cell_days.cell]

    def _summed(self, units: Floats) -> Floats:
        """Worth of units by row of `tiers_by_day`, added up by cell, (C,) [money]."""
        cell = self.cell_days.cell[self.tiers_by_day.cell_day]
        return added(cell, self.tiers_by_day.value * units, len(self.problem.cell_item))


def worth_by_day(problem: ShippingProblem, tiers: Tiers, quantity: Floats, there: Floats) -> Floats:
    """Worth of each cell counted by day at a solver's point; -inf where it breaks (2a), (C,).

    Parameters
    ----------
    quantity
        Units of each move, shape (M,).
    there
        Units of each tier, then by day, as `formulation.units_by_day` adds them.
    """
    cells = CellsByDay.of(problem, cell_days_of(problem), tiers)
    last = cells.tiers_by_day.last
    units = np.zeros(len(last))
    units[last] = there[cells.tiers_by_day.tier[last]]
    units[~last] = there[len(tiers.cell) :][: np.count_nonzero(~last)]
    return cells.worth_of(quantity, units)


def program_losses(
    problem: ShippingProblem, risk: Risk, quantity: Floats, minimum_line: int
) -> Floats:
    """Loss of each outcome of a continuous plan, as tiers count it (equation 8), (S,) [money].

    A share of an atom loses that share of what the atom loses.
    """
    atoms, moves = atoms_of(problem, minimum_line), problem.moves
    into = np.flatnonzero(moves.destination_cell >= 0)
    come = added(moves.destination_cell[into], quantity[into], len(problem.cell_item))
    low, high = np.floor(come), np.ceil(come)
    ahead, alone = ahead_of(atoms), ~gives_units(problem)[atoms.cell]
    part = np.flatnonzero(
        alone & (ahead < come[atoms.cell]) & (come[atoms.cell] < ahead + atoms.width)
    )
    low[atoms.cell[part]] = ahead[part]
    high[atoms.cell[part]] = (ahead + atoms.width)[part]
    share = (come - low) / np.maximum(high - low, 1.0)
    losses = loss_of_outcomes(problem, risk, quantity)
    for cell in np.flatnonzero(high - low > 1.0).tolist():  # between whole units losses are linear
        need, rate = problem.need[cell].astype(float), problem.loss_per_unit[cell]
        ends = [np.maximum(end - need, 0.0) for end in (low[cell], high[cell], come[cell])]
        losses += rate * ((1.0 - share[cell]) * ends[0] + share[cell] * ends[1] - ends[2])
    return losses
