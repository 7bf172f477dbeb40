"""A plan that was made on another run's forecast is read with it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from foreship import files
from foreship.errors import Tampered
from foreship.pipeline.kept_forecast import FORECAST, kept_forecast
from foreship.runs import RUNS, Run, write_folder
from tests.foreship.run_views import make_view

MADE = make_view(items=2).forecast


def written(folder: Path, name: str, frame: pd.DataFrame | None, **facts: Any) -> Run:
    """Write a run by hand, with a forecast or without."""
    writers = {} if frame is None else {FORECAST: partial(files.write_parquet, frame)}
    about = {"run_id": name, "as_of": "2026-11-16", "notes": [], **facts}
    path = folder / RUNS / f"2026-11-16-{name}"
    write_folder(folder, path, writers, about)
    return Run(path=path, manifest=about)


def test_the_forecast_is_the_runs_own_or_that_it_names(tmp_path: Path) -> None:
    """An edited plan names its base; one's own demand, or a forecast not kept, has none."""
    assert MADE is not None
    base = written(tmp_path, "a", MADE)
    edited = written(tmp_path, "b", None, forecast=base.path.name)
    for run in (base, edited):
        found = kept_forecast(run)
        assert found is not None and len(found) and found["mean"].sum() == MADE["mean"].sum()
    assert kept_forecast(written(tmp_path, "c", None, demand="0" * 64)) is None
    assert kept_forecast(written(tmp_path, "d", None, forecast="made now")) is None
    with (base.path / FORECAST).open("ab") as damaged:
        damaged.write(b"x")
    with pytest.raises(Tampered):
        kept_forecast(edited)
