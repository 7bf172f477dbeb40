"""Forecast, plan, and try a plan: jobs that write a run folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship.api.bars import with_bar
from foreship.api.given import a_run_or_none, a_workspace, at, given, keeping, patient

if TYPE_CHECKING:
    import pandas as pd

    from foreship.frames.kinds import IntoFrame
    from foreship.jobs.trying.what_if import WhatIf
    from foreship.pipeline.known import Policy
    from foreship.runs import Run
    from foreship.workspace.opening import Workspace
    from foreship_optimize.own_limits.limit import Limit

__all__ = ["forecast", "plan", "run", "what_if"]


@with_bar
def forecast(
    workspace: Workspace,
    as_of: str | pd.Timestamp | None = None,
    *,
    model: Run | None = None,
    retrain: bool = False,
    cluster: str | None = None,
    wait: float = 0,
) -> Run:
    """Predict purchase probabilities; with `model`, by that earlier run's model.

    With `retrain` too, a model is learned anew and takes its place if it wins on the weeks since.
    With `cluster`, the workers of a Dask cluster share the work, and with `wait` another job is
    waited for: as of `run`.
    """
    from foreship.jobs.weekly import forecast_job

    with patient(wait):
        made = forecast_job(
            at(workspace, as_of),
            model=a_run_or_none(model, "model"),
            retrain=retrain,
            cluster=cluster,
        )
    return keeping(made, workspace)


@with_bar
def plan(  # noqa: PLR0913 every choice by its name
    workspace: Workspace,
    as_of: str | pd.Timestamp | None = None,
    *,
    forecast: Run | None = None,
    demand: str | Path | IntoFrame | None = None,
    policy: Policy | None = None,
    limits: Sequence[Limit] = (),
    strict: bool = False,
    cluster: str | None = None,
    wait: float = 0,
) -> Run:
    """Plan on a forecast of `as_of`, or on your own scenarios.

    Parameters
    ----------
    forecast
        The forecast run to plan on, whatever it was made from; absent: the newest one that was
        made from the same tables and settings.
    demand
        Your own scenarios, `region, item, week, scenario, units`, as a file or a frame.
    policy
        A function of what is known on the Monday (`foreship.Known`) to the lines that leave, as in
        a backtest: these are priced, audited and written, and limits never give way to them.
    limits
        Your own (`foreship.Limit`), beside those of the tables.
    strict
        Never relax a limit.
    cluster
        A Dask cluster whose workers share the work: as of `run`.
    wait
        Seconds to wait while another job holds the place of the runs.

    Raises
    ------
    WorkspaceLocked
        If another job holds it still.
    UsageError
        If no forecast was made from these tables and settings, and none is given.
    LimitsConflict
        If the lines of a policy break a limit, which it names; with `strict` for any plan.
    """
    from foreship.jobs.weekly import plan_job

    with patient(wait):
        made = plan_job(
            at(workspace, as_of),
            demand=given(demand),
            forecast=a_run_or_none(forecast, "forecast"),
            policy=policy,
            limits=limits,
            strict=strict,
            cluster=cluster,
        )
    return keeping(made, workspace)


@with_bar
def run(
    workspace: Workspace,
    as_of: str | pd.Timestamp | None = None,
    *,
    cluster: str | None = None,
    wait: float = 0,
) -> Run:
    """Forecast, plan and report: the weekly job.

    Parameters
    ----------
    cluster
        A Dask cluster whose workers share the work, with the same bytes: `tcp://host:8786` of its
        scheduler, or `local:4`, four workers of this machine for the time of the job.
    wait
        Seconds to wait while another job holds the place of the runs.

    Returns
    -------
    Run
        `.forecast`, `.plan`, `.units` as frames, `.summary` as a dictionary, `.path`; where known
        `.departures`, `.needs` of hubs by week, `.ahead` what later plans should send.

    Raises
    ------
    WorkspaceLocked
        If another job holds that place, and still does when the waiting is over.
    """
    from foreship.jobs.weekly import run_job

    with patient(wait):
        made = run_job(at(workspace, as_of), cluster=cluster)
    return keeping(made, workspace)


@with_bar
def what_if(
    workspace: Workspace,
    settings: Mapping[str, Any] | None = None,
    tables: Mapping[str, str | Path] | None = None,
    changes: Sequence[str] = (),
    *,
    against: Run | None = None,
    demand: str | Path | IntoFrame | None = None,
    wait: float = 0,
) -> WhatIf:
    """Plan with other settings, tables or numbers, lying apart, and set it against a run.

    Parameters
    ----------
    settings
        By `section.setting`, as `{"plan.freight_budget": 500}`; None takes a setting away.
    tables
        Files by table name; of a workspace of frames, say `workspace.with_tables(...)` instead.
    changes
        Of tables, one after the other, each a sentence: `"lanes.capacity*0.8 where origin=HUB-A"`
        (`*`, `+`, `-` or `=`), `"promotion price*0.8 where week=2026-11-23 and item=00005"`,
        `'event "black friday" where date=2026-11-27'`, `"demand*1.3 where week=2026-11-23"`.
    against
        Run of the same Monday; absent: the plan of it that was made last.
    demand
        Your own scenarios, where `against` was planned on them.
    wait
        Seconds to wait while another job holds the place of the runs.

    Returns
    -------
    WhatIf
        `.run`, `.causes` of the difference in money, `.diff`.

    Raises
    ------
    UsageError
        With every setting, table and change that cannot be.
    """
    from foreship.jobs.trying.trial import with_tried
    from foreship.jobs.trying.what_if import what_if_job

    trial = with_tried(a_workspace(workspace), settings or {}, tables or {}, changes)
    with patient(wait):
        found = what_if_job(trial, a_run_or_none(against, "against"), demand=given(demand))
    return replace(found, run=keeping(found.run, workspace))
