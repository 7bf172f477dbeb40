"""A tiny shop's tables as every door hands them over: files, tables of a server."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from foreship.params import StoreParams
from foreship.places.filesystems import filesystem_of
from tests.foreship.small_variants import SETTINGS, whole_frames

__all__ = ["NAMES", "arrow_tables", "as_text", "fill_duckdb", "put_tables", "write_config"]

NAMES = ("orders", "items", "regions", "hubs", "lanes", "stock")
SPARE = ("assumed", "hub_holding_cost_per_week", "holding_rate_per_year", "order_id", "customer")


def arrow_tables() -> dict[str, pa.Table]:
    """Return the tables a plan needs, days as days, ids as text such as `00123`."""
    frames = whole_frames()
    return {name: _arrow(frames[name]) for name in NAMES}


def _arrow(frame: pd.DataFrame) -> pa.Table:
    frame = frame.drop(columns=[each for each in SPARE if each in frame])
    frame = frame.replace({"a": "00123"})
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    for at, each in enumerate(table.schema):
        if pa.types.is_timestamp(each.type):
            table = table.set_column(at, each.name, table.column(at).cast(pa.date32()))
        elif pa.types.is_large_string(each.type):
            table = table.set_column(at, each.name, table.column(at).cast(pa.string()))
    return table


def write_config(folder: Path, **places: str) -> Path:
    """Write a workspace's `foreship.toml`; each place is a line of TOML's right side."""
    lines = [f"{name} = {place}" for name, place in places.items()]
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join(["[tables]", *lines, SETTINGS])
    (folder / "foreship.toml").write_text(text, "utf-8")
    return folder


def put_tables(place: Path | str, tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """Write tables as Parquet into a folder or a place of a store; return their addresses."""
    for name, table in tables.items():
        if isinstance(place, Path):
            place.mkdir(parents=True, exist_ok=True)
            pq.write_table(table, place / f"{name}.parquet")
            continue
        system, path = filesystem_of(f"{place}/{name}.parquet", StoreParams())
        with system.open_output_stream(path) as stream:
            pq.write_table(table, stream)
    before = "" if isinstance(place, Path) else f"{place}/"
    return {name: f'"{before}{name}.parquet"' for name in tables}


def as_text(table: pa.Table) -> bytes:
    """Return a table as CSV."""
    held = io.BytesIO()
    pyarrow.csv.write_csv(table, held)
    return held.getvalue()


def fill_duckdb(duckdb: Any, path: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write tables into a database of its own, rows in any order; `duckdb` is the module."""
    with duckdb.connect(str(path)) as made:
        for name, table in tables.items():
            made.register("given", table)
            made.execute(f'create table "{name}" as select * from given order by random()')
            made.unregister("given")
