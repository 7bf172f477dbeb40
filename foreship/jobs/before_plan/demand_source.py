"""Where a plan's demand comes from: a forecast of its Monday, or the user's own scenarios.

A forecast that nobody named is used only if it was made from what the workspace holds now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship import files
from foreship.errors import Tampered, UsageError
from foreship.forecasts.forecast_file import forecast_in
from foreship.forecasts.recognising import form_of
from foreship.jobs.before_plan.others_demand import demand_of_others
from foreship.jobs.identity import Tell, iso, silent
from foreship.own_files import MODEL
from foreship.pipeline.adjusted_demand import Adjusted, Readjusted, adjusted_paths, redrawn
from foreship.pipeline.handoff import demand_scenarios, drawn_demand
from foreship.pipeline.stages import forecast_stage
from foreship.runs import RUNS, Run, load_run, newest_run
from foreship.runs.behind import forecast_folder, kept_model
from foreship_foundation.blocks import Across, in_turn
from foreship_foundation.tables.contents import content_hash
from foreship_foundation.tables.output_files import SCENARIO_COUNT
from foreship_foundation.telling.words import listed

if TYPE_CHECKING:
    import pandas as pd

    from foreship.pipeline.stages import ForecastResult
    from foreship.workspace.opening import Workspace
    from foreship_forecast.counts.sample_paths import PathDraws
    from foreship_optimize.demand import DemandScenarios

__all__ = [
    "FORECAST_SECTIONS",
    "SCENARIOS",
    "Source",
    "demand_behind",
    "forecast_behind",
    "forecast_like",
    "forecast_or_new",
    "forecast_source",
    "made_source",
    "own_demand",
]

SCENARIOS = "scenarios.parquet"
FORECAST_SECTIONS = ("forecast", "privacy")
"""sections of settings that a forecast hangs on"""
SAME_ANSWER = ("threads", "block_rows")
"""settings among them that change how it is made, never what it says"""
LOOKING_AHEAD = ("calendar", "prices", "adjustments")
"""tables that say what is to come"""
ADJUSTED = "adjusted.parquet"
NEEDED = ("forecast.parquet", SCENARIOS, ADJUSTED)
"""files of a forecast that a plan is made from"""


@dataclass(frozen=True)
class Source:
    """Where a plan's demand comes from: a forecast run, or the user's own scenarios."""

    identity: dict[str, str]
    demand: Callable[[], DemandScenarios]
    obsolescence: float | None = None
    """yearly chance that a cell closes, None where no forecast measured it"""
    forecast: Callable[[], pd.DataFrame | None] = lambda: None
    """`forecast.parquet` of the contract, None where the demand was the user's own"""
    notes: tuple[str, ...] = ()
    draws: Callable[[Across], PathDraws] | None = None
    """the law that the demand was drawn from, predicted by whoever works; None where not known"""
    adjusted: Callable[[], pd.DataFrame | None] = lambda: None
    """`adjusted.parquet` of the contract, None where no adjustment changes anything"""
    readjusted: Readjusted | None = None
    """the demand under other adjustments, None where its law is not known"""
    skill: Mapping[str, Any] | None = None
    """scores of the weeks held out, None where the forecast has none"""


def forecast_source(workspace: Workspace, named: Run | None = None) -> Source:
    """Return a forecast of this `as_of`: the one named, or the newest made from the same inputs.

    Raises
    ------
    UsageError
        If there is none, with what differs; or the one named is of another Monday.
    """
    if named is not None:
        return _named(workspace, named)
    run = _newest_alike(workspace)
    if run is None:
        raise UsageError(_no_forecast(workspace))
    return _source_of(run, workspace)


