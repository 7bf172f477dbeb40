"""Run commands in forks of one process, each of which may meet harm at a file event.

Run as a script. It reads a line a command: folder, event, delay, how, file for its stdout, words;
and answers a line: the events met, where they are counted, and the exit code or minus a signal.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGING = (
    "os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink",
    "os.truncate", "os.utime", "shutil.",
)  # fmt: skip
GROWING = ("open", "os.link", "os.mkdir", "os.symlink", "shutil.copy")
"""events that need room on a disk"""
NEEDED = (
    "foreship_forecast.learning.fitting", "foreship_optimize.planning", "foreship.__main__",
    "foreship.reading.comparing.compare", "foreship.reading.explaining.explanation",
    "foreship.reports.plan_page", "foreship.reports.workbook", "foreship.jobs.weekly",
    "foreship.samples.synthetic.sample", "foreship.cli.commands",
)  # fmt: skip
DRAFTS = "/.foreship/tmp/"
ASKED, ANSWERS = 0, os.dup(1)
"""file descriptors of questions and answers; 1 becomes what a command says"""


class Meeting:
    """Which event harms the command of this process, and how."""

    def __init__(self) -> None:
        self.inside, self.how, self.fatal, self.seen = "", "", 0, 0

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Count an event that changes something inside the folder; harm at the one asked for."""
        changes = arguments[2] & WRITING if event == "open" else event.startswith(CHANGING)
        if not self.inside or not changes or not arguments:
            return
        first = arguments[0]
        place = os.fsdecode(first) if isinstance(first, str | bytes) else str(first)
        if self.inside not in place:
            return
        self.seen += 1
        if self.how == "hold" and self.inside + DRAFTS in place:
            self._hold()
        if self.how in ("kill", "stop") and self.seen == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL if self.how == "kill" else signal.SIGTERM)
        full = self.how == "full" and 0 < self.fatal <= self.seen
        if full and event.startswith(GROWING):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _hold(self) -> None:
        """Stay before the first draft; a fork goes on with each harm that is asked for.

        What was worked out until here is so worked out once for all of them.
        """
        answer(f"{self.seen}\n")
        while words := line().split():
            event, how, said = words
            if (pid := os.fork()) == 0:
                signal.set_wakeup_fd(-1)  # a signal to the fork is none to who is held
                heard(said)
                self.fatal, self.how = int(event), how
                return
            answer(f"{ended(pid)}\n")
        os._exit(0)


def line() -> str:
    """Read one question; nothing is read ahead, since forks read on."""
    read = b""
    while not read.endswith(b"\n"):
        one = os.read(ASKED, 1)
        if not one:
            break
        read += one
    return read.decode()


def answer(words: str) -> None:
    """Write a part of an answer."""
    os.write(ANSWERS, words.encode())


def heard(said: str) -> None:
    """Let a file take what is said to stdout from now on."""
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)


def ended(pid: int) -> int:
    """Wait for a fork; return its exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run_command(meeting: Meeting, words: list[str]) -> None:
    """Run a command and end this process with its exit code."""
    from foreship.__main__ import main

    sys.argv = ["foreship", *words]
    code = 1
    try:
        main()
        code = 0
    except SystemExit as asked:
        code = int(asked.code or 0)
    finally:
        if meeting.how == "count":
            answer(f"{meeting.seen} ")
        os._exit(code)


def import_all() -> None:
    """Import once what commands import when they need it."""
    sys.path[0] = str(Path(__file__).resolve().parents[3])
    for each in NEEDED:
        import_module(each)


def serve() -> None:
    """Run commands until there is no further line."""
    import_all()
    meeting = Meeting()
    sys.addaudithook(meeting.audit)
    while asked := line():
        folder, event, delay, how, said, *words = asked.split()
        if (pid := os.fork()) == 0:
            heard(said)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            meeting.how, meeting.fatal, meeting.inside = how, int(event), folder
            run_command(meeting, words)
        if float(delay):
            time.sleep(float(delay))
            os.kill(pid, signal.SIGKILL)
        answer(f"{ended(pid)}\n")


if __name__ == "__main__":
    serve()
