"""Who may write to a draft now, and how a line is added so that it lasts."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from foreship.errors import StorageError, WorkspaceLocked
from foreship.files import flush
from foreship.runs.locking import refuse_links

__all__ = ["LOG", "add_line", "held_alone", "refuse_linked", "whole_lines"]

LOG, LOCK = "log.jsonl", "lock"
PATIENCE = 10.0
"""seconds; who writes a draft is done in far less than one"""


def refuse_linked(folder: Path) -> None:
    """Raise StorageError where a folder of drafts, or a file of it, is not ours but a link."""
    drafts = folder.parent
    refuse_links([drafts.parent, drafts, folder], [folder / LOCK, folder / LOG])


@contextlib.contextmanager
def held_alone(folder: Path) -> Iterator[None]:
    """Hold a draft for one writer; not the workspace, which a solve holds for minutes.

    Raises
    ------
    WorkspaceLocked
        If another one writes to it and does not end.
    StorageError
        If the folder cannot be written to, or is not ours but a link.
    """
    from filelock import FileLock, Timeout

    refuse_linked(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / LOCK, timeout=PATIENCE):
            yield
    except Timeout as error:
        raise WorkspaceLocked(f"another program writes to the draft {folder.name}") from error
    except OSError as error:
        words = error.strerror or str(error)
        raise StorageError(f"the draft {folder} cannot be written: {words}") from error


def whole_lines(folder: Path) -> tuple[list[bytes], bool]:
    """Return the lines of a draft that were written to their end, and whether one was not.

    Raises
    ------
    StorageError
        If the log cannot be read, or is not ours but a link.
    """
    refuse_linked(folder)
    try:
        data = (folder / LOG).read_bytes()
    except FileNotFoundError:
        return [], False
    except OSError as error:
        raise StorageError(f"cannot read {folder / LOG}: {error.strerror}") from error
    *lines, rest = data.split(b"\n")
    return lines, rest != b""


def add_line(folder: Path, lines: list[str]) -> None:
    """Add lines to a draft that is held alone; once this returns they survive a loss of power.

    What an earlier writer did not write to its end is cut off first.
    """
    path = folder / LOG
    is_new = not path.exists()
    with path.open("ab+") as stream:
        stream.seek(0)
        data = stream.read()
        stream.truncate(data.rfind(b"\n") + 1)
        stream.write("".join(f"{line}\n" for line in lines).encode())
        stream.flush()
        os.fsync(stream.fileno())
    if is_new:
        flush(folder)