def forecast_or_new(workspace: Workspace, named: Run | None = None, tell: Tell = silent) -> Source:
    """Return the same, or else a forecast made now and not written."""
    if named is not None:
        return _named(workspace, named)
    run = _newest_alike(workspace)
    if run is not None:
        return _source_of(run, workspace)
    tell("forecast")
    made = forecast_stage(workspace.tables, workspace.as_of, workspace.config)
    notes = ("no forecast was made from these tables and settings: one is made now, not kept",)
    return _not_kept(made, workspace, notes)


def made_source(made: ForecastResult, workspace: Workspace) -> Source:
    """Return a forecast just made, which a plan is made on in the same run."""
    demand = drawn_demand(made.paths)
    return Source(
        {},
        lambda: demand,
        made.obsolescence,
        # read cell by cell and never handed out: ids as categories cost no text a row
        lambda: made.paths.distribution.to_frame(coded=True),
        made.notes,
        lambda _: made.paths,
        lambda: made.adjusted,
        partial(redrawn, made.paths, demand, workspace.tables),
        made.skill,
    )


def forecast_like(
    workspace: Workspace, run: Run, tell: Tell = silent, before: Workspace | None = None
) -> Source:
    """Return the forecast that a run planned on; another one where what it hangs on has changed.

    Parameters
    ----------
    before
        The workspace without what is planned by way of trial. Where the forecast is one of its
        tables and only what lies ahead is another one, its model predicts anew: it was learned
        from weeks that have not changed, and one learned again would be the same.

    Raises
    ------
    UsageError
        If the run planned on scenarios of one's own.
    """
    made_on = forecast_behind(run)
    changed = _differences(made_on.manifest, _contents(workspace), workspace)
    if not changed:
        return _named(workspace, made_on)
    source = _predicted_anew(workspace, made_on, changed, before, tell)
    source = source or forecast_or_new(workspace, tell=tell)
    words = f"{listed(changed)} are others than those of the forecast that {run.path.name} uses"
    return replace(source, notes=(*source.notes, words))


def _predicted_anew(
    workspace: Workspace, made_on: Run, changed: list[str], before: Workspace | None, tell: Tell
) -> Source | None:
    """Return what the model of a forecast predicts now; None where its past has changed, too."""
    ahead_only = before is not None and set(changed) <= set(LOOKING_AHEAD)
    if not ahead_only or not (made_on.path / MODEL).is_dir():
        return None
    if before is None or _differences(made_on.manifest, _contents(before), before):
        return None
    tell("forecast by the model that stands")
    model = kept_model(made_on.path)
    made = forecast_stage(workspace.tables, workspace.as_of, workspace.config, model)
    words = f"the forecast is made anew for this trial, by the model of {made_on.path.name}"
    return _not_kept(made, workspace, (words, *made.notes))


def _not_kept(made: ForecastResult, workspace: Workspace, notes: tuple[str, ...]) -> Source:
    """Return a forecast made now, of which no run keeps a file."""
    return replace(
        made_source(made, workspace),
        identity={"forecast": "made now"},
        forecast=lambda: None,
        notes=notes,
        draws=None,
    )


def forecast_behind(run: Run) -> Run:
    """Return the run that holds the forecast which a run planned on, itself or an earlier one.

    Raises
    ------
    UsageError
        If it planned on scenarios of one's own, or the forecast was taken away.
    """
    folder = forecast_folder(run.path, run.manifest)
    if (folder / SCENARIOS).exists():
        return load_run(folder, NEEDED)
    if "demand" in run.manifest:
        raise UsageError(f"{run.path.name} was planned on your own scenarios; give --demand FILE")
    raise UsageError(
        f"the folder {folder} holds no {SCENARIOS} any more: {run.path.name} cannot be redone"
    )


def demand_behind(run: Run) -> DemandScenarios:
    """Return the scenarios that a run planned on.

    Raises
    ------
    UsageError
        If it planned on scenarios of one's own, or they were taken away.
    """
    made_on = forecast_behind(run)
    return _paths_of(made_on, made_on.frame("forecast.parquet"))


