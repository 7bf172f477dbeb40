"""What a database answered: bounded, hashed by content in any order."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from foreship.errors import InputError
from foreship.ingest.doors import arriving
from foreship.ingest.doors.arriving import bounded, sought_of, source_of
from foreship.ingest.raw import Sought

SOUGHT = Sought(frozenset({"item", "quantity", "date"}))


def hashed(**columns: pa.Array) -> str:
    """Return the hash of a read of these columns."""
    return source_of(list(columns), pa.table(columns), "stock", SOUGHT).sha256


def test_the_hash_is_that_of_the_content() -> None:
    """Any order of rows and columns, any width of numbers; another value is another hash."""
    item, many = pa.array(["a", "b", None]), pa.array([1, 2, 3])
    first = hashed(item=item, quantity=many)
    order = pa.array([2, 0, 1])
    assert first == hashed(quantity=many.take(order).cast(pa.int16()), item=item.take(order))
    assert first == hashed(item=item, quantity=many.cast(pa.float64()))
    assert first != hashed(item=item, quantity=many.take(order))
    day, moment = datetime.date(2026, 1, 5), datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)
    assert hashed(date=pa.array([day])) == hashed(date=pa.array([moment]))
    assert hashed(quantity=pa.array([Decimal("1.50")])) == hashed(
        quantity=pa.array([Decimal("1.50")])
    )


def test_rows_are_counted_without_any_column_sought() -> None:
    """One is asked for in any case."""
    assert sought_of(["x", "y"], SOUGHT) == ["x"]
    assert sought_of(["x", "item"], SOUGHT) == ["item"]
    source = source_of(["x", "y"], pa.table({"x": [1, 2]}), "stock", SOUGHT)
    assert (source.pieces[0].rows, source.pieces[0].header) == (2, ("x", "y"))


def test_an_answer_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it comes, not when it is all there."""
    monkeypatch.setattr(arriving, "LARGEST_CELLS", 10)
    batch = pa.record_batch({"item": ["a"] * 4})
    assert bounded(batch.schema, [batch] * 2, "stock").num_rows == 8

    def endless() -> object:
        while True:
            yield batch

    with pytest.raises(InputError, match="over 12 rows of 1 column"):
        bounded(batch.schema, endless(), "stock")  # type: ignore[arg-type]


def test_text_that_is_no_utf_8_is_refused() -> None:
    """As a server with another encoding may send it."""
    odd = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")]
    )
    batch = pa.record_batch({"item": odd})
    with pytest.raises(InputError, match="no UTF-8"):
        bounded(batch.schema, [batch], "stock")
