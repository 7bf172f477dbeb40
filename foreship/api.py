"""The same jobs in Python: frames in, frames out, and the run folders a batch would write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from foreship.jobs.deciding.approved import Approval
    from foreship.jobs.deciding.releasing import Release
    from foreship.jobs.deciding.what_if import WhatIf
    from foreship.jobs.judging.frontier import Frontier
    from foreship.reading.comparing.compare import Diff
    from foreship.reading.explaining.explanation import Explanation
    from foreship.reading.explaining.overview import Overview
    from foreship.replay.backtest import Backtest
    from foreship.reviews.results import Review
    from foreship.runs import Run
    from foreship.samples import SampleReport
    from foreship.workspace.checking import CheckReport
    from foreship.workspace.opening import Workspace
    from foreship_forecast.evaluation.rolling import Evaluation

__all__ = [
    "approve",
    "backtest",
    "check",
    "diff",
    "evaluate",
    "explain",
    "forecast",
    "frontier",
    "open",
    "plan",
    "release",
    "review",
    "run",
    "sample",
    "what_if",
]


def open(  # noqa: A001
    folder: str | Path, as_of: str | pd.Timestamp | None = None, *, history: bool = True
) -> Workspace:
    """Read, check and type a workspace.

    Parameters
    ----------
    folder
        Folder with `foreship.toml`.
    as_of
        The Monday to plan for; default: the Monday after the last order.
    history
        Whether orders are needed; a plan on one's own demand does without.

    Raises
    ------
    UsageError, InputError
        With every fault of the config or of the tables.
    """
    from foreship.workspace.opening import open_workspace

    return open_workspace(folder, as_of, history=history)


def check(folder: str | Path) -> CheckReport:
    """Return every fault of a workspace at once; change nothing."""
    from foreship.workspace.checking import check as check_workspace

    return check_workspace(Path(folder))


def sample(
    folder: str | Path,
    source: str = "synthetic",
    size: str = "small",
    seed: int = 1,
    kind: str = "parquet",
) -> SampleReport:
    """Write a ready workspace of sample data into a new or empty folder."""
    from foreship.samples import make_sample

    return make_sample(Path(folder), source=source, size=size, seed=seed, kind=kind)


def forecast(
    workspace: Workspace,
    as_of: str | pd.Timestamp | None = None,
    *,
    model: Run | None = None,
    retrain: bool = False,
) -> Run:
    """Predict purchase probabilities; with `model`, by that earlier run's model.

    With `retrain` too, a model is learned anew and takes its place if it wins on the weeks since.
    """
    from foreship.jobs.weekly import forecast_job

    return forecast_job(_at(workspace, as_of), model=model, retrain=retrain)


def plan(
    workspace: Workspace,
    as_of: str | pd.Timestamp | None = None,
    *,
    forecast: Run | None = None,
    demand: str | Path | pd.DataFrame | None = None,
    strict: bool = False,
) -> Run:
    """Plan on a forecast of `as_of`, or on your own scenarios.

    Parameters
    ----------
    forecast
        The forecast run to plan on, whatever it was made from; absent: the newest one that was
        made from the same tables and settings.
    demand
        Your own scenarios, `region, item, week, scenario, units`, as a file or a frame.
    strict
        Never relax a limit.

    Raises
    ------
    UsageError
        If no forecast was made from these tables and settings, and none is given.
    """
    from foreship.jobs.weekly import plan_job

    return plan_job(_at(workspace, as_of), demand=_given(demand), forecast=forecast, strict=strict)


def run(workspace: Workspace, as_of: str | pd.Timestamp | None = None) -> Run:
    """Forecast, plan and report: the weekly job.

    Returns
    -------
    Run
        `.forecast`, `.plan`, `.units` as frames, `.summary` as a dictionary, `.path`; where known
        `.departures`, `.needs` of hubs by week, `.ahead` what later plans should send.
    """
    from foreship.jobs.weekly import run_job

    return run_job(_at(workspace, as_of))


def what_if(
    workspace: Workspace,
    settings: Mapping[str, Any] | None = None,
    tables: Mapping[str, str | Path] | None = None,
    *,
    against: Run | None = None,
    demand: str | Path | pd.DataFrame | None = None,
) -> WhatIf:
    """Plan with other settings or tables, lying apart, and set it against a run.

    Parameters
    ----------
    settings
        By `section.setting`, as `{"plan.freight_budget": 500}`; None takes a setting away.
    tables
        Files by table name.
    against
        Run of the same Monday; absent: the plan of it that was made last.
    demand
        Your own scenarios, where `against` was planned on them.

    Returns
    -------
    WhatIf
        `.run`, `.causes` of the difference in money, `.diff`.
    """
    from foreship.jobs.deciding.changed_settings import Tried, changed_config, text_of
    from foreship.jobs.deciding.what_if import what_if_job
    from foreship.workspace.opening import open_workspace

    said = {key: text_of(value) for key, value in (settings or {}).items()}
    tried = Tried(said, {name: Path(path) for name, path in (tables or {}).items()})
    config = changed_config(workspace.config, workspace.path, tried)
    history = len(workspace.tables["orders"]) > 0
    changed = open_workspace(workspace.path, workspace.as_of, history=history, config=config)
    return what_if_job(changed, tried, against, demand=_given(demand))


def approve(
    run: Run,
    by: str,
    edits: str | Path | None = None,
    *,
    until: str | None = None,
    demand: str | Path | pd.DataFrame | None = None,
) -> Approval:
    """Approve a plan; with edits each is checked and priced, and it is planned again.

    Parameters
    ----------
    by
        Who approves.
    edits
        The run's `plan.xlsx` as edited, or a CSV file `line, decision, new_quantity, comment`.
    until
        Last day on which the edits hold; absent: the Sunday of the week.
    demand
        Your own scenarios, if the run was planned on them.

    Returns
    -------
    Approval
        `.run` is the approved one, `.edits` have their prices.
    """
    from foreship.jobs.deciding.approving import approve_job

    file = None if edits is None else Path(edits)
    return approve_job(run, by=by, edits=file, until=until, demand=_given(demand))


def release(run: Run, by: str, *, bom: bool = False, decimal: str = ".") -> Release:
    """Release a plan: write once what the warehouse takes; `.path` is its folder."""
    from foreship.jobs.deciding.releasing import release_job

    return release_job(run, by=by, bom=bom, decimal=decimal)


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
        workspace,
        weeks=weeks,
        policies=policies,
        cost_factors=cost_factors,
        regret=regret,
        workers=workers,
        how=how,
    )


def evaluate(workspace: Workspace, weeks: int = 8, *, html: str | Path | None = None) -> Evaluation:
    """Measure forecast skill over the last `weeks` weeks against the stated floors.

    With `html`, the result is also written there as one self-contained page.
    """
    from foreship.jobs.judging.evaluating import evaluate_job

    return evaluate_job(workspace, weeks=weeks, page=None if html is None else Path(html))


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

    return trace_frontier(_at(workspace, as_of), forecast=forecast)


def explain(run: Run, item: str | None = None, region: str | None = None) -> Explanation | Overview:
    """Say why this item goes to this region in this quantity, unit by unit.

    An item alone is told in all regions, a region alone with all its items.

    Raises
    ------
    UsageError
        If neither is given, or the run does not know it.
    """
    from foreship.jobs.finished import view_of
    from foreship.reading.explaining.explaining import explained

    return explained(view_of(run), item, region)


def diff(before: Run, after: Run) -> Diff:
    """Compare two plans line by line, with their money."""
    from foreship.jobs.finished import view_of
    from foreship.reading.comparing.compare import diff as compare

    return compare(view_of(before), view_of(after))


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

    return review_job(workspace, run)


def _given(demand: str | Path | pd.DataFrame | None) -> Path | pd.DataFrame | None:
    """Return one's own scenarios as the jobs take them, a file by its path."""
    return Path(demand) if isinstance(demand, (str, Path)) else demand


def _at(workspace: Workspace, as_of: str | pd.Timestamp | None) -> Workspace:
    """Return the workspace for another Monday, its tables as they are."""
    return workspace if as_of is None else workspace.at(as_of)
