"""Runs inside the peers' own environment: quantiles of the next week from other libraries.

    python peer_models.py FOLDER WINDOWS

FOLDER holds `series.parquet` (unique_id, ds, y, local); for each model a `<model>.parquet` of
quantiles and, in `seconds.json`, the CPU seconds it took are written there. Local models run on
the series marked `local` and are fitted anew for every week; mlforecast learns from all series.
What a library compiles on first use is run beforehand and not counted.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from lightgbm import LGBMRegressor
from mlforecast import MLForecast
from mlforecast.lag_transforms import ExponentiallyWeightedMean, RollingMean, RollingStd
from mlforecast.utils import PredictionIntervals
from statsforecast import StatsForecast
from statsforecast.models import TSB, AutoETS, CrostonSBA
from statsforecast.utils import ConformalIntervals

LEVELS = [10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98]
"""central intervals [%]: 22 quantiles beside the point forecast"""
CONFORMAL_WINDOWS = 13
"""past weeks whose errors make an interval"""
WARM_UP = 5
PACKAGES = ("statsforecast", "mlforecast", "lightgbm", "coreforecast", "pandas", "numpy")


def local(model: object) -> Callable[[pd.DataFrame, int], pd.DataFrame]:
    """Return the rolling forecasts of one statsforecast model, fitted anew every week."""

    def run(series: pd.DataFrame, windows: int) -> pd.DataFrame:
        engine = StatsForecast(models=[model], freq="W-MON", n_jobs=1)
        return engine.cross_validation(h=1, df=series, n_windows=windows, refit=True, level=LEVELS)

    return run


def global_boosting(series: pd.DataFrame, windows: int) -> pd.DataFrame:
    """Return the rolling forecasts of mlforecast with LightGBM's Poisson objective."""
    booster = LGBMRegressor(
        objective="poisson", n_estimators=250, num_leaves=15, learning_rate=0.04, n_jobs=1,
        verbosity=-1, random_state=1, deterministic=True, force_col_wise=True,
    )  # fmt: skip
    transforms = [RollingMean(4, 1), RollingMean(13, 1), RollingStd(13, 2),
                  ExponentiallyWeightedMean(0.1), ExponentiallyWeightedMean(0.3)]  # fmt: skip
    engine = MLForecast(
        {"LightGBM": booster}, freq="W-MON", lags=[1, 2, 3, 4, 5, 6],
        lag_transforms={1: transforms}, num_threads=1,
    )  # fmt: skip
    return engine.cross_validation(
        series, n_windows=windows, h=1, static_features=[], dropna=False, refit=True,
        prediction_intervals=PredictionIntervals(n_windows=CONFORMAL_WINDOWS, h=1), level=LEVELS,
    )  # fmt: skip


def conformal() -> ConformalIntervals:
    """Return intervals from the errors of the last weeks."""
    return ConformalIntervals(n_windows=CONFORMAL_WINDOWS, h=1)


MODELS: dict[str, tuple[bool, Callable[[pd.DataFrame, int], pd.DataFrame]]] = {
    "CrostonSBA": (True, local(CrostonSBA(prediction_intervals=conformal()))),
    "TSB": (True, local(TSB(0.1, 0.1, prediction_intervals=conformal()))),
    "LightGBM": (False, global_boosting),
    "AutoETS": (True, local(AutoETS(season_length=1))),
}
"""name -> whether it is local, and how it runs"""


def main() -> None:
    """Run every model and leave its quantiles and seconds."""
    folder, windows = Path(sys.argv[1]), int(sys.argv[2])
    series = pd.read_parquet(folder / "series.parquet")
    marked = series[series["local"]].drop(columns="local")
    first = marked[marked["unique_id"].isin(marked["unique_id"].unique()[:WARM_UP])]
    facts: dict[str, object] = {f"version_{name}": version(name) for name in PACKAGES}
    for name, (is_local, run) in MODELS.items():
        run(first, 1)
        started = time.process_time()
        said = run(marked if is_local else series.drop(columns="local"), windows)
        facts[name] = round(time.process_time() - started, 1)
        quantiles(said, name).to_parquet(folder / f"{name}.parquet")
        print(name, facts[name], flush=True)
    (folder / "seconds.json").write_text(json.dumps(facts), encoding="utf-8")


def quantiles(said: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return `unique_id, ds` and a column a quantile, named by its probability."""
    said = said.reset_index() if "unique_id" not in said.columns else said
    columns = {"unique_id": said["unique_id"], "ds": said["ds"], "0.5": said[name]}
    for level in LEVELS:
        columns[f"{0.5 - level / 200:.3f}"] = said[f"{name}-lo-{level}"]
        columns[f"{0.5 + level / 200:.3f}"] = said[f"{name}-hi-{level}"]
    return pd.DataFrame(columns)


if __name__ == "__main__":
    main()
