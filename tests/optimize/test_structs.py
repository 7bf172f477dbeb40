"""Tables handed to compiled code by address: every field read and written, others refused."""

from __future__ import annotations

from collections import namedtuple
from typing import NamedTuple

import numpy as np
import pytest

from foreship_optimize.compiled import helper, loop
from foreship_optimize.structs import Struct


class Inner(NamedTuple):
    """A table in a table."""

    numbers: np.ndarray


class Table(NamedTuple):
    """One field of every kind."""

    short: np.ndarray
    square: np.ndarray
    marks: np.ndarray
    inner: Inner
    count: int
    rate: float


def table(rng: np.random.Generator, rows: int, columns: int) -> Table:
    """Draw a table."""
    return Table(
        rng.integers(-9, 9, rows).astype(np.int32), rng.normal(size=(rows, columns)),
        rng.random(rows) < 0.5, Inner(rng.integers(0, 2**40, columns)), int(rng.integers(99)),
        float(rng.choice([rng.normal(), np.inf])),
    )  # fmt: skip


@helper
def _weighed(book, row, column):
    """Read one entry of every field."""
    worth = book.square[row, column] if book.marks[row] else book.rate
    return worth * book.short[row] + book.inner.numbers[column] - book.count


@loop
def fill_in(book, out):
    """Write one number by row and column, and mark the table's first entry."""
    for row in range(len(book.short)):
        for column in range(book.square.shape[1]):
            out[row, column] = _weighed(book, row, column)
    book.short[0] += 1
    return len(book.inner.numbers)


def plainly(book: Table, out: np.ndarray) -> int:
    """Do what `fill_in` does, in plain Python."""
    for row, column in np.ndindex(*out.shape):
        out[row, column] = _weighed.py_func(book, row, column)
    book.short[0] += 1
    return len(book.inner.numbers)


@pytest.mark.parametrize("seed", range(12))
def test_every_field_is_read_and_written_as_in_plain_python(seed: int):
    """Bit for bit: arrays of one and two axes, marks, numbers, infinity, a table in a table."""
    rng = np.random.default_rng(seed)
    book = table(rng, int(rng.integers(1, 6)), int(rng.integers(1, 6)))
    other = book._replace(short=book.short.copy())
    mine, plain = np.empty(book.square.shape), np.empty(book.square.shape)
    with np.errstate(invalid="ignore"):
        assert fill_in(book, mine) == plainly(other, plain)
    assert mine.tobytes() == plain.tobytes()
    assert book.short.tolist() == other.short.tolist()


def test_an_array_that_is_not_contiguous_is_refused():
    """Strides are not handed over: a slice with gaps would be misread."""
    book = table(np.random.default_rng(0), 4, 4)
    with pytest.raises(TypeError, match=r"Table\.square is not C-contiguous"):
        Struct(book._replace(square=book.square[:, ::2]))


def test_a_field_of_another_kind_is_refused():
    """A list is no column."""
    with pytest.raises(TypeError, match="no field of type list"):
        Struct(table(np.random.default_rng(0), 2, 2)._replace(short=[1, 2]))


def test_another_order_of_fields_is_another_type():
    """Code compiled for one layout is never used for another of the same name."""
    kinds = [namedtuple("Pair", order) for order in ("a b", "b a", "a b")]
    one, two, again = (Struct(kind(np.zeros(2), np.ones(2)))._numba_type_ for kind in kinds)
    assert one != two
    assert one == again


@loop
def total_of(values, pair):
    """Sum up an array of any kind, and both numbers of a pair."""
    total = pair[0] + pair[1]
    for place in range(len(values)):
        total += values[place]
    return total


def test_a_loop_is_compiled_for_every_kind_that_it_is_called_with():
    """Widths, layouts and pairs in turn, each twice: the second call uses what the first made."""
    wide = np.arange(6)
    kinds = [wide, wide.astype(np.int32), wide[::2], wide + 0.5]
    for _ in range(2):
        for values in kinds:
            assert total_of(values, (1, 2)) == values.sum() + 3
            assert total_of(values, (1, 0.25)) == values.sum() + 1.25
    assert len(total_of.dispatcher.overloads) == 8
