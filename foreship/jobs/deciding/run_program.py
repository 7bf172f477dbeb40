"""The program behind a run, written down again from what the run was planned on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreship.errors import UsageError
from foreship.jobs.deciding.past_terms import past_terms
from foreship.pipeline.stages import measured_obsolescence, optimize_params

if TYPE_CHECKING:
    from foreship.runs import Run
    from foreship_optimize.program.named import Program

__all__ = ["program_of"]


def program_of(run: Run) -> Program:
    """Return the continuous program of a run's plan; see `Run.program`."""
    from foreship_optimize.errors import OptimizeError
    from foreship_optimize.single_program import program_behind

    if not run.summary:
        raise UsageError(f"{run.path.name} holds no plan; `foreship plan` makes one")
    if "demand" in run.manifest:
        raise UsageError(
            f"{run.path.name} was planned on scenarios of your own, which it does not keep: "
            "its program cannot be written down again"
        )
    terms = past_terms(run, remedy="its program cannot be written down again")
    workspace, tables, closing = terms.workspace, terms.tables, terms.source.obsolescence
    if closing is None:
        closing = measured_obsolescence(tables, workspace.as_of, workspace.config)
    try:
        return program_behind(
            tables,
            terms.demand,
            workspace.as_of,
            optimize_params(workspace.config),
            obsolescence=closing,
            relaxed=bool(run.summary.get("relaxed")),
        )
    except OptimizeError as error:
        if error.exit_code != OptimizeError.exit_code:
            raise
        raise UsageError(f"{run.path.name}: {error}") from None
