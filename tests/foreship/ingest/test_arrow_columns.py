"""Columns that are in Arrow already are read as a Parquet file of the same would be."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foreship.errors import InputError
from foreship.ingest.arrow_columns import raw_of
from foreship.ingest.distinct import distinct
from foreship.ingest.files.parquetfile import read_parquet

TABLE = pa.table(
    {
        "item": pa.array(["a", "b", None]).dictionary_encode(),
        "quantity": pa.array([1, 2, 3], pa.int8()),
        "price": pa.array(["1.50", "2", "3"]).cast(pa.decimal128(9, 2)),
        "spare": [[1], [2], [3]],
    }
)
WANTED = frozenset({"item", "quantity", "price"})


def test_the_same_columns_as_out_of_a_parquet_file() -> None:
    """Header, values and numbering agree; a column that is not wanted may be anything."""
    stream = io.BytesIO()
    pq.write_table(TABLE, stream)
    of_file = read_parquet({"t.parquet": stream.getvalue()}, "stock", WANTED)
    found = raw_of(TABLE, "stock", WANTED)
    assert found.header == of_file.header and found.rows == of_file.rows
    assert found.numbering == of_file.numbering
    for name, column in of_file.columns.items():
        ours, theirs = distinct(found.columns[name]), distinct(column)
        assert ours.names.to_pylist() == theirs.names.to_pylist()
        assert ours.codes.tolist() == theirs.codes.tolist()


def test_an_extension_type_counts_as_what_it_stores() -> None:
    """Numbers that a database hands over as its own type are the text they are stored as."""
    kind = pa.opaque(pa.string(), "numeric", "PostgreSQL")
    column = pa.ExtensionArray.from_storage(kind, pa.array(["1.50", "2"]))
    found = raw_of(pa.table({"price": column}), "items", {"price"})
    assert distinct(found.columns["price"]).names.to_pylist() == ["1.50", "2"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pa.table({"item": [["a"]]}), "'item' holds lists or structs"),
        (pa.table({"item": ["x" * 10_001]}), "has a value of 10,001 bytes"),
        (pa.Table.from_arrays([pa.array([1])] * 2, ["item", "item"]), "appears twice"),
    ],
)
def test_what_no_file_may_hold_no_frame_may(table: pa.Table, words: str) -> None:
    """Lists, values without end, two columns of one name: in the words of a file."""
    with pytest.raises(InputError, match=words):
        raw_of(table, "stock", {"item"})
