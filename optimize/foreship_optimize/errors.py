"""What can go wrong in the optimise room.

OptimizeError
├── TableFault       3   a frame handed in breaks what `foreship_optimize.tables` promises
├── LimitsConflict   4   the limits cannot all hold and `strict` was asked for
├── NoUsablePlan     5   the solver or a limit stopped the run before any feasible plan
├── SolverRefused    5   the installed solver is known to return wrong answers
└── AuditFailed      1   the independent audit disagrees with a finished plan (our bug)

The numbers are exit codes of the contract; the root of all is `foreship.errors.ForeshipError`.
"""

from __future__ import annotations

from foreship_foundation.errors import ForeshipError

__all__ = [
    "AuditFailed",
    "LimitsConflict",
    "NoUsablePlan",
    "OptimizeError",
    "SolverRefused",
    "TableFault",
]


class OptimizeError(ForeshipError):
    """Parent of every error this room raises on purpose."""


class TableFault(OptimizeError):
    """A frame breaks its contract; the message lists all its faults."""

    exit_code = 3

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(faults)  # as given, so that it can be sent from a worker

    def __str__(self) -> str:
        return "\n".join(self.faults)


class LimitsConflict(OptimizeError):
    """Limits contradict each other; `conflicts` names them in a planner's words."""

    exit_code = 4

    def __init__(self, conflicts: list[str]) -> None:
        self.conflicts = conflicts
        super().__init__(conflicts)

    def __str__(self) -> str:
        return "the limits cannot all hold:\n" + "\n".join(self.conflicts)


class NoUsablePlan(OptimizeError):
    """No feasible plan was found within the limits of time or memory."""

    exit_code = 5


class SolverRefused(OptimizeError):
    """The solver's version is blocked."""

    exit_code = 5


class AuditFailed(OptimizeError):
    """The plan does not survive its independent recomputation."""

    def __init__(self, violations: list[str]) -> None:
        self.violations = violations
        super().__init__(violations)

    def __str__(self) -> str:
        return "the plan failed its audit:\n" + "\n".join(self.violations)
