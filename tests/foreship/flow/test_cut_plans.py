"""A plan that the clock or a person cut short is written, and never taken for the answer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from foreship.cli.commands import app
from foreship.config import Config
from foreship.jobs import weekly
from foreship.jobs.identity import identity_of
from foreship.workspace.opening import open_workspace
from foreship_forecast.params import ForecastParams
from foreship_optimize.params import PlanParams

TINY = Path(__file__).resolve().parents[3] / "data" / "tiny"
AS_OF = "2026-11-16"
DEMAND = "region,item,week,scenario,units\nR001,00004,2026-11-16,0,3\nR001,00004,2026-11-16,1,2\n"
Cut = Callable[..., None]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Copy the tiny workspace, with a forecast of one's own."""
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("runs", ".foreship", "truth"))
    (folder / "demand.csv").write_text(DEMAND)
    return folder


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Cut:
    """Return a function that changes the summary of the next plans."""
    plan_stage = weekly.plan_stage

    def change(**facts: object) -> None:
        def changed(*words: object, **more: object):
            plan = plan_stage(*words, **more)
            plan.summary.update(facts)
            return plan

        monkeypatch.setattr(weekly, "plan_stage", changed)

    return change


def plan(workspace: Path) -> Result:
    """Plan the week on one's own demand."""
    demand = workspace / "demand.csv"
    words = ["plan", workspace, "--as-of", AS_OF, "--demand", demand, "--json"]
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.sweep
@pytest.mark.parametrize(("termination", "code"), [("time limit", 0), ("interrupted", 130)])
def test_a_cut_plan_is_not_the_answer_of_a_retry(
    workspace: Path, cut: Cut, termination: str, code: int
) -> None:
    """It has an id of its own; the retry searches again, and what it finishes stands."""
    cut(termination=termination)
    first, same = plan(workspace), plan(workspace)
    assert first.exit_code == same.exit_code == code, first.stderr
    cut()
    whole, again = plan(workspace), plan(workspace)
    ids = [json.loads(each.stdout)["run_id"] for each in (first, same, whole, again)]
    assert ids[0] == ids[1] != ids[2] == ids[3]
    assert json.loads(whole.stdout)["summary"]["termination"] == "optimal"
    assert len(list((workspace / "runs").iterdir())) == 2


@pytest.mark.sweep
def test_a_held_plan_is_exit_6_and_its_summary_is_there(workspace: Path, cut: Cut) -> None:
    """Held by its gap: the run is written and printed, and says that it waits."""
    cut(status="hold", termination="time limit", gap=0.67)
    result = plan(workspace)
    assert result.exit_code == 6
    assert json.loads(result.stdout)["summary"]["status"] == "hold"


def test_settings_that_change_no_answer_change_no_id(workspace: Path) -> None:
    """Threads of either room; others do."""
    opened = open_workspace(workspace, AS_OF)

    def id_with(**sections: object) -> str:
        from dataclasses import replace

        return identity_of(replace(opened, config=Config(**sections)), "run")[0]

    threads = id_with(plan=PlanParams(threads=3), forecast=ForecastParams(threads=5))
    assert threads == id_with()
    assert id_with(plan=PlanParams(seed=3)) != id_with()
