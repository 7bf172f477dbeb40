"""A run of four small files, written as every job writes one."""

from __future__ import annotations

import sys
from pathlib import Path

from foreship.params import StoreParams
from foreship.places.mirror import Mirror, mirrored
from foreship.runs.locking import workspace_lock
from foreship.runs.run import Run
from foreship.runs.writing import write_run

__all__ = ["DAY", "FILES", "PATIENCE", "mirror", "write"]

DAY = "2026-11-16"
PATIENCE = StoreParams(attempts=1, seconds=5.0)
FILES = {
    "plan.csv": b"action,quantity\nship,3\n",
    "inputs/items.parquet": b"not read here",
    "report.html": b"<html>",
    "summary.json": b"{}",
}


def mirror(place: str) -> Mirror:
    """Return the mirror of a place that is not waited for long."""
    return mirrored(place, PATIENCE)


def write(folder: Path, name: str = "0123456789", day: str = DAY, **other: bytes) -> Run:
    """Write a run into a folder; keywords replace the content of files, `_` for a point."""
    changed = {each.replace("_", "."): data for each, data in other.items()}
    writers = {each: _writer(data) for each, data in (FILES | changed).items()}
    with workspace_lock(folder):
        return write_run(folder, day, name, writers, {"notes": []})


def _writer(data: bytes) -> object:
    return lambda path: path.write_bytes(data)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
