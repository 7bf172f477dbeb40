"""Sample tables as Parquet files whose bytes depend on their content alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

__all__ = [
    "ROWS_AT_ONCE",
    "Columns",
    "coded",
    "numbered",
    "optional_dates",
    "write_config",
    "write_table",
    "write_tables",
]

Columns = Mapping[str, Any]
"""column name -> numpy array or Arrow array, all of one length"""

ROWS_AT_ONCE = 1_000_000
"""rows of a row group"""
ID_DIGITS = 8


def coded(
    codes: npt.NDArray[Any],
    labels: npt.NDArray[Any] | pa.Array,
    absent: npt.NDArray[np.bool_] | None = None,
) -> pa.Array:
    """Return a text column as codes into `labels`: a tenth of the memory of the text itself.

    `absent` marks rows without a value.
    """
    indices = pa.array(codes.astype(np.int32), mask=absent)
    if isinstance(labels, np.ndarray):
        labels = pa.array(labels.astype(object), pa.string())
    return pa.DictionaryArray.from_arrays(indices, labels)


def numbered(count: int, letter: str, before: int = 0) -> pa.Array:
    """Return the `count` ids that follow the first `before`, such as O00000001."""
    digits = pc.cast(pa.array(np.arange(before + 1, before + count + 1)), pa.string())
    return pc.binary_join_element_wise(letter, pc.utf8_lpad(digits, ID_DIGITS, "0"), "")


def optional_dates(days: npt.NDArray[np.datetime64], known: npt.NDArray[np.bool_]) -> pa.Array:
    """Return a date column that is blank where not `known`."""
    return pa.array(days.astype("datetime64[ms]"), pa.timestamp("ms"), mask=~known)


def write_tables(folder: Path, name: str, blocks: Iterable[Columns]) -> int:
    """Write `name`.parquet from its blocks, one row group or more each; return its rows."""
    writer: pq.ParquetWriter | None = None
    rows = 0
    path = folder / f"{name}.parquet"
    try:
        for block in blocks:
            table = _arrow(block)
            if writer is None:
                writer = pq.ParquetWriter(
                    path, _plain(table.schema), compression="zstd", store_schema=False
                )
            for start in range(0, max(table.num_rows, 1), ROWS_AT_ONCE):
                part = table.slice(start, ROWS_AT_ONCE)
                writer.write_table(part.cast(writer.schema), row_group_size=ROWS_AT_ONCE)
            rows += table.num_rows
    finally:
        if writer is not None:
            writer.close()
    return rows


def write_table(folder: Path, name: str, columns: Columns) -> int:
    """Write one whole table; return its rows."""
    return write_tables(folder, name, [columns])


def _arrow(columns: Columns) -> pa.Table:
    return pa.table({name: _column(values) for name, values in columns.items()})


def _column(values: Any) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    if values.dtype.kind == "M":
        return pa.array(values.astype("datetime64[ms]"), pa.timestamp("ms"))
    if values.dtype.kind in "UO":
        return pa.array(values.astype(object), pa.string())
    return pa.array(values, mask=np.isnan(values) if values.dtype.kind == "f" else None)


def _plain(schema: pa.Schema) -> pa.Schema:
    """Declare coded columns as text, so that whoever reads the file gets text."""
    return pa.schema(
        pa.field(each.name, pa.string() if pa.types.is_dictionary(each.type) else each.type)
        for each in schema
    )


def write_config(
    folder: Path, tables: Iterable[str], settings: Mapping[str, Mapping[str, Any]], heading: str
) -> None:
    """Write `foreship.toml`: a heading, the tables and sections of settings or words."""
    sections = {"tables": {name: f"{name}.parquet" for name in tables}} | dict(settings)
    lines = [f"# {heading}"]
    for section, values in sections.items():
        lines += ["", f"[{section}]"]
        lines += [f"{key} = {_toml(value)}" for key, value in values.items()]
    (folder / "foreship.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(value)
