"""Where a plan's demand comes from: the newest forecast of its Monday, or the user's own file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from foreship import files
from foreship.errors import UsageError
from foreship.jobs.identity import Tell, iso, silent
from foreship.pipeline.handoff import demand_scenarios
from foreship.pipeline.stages import forecast_stage
from foreship.runs import Run, newest_run

if TYPE_CHECKING:
    import pandas as pd

    from foreship.workspace.opening import Workspace
    from foreship_optimize.demand import DemandScenarios

__all__ = ["SCENARIOS", "Source", "known_demand", "newest_forecast", "own_demand"]

SCENARIOS = "scenarios.parquet"


@dataclass(frozen=True)
class Source:
    """Where a plan's demand comes from: a forecast run, or the user's own file."""

    identity: dict[str, str]
    demand: Callable[[], DemandScenarios]
    obsolescence: float = 0.0
    forecast: pd.DataFrame | None = None


def newest_forecast(workspace: Workspace) -> Source:
    """Return the newest forecast of this `as_of`."""
    as_of = iso(workspace.as_of)
    run = newest_run(workspace.path, as_of, SCENARIOS)
    if run is None:
        raise UsageError(
            f"there is no forecast of {as_of} in {workspace.path / 'runs'}; make one with "
            f"`foreship forecast {workspace.path} --as-of {as_of}`, or give --demand FILE"
        )
    return _source_of(run)


def own_demand(workspace: Workspace, path: Path) -> Source:
    """Return the user's own scenarios, whose bytes join the run's identity."""
    if not path.is_file():
        raise UsageError(f"--demand: there is no file at {path}")
    return Source({"demand": files.sha256(path)}, lambda: _demand_file(workspace, path))


def known_demand(workspace: Workspace, tell: Tell = silent) -> tuple[DemandScenarios, float]:
    """Return the demand of the newest forecast of this `as_of`, or of one made now, unwritten."""
    run = newest_run(workspace.path, iso(workspace.as_of), SCENARIOS)
    if run is not None:
        source = _source_of(run)
        return source.demand(), source.obsolescence
    tell("forecast")
    result = forecast_stage(workspace.tables, workspace.as_of, workspace.config)
    return demand_scenarios(result.paths.whole()), result.obsolescence


def _source_of(run: Run) -> Source:
    decay = float(run.manifest["obsolescence"])
    return Source({"forecast": run.path.name}, lambda: _paths_of(run), decay, run.forecast)


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
    from foreship.workspace.opening import DOUBTS, read_demand
    from foreship_optimize.demand import DemandScenarios

    frame = read_demand(path, workspace)
    demand = DemandScenarios.from_frame(frame, workspace.as_of)
    return dataclasses.replace(demand, notes=(*frame.attrs[DOUBTS], *demand.notes))
