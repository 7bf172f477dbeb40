"""The user's own demand scenarios: read as strictly as any table, ids checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from foreship.errors import Fault, InputError
from foreship.ingest.tables import TableRead, read_table
from foreship.outputs import DEMAND

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_demand"]

SHOWN = 3
HOMES = {"region": "regions", "item": "items"}


def read_demand(path: Path, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Read `region, item, week, scenario, units` from a CSV or Parquet file.

    Parameters
    ----------
    path
        The file given to `plan --demand`.
    tables
        The workspace's tables; their regions and items are the only ones that may occur.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    read = read_table(DEMAND, path)
    faults = [each for each in read.faults if each.severity == "fault"]
    faults += _unknown_ids(read, tables)
    if faults:
        raise InputError(f"{path} has {len(faults)} fault{'s' * (len(faults) > 1)}:", faults)
    return read.frame


def _unknown_ids(read: TableRead, tables: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    for column, home in HOMES.items():
        unknown = sorted(set(read.names_of(column)) - set(tables[home][column]))
        if unknown:
            places = read.rows_named(column, set(unknown))
            yield Fault(
                DEMAND.name,
                f"{len(unknown)} ids that are not in {home}",
                f"add them to {home}, or leave them out",
                column=column,
                values=tuple(unknown[:SHOWN]),
                count=int(places.sum()),
            )
