"""One command as a process of its own: started, listened to, stopped.

It is the command that a planner could type, so it takes the same lock, writes the same files and
ends with the same exit codes; what it takes with it when it dies is only itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from foreship.files import read_small
from foreship.workbench.door.who import PROXY_VARIABLE
from foreship.workbench.work.said import Said

__all__ = ["FORESHIP", "Child"]

FORESHIP = (sys.executable, "-m", "foreship")
"""how our own commands are called"""
FORMS = ("--json", "-v", "--log-format", "json")
LARGEST_ANSWER = 50_000_000
"""bytes of an answer that are read"""
LONGEST_LINE = 20_000
"""characters of a line of the log that are looked at"""
GRACE = 5.0
"""seconds from the request to end until the end"""


class Child:
    """A running command.

    Parameters
    ----------
    command
        Name of the command and its arguments, as one would type them.
    folder
        Where it works.
    answer
        File that takes what it writes to stdout.
    said
        What hears its log, line by line.
    program
        How our commands are called.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        answer: Path,
        said: Said,
        program: Sequence[str] = FORESHIP,
    ) -> None:
        surroundings = {key: value for key, value in os.environ.items() if key != PROXY_VARIABLE}
        self._answer, self._said = answer, said
        with answer.open("wb") as out:
            self._process = subprocess.Popen(
                [*program, *command, *FORMS],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=surroundings,
                start_new_session=True,
                text=True,
                encoding="utf-8",
                errors="replace",
            )

    def listen(self) -> int:
        """Hear its log to the end; return its exit code, 128 and the signal where one killed it."""
        assert self._process.stderr is not None
        with self._process.stderr as log:
            for line in iter(lambda: log.readline(LONGEST_LINE), ""):
                self._said.hear(line)
        code = self._process.wait()
        return code if code >= 0 else 128 - code

    def answer(self) -> str:
        """Return what it wrote to stdout, '' where that is more than an answer."""
        try:
            return read_small(self._answer, LARGEST_ANSWER).decode("utf-8", "replace")
        except ValueError:
            return ""
        finally:
            self._answer.unlink(missing_ok=True)

    def stop(self) -> None:
        """Ask it to end, and end it where it does not."""
        self._signal(signal.SIGTERM)
        late = threading.Timer(GRACE, self.kill)
        late.daemon = True
        late.start()

    def kill(self) -> None:
        """End it and whatever it has started, at once."""
        self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))

    def _signal(self, number: int) -> None:
        if self._process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, number)
            else:
                self._process.send_signal(number)
