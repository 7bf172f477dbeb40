"""A job's metrics: in its summary, in a file for collectors, in the log; on failure too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from foreship.cli.commands import app
from foreship.runs import load_run
from tests.foreship.planned_shop import AS_OF, DEMAND, planned_shop
from tests.foreship.spoken_objects import object_of

NEXT = AS_OF + pd.Timedelta(weeks=1)


def plan(shop: Path, as_of: pd.Timestamp, *more: object) -> Any:
    """Plan by the command line, with a log for machines."""
    words = ("plan", shop, "--as-of", as_of.date(), "--demand", shop / DEMAND, *more)
    words = (*words, "--json", "--log-format", "json", "-v")
    return CliRunner().invoke(app, [str(each) for each in words])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plan a shop in Python, where nobody measures."""
    folder = tmp_path_factory.mktemp("reports") / "shop"
    planned_shop(folder)
    return folder


@pytest.mark.sweep
def test_a_plan_reports_the_same_figures_everywhere(shop: Path, tmp_path: Path) -> None:
    """Summary, object, log and file agree; the plan is held, as stock is what it was last week."""
    file = tmp_path / "foreship.prom"
    ended = plan(shop, NEXT, "--metrics", file)
    assert ended.exit_code == 6, ended.output
    said = object_of(ended.stdout)
    metrics = said["summary"]["metrics"]
    lines = pd.read_parquet(Path(said["run"]) / "plan.parquet")
    assert (metrics["lines"], metrics["units"]) == (len(lines), int(lines["quantity"].sum()))
    assert metrics["gates"] == {"stale": 1}
    assert metrics["rows"]["lanes"] == len(pd.read_csv(shop / "lanes.csv"))
    assert metrics["drift"]["rows.lanes"] == metrics["drift"]["cells"] == 1.0
    assert metrics["drift_z"] == {}, "of one week there is no spread"
    assert "skill" not in metrics, "demand of one's own has none"
    stages = ["read and check", "demand", "plan", "after the plan"]
    assert sorted(metrics["clock"]["seconds"]) == sorted(stages)
    records = [json.loads(line) for line in ended.stderr.splitlines()]
    assert records[-1]["event"] == "run_finished" and records[-1]["metrics"] == metrics
    stages = [each for each in records if each.get("event") == "stage"]
    assert len(stages) > 2 and all(each["seconds"] >= 0 for each in stages)
    ended_stages = {e["stage"]: e["rows"] for e in records if e.get("event") == "stage_ended"}
    assert sorted(ended_stages) == sorted(metrics["clock"]["seconds"])
    assert ended_stages["read and check"] == sum(metrics["rows"].values())
    assert (ended_stages["demand"], ended_stages["plan"]) == (metrics["cells"], metrics["lines"])
    text = file.read_text()
    assert "foreship_run_exit_code 6\n" in text
    assert f"foreship_plan_units {metrics['units']}\n" in text


def test_in_python_nothing_but_the_clock_is_missing(shop: Path) -> None:
    """The run that was made without the command line has no times, and no past to drift from."""
    (run,) = (shop / "runs").glob(f"{AS_OF.date()}-*")
    metrics = load_run(run).summary["metrics"]
    assert "clock" not in metrics and metrics["drift"] == {}


@pytest.mark.parametrize("asked", ["2026-04-28", "nonsense"])
def test_a_job_that_fails_is_reported_too(shop: Path, tmp_path: Path, asked: str) -> None:
    """Its exit code, in file and log; the object says the rest."""
    file = tmp_path / "foreship.prom"
    words = ["run", str(shop), "--as-of", asked, "--metrics", str(file), "--log-format", "json"]
    ended = CliRunner().invoke(app, words)
    assert ended.exit_code == 2
    assert "foreship_run_exit_code 2\n" in file.read_text()
    finished = [json.loads(line) for line in ended.stderr.splitlines()]
    assert [e["exit_code"] for e in finished if e.get("event") == "run_finished"] == [2]


@pytest.mark.sweep
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_metrics_that_cannot_be_written_are_exit_8_and_the_run_stands(shop: Path) -> None:
    """It is given again to who asks again, held as it was."""
    ended = plan(shop, NEXT, "--metrics", "/dev/full")
    assert ended.exit_code == 8
    assert "the run stands" in object_of(ended.stdout)["error"]["message"]
    again = plan(shop, NEXT)
    assert again.exit_code == 6 and object_of(again.stdout)["reused"]
