"""Copy a run out of where it was made, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from foreship.errors import StorageError, Tampered, UsageError
from foreship.runs.inventory import is_as_measured

__all__ = ["copied"]


def copied(run: Path, manifest: Mapping[str, Any], folder: Path) -> Path:
    """Copy a run's folder into another one under its own name; return where it lies then.

    Raises
    ------
    UsageError
        If something lies there already.
    Tampered
        If a file is not as it was written.
    StorageError
        If the system refuses.
    """
    place = folder / run.name
    if place.exists():
        raise UsageError(f"{place} is there already; nothing of ours is written twice")
    draft = folder / f".{run.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(run, draft)
        for name, entry in manifest["files"].items():
            if not is_as_measured(draft / name, entry):
                raise Tampered(f"{run / name} is not what its sha256 says; make the run again")
        draft.rename(place)
    except OSError as error:
        raise StorageError(f"cannot copy {run.name} to {folder}: {error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return place
