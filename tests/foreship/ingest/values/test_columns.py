"""Columns of any Arrow type: typed, or one fault each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foreship.ingest.tables import read_table
from foreship_foundation.tables.input_tables import INPUTS
from tests.foreship.table_files import orders_with, sound, stock


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())], ids=str
)
def test_text_in_any_arrow_form(tmp_path: Path, kind: pa.DataType) -> None:
    """Plain, large and dictionary text are the same ids."""
    frame = pd.DataFrame({"location": "H1", "item": ["00123", "NA"], "quantity": [1, 2]})
    table = pa.Table.from_pandas(frame)
    table = table.set_column(1, "item", table["item"].cast(kind))
    pq.write_table(table, tmp_path / "s.parquet")
    read = read_table(INPUTS["stock"], tmp_path / "s.parquet")
    assert sound(read)["item"].tolist() == ["00123", "NA"]
    assert not read.faults


BAD_UTF8 = pa.Array.from_buffers(pa.string(), 6, pa.array([b"\xff"] * 6).buffers())


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("date", pa.array([0] * 6, pa.timestamp("us", "Foo/Bar")), "unknown time zone 'Foo/Bar'"),
        ("date", pa.array([2**62, *[0] * 5], pa.timestamp("us")), "before 1900 or after 2199"),
        ("date", pa.array([2**63 - 1, *[0] * 5], pa.timestamp("ns")), "before 1900 or after 2199"),
        ("date", pa.array([0] * 6, pa.time64("us")), "holds time64[us], not dates"),
        ("date", pa.nulls(6), "blank in 6 rows"),
        ("date", pa.array([""] * 6), "blank in 6 rows"),
        ("item", pa.nulls(6), "blank in 6 rows"),
        ("item", pa.array([b"x"] * 6), "holds binary, not text"),
        ("item", pa.array([True] * 6), "holds bool, not text"),
        ("item", BAD_UTF8, "damaged"),
        ("quantity", pa.array([2**64 - 1] * 6, pa.uint64()), "quantity too large"),
        ("quantity", pa.array(["1e999999999", *["1"] * 5]), "not a finite number"),
        ("quantity", pa.array(["1" * 400, *["1"] * 5]), "not a finite number"),
        ("price", pa.array([{"a": 1}] * 6), "lists or structs"),
    ],
)
def test_an_odd_arrow_type_is_one_fault(
    tmp_path: Path, column: str, values: pa.Array, words: str
) -> None:
    """What Arrow can hold and a table cannot ends in exactly one fault."""
    read = orders_with(tmp_path, column, values)
    (fault,) = [each for each in read.faults if each.severity == "fault"]
    assert words in str(fault)


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("price", pa.nulls(6), [np.nan] * 6),
        ("price", pa.array(np.arange(6, dtype=np.float16)), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
        ("quantity", pa.array([1, 2, 3, 4, 5, 6]).cast(pa.decimal128(25, 2)), [1, 2, 3, 4, 5, 6]),
        ("quantity", pa.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), [1, 2, 3, 4, 5, 6]),
        ("quantity", pa.array([7] * 6).dictionary_encode(), [7] * 6),
        ("item", pa.array([7] * 6).dictionary_encode(), ["7"] * 6),
        ("date", pa.array([-1] * 6, pa.timestamp("ms")), [pd.Timestamp("1969-12-31")] * 6),
        ("date", pa.array([0] * 6, pa.date64()), [pd.Timestamp("1970-01-01")] * 6),
    ],
)
def test_an_odd_arrow_type_may_be_right(
    tmp_path: Path, column: str, values: pa.Array, expected: list[Any]
) -> None:
    """Half floats, decimals, dictionaries of numbers and old dates are read as they are meant."""
    found = sound(orders_with(tmp_path, column, values))[column]
    pd.testing.assert_series_equal(found, pd.Series(expected, name=column), check_dtype=False)


def test_what_arrow_refuses_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An Arrow error while a column is typed is a fault of that column, never a traceback."""

    def refuse(*_: object, **__: object) -> None:
        raise pa.ArrowInvalid("out of bounds")

    stock(tmp_path / "stock.csv", ["a"])
    monkeypatch.setattr("foreship.ingest.tables.parse_column", refuse)
    faults = read_table(INPUTS["stock"], tmp_path / "stock.csv").faults
    assert [each.column for each in faults] == ["location", "item", "quantity"]
    assert "out of bounds" in str(faults[0])
