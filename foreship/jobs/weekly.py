"""The jobs behind the commands: open, check, lock, compute, write a run folder.

Each job's id is a hash of its inputs, config and versions. Where the same run stands already,
intact, it is returned as it is: a scheduler may retry a night without a second plan appearing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship import files
from foreship.errors import ForeshipError, UsageError
from foreship.installation import run_versions
from foreship.pipeline.handoff import demand_scenarios
from foreship.pipeline.stages import ForecastResult, forecast_stage, plan_stage
from foreship.runs import Run, load_run, newest_run, run_id, workspace_lock, write_run
from foreship.workspace.opening import open_workspace

if TYPE_CHECKING:
    import pandas as pd

    from foreship.reading.views import RunView
    from foreship.workspace.opening import Workspace
    from foreship_forecast.evaluation.rolling import Evaluation
    from foreship_forecast.learning.model import PurchaseModel
    from foreship_optimize.demand import DemandScenarios
    from foreship_optimize.plan import Plan

__all__ = ["evaluate_job", "forecast_job", "known_demand", "plan_job", "run_job", "view_of"]

SCENARIOS = "scenarios.parquet"
Tell = Callable[[str], None]
Writers = dict[str, Callable[[Path], object]]


def _silent(words: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Source:
    """Where a plan's demand comes from: a forecast run, or the user's own file."""

    identity: dict[str, str]
    demand: Callable[[], DemandScenarios]
    obsolescence: float = 0.0
    forecast: pd.DataFrame | None = None


def forecast_job(
    workspace: Workspace,
    *,
    model: Run | None = None,
    retrain: bool = False,
    tell: Tell = _silent,
) -> Run:
    """Predict demand and write `forecast.parquet`, the scenarios and the model.

    With `retrain`, the model of that run stays unless one learned anew beats it.

    Raises
    ------
    UsageError
        If there is no model to keep or replace, or it was learned later than this `as_of`.
    Tampered, WorkspaceLocked, and what `forecast.fit` raises.
    """
    if retrain and model is None:
        raise UsageError("--retrain asks whether a new model beats an old one: give it by --model")
    with workspace_lock(workspace.path):
        identity, facts = _identity(workspace, "forecast", model=_mark(model), retrain=retrain)
        if standing := _standing(workspace, identity, tell):
            return standing
        result = _forecast(workspace, model, tell, retrain=retrain)
        facts |= _forecast_facts(result) | {"notes": [*workspace.notes, *result.notes]}
        tell("writing the run")
        return write_run(
            workspace.path, _iso(workspace.as_of), identity, _forecast_files(result), facts
        )


def plan_job(
    workspace: Workspace, *, demand: Path | None = None, strict: bool = False, tell: Tell = _silent
) -> Run:
    """Plan on the newest forecast of this `as_of`, or on the user's own scenarios.

    Raises
    ------
    UsageError
        If there is neither a forecast nor a demand file.
    """
    with workspace_lock(workspace.path):
        source = _newest(workspace) if demand is None else _own(workspace, demand)
        identity, facts = _identity(workspace, "plan", **source.identity, strict=strict)
        if standing := _standing(workspace, identity, tell):
            return standing
        plan = _plan(workspace, source.demand(), strict, source.obsolescence, tell)
        facts |= {"notes": [*_notes_before(workspace), *plan.notes]}
        writers = _plan_files(workspace, plan, source.forecast, identity, facts)
        tell("writing the run")
        return write_run(workspace.path, _iso(workspace.as_of), identity, writers, facts)


def run_job(workspace: Workspace, *, tell: Tell = _silent) -> Run:
    """Forecast, plan and report: the weekly job."""
    with workspace_lock(workspace.path):
        identity, facts = _identity(workspace, "run")
        if standing := _standing(workspace, identity, tell):
            return standing
        result = _forecast(workspace, None, tell)
        demand = demand_scenarios(result.paths.whole())
        plan = _plan(workspace, demand, False, result.obsolescence, tell)
        notes = [*_notes_before(workspace), *result.notes, *plan.notes]
        facts |= _forecast_facts(result) | {"notes": notes}
        writers = _forecast_files(result)
        writers |= _plan_files(workspace, plan, result.forecast, identity, facts)
        tell("writing the run")
        return write_run(workspace.path, _iso(workspace.as_of), identity, writers, facts)


def evaluate_job(
    workspace: Workspace, *, weeks: int, page: Path | None = None, tell: Tell = _silent
) -> Evaluation:
    """Measure forecast skill over the last `weeks` weeks against the stated floors.

    Raises
    ------
    UsageError
        If `page`, where the result is also written as HTML, is no place for one.
    """
    import foreship_forecast
    from foreship.reports import evaluation_page

    if page is not None:
        evaluation_page.refuse_place(page, workspace.path)
    tell(f"evaluate {weeks} weeks")
    config = workspace.config
    result = foreship_forecast.evaluate(
        dict(workspace.tables), workspace.as_of, weeks, config.forecast, config.privacy
    )
    if page is not None:
        text = evaluation_page.render(result, config.to_dict(), run_versions())
        files.write_atomically(page, lambda path: path.write_text(text, "utf-8"))
    return result


def known_demand(workspace: Workspace, tell: Tell = _silent) -> tuple[DemandScenarios, float]:
    """Return the demand of the newest forecast of this `as_of`, or of a new one, not written."""
    run = newest_run(workspace.path, _iso(workspace.as_of), SCENARIOS)
    if run is not None:
        source = _source_of(run)
        return source.demand(), source.obsolescence
    tell("forecast")
    result = forecast_stage(workspace.tables, workspace.as_of, workspace.config)
    return demand_scenarios(result.paths.whole()), result.obsolescence


def _iso(as_of: pd.Timestamp) -> str:
    return as_of.date().isoformat()


def view_of(run: Run) -> RunView:
    """Return a finished run as its readers see it.

    Stock and places are those of the workspace around the run, while they are still the ones
    the run was made from; otherwise the view does without and says so.
    """
    import pandas as pd

    from foreship.reading.views import RunView

    manifest = run.manifest
    tables, notes = _tables_behind(run)
    has_forecast = (run.path / "forecast.parquet").exists()
    return RunView(
        as_of=pd.Timestamp(run.as_of),
        run_id=run.id,
        lines=run.plan,
        units=run.units,
        summary=run.summary,
        forecast=run.forecast if has_forecast else None,
        tables=tables,
        notes=[*run.notes, *notes],
        assumptions=manifest["config"],
        versions=manifest["versions"],
        inputs={each["name"]: each for each in manifest["inputs"]},
    )


def _tables_behind(run: Run) -> tuple[Mapping[str, pd.DataFrame], list[str]]:
    changed = ["the workspace's tables have changed since this run; it is shown without them"]
    try:
        workspace = open_workspace(run.path.parent.parent, run.as_of, history=False)
    except ForeshipError:
        return {}, changed
    then = {each["name"]: each["sha256"] for each in run.manifest["inputs"]}
    now = {each["name"]: each["sha256"] for each in workspace.inputs}
    return (workspace.tables, []) if then == now else ({}, changed)


def _forecast_facts(result: ForecastResult) -> dict[str, Any]:
    return {"scenarios": result.paths.scenarios, "obsolescence": result.obsolescence}


def _mark(run: Run | None) -> dict[str, str] | None:
    """Return the hashes of a run's model, which identify it under any folder name."""
    if run is None:
        return None
    files = run.manifest["files"]
    return {name: files[name]["sha256"] for name in sorted(files) if name.startswith("model/")}


