"""Replay, measure and review: what plans and forecasts were worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship.api.bars import with_bar
from foreship.api.given import a_run_or_none, a_workspace, at, given, whole_weeks
from foreship.files import path_of

if TYPE_CHECKING:
    import pandas as pd

    from foreship.frames.kinds import IntoFrame
    from foreship.jobs.judging.frontier import Frontier
    from foreship.replay.backtest import Backtest
    from foreship.reviews.results import Review
    from foreship.runs import Run
    from foreship.sweeps.sweeping import Sweep
    from foreship.workspace.opening import Workspace
    from foreship_forecast.evaluation.rolling import Evaluation

__all__ = ["backtest", "evaluate", "frontier", "review", "sweep"]


@with_bar
def backtest(
    workspace: Workspace,
    weeks: int = 8,
    policies: Sequence[str | Callable[..., Any]] | Mapping[str, Callable[..., Any]] | None = None,
    *,
    cost_factors: Sequence[float] = (),
    regret: bool = False,
    workers: int = 1,
    how: str | None = None,
) -> Backtest:
    """Replay the last `weeks` weeks with what truly was ordered; `.money` is a row a policy.

    `policies` are names and functions of your own, or a mapping of names to functions.
    `.promises` holds plans' promises against what came; with `regret`, `.regret` says where the
    money between the oracle without limits and `foreship` was lost, for some more replays. With
    `cost_factors` such as (0.5, 1, 2), `.sensitivity` repeats it at lane and exit costs times each.

    Several `workers` share the work among `processes` or over `dask`, with the same result; in
    a script, call it under `if __name__ == "__main__":`.
    """
    from foreship.replay.backtest import backtest as replay

    return replay(
        a_workspace(workspace),
        weeks=whole_weeks(weeks),
        policies=policies,
        cost_factors=cost_factors,
        regret=regret,
        workers=workers,
        how=how,
    )


@with_bar
def evaluate(workspace: Workspace, weeks: int = 8, *, html: str | Path | None = None) -> Evaluation:
    """Measure forecast skill over the last `weeks` weeks against the stated floors.

    With `html`, the result is also written there as one self-contained page.
    """
    from foreship.jobs.judging.evaluating import evaluate_job

    return evaluate_job(
        a_workspace(workspace),
        weeks=whole_weeks(weeks),
        page=None if html is None else path_of(html, "html"),
    )


@with_bar
def frontier(
    workspace: Workspace,
    as_of: str | pd.Timestamp | None = None,
    *,
    forecast: Run | None = None,
) -> Frontier:
    """Trace profit against CVaR: the price of safety.

    Without `forecast` the newest one that was made from the same tables and settings is taken, or
    one is made.
    """
    from foreship.jobs.judging.frontier import frontier as trace_frontier

    return trace_frontier(at(workspace, as_of), forecast=a_run_or_none(forecast, "forecast"))


@with_bar
def sweep(
    workspace: Workspace,
    changes: Mapping[str, Mapping[str, Any]],
    *,
    forecast: Run | None = None,
    demand: str | Path | IntoFrame | None = None,
    workers: int = 1,
) -> Sweep:
    """Plan under each of several settings on one demand; nothing is written, nothing locked.

    Parameters
    ----------
    changes
        Settings by name of the variant, as `{"tight": {"risk.budget": 100}}`; the key
        `cost_factor` is lane, line and exit costs times it. `foreship.budgets(100, 200)`,
        `foreship.costs(0.5, 1, 2)` and `foreship.seeds(1, 2)` make such a mapping; `|` joins them.
    forecast, demand
        What all plan on, as in `foreship.plan`; absent: a forecast of the workspace.
    workers
        Processes at once, with the same result; in a script, call it under
        `if __name__ == "__main__":`.

    Returns
    -------
    Sweep
        `.table`, a row a variant, and `.plans` by name; a variant without a plan has its words.

    Raises
    ------
    UsageError
        With a setting that does not exist, or one that the forecast hangs on.
    """
    from foreship.sweeps.sweeping import sweep as plan_all

    return plan_all(
        a_workspace(workspace),
        changes,
        forecast=a_run_or_none(forecast, "forecast"),
        demand=given(demand),
        workers=workers,
    )


@with_bar
def review(workspace: Workspace, run: str | None = None) -> Review:
    """Say what became of a plan, with what is known until the workspace's Monday.

    Parameters
    ----------
    run
        Name or path of a run; left out, the plan released last, else that of the last week.

    Raises
    ------
    UsageError
        If there is no such plan, or it cannot be played any more.
    """
    from foreship.jobs.judging.reviewing import review_job

    return review_job(a_workspace(workspace), run)
