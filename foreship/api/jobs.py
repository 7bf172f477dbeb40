"""Forecast, plan, and try a plan: jobs that write a run folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship.api.given import at, given, keeping
from foreship.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from foreship.frames.kinds import IntoFrame
    from foreship.jobs.deciding.what_if import WhatIf
    from foreship.runs import Run
    from foreship.workspace.opening import Workspace

__all__ = ["forecast", "plan", "run", "what_if"]


def forecast(
    workspace: Workspace,
    as_of: str | pd.Timestamp | None = None,
    *,
    model: Run | None = None,
    retrain: bool = False,
    cluster: str | None = None,
) -> Run:
    """Predict purchase probabilities; with `model`, by that earlier run's model.

    With `retrain` too, a model is learned anew and takes its place if it wins on the weeks since.
    With `cluster`, the workers of a Dask cluster share the work: as of `run`.
    """
    from foreship.jobs.weekly import forecast_job

    job = forecast_job(at(workspace, as_of), model=model, retrain=retrain, cluster=cluster)
    return keeping(job, workspace)


def plan(
    workspace: Workspace,
    as_of: str | pd.Timestamp | None = None,
    *,
    forecast: Run | None = None,
    demand: str | Path | IntoFrame | None = None,
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

    here, own = at(workspace, as_of), given(demand)
    made = plan_job(here, demand=own, forecast=forecast, strict=strict)
    return keeping(made, workspace)


def run(
    workspace: Workspace,
    as_of: str | pd.Timestamp | None = None,
    *,
    cluster: str | None = None,
) -> Run:
    """Forecast, plan and report: the weekly job.

    Parameters
    ----------
    cluster
        A Dask cluster whose workers share the work, with the same bytes: `tcp://host:8786` of its
        scheduler, or `local:4`, four workers of this machine for the time of the job.

    Returns
    -------
    Run
        `.forecast`, `.plan`, `.units` as frames, `.summary` as a dictionary, `.path`; where known
        `.departures`, `.needs` of hubs by week, `.ahead` what later plans should send.
    """
    from foreship.jobs.weekly import run_job

    return keeping(run_job(at(workspace, as_of), cluster=cluster), workspace)


def what_if(
    workspace: Workspace,
    settings: Mapping[str, Any] | None = None,
    tables: Mapping[str, str | Path] | None = None,
    *,
    against: Run | None = None,
    demand: str | Path | IntoFrame | None = None,
) -> WhatIf:
    """Plan with other settings or tables, lying apart, and set it against a run.

    Parameters
    ----------
    settings
        By `section.setting`, as `{"plan.freight_budget": 500}`; None takes a setting away.
    tables
        Files by table name; of a workspace of frames, say `workspace.with_tables(...)` instead.
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
    if workspace.keeper is None:
        history = len(workspace.tables["orders"]) > 0
        changed = open_workspace(
            workspace.path, workspace.as_of, history=history, config=config, out=workspace.out
        )
    elif tables:
        raise UsageError("this workspace is one of frames: give them to workspace.with_tables")
    else:
        changed = workspace.with_settings(**(settings or {}))
    found = what_if_job(changed, tried, against, demand=given(demand))
    return replace(found, run=keeping(found.run, workspace))
