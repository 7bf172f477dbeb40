"""A finished run as its readers see it, with the tables it was made from where they still are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship.errors import ForeshipError
from foreship.ingest.tables import empty_frame
from foreship.own_files import EXTRAS, KEPT
from foreship.pipeline.kept_forecast import FORECAST, kept_forecast
from foreship.pipeline.kept_tables import kept_tables
from foreship.runs import Run, load_run
from foreship.workspace.opening import open_workspace
from foreship_foundation.tables.output_files import UNITS
from foreship_foundation.telling.words import sentences

if TYPE_CHECKING:
    import pandas as pd

    from foreship.reading.views import RunView

__all__ = ["READ", "changed_inputs", "finished_run", "view_of"]

FORECAST_FRAME = FORECAST.removesuffix(".parquet")

READ = (
    FORECAST, "plan.parquet", "plan.csv", "units.parquet", "reasons.parquet",
    "orders.parquet", "departures.parquet", "needs.parquet", "ahead.parquet", "inbound.csv",
    "summary.json", "report.html", *EXTRAS, KEPT,
)  # fmt: skip
"""files that readers read or send on; the workbook is people's, scenarios and model may be taken
away once they are not needed any more"""


def finished_run(path: str | Path) -> Run:
    """Open a run for its readers; what they do not read may have changed, and is then said."""
    return load_run(path, READ)


def view_of(run: Run, without: Collection[str] = ()) -> RunView:
    """Return a finished run as its readers see it.

    Stock and places are those that the run keeps. An older run keeps none: they are those of the
    workspace around it, while these are still the ones it was made from; otherwise the view does
    without and says so.

    Parameters
    ----------
    without
        Frames that are not read, by the names of `reading.parts.BY_CELL`: whoever holds the run
        open has them by cell.
    """
    import pandas as pd

    from foreship.reading.views import RunView

    def read(name: str, of: Callable[[], pd.DataFrame | None]) -> pd.DataFrame | None:
        return None if name in without else of()

    tables, notes = _tables_behind(run)
    forecast, more = (None, []) if FORECAST_FRAME in without else _forecast_behind(run)
    extras = {name: read(name, partial(run.extra, name)) for name in EXTRAS}
    return RunView(
        as_of=pd.Timestamp(run.as_of),
        run_id=run.id,
        # read anew: whoever holds the run may have written into its frames
        lines=run.frame("plan.parquet"),
        units=empty_frame(UNITS) if "units" in without else run.frame("units.parquet"),
        reasons=read("reasons", lambda: run.reasons),
        orders=read("orders", lambda: run.orders),
        departures=run.departures,
        needs=read("needs", lambda: run.needs),
        ahead=read("ahead", lambda: run.ahead),
        extras={name: frame for name, frame in extras.items() if frame is not None},
        summary=run.summary,
        forecast=forecast,
        tables=tables,
        notes=sentences([*run.notes, *notes, *more]),
        assumptions=run.fact("config"),
        versions=run.fact("versions"),
        inputs={each["name"]: each for each in run.fact("inputs")},
    )


def _forecast_behind(run: Run) -> tuple[pd.DataFrame | None, list[str]]:
    try:
        return kept_forecast(run), []
    except ForeshipError as error:
        return None, [f"the forecast of this run is not shown: {error}"]


def _tables_behind(run: Run) -> tuple[Mapping[str, pd.DataFrame], list[str]]:
    kept = kept_tables(run)
    if kept is not None:
        return kept, []
    changed = ["the workspace's tables are not those of this run; it is shown without them"]
    try:
        workspace = open_workspace(run.workspace, run.as_of, history=False)
    except ForeshipError:
        return {}, changed
    other = changed_inputs(run.fact("inputs"), workspace.inputs)
    return ({}, changed) if other else (workspace.tables, [])


Inputs = Iterable[Mapping[str, Any]]


def changed_inputs(then: Inputs, now: Inputs) -> list[str]:
    """Return the names of inputs that do not hold what they held, however they are kept.

    Runs of older versions know the hash of a file alone.
    """
    before = {each["name"]: each for each in then}
    after = {each["name"]: each for each in now}
    both = {name: (before.get(name, {}), after.get(name, {})) for name in {*before, *after}}

    def differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        key = "content" if "content" in one and "content" in other else "sha256"
        return bool(one.get(key) != other.get(key))

    return sorted(name for name, pair in both.items() if differ(*pair))
