"""Values that nobody stated: each one is counted until a planner puts in what is true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from foreship.errors import Fault
from foreship.ingest.tables import TableRead
from foreship_foundation.arrays import Bools
from foreship_foundation.telling.near_names import nearest

__all__ = ["assumed_rows", "assumed_values_are_counted"]

COLUMN = "assumed"


def assumed_rows(read: TableRead, column: str) -> Bools:
    """Mark the rows of a table whose value of a column nobody stated."""
    if COLUMN not in read.parsed:
        return np.zeros(read.rows, dtype=bool)
    texts = {text for text in read.names_of(COLUMN) if column in _words(text)}
    return np.asarray(read.rows_named(COLUMN, texts) & ~read.parsed[COLUMN].blank)


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def assumed_values_are_counted(tables: Mapping[str, TableRead]) -> Iterator[Fault]:
    """Warn of columns whose values are assumed, with the rows; refuse words that name none."""
    for read in tables.values():
        if COLUMN not in read.parsed:
            continue
        for column in sorted({word for text in read.names_of(COLUMN) for word in _words(text)}):
            rows = assumed_rows(read, column)
            if column not in read.table.names:
                remedy = nearest(column, read.table.names)
                yield read.fault(COLUMN, rows, f"no column {column!r}", remedy)
                continue
            yield read.fault(
                column if column in read.parsed else COLUMN,
                rows,
                "assumed, as nobody stated it,",
                f"put in what is true and take the word out of `{COLUMN}`",
                "warning",
            )