def own_demand(workspace: Workspace, given: Path | pd.DataFrame) -> Source:
    """Return the user's own scenarios, whose content joins the run's identity.

    A frame or a file may hold quantiles instead: they become scenarios.
    """
    if not isinstance(given, Path):
        columns = [str(each) for each in given.columns]
        scenarios = form_of(columns) == "scenarios"
        return _demand_frame(workspace, given if scenarios else demand_of_others(workspace, given))
    if not given.is_file():
        raise UsageError(f"--demand: there is no file at {given}")
    stated = forecast_in(given)
    if stated is not None:
        with stated.naming_lines():
            scenarios_of_it = demand_of_others(workspace, stated.frame)
        return _demand_frame(workspace, scenarios_of_it)
    return _scenarios(workspace, _demand_file(workspace, given))


def _adjusted_source(
    mark: dict[str, str], read: Callable[[], DemandScenarios], workspace: Workspace
) -> Source:
    """Return scenarios of one's own with the adjustments of the workspace; each is read once."""
    given = cache(read)

    def readjusted(rows: pd.DataFrame) -> Adjusted:
        return adjusted_paths(given(), workspace.tables, rows)

    now = cache(lambda: readjusted(workspace.tables["adjustments"]))
    return Source(
        mark,
        lambda: now().demand,
        adjusted=lambda: now().changed,
        readjusted=lambda rows: readjusted(rows).demand,
    )


def _newest_alike(workspace: Workspace) -> Run | None:
    """Return the newest forecast of this `as_of` made from what the workspace holds now."""
    day = iso(workspace.as_of)
    now = _contents(workspace)

    def alike(manifest: Mapping[str, Any]) -> bool:
        return not _differences(manifest, now, workspace)

    return newest_run(workspace.runs_at, day, SCENARIOS, NEEDED, alike)


def _contents(workspace: Workspace) -> dict[str, str]:
    """Return the content hash of each table, as far as a forecast hangs on it."""
    import foreship_forecast

    return foreship_forecast.Snapshot(workspace.tables, workspace.as_of).contents()


def _differences(
    manifest: Mapping[str, Any], contents: Mapping[str, str], workspace: Workspace
) -> list[str]:
    """Name the tables and settings that a forecast was made from other ones of."""
    then, was = _said(manifest, "contents"), _said(manifest, "config")
    names = [*contents, *(each for each in then if each not in contents)]
    tables = [name for name in names if then.get(name) != contents.get(name)]
    settings = workspace.config.to_dict()
    return tables + [
        f"{section}.{name}"
        for section in FORECAST_SECTIONS
        for name, value in settings[section].items()
        if name not in SAME_ANSWER and _said(was, section).get(name) != value
    ]


