"""Open run folders after checking them against their manifests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from foreship.files import path_of
from foreship.own_files import MANIFEST, read_manifest
from foreship.runs.inventory import checked_manifest
from foreship.runs.names import RUNS
from foreship.runs.run import Run

__all__ = ["load_run", "newest_run", "written"]


def load_run(path: str | Path, needs: Iterable[str] | None = None) -> Run:
    """Open a run folder after checking its files against the manifest.

    Parameters
    ----------
    needs
        The files that will be read, as of `checked_manifest`; what else is not as it was written
        becomes a doubt of the run.

    Raises
    ------
    UsageError
        If there is no run at `path`.
    Tampered
        If a file is missing, added or not what its hash says.
    """
    folder = path_of(path, "run")
    return Run(folder, *checked_manifest(folder, needs))


def newest_run(
    workspace: Path,
    as_of: str | None,
    holding: str,
    needs: Iterable[str] | None = None,
    suits: Callable[[Mapping[str, Any]], bool] = lambda manifest: True,
) -> Run | None:
    """Return the run of `as_of` written last that holds the file `holding`, or None.

    Without `as_of` runs of all Mondays are looked at.
    What its manifest says counts, not the time of a file: copies and backups change that. Only
    runs whose manifest `suits` are looked at; `needs` is that of `load_run`.
    """
    folders = [
        path.parent
        for path in (workspace / RUNS).glob(f"{as_of or '*'}-*/{MANIFEST}")
        if (path.parent / holding).exists() and suits(read_manifest(path.parent))
    ]
    if not folders:
        return None
    return load_run(max(folders, key=written), needs)


def written(folder: Path) -> tuple[datetime, str]:
    """Return when a run was written, by its manifest, and its name, so that no two are equal."""
    return datetime.fromisoformat(read_manifest(folder)["written"]), folder.name
