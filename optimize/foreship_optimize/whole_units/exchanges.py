"""Exchanges in a plan of any moves: a step that fits nowhere is taken, and others make room.

A step is one up or one down: a unit that stays after all needs room as one that comes does. Room is
made by steps down, and by steps up of what leaves: a redirect or an exit frees storage. All steps
are tried on the plan itself, and undone where they do not earn together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_optimize.program.bound import Prices
from foreship_optimize.program.instance import Instance
from foreship_optimize.whole_units.rounding import fill
from foreship_optimize.whole_units.trial_plan import TrialPlan, trial_of
from foreship_optimize.whole_units.working_plan import RISK_ROW, WORTH_IT

__all__ = ["MOST_MOVES", "Exchanges", "with_exchanges"]

MOST_MOVES = 3000
"""moves up to which exchanges are searched: each is tried on the plan itself"""
PASSES = 4
"""most times that all steps are tried"""
REPAIRS = 30
"""most steps that make room for one"""


def with_exchanges(instance: Instance, prices: Prices, quantity: Ints) -> Ints:
    """Better a plan in whole units that keeps its limits, by exchanges, shape (M,)."""
    working = trial_of(instance, prices, quantity)
    exchanges = Exchanges(working)
    for _ in range(PASSES):
        every = range(len(quantity))
        if not (exchanges.let_in(every) | exchanges.keep_back(every)) and not exchanges.shift():
            break
    return working.as_quantity()


class Exchanges:
    """What may make room in a plan, and the search for it."""

    def __init__(self, working: TrialPlan) -> None:
        self.working = working
        limits, moves = working.limits, working.problem.moves
        self.of_row: dict[int, list[tuple[int, float]]] = defaultdict(list)
        entries = zip(
            limits.row.tolist(), limits.move.tolist(), limits.coefficient.tolist(), strict=True
        )
        for row, move, weight in entries:
            self.of_row[row].append((move, weight))
        self.into: dict[int, list[int]] = defaultdict(list)
        for move, cell in enumerate(moves.destination_cell.tolist()):
            if cell >= 0:
                self.into[cell].append(move)
        self.of_cell: dict[int, list[int]] = defaultdict(list)
        for cells in (moves.destination_cell, moves.origin_cell):
            for move, cell in enumerate(cells.tolist()):
                if cell >= 0:
                    self.of_cell[cell].append(move)

    def let_in(self, moves: Iterable[int]) -> bool:
        """Let in the next step of each of some moves, the best first, where that earns."""
        return self._best_first(moves, self.working.step, self._let_in)

    def keep_back(self, moves: Iterable[int]) -> bool:
        """Undo a step of each of some moves, the best first, where that earns and others make room.

        What leaves a full place only because something else comes is found here alone: neither step
        fits, or earns, without the other.
        """
        return self._best_first(moves, lambda move: -self.working.undo(move), self._kept_back)

    def _best_first(
        self, moves: Iterable[int], step: Callable[[int], int], taken: Callable[[int], bool]
    ) -> bool:
        """Have a step of each of some moves taken that earns by itself, the best first."""
        scored = [(self.working.gain(move, step(move)), move) for move in moves]
        changed = False
        for _, move in sorted((-gain, move) for gain, move in scored if gain > WORTH_IT):
            changed |= taken(move)
        return changed

    def shift(self) -> bool:
        """Let a step come by another way into its cell, each in turn, where that earns."""
        changed = False
        for ways in self.into.values():
            for gone in ways:
                for way in ways:
                    if way != gone and self.working.undo(gone):
                        changed |= self._let_in(way, gone)
        return changed

    def _let_in(self, move: int, gone: int = -1) -> bool:
        """Let one step in, make room for it and fill what that leaves; undo it if it loses.

        Parameters
        ----------
        gone
            A move that takes one step down first; none if left out.
        """
        working = self.working
        mark = working.mark()
        if gone >= 0:
            working.take(gone, -working.undo(gone))
        units = working.step(move)
        if working.gain(move, units) <= (WORTH_IT if gone < 0 else -np.inf):
            working.undo_to(mark)
            return False
        held, working.held[move] = working.held[move], working.quantity[move] + units
        working.take(move, units)
        earns = self._earns(mark)
        working.held[move] = held
        return earns

    def _kept_back(self, move: int) -> bool:
        """Undo one step of a move and let others make room; take that back if it loses."""
        working = self.working
        mark, units = working.mark(), working.undo(move)
        if not units or working.gain(move, -units) <= WORTH_IT:
            return False
        working.take(move, -units)
        return self._earns(mark)

    def _earns(self, mark: tuple[int, float]) -> bool:
        """Settle the steps since a mark; undo them where they do not earn together."""
        if self.settle(mark) and self.working.earned - mark[1] > WORTH_IT:
            return True
        self.working.undo_to(mark)
        return False

    def settle(self, mark: tuple[int, float], rows: Iterable[int] = ()) -> bool:
        """Make the rows hold that steps since a mark touch, and fill what then fits elsewhere.

        Parameters
        ----------
        rows
            More rows that have to hold.

        Returns
        -------
        Whether all of them hold.
        """
        working = self.working
        for _ in range(REPAIRS):
            broken = working.broken(working.rows_since(mark[0]).union(rows))
            if not broken:
                fill(working, self.concerned(mark[0]))
                return True
            if not self._repair(broken[0], mark[0]):
                return False
        return False

    def _repair(self, row: int, start: int) -> bool:
        """Take the step that gives up least for each unit of what a broken row lacks.

        One that breaks no other row goes before one that does; none goes back on a step taken since
        `start`.
        """
        working = self.working
        gone_back = {(move, units < 0) for move, units in working.journal[start:]}
        best, chosen = (len(working.most), np.inf), (-1, 0)
        lack = self._lack(row)
        members = working.users(row) if row == RISK_ROW else self.of_row[row]
        for move, weight in members:
            for units in (-working.undo(move), working.step(move)):
                change = weight * units
                if not units or change * lack >= 0.0 or (move, units > 0) in gone_back:
                    continue
                broken = self._broken_by(move, units, row)
                if broken > best[0]:
                    continue
                score = -working.gain(move, units) / min(abs(change), abs(lack))
                if (broken, score) < best and score < np.inf:
                    best, chosen = (broken, score), (move, units)
        if chosen[0] < 0:
            return False
        working.take(*chosen)
        return True

    def _lack(self, row: int) -> float:
        """Return what a broken row holds beyond its limit, below 0 where it holds too little."""
        working = self.working
        if row == RISK_ROW:
            return 1.0
        if working.used[row] > working.most[row]:
            return working.used[row] - working.most[row]
        return working.used[row] - working.fewest[row]

    def _broken_by(self, move: int, units: int, row: int) -> int:
        """Count the other rows that a step breaks, or breaks more."""
        working, count = self.working, 0
        for place in range(working.edges[move], working.edges[move + 1]):
            each, change = working.row[place], working.weight[place] * units
            after = working.used[each] + change
            over = change > 0 and after > working.most[each]
            under = change < 0 and after < working.fewest[each]
            count += each != row and (over or under)
        return count

    def concerned(self, start: int) -> list[int]:
        """Moves that share a cell, or a hub's stock, with the steps from one on, in order."""
        working = self.working
        found: set[int] = set()
        for move, _ in working.journal[start:]:
            for cell in (working.into[move], working.outof[move]):
                found.update(self.of_cell.get(cell, ()))
            for place in range(working.edges[move], working.edges[move + 1]):
                found.update(other for other, _ in self.of_row[working.row[place]])
        return sorted(found)
