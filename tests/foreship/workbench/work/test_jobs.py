"""Work behind the pages: in its order, with what it says, and stopped when asked."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from foreship.workbench.door.places import NotFound
from foreship.workbench.work.jobs import Job, Jobs, State

PROGRAM = """
import json, os, pathlib, signal, sys, time
def told(**facts):
    print(json.dumps(facts), file=sys.stderr, flush=True)
def end(number, frame):
    print(json.dumps({"exit_code": 143, "error": {"message": "stopped"}}), flush=True)
    os._exit(143)
signal.signal(signal.SIGTERM, end)
name, code = sys.argv[1], int(sys.argv[2])
told(event="stage", stage=name)
told(event="progress", stage=name, done=1, of=2)
while not pathlib.Path(name).exists():
    time.sleep(0.01)
print(json.dumps({"exit_code": code, "name": name}))
sys.exit(code)
"""
"""waits for a file of its name, then ends with the code that was asked for"""


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    """Return jobs whose commands are this program."""
    (tmp_path / "scratch").mkdir()
    made = Jobs(tmp_path, tmp_path / "scratch", kept=2, program=(sys.executable, "-c", PROGRAM))
    yield made
    made.close()


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so; a test that waits a minute has failed."""
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


def start(jobs: Jobs, name: str, code: int = 0, *, writes: bool = True) -> Job:
    """Start a program of a name."""
    return jobs.start([name, str(code)], kind="run", words=f"make {name}", writes=writes)


def test_what_writes_goes_one_after_the_other_and_what_reads_beside_it(
    jobs: Jobs, tmp_path: Path
) -> None:
    """A solve of minutes lets a price be asked for."""
    first, second = start(jobs, "first"), start(jobs, "second", code=6)
    reads = start(jobs, "reads", writes=False)
    wait_for(lambda: first.said.share == reads.said.share == 0.5)
    assert (first.state, second.state, reads.state) == ("running", "queued", "running")
    for name in ("reads", "first", "second"):
        (tmp_path / name).touch()
    wait_for(lambda: second.is_over and reads.is_over)
    assert (first.state, second.state) == (State.done, State.done)
    assert (second.exit_code, second.answer["name"]) == (6, "second")
    assert [each.id for each in jobs.all()] == ["3", "2", "1"]


def test_a_command_that_fails_says_why(jobs: Jobs, tmp_path: Path) -> None:
    """Its object is kept with its code."""
    (tmp_path / "broken").touch()
    job = start(jobs, "broken", code=3)
    wait_for(lambda: job.is_over)
    assert (job.state, job.exit_code, job.answer["exit_code"]) == (State.failed, 3, 3)


def test_a_stopped_command_ends_and_the_next_begins(jobs: Jobs, tmp_path: Path) -> None:
    """One that waits never begins; its own files are gone."""
    file = tmp_path / "edits.csv"
    file.touch()
    running, next_one = start(jobs, "long"), start(jobs, "next")
    waiting = jobs.start(["never", "0"], kind="run", words="wait", writes=True, files=[file])
    wait_for(lambda: running.said.share is not None)
    jobs.stop(waiting.id)
    jobs.stop(running.id)
    (tmp_path / "next").touch()
    wait_for(lambda: running.is_over and next_one.is_over)
    assert (running.state, running.exit_code) == (State.stopped, 143)
    assert (waiting.state, waiting.exit_code, file.exists()) == (State.stopped, None, False)
    assert next_one.state is State.done
    assert not list((tmp_path / "scratch").iterdir())


def test_a_folder_that_was_swept_away_stops_no_work(jobs: Jobs, tmp_path: Path) -> None:
    """It is made again."""
    (tmp_path / "scratch").rmdir()
    (tmp_path / "quick").touch()
    job = start(jobs, "quick")
    wait_for(lambda: job.is_over)
    assert (job.state, job.answer["name"]) == (State.done, "quick")


def test_a_command_that_cannot_begin_says_what_is_in_its_way(tmp_path: Path) -> None:
    """The file and the system's reason; the queue goes on."""
    jobs = Jobs(tmp_path, tmp_path, program=(str(tmp_path / "none"),))
    job = start(jobs, "first")
    wait_for(lambda: job.is_over)
    assert job.state is State.failed
    assert job.said.notes == [f"it could not be done: {tmp_path}/none: No such file or directory"]


def test_the_end_of_the_server_is_that_of_its_jobs(jobs: Jobs) -> None:
    """It says how many were running."""
    job, waiting = start(jobs, "long"), start(jobs, "later")
    wait_for(lambda: job.said.share is not None)
    assert jobs.close() == 1
    wait_for(lambda: job.is_over)
    assert (job.state, waiting.state) == (State.stopped, State.stopped)


def test_only_so_many_that_are_over_are_kept(jobs: Jobs, tmp_path: Path) -> None:
    """The oldest are forgotten, and no other number is known."""
    (tmp_path / "quick").touch()
    for _ in range(4):
        job = start(jobs, "quick")
        wait_for(lambda job=job: job.is_over)  # type: ignore[misc]
    assert [each.id for each in jobs.all()] == ["4", "3", "2"]
    with pytest.raises(NotFound, match="there is no work 1"):
        jobs.get("1")


def test_an_answer_is_dealt_with_once_before_the_job_is_done(jobs: Jobs, tmp_path: Path) -> None:
    """Whoever sees that it is done finds what came of it; a failure has no answer."""
    seen: list[tuple[str, State]] = []

    def deal(job: Job) -> None:
        seen.append((job.answer["name"], job.state))

    for name, code in (("good", 0), ("bad", 3)):
        (tmp_path / name).touch()
        job = jobs.start([name, str(code)], kind="run", words=name, writes=False, when_done=deal)
        wait_for(lambda job=job: job.is_over)  # type: ignore[misc]
    assert seen == [("good", State.running)]
