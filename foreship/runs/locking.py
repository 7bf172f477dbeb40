"""One writer at a time: the lock of the place that runs are written to."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from foreship.errors import StorageError, WorkspaceLocked
from foreship.files import read_small

__all__ = ["workspace_lock"]

LARGEST_OWNER = 10_000
"""bytes beyond which a note of who holds the workspace is not ours"""


@contextlib.contextmanager
def workspace_lock(workspace: Path) -> Iterator[None]:
    """Hold the workspace for one writing command; sweep what a killed one left behind.

    Raises
    ------
    WorkspaceLocked
        At once, if another process holds it; names that process.
    StorageError
        If the private folder is a link or holds one: nothing beyond the workspace is touched.
    """
    from filelock import FileLock, Timeout

    private = workspace / ".foreship"
    _refuse_links(private)
    private.mkdir(exist_ok=True)
    lock, owner = FileLock(private / "lock"), private / "owner.json"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise WorkspaceLocked(_who_holds(workspace, owner)) from None
    try:
        shutil.rmtree(private / "tmp", ignore_errors=True)
        owner.write_text(
            json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}), "utf-8"
        )
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def _refuse_links(private: Path) -> None:
    """Raise StorageError where what we write, sweep or lock is not a file or folder of our own."""
    for path in (private, private / "tmp", private / "lock", private / "owner.json"):
        folder = path.name in (".foreship", "tmp")
        own = path.is_dir() if folder else path.is_file()
        if path.is_symlink() or (path.exists() and not own):
            kind = "a link" if path.is_symlink() else f"no {'folder' if folder else 'plain file'}"
            raise StorageError(f"{path} is {kind}, nothing of ours; take it away")


def _who_holds(workspace: Path, owner: Path) -> str:
    try:
        who = json.loads(read_small(owner, LARGEST_OWNER))
        holder = f"process {who['pid']} on {who['host']} since {who['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        holder = "another process"
    return f"the folder {workspace} is held by {holder}; wait for it or stop it"


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
