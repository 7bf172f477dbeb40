"""The weekly jobs: forecast, plan, and both with the report.

Each opens nothing and prints nothing: from an open workspace to a run folder, whole or absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from foreship.cluster import at_work, refuse_no_address, refuse_too_large, sent_rows
from foreship.errors import UsageError
from foreship.jobs.after_plan.made import Made
from foreship.jobs.after_plan.steps import after_plan
from foreship.jobs.before_plan.demand_source import (
    ADJUSTED,
    SCENARIOS,
    Source,
    forecast_source,
    made_source,
    own_demand,
)
from foreship.jobs.before_plan.freshness import refuse_old_orders, stale_stock
from foreship.jobs.before_plan.lateness import PlanTables, plan_tables
from foreship.jobs.before_plan.notes import notes_before
from foreship.jobs.before_plan.own_rules import Steered, steered_by
from foreship.jobs.finished import READ
from foreship.jobs.identity import (
    Tell,
    identity_of,
    identity_of_cut,
    iso,
    silent,
    standing_run,
)
from foreship.jobs.keeping.preflight import refuse_full_disk
from foreship.jobs.run_files import (
    Writers,
    forecast_facts,
    forecast_files,
    plan_facts,
    plan_files,
)
from foreship.jobs.run_metrics import run_metrics
from foreship.metrics.meter import stage
from foreship.own_files import MODEL
from foreship.pipeline.fresh_paths import judged_out_of_sample
from foreship.pipeline.stages import ForecastResult, forecast_stage, optimize_params, plan_stage
from foreship.runs import RUNS, WHAT_IFS, Run, workspace_lock, write_run
from foreship.runs.behind import kept_model
from foreship.workspace.held_tables import at_rest
from foreship_foundation.blocks import Across, in_turn
from foreship_foundation.freed import give_back
from foreship_foundation.telling.words import plural, sentences

if TYPE_CHECKING:
    import pandas as pd

    from foreship.pipeline.known import Policy
    from foreship.workspace.opening import Workspace
    from foreship_forecast.learning.model import PurchaseModel
    from foreship_optimize.demand import DemandScenarios
    from foreship_optimize.own_limits.limit import Limit
    from foreship_optimize.plan import Plan

__all__ = ["About", "forecast_job", "plan_job", "planned_run", "run_job"]


def forecast_job(
    workspace: Workspace,
    *,
    model: Run | None = None,
    retrain: bool = False,
    cluster: str | None = None,
    tell: Tell = silent,
) -> Run:
    """Predict demand and write `forecast.parquet`, the scenarios and the model.

    With `retrain`, the model of that run stays unless one learned anew beats it. With `cluster`,
    an address as of `foreship.cluster.connected`, its workers score cells and draw their paths.

    Raises
    ------
    UsageError
        If there is no model to keep or replace, or one was learned later than this `as_of`; or
        `cluster` is no address, whether or not there is work for it.
    Tampered, WorkspaceLocked, and what `foreship_forecast.fit` raises.
    """
    if retrain and model is None:
        raise UsageError("--retrain asks whether a new model beats an old one: give it by --model")
    refuse_no_address(cluster)
    with workspace_lock(workspace.runs_at):
        refuse_old_orders(workspace)
        identity, facts = identity_of(workspace, "forecast", model=_mark(model), retrain=retrain)
        if standing := standing_run(workspace, identity, tell, (*READ, SCENARIOS, MODEL)):
            return standing
        with _at_work(workspace, cluster, tell) as across:
            result = _forecast(workspace, model, across, tell, retrain=retrain)
        facts |= forecast_facts(result) | {"notes": sentences([*workspace.notes, *result.notes])}
        tell("writing the run")
        return write_run(
            workspace.runs_at, iso(workspace.as_of), identity, forecast_files(result), facts
        )


def plan_job(
    workspace: Workspace,
    *,
    demand: Path | pd.DataFrame | None = None,
    forecast: Run | None = None,
    policy: Policy | None = None,
    limits: Sequence[Limit] = (),
    strict: bool = False,
    cluster: str | None = None,
    tell: Tell = silent,
) -> Run:
    """Plan on a forecast of this `as_of`, or on the user's own scenarios.

    With a `policy` the lines are those it decides on; `limits` hold beside those of the tables.
    Without either the newest forecast that was made from the same tables and settings is taken.
    With `cluster`, as of `forecast_job`, its workers draw the paths that the plan is judged on.

    Raises
    ------
    UsageError
        If there is no such forecast, or both a forecast and one's own demand are given; or
        `cluster` is no address.
    """
    refuse_no_address(cluster)
    if demand is not None and forecast is not None:
        raise UsageError("a plan is made on a forecast or on one's own demand: give one of them")
    with workspace_lock(workspace.runs_at):
        refuse_old_orders(workspace)
        source = (
            forecast_source(workspace, forecast)
            if demand is None
            else own_demand(workspace, demand)
        )
        given = plan_tables(workspace)
        steered = steered_by(workspace, given, source, policy, limits)
        more: dict[str, Any] = {**source.identity, **given.identity}
        more |= {} if steered is None else steered.facts
        strict = strict or policy is not None
        identity, facts = identity_of(workspace, "plan", **more, strict=strict)
        # what a function answers is known only after it was asked
        standing = standing_run(workspace, identity, tell) if steered is None else None
        if standing:
            return standing
        before = [*notes_before(workspace), *given.notes]
        about = About(identity, facts, before, steered=steered)
        config = workspace.config
        with at_work(cluster, config.cluster, tell, sent_rows(config.forecast)) as across:
            return planned_run(workspace, source, given, about, tell, strict=strict, across=across)


class About(NamedTuple):
    """What a run with a plan is known by before it is made."""

    identity: str
    facts: Mapping[str, Any]
    """what its manifest says beside files and notes"""
    before: Sequence[str]
    """notes told before those of the forecast and the plan"""
    writers: Writers | None = None
    """its files beside those of the plan, each with its writer"""
    steered: Steered | None = None
    """what it keeps beside the tables"""


def planned_run(  # noqa: PLR0913 everything a run with a plan is made from
    workspace: Workspace,
    source: Source,
    given: PlanTables,
    about: About,
    tell: Tell,
    *,
    strict: bool = False,
    what_if: bool = False,
    accept: Callable[[Plan], object] | None = None,
    across: Across = in_turn,
) -> Run:
    """Plan for a source of demand and write the run; the workspace's lock is held.

    Parameters
    ----------
    what_if
        Whether it is tried and lies apart, never taken for the plan of a week.
    accept
        Called with the plan before anything is written; what it raises ends the job.
    across
        Who works on blocks of cells; it changes none of them.
    """
    refuse_full_disk(workspace.runs_at)
    with at_rest(workspace.tables):
        with stage("demand") as work:
            demand = source.demand()
            work.rows = len(demand.item)
        with stage("plan") as work:
            plan = _plan(
                workspace, given, demand, source, across, tell, strict=strict, steered=about.steered
            )
            work.rows = len(plan.lines)
        if about.steered is not None:
            about.steered.refuse_others(plan)
        if accept is not None:
            accept(plan)
        told = sentences([*about.before, *source.notes, *plan.notes])
        made = Made(
            workspace,
            given.tables,
            demand,
            source.obsolescence,
            cache(source.forecast),
            plan,
            about.identity,
            tuple(told),
            {**about.facts, **plan_facts(workspace), "notes": told},
            strict=strict,
            what_if=what_if,
            readjusted=source.readjusted,
            stale=cache(lambda: tuple(stale_stock(workspace))),
            steered=about.steered is not None,
            skill=source.skill,
        )
        changed = source.adjusted()
        made = made if changed is None else made.adding(ADJUSTED, changed)
        return _write_plan(made, tell, about.writers)


def run_job(workspace: Workspace, *, cluster: str | None = None, tell: Tell = silent) -> Run:
    """Forecast, plan and report: the weekly job; `cluster` as of `forecast_job`."""
    refuse_no_address(cluster)
    with workspace_lock(workspace.runs_at):
        refuse_old_orders(workspace)
        given = plan_tables(workspace)
        identity, facts = identity_of(workspace, "run", **given.identity)
        if standing := standing_run(workspace, identity, tell):
            return standing
        before = [*notes_before(workspace), *given.notes]
        with _at_work(workspace, cluster, tell) as across:
            result = _forecast(workspace, None, across, tell)
            facts |= forecast_facts(result)
            about = About(identity, facts, before, forecast_files(result))
            source = made_source(result, workspace)
            return planned_run(workspace, source, given, about, tell, across=across)


def _write_plan(made: Made, tell: Tell, writers: Writers | None = None) -> Run:
    """Write a run with a plan, and with the files of `writers`; one cut short by a name of its own.

    The job that was asked for stays to be done then: a retry searches again.
    """
    workspace, folder = made.workspace, WHAT_IFS if made.what_if else RUNS
    if made.plan.is_cut or made.steered:
        made = replace(made, identity=identity_of_cut(made.identity, made.plan))
        if standing := standing_run(workspace, made.identity, tell, folder=folder):
            return standing
    with stage("after the plan"):
        made = after_plan(made, tell)
    files = (writers or {}) | plan_files(made, run_metrics(made))
    facts = {**made.facts, "notes": list(made.notes)}
    tell("writing the run")
    day = iso(workspace.as_of)
    return write_run(workspace.runs_at, day, made.identity, files, facts, folder=folder)


@contextmanager
def _at_work(workspace: Workspace, cluster: str | None, tell: Tell) -> Iterator[Across]:
    """Say who works on a forecast, once it is known that disk and stated memory suffice."""
    refuse_full_disk(workspace.runs_at)
    config = workspace.config
    refuse_too_large(workspace.tables, config, on_cluster=cluster is not None)
    with at_work(cluster, config.cluster, tell, sent_rows(config.forecast)) as across:
        yield across


def _forecast(
    workspace: Workspace,
    earlier: Run | None,
    across: Across,
    tell: Tell,
    *,
    retrain: bool = False,
) -> ForecastResult:
    tell(f"forecast as of {iso(workspace.as_of)}")
    model = None if earlier is None else _model_of(earlier)
    if model is not None and model.as_of > iso(workspace.as_of):
        raise UsageError(
            f"the model of {model.as_of} knows orders of {iso(workspace.as_of)} and later; give an"
            f" as_of from {model.as_of} on, or leave out --model"
        )
    tables, config = workspace.tables, workspace.config
    with stage("forecast") as work:
        made = forecast_stage(
            tables, workspace.as_of, config, model, retrain=retrain, across=across
        )
        work.rows = prod(made.paths.distribution.shape)
    give_back()
    return made


def _model_of(run: Run) -> PurchaseModel:
    if not (run.path / MODEL).is_dir():
        raise UsageError(f"{run.path.name} holds no model; give a run of `foreship forecast`")
    return kept_model(run.path)


def _mark(run: Run | None) -> dict[str, str] | None:
    """Return the hashes of a run's model, which identify it under any folder name."""
    if run is None:
        return None
    files = run.manifest["files"]
    return {name: files[name]["sha256"] for name in sorted(files) if name.startswith(f"{MODEL}/")}


def _plan(
    workspace: Workspace,
    given: PlanTables,
    demand: DemandScenarios,
    source: Source,
    across: Across,
    tell: Tell,
    *,
    strict: bool = False,
    steered: Steered | None = None,
) -> Plan:
    from foreship_optimize.ahead.needs import needs_of

    config, as_of = workspace.config, workspace.as_of
    given = given if steered is None else steered.locked(given, as_of)
    tell(f"plan {plural(len(demand.item), 'cell')}")
    plan = plan_stage(
        given.tables,
        demand,
        as_of,
        config,
        strict=strict,
        obsolescence=source.obsolescence,
        keep_interrupted=True,
        own=None if steered is None else steered.rules,
        across=across,
    )
    give_back()
    judged = judged_out_of_sample(plan, given.tables, demand, source.draws, as_of, config, across)
    params, closing = optimize_params(config), source.obsolescence or 0.0
    needs = needs_of(given.tables, demand, as_of, params, closing, judged)
    give_back()
    return replace(judged, needs=needs)
