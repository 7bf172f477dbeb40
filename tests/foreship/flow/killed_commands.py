"""Commands in forks of one process that meet harm at a file event inside a folder, or later.

A child process imports everything once and forks for each command, so that a kill costs the
command alone. An audit hook in the fork counts the file events inside the workspace that change
something, and kills before the one asked for: between two of them the disk stays as it is, so that
reading is no event. Those inside Arrow's own writer are met by the random moments. Instead of a
kill the event may meet a request to end (`stop`), or from then on a disk that is full (`full`).
A command may be held before its first draft: forks of it go on from there, each to another harm.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LOCK = Path(".foreship") / "lock"


class Commands:
    """A process that runs commands in forks of itself."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("command_server.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        inside: Path,
        *words: object,
        event: int = 0,
        delay: float = 0.0,
        how: str = "kill",
        said: str | Path = os.devnull,
    ) -> int:
        """Run a command; return its exit code, or minus the signal that ended it.

        `said` is the file that takes what it writes to stdout.
        """
        (code,) = self.asked(inside, event, delay, how, said, *words)
        return code

    def events_of(self, inside: Path, *words: object) -> int:
        """Run a command that must end well; return how many file events it has."""
        events, code = self.asked(inside, 0, 0.0, "count", os.devnull, *words)
        assert code in (0, 6), code
        return events

    def asked(self, *words: object) -> list[int]:
        """Ask one line, return the numbers of its answer."""
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        return [int(each) for each in self.process.stdout.readline().split()]

    @cached_property
    def beside(self) -> Commands:
        """Another such process, for commands that are held while others run."""
        return Commands()

    @contextlib.contextmanager
    def held(self, inside: Path, *words: object) -> Iterator[Held]:
        """Run a command up to its first draft, and lend it there."""
        (first,) = self.beside.asked(inside, 0, 0.0, "hold", os.devnull, *words)
        held = Held(self.beside, inside, first)
        try:
            yield held
        finally:
            shutil.rmtree(held.before)
            assert self.beside.asked() == [0]

    def close(self) -> None:
        """End the processes."""
        self.process.communicate()
        if "beside" in self.__dict__:
            self.beside.close()


class Held:
    """A command that stands before its first draft, at a file event."""

    def __init__(self, commands: Commands, folder: Path, first: int) -> None:
        self.first = first
        self._commands, self._folder = commands, folder
        self.before = folder.with_name(f"{folder.name}-held")
        shutil.copytree(folder, self.before)

    def run(self, place: Path, event: int, how: str, said: Path) -> int:
        """Let a fork go on to a harm; leave what it left at another place, return how it ended.

        There nobody holds the lock; here all is again as it was, the file of the lock untouched.
        """
        (code,) = self._commands.asked(event, how, said)
        shutil.copytree(self._folder, place)
        for each in self._folder.iterdir():
            if each.name != LOCK.parts[0]:
                shutil.rmtree(each) if each.is_dir() else each.unlink()
        for each in (self._folder / LOCK.parts[0]).iterdir():
            if each.name != LOCK.name:
                shutil.rmtree(each) if each.is_dir() else each.unlink()
        lock = shutil.ignore_patterns(LOCK.name)
        shutil.copytree(self.before, self._folder, ignore=lock, dirs_exist_ok=True)
        return code


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes, but for the private `.foreship/`."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] != ".foreship"
    }
