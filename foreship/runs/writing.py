"""Write run folders, whole or not at all.

A run is written under `.foreship/tmp/`, every file flushed to disk, its manifest last, and
then renamed to `runs/<as_of>-<id>/` in one step. A process killed at any moment leaves the
earlier runs as they were; what it left in `.foreship/tmp/` is swept by the next run.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from foreship.errors import ForeshipError, StorageError, UsageError
from foreship.files import flush
from foreship.own_files import MANIFEST, SCHEMA_VERSION
from foreship.places.mirror import Mirror, mirror_of
from foreship.places.publishing import publish_files, publish_manifest, refuse_unsafe
from foreship.runs.inventory import inventory, measure
from foreship.runs.names import RUNS
from foreship.runs.run import Run

__all__ = ["storage_trouble", "write_folder", "write_run"]


def write_run(
    workspace: Path,
    as_of: str,
    identity: str,
    writers: Mapping[str, Callable[[Path], object]],
    facts: Mapping[str, Any],
    folder: str = RUNS,
) -> Run:
    """Write a whole run folder or none.

    Parameters
    ----------
    workspace
        The workspace's folder, whose lock is held.
    as_of, identity
        Name the folder: `<as_of>-<identity>/`.
    writers
        File or folder name -> a function that writes it at the path it is given.
    facts
        What the manifest says beside ids, files and their hashes.
    folder
        Where it lies in the workspace.
    """
    place = workspace / folder / f"{as_of}-{identity}"
    manifest = write_folder(workspace, place, writers, {"run_id": identity, "as_of": as_of}, facts)
    return Run(place, manifest)


def write_folder(
    workspace: Path,
    folder: Path,
    writers: Mapping[str, Callable[[Path], object]],
    *facts: Mapping[str, Any],
) -> dict[str, Any]:
    """Write a whole folder with its manifest, or nothing; return what the manifest says.

    Parameters
    ----------
    workspace
        The workspace's folder, whose lock is held.
    folder
        Where it shall lie, two levels below the workspace; it may not be there yet.
    writers
        File or folder name -> a function that writes it at the path it is given.
    facts
        What the manifest says beside the files and their hashes; `run_id`, `as_of` and `notes`
        are among them.

    Raises
    ------
    UsageError
        If the folder is there already.
    StorageError
        If the disk is full, a quota is reached, or the place may not be written to; or if the
        workspace mirrors a store that does not answer. Nothing is then there or here.
    """
    if folder.exists():
        raise UsageError(f"{folder} is there already; nothing of ours is written twice")
    mirror, name = mirror_of(workspace), f"{folder.parent.name}/{folder.name}"
    if mirror:
        refuse_unsafe(mirror, name)
    draft = workspace / ".foreship" / "tmp" / folder.name
    try:
        manifest = _drafted(draft, writers, facts, mirror, name)
        folder.parent.mkdir(exist_ok=True)
        draft.rename(folder)
    except Exception as error:
        said = _said_of_storage(error)
        written = sum(each.stat().st_size for each in draft.rglob("*") if each.is_file())
        shutil.rmtree(draft, ignore_errors=True)  # a full disk is not left full
        if said is None:
            raise
        raise StorageError(
            f"{folder.name} could not be written to {folder.parent}: {said}; {written:,} bytes of "
            f"it were done, {_free(workspace)}, nothing is left of it here; earlier runs are as "
            "they were"
        ) from error
    flush(folder.parent)
    return manifest


def _drafted(
    draft: Path,
    writers: Mapping[str, Callable[[Path], object]],
    facts: Iterable[Mapping[str, Any]],
    mirror: Mirror | None,
    name: str,
) -> dict[str, Any]:
    """Write all files of a folder and last its manifest, flushed to disk; return the manifest."""
    draft.mkdir(parents=True)
    for each, write in writers.items():
        (draft / each).parent.mkdir(parents=True, exist_ok=True)
        write(draft / each)
    if mirror:
        publish_files(mirror, name, draft, inventory(draft))
    files = {each: measure(draft / each) for each in inventory(draft)}
    manifest: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "written": datetime.now(UTC).isoformat(timespec="microseconds"),
    }
    for more in facts:
        manifest |= more
    manifest["files"] = files
    text = json.dumps(manifest, indent=1, sort_keys=True, default=str, ensure_ascii=False) + "\n"
    if mirror:
        # the folder is whole in the store from here on; killed now, it is brought back from there
        text = publish_manifest(mirror, name, text)
        manifest = json.loads(text)
    (draft / MANIFEST).write_text(text, "utf-8")
    for each in (*files, MANIFEST):
        flush(draft / each)
    for inner in sorted(path for path in draft.rglob("*") if path.is_dir()):
        flush(inner)
    flush(draft)
    return manifest


def _said_of_storage(error: Exception) -> str | None:
    """Return what went wrong with this machine's disk; None for all other errors."""
    if isinstance(error, ForeshipError):
        return str(error).rstrip(".") if type(error) is StorageError else None
    return storage_trouble(error)


def storage_trouble(error: BaseException | None) -> str | None:
    """Return what the system says of its storage, None for an error of another kind.

    Libraries wrap the system's error in their own, or keep its words alone.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINTR, errno.ENOMEM):
            return (error.strerror or str(error)).lower()
        words = str(error).lower()
        for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS):
            if os.strerror(code).lower() in words:
                return os.strerror(code).lower()
        error = error.__cause__ or error.__context__
    return None


def _free(folder: Path) -> str:
    try:
        return f"{shutil.disk_usage(folder).free:,} bytes are free"
    except OSError:
        return "how much is free is not known"
