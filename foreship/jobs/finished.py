"""A finished run as its readers see it, with the tables it was made from where they still are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from foreship.errors import ForeshipError
from foreship.runs import Run
from foreship.workspace.opening import open_workspace

if TYPE_CHECKING:
    import pandas as pd

    from foreship.reading.views import RunView

__all__ = ["view_of"]


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
        reasons=run.reasons,
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