def _identity(workspace: Workspace, command: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """Return the run's id and the part of its manifest known before it is made."""
    facts: dict[str, Any] = {
        "command": command,
        "inputs": workspace.inputs,
        "config": workspace.config.to_dict(),
        "versions": run_versions(),
        "seeds": {
            "forecast": workspace.config.forecast.seed,
            "plan": workspace.config.plan.seed,
        },
        **more,
    }
    hashes = sorted((each["name"], each["sha256"]) for each in workspace.inputs)
    ingredients = facts | {"inputs": hashes, "as_of": _iso(workspace.as_of)}
    return run_id(**ingredients), facts


def _standing(workspace: Workspace, identity: str, tell: Tell = _silent) -> Run | None:
    """Return the same run if it already exists, intact."""
    folder = workspace.path / "runs" / f"{_iso(workspace.as_of)}-{identity}"
    if not folder.exists():
        return None
    run = load_run(folder)
    tell("the same inputs, config and versions were run before; that run still stands")
    return run


def _newest(workspace: Workspace) -> Source:
    """Return the newest forecast of this `as_of`."""
    as_of = _iso(workspace.as_of)
    run = newest_run(workspace.path, as_of, SCENARIOS)
    if run is None:
        raise UsageError(
            f"there is no forecast of {as_of} in {workspace.path / 'runs'}; make one with "
            f"`foreship forecast {workspace.path} --as-of {as_of}`, or give --demand FILE"
        )
    return _source_of(run)


def _source_of(run: Run) -> Source:
    decay = float(run.manifest["obsolescence"])
    return Source({"forecast": run.path.name}, lambda: _paths_of(run), decay, run.forecast)


def _own(workspace: Workspace, path: Path) -> Source:
    """Read the user's own scenarios, whose bytes become part of the run's identity."""
    if not path.is_file():
        raise UsageError(f"--demand: there is no file at {path}")
    return Source({"demand": files.sha256(path)}, lambda: _demand_file(workspace, path))


def _forecast(
    workspace: Workspace, earlier: Run | None, tell: Tell = _silent, *, retrain: bool = False
) -> ForecastResult:
    tell(f"forecast as of {_iso(workspace.as_of)}")
    model = None if earlier is None else _model_of(earlier)
    if model is not None and retrain and model.as_of > _iso(workspace.as_of):
        raise UsageError(
            f"the model of {model.as_of} knows weeks after {_iso(workspace.as_of)}; compare it at a"
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


def _plan(
    workspace: Workspace,
    demand: DemandScenarios,
    strict: bool,
    obsolescence: float,
    tell: Tell = _silent,
) -> Plan:
    tell(f"plan {len(demand.item):,} cells")
    return plan_stage(
        workspace.tables,
        demand,
        workspace.as_of,
        workspace.config,
        strict=strict,
        obsolescence=obsolescence,
    )


def _paths_of(run: Run) -> DemandScenarios:
    """Read the sample paths that a forecast run wrote."""
    from foreship_forecast.counts.sample_paths import SamplePaths

    paths = SamplePaths.from_frames(
        files.read_parquet_parts(run.path / SCENARIOS),
        cells=run.forecast[["region", "item"]].drop_duplicates(),
        weeks=run.forecast["week"].drop_duplicates(),
        scenarios=int(run.manifest["scenarios"]),
    )
    return demand_scenarios(paths)


def _demand_file(workspace: Workspace, path: Path) -> DemandScenarios:
    """Read and check the user's own scenarios."""
    from foreship.workspace.opening import read_demand
    from foreship_optimize.demand import DemandScenarios

    return DemandScenarios.from_frame(read_demand(path, workspace), workspace.as_of)


def _notes_before(workspace: Workspace) -> list[str]:
    """Say what a planner must know before any plan: tables, returns, missing inbound."""
    from foreship.pipeline.customer_returns import return_notes

    economics = workspace.config.economics
    back = return_notes(
        workspace.tables,
        workspace.as_of,
        economics.customer_return_handling,
        economics.customer_return_resold_share,
    )
    return [*workspace.notes, *back, *_missing_inbound(workspace)]


def _missing_inbound(workspace: Workspace) -> list[str]:
    """Say which lines of earlier runs should still be under way but are not in `inbound`."""
    import pandas as pd

    as_of = workspace.as_of
    earlier = [
        path
        for path in sorted((workspace.path / "runs").glob("*/inbound.csv"))
        if path.parent.name[:10] < _iso(as_of)
    ]
    if not earlier:
        return []
    run = load_run(max(earlier, key=lambda path: path.parent.name[:10]).parent)
    keys = ["location", "item"]
    sent = pd.read_csv(run.path / "inbound.csv", dtype=str, keep_default_na=False)
    sent = sent[pd.to_datetime(sent["arrival_date"]) >= as_of].astype({"quantity": "int64"})
    coming = workspace.tables["inbound"].groupby(keys)["quantity"].sum()
    short = sent.groupby(keys)["quantity"].sum().sub(coming, fill_value=0)
    short = short[short > 0]
    if short.empty:
        return []
    location, item = short.index[0]
    return [
        f"run {run.path.name} sent {int(sent['quantity'].sum())} units that should still be under "
        f"way; {int(short.sum())} of them are missing from inbound, first {item} to {location}: "
        "they may be sent twice"
    ]


def _forecast_files(result: ForecastResult) -> Writers:
    return {
        "forecast.parquet": lambda path: files.write_parquet(result.forecast, path),
        SCENARIOS: lambda path: files.write_parquet_parts(result.paths.frames(), path),
        "model": result.model.save,
    }


def _plan_files(
    workspace: Workspace,
    plan: Plan,
    forecast: pd.DataFrame | None,
    identity: str,
    facts: Mapping[str, Any],
) -> Writers:
    from foreship.reports import plan_page, workbook

    view = _view(workspace, plan, forecast, identity, facts)
    return {
        "plan.parquet": lambda path: files.write_parquet(plan.lines, path),
        "plan.csv": lambda path: files.write_csv(plan.lines, path),
        "plan.xlsx": lambda path: workbook.write(path, view),
        "units.parquet": lambda path: files.write_parquet(plan.units, path),
        "inbound.csv": lambda path: files.write_csv(plan.inbound, path),
        "summary.json": lambda path: files.write_json(plan.summary, path),
        "report.html": lambda path: path.write_text(plan_page.render(view), "utf-8"),
    }


def _view(
    workspace: Workspace,
    plan: Plan,
    forecast: pd.DataFrame | None,
    identity: str,
    facts: Mapping[str, Any],
) -> RunView:
    from foreship.reading.views import RunView

    return RunView(
        as_of=workspace.as_of,
        run_id=identity,
        lines=plan.lines,
        units=plan.units,
        summary=plan.summary,
        forecast=forecast,
        tables=workspace.tables,
        notes=facts["notes"],
        assumptions=facts["config"],
        versions=facts["versions"],
        inputs={each["name"]: each for each in workspace.inputs},
    )
