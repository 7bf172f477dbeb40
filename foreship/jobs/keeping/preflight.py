"""What can be known before hours of work: whether there is room for the run that they make."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from foreship.errors import ForeshipError, StorageError
from foreship.own_files import MANIFEST, read_manifest
from foreship.runs import RUNS

__all__ = ["refuse_full_disk"]

SPARE: Final = 1.5
"""how much larger than the last run the next one may be"""
LEAST_BYTES: Final = 1_000_000
"""of a run of a few cells, where there is none to judge by"""


def refuse_full_disk(folder: Path) -> None:
    """Raise StorageError where the run to be made is not likely to find room.

    Parameters
    ----------
    folder
        Where runs lie. The largest of the newest Monday there says how large one is.
    """
    wanted = max(int(SPARE * _bytes_of_the_last(folder)), LEAST_BYTES)
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise StorageError(
            f"the disk of {folder} has {free:,} bytes free, a run may take {wanted:,}; make room "
            "(`foreship clean` removes old runs), or put runs elsewhere with --out FOLDER"
        )


def _bytes_of_the_last(folder: Path) -> int:
    """Return the bytes of the largest run of the newest Monday, 0 where there is none."""
    found = [each.parent for each in (folder / RUNS).glob(f"*/{MANIFEST}")]
    newest = max((each.name[:10] for each in found), default="")
    return max((_bytes_of(each) for each in found if each.name[:10] == newest), default=0)


def _bytes_of(run: Path) -> int:
    try:
        return sum(each["bytes"] for each in read_manifest(run)["files"].values())
    except (ForeshipError, OSError):
        return 0
