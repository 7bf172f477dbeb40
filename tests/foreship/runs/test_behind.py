"""What a plan was made on is read from the run itself, or from the forecast that it names."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foreship.errors import Tampered, UsageError
from foreship.files import write_parquet
from foreship.runs import Run, workspace_lock, write_run
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.written_law import written_law

ROWS = pd.DataFrame(
    {"region": ["N"], "item": ["a"], "week": pd.to_datetime(["2026-11-16"]).as_unit("s")}
)
LAW = CountLaw(np.array([0.5]), np.array([1.0]), np.array([2.0]))
PATHS = ROWS.assign(scenario=0, units=2)


def written(folder: Path, identity: str, *files: str, **facts: Any) -> Run:
    """Write a run with some files of a forecast."""
    frames = {"law.parquet": written_law(LAW, ROWS), "scenarios.parquet": PATHS}
    writers: dict[str, Any] = {
        name: lambda path, frame=frames[name]: write_parquet(frame, path) for name in files
    }
    with workspace_lock(folder):
        return write_run(folder, "2026-11-16", identity, writers, {"notes": [], **facts})


def test_a_forecast_says_the_chance_of_each_unit(tmp_path: Path) -> None:
    """p_k of the file is that of the law, by the forecast alone and by a plan that names it."""
    forecast = written(tmp_path, "aaaaaaaaaa", "law.parquet", "scenarios.parquet")
    plan = written(tmp_path, "bbbbbbbbbb", forecast=forecast.path.name)
    for run in (forecast, plan):
        assert run.p_k(4)["p"].to_list() == LAW.survival(4)[0].tolist()
        assert run.scenarios["units"].to_list() == [2]
    with pytest.raises(UsageError, match="from 1 to 100,000"):
        plan.p_k(0)


def test_without_a_forecast_it_is_said_why(tmp_path: Path) -> None:
    """One's own scenarios, an older forecast, a forecast that was taken away."""
    old = written(tmp_path, "aaaaaaaaaa", "scenarios.parquet")
    with pytest.raises(UsageError, match="made before there was one"):
        old.p_k()
    plan = written(tmp_path, "bbbbbbbbbb", forecast=old.path.name)
    shutil.rmtree(old.path)
    with pytest.raises(UsageError, match=f"run {old.path.name}, was taken away"):
        plan.p_k()
    with pytest.raises(UsageError, match="scenarios of your own"):
        _ = written(tmp_path, "cccccccccc", demand="0" * 64).scenarios


def test_a_law_that_was_changed_is_refused(tmp_path: Path) -> None:
    """Its hash is asked before a number is believed."""
    run = written(tmp_path, "aaaaaaaaaa", "law.parquet")
    write_parquet(
        written_law(LAW.part(np.array([0])), ROWS.assign(item="b")), run.path / "law.parquet"
    )
    with pytest.raises(Tampered, match="sha256"):
        run.p_k()


def test_a_model_that_the_manifest_does_not_know_is_refused(tmp_path: Path) -> None:
    """Whatever it says of itself: another model in the folder is not the one of the run."""
    with workspace_lock(tmp_path):
        writers = {"model/model.json": lambda path: path.write_text("{}")}
        run = write_run(tmp_path, "2026-11-16", "aaaaaaaaaa", writers, {"notes": []})
    (run.path / "model" / "model.json").write_text("[]")
    with pytest.raises(Tampered, match=r"model\.json is not what its sha256 says"):
        _ = run.model
