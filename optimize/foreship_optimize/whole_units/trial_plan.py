"""A plan in whole units in which steps are written down, so that what does not earn is undone."""

from __future__ import annotations

from foreship_foundation.arrays import Ints
from foreship_optimize.program.bound import Prices
from foreship_optimize.program.instance import Instance
from foreship_optimize.whole_units.working_plan import RISK_ROW, WorkingPlan

__all__ = ["TrialPlan", "trial_of"]


class TrialPlan(WorkingPlan):
    """A plan under construction whose steps are written down, with what they earn."""

    def restore(self, quantity: Ints) -> None:
        """Start from the units of each move as given, with nothing written down."""
        super().restore(quantity)
        self.begin()

    def take(self, move: int, units: int) -> None:
        """Apply `units` more (or fewer) of a move, and write that down."""
        self.earned += self.gain(move, units)
        self.journal.append((move, units))
        super().take(move, units)

    def begin(self) -> None:
        """Start writing anew."""
        self.earned = 0.0
        self.journal: list[tuple[int, int]] = []

    def mark(self) -> tuple[int, float]:
        """Return where the steps taken so far end, and what they earn."""
        return len(self.journal), self.earned

    def undo_to(self, mark: tuple[int, float]) -> None:
        """Undo what was written down since a mark."""
        steps, earned = mark
        while len(self.journal) > steps:
            move, units = self.journal.pop()
            super().take(move, -units)
        self.earned = earned

    def broken(self, rows: set[int]) -> list[int]:
        """List those of some rows that do not hold, the risk budget last."""
        found = [row for row in sorted(rows) if self.over(row) or self.used[row] < self.fewest[row]]
        return [*found, RISK_ROW] if self.over(RISK_ROW) else found

    def rows_since(self, steps: int) -> set[int]:
        """Rows that the steps written down after the first so many use."""
        return {
            self.row[place]
            for move, _ in self.journal[steps:]
            for place in range(self.edges[move], self.edges[move + 1])
        }


def trial_of(instance: Instance, prices: Prices, quantity: Ints) -> TrialPlan:
    """Start trials from a plan in whole units, shape (M,)."""
    working = TrialPlan(
        instance.problem, instance.limits, instance.params.plan, instance.risk, prices
    )
    working.restore(quantity)
    return working
