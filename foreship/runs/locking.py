"""One writer at a time: the lock of the place that runs are written to."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from foreship.errors import StorageError, WorkspaceLocked
from foreship.files import read_small
from foreship_foundation.telling.words import number

if TYPE_CHECKING:
    from filelock import FileLock

__all__ = ["held_by", "refuse_links", "waiting", "workspace_lock"]

LARGEST_OWNER = 10_000
"""bytes beyond which a note of who holds the workspace is not ours"""
BETWEEN_LOOKS = 0.25
"""seconds between two looks at a lock that somebody else holds"""


class Patience(NamedTuple):
    """How long a lock is waited for, and who is told that it is."""

    seconds: float
    tell: Callable[[str], None]


_patience: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextlib.contextmanager
def waiting(seconds: float, tell: Callable[[str], None]) -> Iterator[None]:
    """Let jobs inside wait for a lock up to so many seconds; `tell` hears once who holds it.

    Who waits longest need not be the next.
    """
    before = _patience.set(Patience(seconds, tell))
    try:
        yield
    finally:
        _patience.reset(before)


@contextlib.contextmanager
def workspace_lock(workspace: Path) -> Iterator[None]:
    """Hold the workspace for one writing command; sweep what a killed one left behind.

    What the command itself leaves half done, stopped in the midst of it, is swept at its end.

    Raises
    ------
    WorkspaceLocked
        If another process holds it, at once or after the time of `waiting`; names that process.
    StorageError
        If the folder cannot be written to, or the private folder in it is a link or holds one:
        nothing beyond the workspace is touched.
    """
    from filelock import FileLock

    private = workspace / ".foreship"
    refuse_links([private, private / "tmp"], [private / "lock", private / "owner.json"])
    _refuse_unwritable(workspace, private)
    lock, owner = FileLock(private / "lock"), private / "owner.json"
    _acquire(lock, lambda: _who_holds(workspace, owner))
    try:
        shutil.rmtree(private / "tmp", ignore_errors=True)
        _sign(owner)
        yield
    finally:
        owner.unlink(missing_ok=True)
        try:
            shutil.rmtree(private / "tmp", ignore_errors=True)
        finally:
            lock.release()


def _acquire(lock: FileLock, who: Callable[[], str]) -> None:
    """Take the lock now or while there is patience, else raise WorkspaceLocked."""
    from filelock import Timeout

    patience = _patience.get()
    with contextlib.suppress(Timeout):
        lock.acquire(timeout=0)
        return
    if patience is not None and patience.seconds > 0:
        patience.tell(f"{who()}; this job waits up to {number(patience.seconds)} s for it")
        with contextlib.suppress(Timeout):
            lock.acquire(timeout=patience.seconds, poll_interval=BETWEEN_LOOKS)
            return
    raise WorkspaceLocked(f"{who()}; wait for it, or stop it")


def _refuse_unwritable(workspace: Path, private: Path) -> None:
    """Make the private folder; raise StorageError where nothing can be written."""
    try:
        private.mkdir(exist_ok=True)
        refused = "" if os.access(private, os.W_OK | os.X_OK) else "it may not be written to"
        refused = refused or ("" if os.access(workspace, os.W_OK) else "it may not be written to")
    except OSError as error:
        refused = (error.strerror or str(error)).lower()
    if refused:
        raise StorageError(
            f"the folder {workspace} cannot hold runs: {refused}; allow it, or put runs elsewhere "
            "with --out FOLDER, for which tables are only read"
        )


def refuse_links(folders: Iterable[Path], files: Iterable[Path]) -> None:
    """Raise StorageError where what we write, sweep or lock is not a file or folder of our own."""
    for paths, is_own, kind in (
        (folders, stat.S_ISDIR, "no folder"),
        (files, stat.S_ISREG, "no plain file"),
    ):
        for path in paths:
            mode = _mode(path)
            if mode and not is_own(mode):
                found = "a link" if stat.S_ISLNK(mode) else kind
                raise StorageError(f"{path} is {found}, nothing of ours; take it away")


def _mode(path: Path) -> int:
    """Return what a path is, looked at once, since another one may be making it; 0: not there."""
    try:
        return path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def _sign(owner: Path) -> None:
    """Note who holds the workspace, for others to read; on a full disk the lock alone must do."""
    who = {"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}
    with contextlib.suppress(OSError):
        owner.write_text(json.dumps(who), "utf-8")


class Holder(NamedTuple):
    """Who holds a workspace, as its note says."""

    pid: int
    host: str
    since: str


def _signed(owner: Path) -> Holder | None:
    """Read who signed the note, None where it is not to be read."""
    try:
        who = json.loads(read_small(owner, LARGEST_OWNER))
        return Holder(int(who["pid"]), str(who["host"]), str(who["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _who_holds(workspace: Path, owner: Path) -> str:
    who = _signed(owner)
    known = who and f"process {who.pid} on {who.host} since {who.since}"
    return f"the folder {workspace} is held by {known or 'another process'}"


def held_by(workspace: Path) -> str | None:
    """Say which process writes in a workspace now, for whoever only reads; None where none does.

    The lock is not tried: that could be in the way of who asks for it in earnest. So the note of a
    process that was killed counts for nothing where it can be seen that it is gone.
    """
    who = _signed(workspace / ".foreship" / "owner.json")
    if who is None or (who.host == socket.gethostname() and not _is_there(who.pid)):
        return None
    return f"process {who.pid} since {who.since}"


def _is_there(pid: int) -> bool:
    """Whether a process of this machine runs; where it cannot be asked, that it may."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
