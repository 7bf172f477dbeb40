"""What Python's users say of a job reaches it, and what cannot be meant is told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pandas as pd
import pytest

import foreship
from foreship.api.given import patient
from foreship.errors import WorkspaceLocked
from foreship.runs import waiting, workspace_lock
from foreship_foundation.telling.progress import heard_by

WORKSPACE: Any = Mock(spec=foreship.Workspace, keeper=None)
RUN: Any = Mock(spec=foreship.Run)
LOCKING = {
    "forecast": ("weekly.forecast_job", (WORKSPACE,)),
    "plan": ("weekly.plan_job", (WORKSPACE,)),
    "run": ("weekly.run_job", (WORKSPACE,)),
    "what_if": ("trying.what_if.what_if_job", (WORKSPACE,)),
    "approve": ("deciding.approving.approve_job", (RUN, "Anna")),
    "release": ("deciding.releasing.release_job", (RUN, "Anna")),
}
"""functions of users: the job behind each, and what else it asks for"""


@pytest.mark.parametrize("name", LOCKING)
def test_every_job_that_locks_waits_as_long_as_it_was_told(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who listens to the progress hears for whom; without `wait` it ends at once, unheard."""

    def locking(*args: Any, **more: Any) -> None:
        with workspace_lock(tmp_path):
            raise AssertionError("it was held")

    job, given = LOCKING[name]
    monkeypatch.setattr(f"foreship.jobs.{job}", locking)
    monkeypatch.setattr("foreship.jobs.trying.trial.with_tried", lambda *each: each[0])
    heard: list[str] = []
    with workspace_lock(tmp_path), heard_by(lambda stage, done, of: heard.append(stage)):
        for wait in ({}, {"wait": 0.01}):
            with pytest.raises(WorkspaceLocked):
                getattr(foreship, name)(*given, **wait)
    assert len(heard) == 1
    assert "waits up to 0.01 s" in heard[0]


@pytest.mark.parametrize("wait", [-1, float("nan"), float("inf"), "600", None, True])
def test_a_wait_that_is_no_time_is_refused(wait: Any) -> None:
    """Endless too: a night's job that nobody ends is not what was meant."""
    with pytest.raises(foreship.UsageError, match="give seconds"):
        patient(wait)


def test_no_wait_leaves_the_one_around_it(tmp_path: Path) -> None:
    """A script that lets all of its jobs wait is not made impatient by the default of one."""
    said: list[str] = []
    with (
        workspace_lock(tmp_path),
        pytest.raises(WorkspaceLocked),
        waiting(0.01, said.append),
        patient(0),
        workspace_lock(tmp_path),
    ):
        pass
    assert len(said) == 1


def nothing() -> pd.DataFrame:
    """Return a frame, which is neither a workspace nor a run nor a path."""
    return pd.DataFrame()


@pytest.mark.parametrize("name", ["backtest", "evaluate", "forecast", "frontier", "plan", "run"])
@pytest.mark.parametrize("given", [None, "shop", 5, nothing()])
def test_what_is_no_workspace_is_refused(name: str, given: Any) -> None:
    """In words that say how one is opened, before anything is done."""
    with pytest.raises(foreship.UsageError, match=r"is no workspace; give foreship\.open"):
        getattr(foreship, name)(given)


