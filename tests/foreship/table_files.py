"""Small tables as files, read strictly, and the findings of one column."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck

from foreship import files
from foreship.ingest.findings import Findings
from foreship.ingest.raw import Numbering
from foreship.ingest.tables import TableRead, read_table
from foreship_foundation.tables.input_tables import INPUTS, Column
from tests.foreship.good_workspace import good_frames

PRICE = INPUTS["items"].column("price")


QUANTITY = INPUTS["stock"].column("quantity")


DATE = INPUTS["orders"].column("date")


SLOW_IS_FINE = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)


def findings(column: Column) -> Findings:
    return Findings("table", column, Numbering())


def texts(*values: str) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, pa.string())])


def stock(path: Path, items: list[str]) -> pd.DataFrame:
    """Write a stock table with these items, in the format of the path; return what was written."""
    frame = pd.DataFrame({"location": "H1", "item": items, "quantity": range(len(items))})
    (files.write_csv if path.suffix == ".csv" else files.write_parquet)(frame, path)
    return frame


def sound(read: TableRead) -> pd.DataFrame:
    assert read.is_sound, [str(each) for each in read.faults]
    return read.frame


def orders_with(path: Path, column: str, values: pa.Array) -> TableRead:
    """Read six orders whose column `column` is `values`."""
    table = pa.Table.from_pandas(good_frames()["orders"].head(6))
    at = table.schema.get_field_index(column)
    pq.write_table(table.set_column(at, column, values), path / "orders.parquet")
    return read_table(INPUTS["orders"], path / "orders.parquet")


def mutations(good: bytes, count: int, seed: int) -> list[bytes]:
    """Return seeded damages: bits flipped, cut off, overwritten, repeated, a broken footer."""
    draw, damaged = random.Random(seed), []
    for n in range(count):
        data, at = bytearray(good), draw.randrange(len(good))
        if n % 5 == 0:
            data[at] ^= 1 << draw.randrange(8)
        elif n % 5 == 1:
            del data[at:]
        elif n % 5 == 2:
            data[at : at + draw.randrange(1, 50)] = draw.randbytes(draw.randrange(50))
        elif n % 5 == 3:
            data[at:at] = data[at : at + draw.randrange(200)]
        else:
            data[-1 - draw.randrange(min(1500, len(data)))] = draw.randrange(256)
        damaged.append(bytes(data))
    return damaged
