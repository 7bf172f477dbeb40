"""Who may write to a draft now, and how lines are added so that they last."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from foreship.errors import StorageError, WorkspaceLocked
from foreship.files import replace_atomically
from foreship.runs.locking import refuse_links

__all__ = ["LOG", "add_lines", "held_alone", "refuse_linked", "whole_lines"]

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


def add_lines(folder: Path, lines: list[str]) -> None:
    """Add lines to a draft that is held alone, all or none; once this returns they last.

    The log is written anew beside itself and takes its own place: a disk that fills up, or a power
    that is lost, leaves it as it was. What an earlier writer did not write to its end is left out.
    """
    whole, _ = whole_lines(folder)
    data = b"".join(b"%s\n" % each for each in (*whole, *(each.encode() for each in lines)))
    replace_atomically(folder / LOG, lambda draft: draft.write_bytes(data))