@pytest.mark.parametrize(
    "asked",
    [
        lambda given: foreship.approve(given, by="Anna"),
        lambda given: foreship.diff(RUN, given) if given is not None else foreship.diff(given, RUN),
        lambda given: foreship.explain(given, item="a"),
        lambda given: foreship.price_edits(given, "edits.csv"),
        lambda given: foreship.release(given, by="Anna"),
    ],
)
@pytest.mark.parametrize("given", [None, "latest", WORKSPACE, nothing()])
def test_what_is_no_run_is_refused(asked: Any, given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace too, and the name of a run: it says what gives one."""
    monkeypatch.setattr("foreship.jobs.finished.view_of", lambda run: run)
    with pytest.raises(foreship.UsageError, match="is no run; give"):
        asked(given)


@pytest.mark.parametrize("more", [{"forecast": "latest"}, {"forecast": WORKSPACE}])
def test_a_run_among_the_choices_is_looked_at_too(more: dict[str, Any]) -> None:
    """By the name of the argument."""
    with pytest.raises(foreship.UsageError, match=r"^forecast: .* is no run"):
        foreship.plan(WORKSPACE, **more)


@pytest.mark.parametrize(
    "asked",
    [
        foreship.check,
        foreship.latest,
        foreship.list_runs,
        foreship.load_run,
        foreship.open,
        foreship.released,
        foreship.sample,
        lambda given: foreship.price_edits(RUN, given),
    ],
)
@pytest.mark.parametrize("given", [None, 5, nothing()])
def test_what_is_no_path_is_refused(asked: Any, given: Any) -> None:
    """By its kind."""
    with pytest.raises(foreship.UsageError, match=f"{type(given).__name__} is no path"):
        asked(given)


@pytest.mark.parametrize("asked", [foreship.latest, foreship.list_runs, foreship.released])
def test_looking_for_runs_makes_no_folder(asked: Any, tmp_path: Path) -> None:
    """A name with a slip in it leaves nothing behind."""
    with pytest.raises(foreship.UsageError):
        asked(tmp_path / "shpo")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("weeks", [0, -1, 1.5, "two", None, True])
@pytest.mark.parametrize("name", ["backtest", "evaluate"])
def test_weeks_are_a_whole_number(name: str, weeks: Any) -> None:
    """From one on; anything else is told as it was given."""
    with pytest.raises(foreship.UsageError, match="whole number, at least 1 week"):
        getattr(foreship, name)(WORKSPACE, weeks=weeks)


@pytest.mark.parametrize("by", ["", " ", None, 5, "Anna\nBob"])
@pytest.mark.parametrize("name", ["approve", "release"])
def test_a_decision_is_signed_by_a_name(name: str, by: Any, tmp_path: Path) -> None:
    """A text of one line, as it stands in every paper."""
    with pytest.raises(foreship.UsageError, match=r"who decides|is no name"):
        getattr(foreship, name)(foreship.Run(tmp_path / "runs" / "one", {}), by=by)


@pytest.mark.parametrize("more", [{"unique_id": 4}, {"model": 5}])
def test_names_in_a_forecast_are_text(more: dict[str, Any]) -> None:
    """What was given is told with its argument."""
    frame = pd.DataFrame({"unique_id": ["a/b"], "ds": ["2026-11-16"], "ETS": [1.0]})
    with pytest.raises(foreship.UsageError, match=f"{next(iter(more))}=.: give a text"):
        foreship.demand_of(WORKSPACE, frame, **more)


@pytest.mark.parametrize("settings", ["plan.seed=5", ["plan.seed=5"], {5: 5}])
def test_what_is_tried_stands_under_names(settings: Any) -> None:
    """An example of how is shown."""
    with pytest.raises(foreship.UsageError, match="given by name, as"):
        foreship.what_if(WORKSPACE, settings)


@pytest.mark.parametrize("changes", ["lanes.capacity*2", [5]])
def test_changes_are_a_list_of_texts(changes: Any) -> None:
    """One text alone would be read letter by letter."""
    with pytest.raises(foreship.UsageError, match="changes are a list of texts"):
        foreship.what_if(WORKSPACE, changes=changes)


@pytest.mark.parametrize("seed", ["a", 1.5, -1])
def test_the_seed_of_a_sample_is_a_whole_number(seed: Any, tmp_path: Path) -> None:
    """Its range is said, and nothing is written."""
    with pytest.raises(foreship.UsageError, match="must be 0 to"):
        foreship.sample(tmp_path / "shop", size="tiny", seed=seed)
    assert not list(tmp_path.iterdir())
