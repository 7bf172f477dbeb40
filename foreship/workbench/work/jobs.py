"""Work behind the pages: one queue of what writes, one of what only reads, each in its order."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from foreship.exit_codes import DONE
from foreship.workbench.door.places import NotFound
from foreship.workbench.door.scratch import standing
from foreship.workbench.work.child import FORESHIP, Child
from foreship.workbench.work.said import Said, answer_in

__all__ = ["Job", "Jobs", "State"]

LEAVING: Final = 2.0
"""seconds for which the end of the server waits for its jobs"""


class State(StrEnum):
    """How far a job has come."""

    queued = "queued"
    running = "running"
    done = "done"
    failed = "failed"
    stopped = "stopped"


@dataclass
class Job:
    """A command that is to run, runs or has run."""

    id: str
    kind: str
    """what it is for, in a word of the pages"""
    words: str
    """what it is for, in words for whoever reads"""
    command: tuple[str, ...]
    who: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    """what its page needs to go on, as the run it is about"""
    files: tuple[Path, ...] = ()
    """its own files in the server's folder, gone at its end"""
    when_done: Callable[[Job], None] | None = None
    """what becomes of its answer, once, before anybody hears that it is done"""
    state: State = State.queued
    said: Said = field(default_factory=Said)
    answer: Mapping[str, Any] = field(default_factory=dict)
    """the one object of the command, once it has ended"""
    exit_code: int | None = None
    child: Child | None = None
    """its process, from its beginning on"""
    is_to_stop: bool = False
    """whether somebody has asked for its end"""
    wanted_by: set[str] = field(default_factory=set)
    """who waits for its answer"""

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in (State.done, State.failed, State.stopped)


class Jobs:
    """The jobs of one server.

    Parameters
    ----------
    folder
        The workspace, in which they work.
    scratch
        The server's own folder.
    kept
        How many that are over are still listed.
    program
        How our commands are called.
    """

    def __init__(
        self, folder: Path, scratch: Path, kept: int = 50, program: Sequence[str] = FORESHIP
    ) -> None:
        self._folder, self._scratch, self._kept, self._program = folder, scratch, kept, program
        self._numbers = itertools.count(1)
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._queues: dict[bool, queue.SimpleQueue[Job]] = {}
        self._is_closed = False
        self.asking = threading.RLock()
        """held by who looks for a job, and starts one where there is none"""

    def start(
        self,
        command: Sequence[str],
        *,
        kind: str,
        words: str,
        writes: bool,
        who: str = "",
        about: Mapping[str, str] | None = None,
        files: Sequence[Path] = (),
        when_done: Callable[[Job], None] | None = None,
    ) -> Job:
        """Put a command behind those that wait already, and return its job.

        Parameters
        ----------
        command
            Name of the command and its arguments; they are handed over one by one, by no shell.
        writes
            Whether it writes to the workspace: those run one after the other, as their lock would
            have it anyway; what only reads does not wait for them.
        """
        with self._lock:
            job = Job(
                str(next(self._numbers)),
                kind,
                words,
                tuple(command),
                who,
                about or {},
                tuple(files),
                when_done,
                wanted_by={who},
            )
            self._jobs[job.id] = job
            self._forget()
            self._queue(writes).put(job)
        return job

    def get(self, number: str) -> Job:
        """Return a job by its number.

        Raises
        ------
        NotFound
            If there is none, or it is over for long.
        """
        with self._lock:
            found = self._jobs.get(number)
        if found is None:
            raise NotFound(f"there is no work {number}, or it is over for long")
        return found

    def all(self) -> list[Job]:
        """Return all jobs that are listed, newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def stop(self, number: str) -> Job:
        """Ask a job to end; one that has not begun never does."""
        job = self.get(number)
        with self._lock:
            _end(job)
        return job

    def join(self, job: Job, who: str) -> bool:
        """Let somebody wait for the answer of a job, too; tell whether one is to be expected."""
        with self._lock:
            if job.is_to_stop or job.is_over:
                return False
            job.wanted_by.add(who)
            return True

    def leave(self, job: Job, who: str) -> None:
        """Let somebody wait no longer; a job that nobody waits for any more is stopped."""
        with self._lock:
            if job.wanted_by == {who}:
                _end(job)
            else:
                job.wanted_by.discard(who)

    def close(self) -> int:
        """Stop all jobs and wait a little for their end; return how many were running."""
        with self._lock:
            self._is_closed = True
            waiting = [each for each in self._jobs.values() if not each.is_over]
        running = [each for each in waiting if each.state is State.running]
        for each in waiting:
            self.stop(each.id)
        over = threading.Event()
        for _ in range(int(LEAVING / 0.05)):
            if all(each.is_over for each in waiting):
                return len(running)
            over.wait(0.05)
        for each in running:
            if each.child is not None:
                each.child.kill()
        return len(running)

    def _queue(self, writes: bool) -> queue.SimpleQueue[Job]:
        """Return a queue, with the thread that works through it."""
        if writes not in self._queues:
            self._queues[writes] = queue.SimpleQueue()
            work = self._queues[writes]
            threading.Thread(target=self._work_through, args=(work,), daemon=True).start()
        return self._queues[writes]

    def _work_through(self, work: queue.SimpleQueue[Job]) -> None:
        while True:
            job = work.get()
            with self._lock:
                if job.state is not State.queued or self._is_closed:
                    continue
                job.state = State.running
            try:
                self._run(job)
            except Exception as error:  # the queue goes on, whatever became of one job
                job.said.hear(f"it could not be done: {_reason(error)}")
                job.state = State.failed
            finally:
                _clear(job)

    def _run(self, job: Job) -> None:
        path = standing(self._scratch) / f"answer-{job.id}.json"
        child = Child(job.command, self._folder, path, job.said, self._program)
        with self._lock:
            job.child = child
            if job.is_to_stop:
                child.stop()
        code = child.listen()
        job.answer = answer_in(child.answer())
        job.exit_code = code
        if code in DONE:
            if job.when_done is not None:
                job.when_done(job)
            job.state = State.done
        else:
            job.state = State.stopped if job.is_to_stop else State.failed

    def _forget(self) -> None:
        over = [each.id for each in self._jobs.values() if each.is_over]
        for each in over[: max(len(over) - self._kept, 0)]:
            del self._jobs[each]


def _reason(error: Exception) -> str:
    named = isinstance(error, OSError) and error.strerror and error.filename
    return f"{error.filename}: {error.strerror}" if named else str(error)  # type: ignore[attr-defined]


def _end(job: Job) -> None:
    if job.state is State.queued:
        job.state = State.stopped
        _clear(job)
    elif job.state is State.running:
        job.is_to_stop = True
        if job.child is not None:
            job.child.stop()


def _clear(job: Job) -> None:
    for each in job.files:
        each.unlink(missing_ok=True)
