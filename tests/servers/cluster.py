"""A Dask cluster of one's own: a scheduler and its workers, each a process of its own."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.needed import missing

__all__ = ["Cluster", "cluster_of"]

STARTING = 60.0
"""seconds that a busy machine may need to start a process"""


@dataclass
class Cluster:
    """A scheduler that runs, and its workers."""

    folder: Path
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the scheduler answers."""
        return str(json.loads(self._said.read_text())["address"])

    @property
    def _said(self) -> Path:
        return self.folder / "scheduler.json"

    def wait(self) -> None:
        """Wait until the scheduler has said where it is."""
        until = time.monotonic() + STARTING
        while not (self._said.exists() and self._said.read_text().endswith("}")):
            assert self.scheduler.poll() is None, (self.folder / "said").read_text()
            assert time.monotonic() < until, "the scheduler does not start"
            time.sleep(0.05)

    def start_worker(self, code: Path | None = None) -> None:
        """Start a worker of one thread, under no nanny: one that is killed stays away.

        It imports what lies in a folder before what this process imports.
        """
        small = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0"]
        place = ["--host", "127.0.0.1", "--local-directory", str(self.folder)]
        self.workers.append(_started(self.folder, ["worker", self.address, *small, *place], code))

    def wait_for_workers(self, count: int) -> None:
        """Wait until so many have come."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=STARTING)

    def kill_workers(self) -> None:
        """End all workers as a machine that loses its power does."""
        while self.workers:
            _killed(self.workers.pop())

    def kill(self) -> None:
        """End the whole cluster so."""
        _killed(self.scheduler)
        self.kill_workers()


@contextlib.contextmanager
def cluster_of(folder: Path, workers: int) -> Iterator[Cluster]:
    """Start a scheduler and so many workers; skip the test where Dask is not installed."""
    if importlib.util.find_spec("distributed") is None:
        missing("distributed")
    said = ["--scheduler-file", str(folder / "scheduler.json")]
    place = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    cluster = Cluster(folder, _started(folder, ["scheduler", *place, *said]))
    try:
        cluster.wait()
        for _ in range(workers):
            cluster.start_worker()
        cluster.wait_for_workers(workers)
        yield cluster
    finally:
        cluster.kill()


def _started(folder: Path, words: list[str], code: Path | None = None) -> subprocess.Popen[bytes]:
    """Run `dask` with some words in a folder; what it says goes to a file of it."""
    roots = [str(code)] * (code is not None) + [each for each in sys.path if each]
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(roots), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "dask", *words]
    with (folder / "said").open("ab") as said:
        return subprocess.Popen(
            command, cwd=folder, env=known, stdout=said, stderr=said, start_new_session=True
        )


def _killed(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