def _said(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a part of a manifest, empty where it does not say it in our way."""
    part = told.get(name)
    return part if isinstance(part, Mapping) else {}


def _no_forecast(workspace: Workspace) -> str:
    """Say that there is no forecast to plan on, why the newest will not do, and what to do."""
    day, runs = iso(workspace.as_of), workspace.runs_at / RUNS
    other = newest_run(workspace.runs_at, day, SCENARIOS, NEEDED)
    said, name = f"there is no forecast of {day} in {runs}", ""
    if other is not None:
        changed = _differences(other.manifest, _contents(workspace), workspace)
        name = "name one by --forecast RUN (in Python forecast=run), "
        said += (
            f" from these tables and settings: {other.path.name}, the newest, was made from other "
            f"{listed(changed)}"
        )
    remedy = f"make one with `foreship forecast {workspace.path} --as-of {day}`"
    return f"{said}; {remedy}, {name}or give --demand FILE"


def _named(workspace: Workspace, run: Run) -> Source:
    """Return a forecast that was asked for by name, with a note where its inputs are others."""
    run = load_run(run.path, NEEDED)
    if not (run.path / SCENARIOS).exists():
        raise UsageError(f"{run.path.name} holds no forecast; give a run of `foreship forecast`")
    if run.as_of != iso(workspace.as_of):
        raise UsageError(
            f"{run.path.name} is a forecast of {run.as_of}, the plan is one of "
            f"{iso(workspace.as_of)}"
        )
    changed = _differences(run.manifest, _contents(workspace), workspace)
    words = f"planned on {run.path.name} as asked, made from other {listed(changed)}"
    return _source_of(run, workspace, (words,) * bool(changed))


def _source_of(run: Run, workspace: Workspace, notes: tuple[str, ...] = ()) -> Source:
    """Return a forecast's demand; made from other inputs, its law is not to be had from these."""
    decay = float(run.fact("obsolescence"))
    mark, forecast = {"forecast": f"{run.as_of}-{run.id}"}, run.frame("forecast.parquet")
    known = not notes and (run.path / MODEL).is_dir()
    draws = partial(_law_of, run, workspace) if known else None
    demand = cache(lambda: _paths_of(run, forecast))

    def readjusted(rows: pd.DataFrame) -> DemandScenarios:
        return redrawn(_law_of(run, workspace, in_turn), demand(), workspace.tables, rows)

    return Source(
        mark,
        demand,
        decay,
        lambda: forecast,
        notes,
        draws,
        lambda: run.extra(ADJUSTED),
        readjusted if known else None,
        _said(run.manifest, "skill") or None,
    )


def _law_of(run: Run, workspace: Workspace, across: Across) -> PathDraws:
    """Predict once more with the model of a forecast run, from what it was made from."""
    from foreship_forecast import Snapshot

    model = kept_model(run.path)
    settings = workspace.config.forecast
    predicted = model.predict(Snapshot(workspace.tables, workspace.as_of), across=across)
    return model.draws(predicted, settings.scenarios, settings.seed)


def _paths_of(run: Run, forecast: pd.DataFrame) -> DemandScenarios:
    """Read the sample paths that a forecast run wrote."""
    from foreship_forecast.counts.sample_paths import SamplePaths
    from foreship_forecast.errors import ForecastError

    try:
        paths = SamplePaths.from_frames(
            files.read_parquet_parts(run.path / SCENARIOS),
            cells=forecast[["region", "item"]].drop_duplicates(),
            # a forecast of no cell still is one of its own Monday
            weeks=forecast["week"].drop_duplicates() if len(forecast) else [run.as_of],
            scenarios=int(run.fact("scenarios")),
        )
    except (ForecastError, KeyError, ValueError, TypeError, IndexError) as error:
        raise Tampered(
            f"{run.path / SCENARIOS} is damaged ({error}); make the forecast again"
        ) from None
    return demand_scenarios(paths)


def _demand_file(workspace: Workspace, path: Path) -> pd.DataFrame:
    """Read and check the user's own scenarios."""
    from foreship.workspace.opening import read_demand

    frame = read_demand(path, workspace)
    frame.attrs.update(files.attributes_of(path))
    return frame


def _demand_frame(workspace: Workspace, frame: pd.DataFrame) -> Source:
    """Check the user's own scenarios, handed over as a frame."""
    from foreship.workspace.typed_frames import typed_demand

    return _scenarios(workspace, typed_demand(frame, workspace.tables))


def _scenarios(workspace: Workspace, typed: pd.DataFrame) -> Source:
    """Return scenarios by what they hold, however they came, and what is doubted of them."""
    from foreship.workspace.opening import DOUBTS
    from foreship_optimize.demand import DemandScenarios

    doubts = typed.attrs.get(DOUBTS, ())
    told = f"{content_hash(typed)} {typed.attrs.get(SCENARIO_COUNT)} {[*doubts]}"
    mark = {"demand": hashlib.sha256(told.encode()).hexdigest()}
    return _adjusted_source(
        mark,
        lambda: DemandScenarios.from_frame(typed, workspace.as_of).noting(doubts),
        workspace,
    )
