"""Rows of results_<name>.csv, and tables of ../shared/data."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from benchmarks.forecast.sets import DATA
from benchmarks.results import append, today, versions

__all__ = ["HERE", "keep", "shared_table"]

HERE = Path(__file__).resolve().parent
PACKAGES = ("lightgbm", "numpy", "pandas", "scipy")


def shared_table(name: str) -> pd.DataFrame:
    """Read a table of ../shared/data, or end with a notice where it is absent."""
    path = DATA / f"{name}.parquet"
    if not path.is_file():
        sys.exit(f"{path} is not there: this benchmark needs data that may not be republished")
    return pd.read_parquet(path)


def keep(name: str, rows: Iterable[Mapping[str, object]]) -> Path:
    """Add rows to results_<name>.csv, with the day and the versions; return the file."""
    path = HERE / f"results_{name}.csv"
    plain = [{column: _plain(value) for column, value in row.items()} for row in rows]
    append(path, [{"date": today(), **row, **versions(PACKAGES)} for row in plain])
    return path


def _plain(value: object) -> object:
    return float(f"{value:.6g}") if isinstance(value, float) else value
