"""The forecast that a run was made on: its own, or that of the run it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreship.runs import load_run
from foreship.runs.behind import forecast_folder

if TYPE_CHECKING:
    import pandas as pd

    from foreship.runs import Run

__all__ = ["FORECAST", "kept_forecast"]

FORECAST: Final = "forecast.parquet"


def kept_forecast(run: Run) -> pd.DataFrame | None:
    """Return `forecast.parquet` of a run, or for a plan made on an earlier one, edited, or tried.

    None where the demand was the user's own, was not kept, or the run with it was taken away.

    Raises
    ------
    Tampered
        If it is not as it was written.
    """
    if (run.path / FORECAST).exists():
        return run.frame(FORECAST)
    behind = forecast_folder(run.path, run.manifest)
    if not (behind / FORECAST).exists():
        return None
    return load_run(behind, [FORECAST]).frame(FORECAST)
