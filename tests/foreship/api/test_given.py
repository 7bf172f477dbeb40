"""What Python's users say of a job reaches it, and what cannot be meant is told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import Mock

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
    "what_if": ("deciding.what_if.what_if_job", (WORKSPACE,)),
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
    monkeypatch.setattr("foreship.jobs.deciding.what_if.with_tried", lambda *each: (each[0], None))
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
