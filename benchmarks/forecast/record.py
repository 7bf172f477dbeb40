"""Results as CSV, with what computed them; and where the shared data lie."""

from __future__ import annotations

import csv
import importlib.metadata
import platform
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

__all__ = ["HERE", "keep", "shared_table", "versions"]

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1].parent / "shared" / "data"
PACKAGES = ("lightgbm", "numpy", "pandas", "scipy")


def versions(packages: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Return `version_<package>` of what computes here."""
    found = {f"version_{name}": importlib.metadata.version(name) for name in packages}
    return found | {"version_python": platform.python_version()}


def shared_table(name: str) -> pd.DataFrame:
    """Read a table of ../shared/data, or end with a notice where it is absent."""
    path = DATA / f"{name}.parquet"
    if not path.is_file():
        sys.exit(f"{path} is not there: this benchmark needs data that may not be republished")
    return pd.read_parquet(path)


def keep(name: str, rows: Iterable[Mapping[str, object]]) -> Path:
    """Write results_<name>.csv anew: today's date first, then the columns as they come."""
    dated = [{"date": datetime.now(UTC).date().isoformat(), **row} for row in rows]
    columns = list(dict.fromkeys(column for row in dated for column in row))
    path = HERE / f"results_{name}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({column: _plain(row.get(column)) for column in columns} for row in dated)
    return path


def _plain(value: object) -> object:
    return f"{value:.6g}" if isinstance(value, float) else value
