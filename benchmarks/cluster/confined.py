"""Processes that may hold so many bytes together and no more, as a small machine's may.

A control group of Linux's memory controller (version 1, mounted where it usually is) counts what
its processes hold, the system's copies of the files that they read included, which it gives up
first; beyond the limit the system ends one of them. It takes the rights of root.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

__all__ = ["Confined", "confined"]

CONTROLLER: Final = Path("/sys/fs/cgroup/memory")
JOINING: Final = 'echo $$ > "$0" && exec "$@"'
"""shell words that join a group and then become the command"""


@dataclass(frozen=True)
class Confined:
    """A group of processes with a limit of memory."""

    folder: Path
    read: list[int] = field(default_factory=list)
    """what they held, each time that somebody looked [bytes]"""
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, command: Sequence[str], **more: Any) -> subprocess.Popen[str]:
        """Start a command of Python that belongs to the group from its first byte on."""
        join = ["sh", "-c", JOINING, str(self.folder / "cgroup.procs"), sys.executable]
        process = subprocess.Popen([*join, *command], text=True, start_new_session=True, **more)
        self.started.append(process)
        return process

    @property
    def ended(self) -> int:
        """How many of its processes the system has ended for want of memory."""
        said = (self.folder / "memory.oom_control").read_text().split()
        return int(said[said.index("oom_kill") + 1])

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Read every tenth of a second what its processes hold of their own."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.1):
                self.read.append(self._held())

        watching = threading.Thread(target=watch, daemon=True)
        watching.start()
        try:
            yield
        finally:
            done.set()
            watching.join()

    @property
    def most_held(self) -> int:
        """The most that was read [bytes]: files of the system that they share are not counted."""
        return max(self.read, default=0)

    def _held(self) -> int:
        said = (self.folder / "memory.stat").read_text().split()
        return int(said[said.index("total_rss") + 1])

    def processes(self) -> list[int]:
        """Return the processes that belong to it now."""
        return list(map(int, (self.folder / "cgroup.procs").read_text().split()))


@contextlib.contextmanager
def confined(name: str, limit: int) -> Iterator[Confined]:
    """Open a group that may hold `limit` bytes, and end what is left in it.

    Raises
    ------
    SystemExit
        Where there is no such controller, or no right to it.
    """
    folder = CONTROLLER / f"foreship-{os.getpid()}-{name}"
    try:
        folder.mkdir()
    except OSError as error:
        raise SystemExit(f"memory cannot be limited here: {error}") from error
    group = Confined(folder)
    try:
        (folder / "memory.limit_in_bytes").write_text(str(limit))
        yield group
    finally:
        _emptied(group)
        folder.rmdir()


def _emptied(group: Confined) -> None:
    while running := group.processes():
        for each in running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, 9)
        time.sleep(0.1)
    for process in group.started:
        process.wait()
