"""A forecast of another tool becomes scenarios, through the dependence that foreship measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreship.errors import UsageError
from foreship.forecasts.joint import Asked, joint_paths
from foreship.forecasts.recognising import form_of, read_forecast
from foreship.forecasts.unique_ids import PATTERN
from foreship.jobs.identity import iso
from foreship.own_files import MODEL
from foreship.runs import Run, newest_run
from foreship.runs.behind import forecast_folder, kept_model
from foreship.workspace.opening import DOUBTS
from foreship_foundation.bounds import is_number
from foreship_foundation.telling.words import number

if TYPE_CHECKING:
    import pandas as pd

    from foreship.workspace.opening import Workspace
    from foreship_forecast.counts.dependence import Dependence

__all__ = ["demand_of_others"]

MOST_COMMON = 0.95
"""share of a score's variance that cells may be told to have in common"""
TOGETHER = "demand: cells and weeks move"
"""how the sentence begins that tells where this is known from"""


def demand_of_others(
    workspace: Workspace,
    forecast: pd.DataFrame,
    *,
    law: str | None = None,
    dispersion: float | None = None,
    dependence: Run | float | None = None,
    unique_id: str = PATTERN,
    model: str | None = None,
) -> pd.DataFrame:
    """Return quantiles or means as scenarios; `foreship.demand_of` says what is what."""
    if form_of([str(each) for each in forecast.columns]) == "scenarios":
        raise UsageError(
            "the forecast has neither quantiles (q05, q50, MODEL-hi-90, ..) nor a mean (mean, or "
            "unique_id, ds and a column of numbers); scenarios go to the plan as they are"
        )
    for name, text in (("unique_id", unique_id), ("model", model or "")):
        if not isinstance(text, str):
            raise UsageError(f"{name}={text!r}: give a text, as it stands in the forecast")
    tables = workspace.tables
    known = {name: list(tables[f"{name}s"][name]) for name in ("region", "item")}
    stated = read_forecast(forecast, known, model=model, unique_id=unique_id)
    together, words = _dependence(workspace, dependence)
    settings = workspace.config.forecast
    asked = Asked(together, settings.scenarios, settings.seed, law, dispersion)
    paths, notes = joint_paths(stated, workspace.as_of, asked)
    frame = paths.to_frame()
    frame.attrs[DOUBTS] = [*notes, words]
    return frame


def _dependence(workspace: Workspace, asked: Run | float | None) -> tuple[Dependence, str]:
    """Return how cells and weeks move together, and in a sentence where that is known from."""
    from foreship_forecast.counts.dependence import Dependence, Factor

    if isinstance(asked, Run):
        return _of_model(asked), f"{TOGETHER} as in {asked.path.name}"
    if asked is not None:
        if not is_number(asked):
            raise UsageError(f"dependence {asked!r}: it is a run, or from 0 to {MOST_COMMON}")
        share = float(asked)
        if not 0.0 <= share <= MOST_COMMON:
            raise UsageError(f"dependence {number(share)}: it is a run, or from 0 to {MOST_COMMON}")
        alone = "by themselves" if share == 0 else f"by {number(share)} alike in a week"
        return Dependence.of(week=Factor(share)), f"{TOGETHER} {alone}, as asked"
    day = iso(workspace.as_of)
    run = newest_run(
        workspace.runs_at, None, MODEL, (MODEL,), lambda said: str(said["as_of"]) <= day
    )
    if run is not None:
        return _of_model(run), f"{TOGETHER} as in {run.path.name}, the newest run with a model"
    return _measured(workspace)


def _of_model(run: Run) -> Dependence:
    """Return what the model of a run, or of the one it was planned on, has measured."""
    folder = forecast_folder(run.path, run.manifest)
    if not (folder / MODEL).is_dir():
        raise UsageError(f"{run.path.name} holds no model; give a run of `foreship forecast`")
    return kept_model(folder).dependence


def _measured(workspace: Workspace) -> tuple[Dependence, str]:
    """Measure it around plain rates, from the orders of the workspace."""
    import foreship_forecast
    from foreship_forecast.counts.dependence import Dependence

    config = workspace.config
    try:
        snapshot = foreship_forecast.Snapshot(workspace.tables, workspace.as_of)
        model = foreship_forecast.fit(snapshot, config.forecast, config.privacy, plain=True)
    except foreship_forecast.NotEnoughHistory:
        words = "there are too few weeks of orders to measure more from, and no run with a model"
        return Dependence.of(), f"{TOGETHER} by themselves: {words}"
    return model.dependence, f"{TOGETHER} as past orders did around plain rates"
