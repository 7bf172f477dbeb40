"""Rows of figures in a CSV beside the benchmark that measured them."""

from __future__ import annotations

import csv
import importlib.metadata
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["append", "today", "versions"]

PACKAGES = ("lightgbm", "highspy", "pulp", "numpy", "pandas")


def append(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows below those that stand there; new columns come last and stay blank above."""
    earlier: list[Mapping[str, Any]] = []
    if path.exists():
        with path.open(newline="") as stream:
            earlier = list(csv.DictReader(stream))
    every = [*earlier, *rows]
    names = list(dict.fromkeys(name for each in every for name in each))
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(every)


def versions(packages: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Return the versions of what computed a figure."""
    found = {f"version_{name}": importlib.metadata.version(name) for name in packages}
    return found | {"version_python": platform.python_version()}


def today() -> str:
    """Return the day a figure was measured, as YYYY-MM-DD."""
    return datetime.now(UTC).date().isoformat()
