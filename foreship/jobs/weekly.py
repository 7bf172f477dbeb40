"""The weekly jobs: forecast, plan, and both with the report.

Each opens nothing and prints nothing: from an open workspace to a run folder, whole or absent.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from foreship.errors import UsageError
from foreship.jobs.demand_source import newest_forecast, own_demand
from foreship.jobs.freshness import held_where_stale, refuse_old_orders
from foreship.jobs.identity import Tell, identity_of, iso, silent, standing_run
from foreship.jobs.notes import notes_before
from foreship.jobs.run_files import forecast_facts, forecast_files, plan_facts, plan_files
from foreship.pipeline.handoff import demand_scenarios
from foreship.pipeline.stages import ForecastResult, forecast_stage, plan_stage
from foreship.runs import Run, workspace_lock, write_run

if TYPE_CHECKING:
    from foreship.workspace.opening import Workspace
    from foreship_forecast.learning.model import PurchaseModel
    from foreship_optimize.demand import DemandScenarios
    from foreship_optimize.plan import Plan

__all__ = ["forecast_job", "plan_job", "run_job"]


def forecast_job(
    workspace: Workspace,
    *,
    model: Run | None = None,
    retrain: bool = False,
    tell: Tell = silent,
) -> Run:
    """Predict demand and write `forecast.parquet`, the scenarios and the model.

    With `retrain`, the model of that run stays unless one learned anew beats it.

    Raises
    ------
    UsageError
        If there is no model to keep or replace, or it was learned later than this `as_of`.
    Tampered, WorkspaceLocked, and what `foreship_forecast.fit` raises.
    """
    if retrain and model is None:
        raise UsageError("--retrain asks whether a new model beats an old one: give it by --model")
    with workspace_lock(workspace.path):
        refuse_old_orders(workspace)
        identity, facts = identity_of(workspace, "forecast", model=_mark(model), retrain=retrain)
        if standing := standing_run(workspace, identity, tell):
            return standing
        result = _forecast(workspace, model, tell, retrain=retrain)
        facts |= forecast_facts(result) | {"notes": [*workspace.notes, *result.notes]}
        tell("writing the run")
        return write_run(
            workspace.path, iso(workspace.as_of), identity, forecast_files(result), facts
        )


def plan_job(
    workspace: Workspace, *, demand: Path | None = None, strict: bool = False, tell: Tell = silent
) -> Run:
    """Plan on the newest forecast of this `as_of`, or on the user's own scenarios.

    Raises
    ------
    UsageError
        If there is neither a forecast nor a demand file.
    """
    with workspace_lock(workspace.path):
        refuse_old_orders(workspace)
        source = newest_forecast(workspace) if demand is None else own_demand(workspace, demand)
        identity, facts = identity_of(workspace, "plan", **source.identity, strict=strict)
        if standing := standing_run(workspace, identity, tell):
            return standing
        plan = _plan(workspace, source.demand(), strict, source.obsolescence, tell)
        facts |= plan_facts(workspace) | {"notes": [*notes_before(workspace), *plan.notes]}
        writers = plan_files(workspace, plan, source.forecast, identity, facts)
        tell("writing the run")
        return write_run(workspace.path, iso(workspace.as_of), identity, writers, facts)


def run_job(workspace: Workspace, *, tell: Tell = silent) -> Run:
    """Forecast, plan and report: the weekly job."""
    with workspace_lock(workspace.path):
        refuse_old_orders(workspace)
        identity, facts = identity_of(workspace, "run")
        if standing := standing_run(workspace, identity, tell):
            return standing
        result = _forecast(workspace, None, tell)
        demand = demand_scenarios(result.paths.whole())
        plan = _plan(workspace, demand, False, result.obsolescence, tell)
        notes = [*notes_before(workspace), *result.notes, *plan.notes]
        facts |= forecast_facts(result) | plan_facts(workspace) | {"notes": notes}
        writers = forecast_files(result)
        writers |= plan_files(workspace, plan, result.forecast, identity, facts)
        tell("writing the run")
        return write_run(workspace.path, iso(workspace.as_of), identity, writers, facts)


def _forecast(
    workspace: Workspace, earlier: Run | None, tell: Tell = silent, *, retrain: bool = False
) -> ForecastResult:
    tell(f"forecast as of {iso(workspace.as_of)}")
    model = None if earlier is None else _model_of(earlier)
    if model is not None and retrain and model.as_of > iso(workspace.as_of):
        raise UsageError(
            f"the model of {model.as_of} knows weeks after {iso(workspace.as_of)}; compare it at a"
            " later Monday"
        )
    return forecast_stage(
        workspace.tables, workspace.as_of, workspace.config, model, retrain=retrain
    )


def _model_of(run: Run) -> PurchaseModel:
    from foreship_forecast.learning.model import PurchaseModel

    if not (run.path / "model").is_dir():
        raise UsageError(f"{run.path.name} holds no model; give a run of `foreship forecast`")
    return PurchaseModel.load(run.path / "model")


def _mark(run: Run | None) -> dict[str, str] | None:
    """Return the hashes of a run's model, which identify it under any folder name."""
    if run is None:
        return None
    files = run.manifest["files"]
    return {name: files[name]["sha256"] for name in sorted(files) if name.startswith("model/")}


def _plan(
    workspace: Workspace,
    demand: DemandScenarios,
    strict: bool,
    obsolescence: float,
    tell: Tell = silent,
) -> Plan:
    tell(f"plan {len(demand.item):,} cells")
    plan = plan_stage(
        workspace.tables,
        demand,
        workspace.as_of,
        workspace.config,
        strict=strict,
        obsolescence=obsolescence,
    )
    return held_where_stale(plan, workspace)
