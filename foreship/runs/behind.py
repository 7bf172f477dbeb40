"""The forecast behind a plan: in the run itself, or in the earlier one that it names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from foreship.errors import Tampered, UsageError
from foreship.own_files import MODEL, read_frame, read_manifest
from foreship.runs.inventory import checked_manifest, is_as_measured
from foreship.runs.names import RUNS

if TYPE_CHECKING:
    import pandas as pd

    from foreship_forecast.learning.model import PurchaseModel
    from foreship_forecast.learning.model_view import ModelView

__all__ = ["chances_of", "forecast_folder", "frame_behind", "kept_model", "model_behind"]

LAW: Final = "law.parquet"


def forecast_folder(run: Path, manifest: Mapping[str, Any]) -> Path:
    """Return the folder of the run on whose forecast a run planned, itself or an earlier one."""
    name = manifest.get("forecast")
    return run if name is None else run.parent.parent / RUNS / str(name)


def frame_behind(run: Path, manifest: Mapping[str, Any], name: str) -> pd.DataFrame:
    """Return a frame of the forecast that a run planned on.

    Parameters
    ----------
    run
        The run's folder.
    name
        The file, `law.parquet` or `scenarios.parquet`.

    Raises
    ------
    UsageError
        If there is none: the demand was one's own, the forecast was taken away, or it was made
        before such files were kept.
    Tampered
        If it is not what its hash says.
    """
    folder = forecast_folder(run, manifest)
    if (folder / name).exists():
        written = read_manifest(folder)["files"].get(name)
        if written is None or not is_as_measured(folder / name, written):
            raise Tampered(f"{folder / name} is not what its sha256 says; make the forecast again")
        return read_frame(folder / name)
    if "demand" in manifest:
        why = "it was planned on scenarios of your own, which you have"
    elif not folder.exists():
        why = f"its forecast, the run {folder.name}, was taken away"
    else:
        why = f"{folder.name} was made before there was one, or it was taken away; forecast again"
    raise UsageError(f"{run.name} has no {name}: {why}")


def chances_of(run: Path, manifest: Mapping[str, Any], largest: int) -> pd.DataFrame:
    """Return p_k of the forecast that a run planned on; see `Run.p_k`."""
    from foreship_forecast.counts.written_law import purchase_probabilities

    law = frame_behind(run, manifest, LAW)
    try:
        return purchase_probabilities(law, largest)
    except ValueError as error:
        raise UsageError(f"p_k: {error}") from None


def model_behind(run: Path, manifest: Mapping[str, Any]) -> ModelView:
    """Return the model that made the forecast which a run planned on.

    Raises
    ------
    UsageError
        If none is kept.
    Tampered, ModelRefused
        As of `kept_model`.
    """
    from foreship.reports.shown_model import ShownModel

    folder = forecast_folder(run, manifest)
    if not (folder / MODEL).is_dir():
        raise UsageError(f"{run.name} has no model: {folder / MODEL} is not there; forecast again")
    return ShownModel(kept_model(folder))


def kept_model(folder: Path) -> PurchaseModel:
    """Return the model that a run's own folder holds.

    Raises
    ------
    Tampered
        If its files are not what the run's manifest says.
    ModelRefused
        If they are, and still are no model of this version.
    """
    from foreship_forecast.learning.model import PurchaseModel

    checked_manifest(folder, (MODEL,))
    return PurchaseModel.load(folder / MODEL)
