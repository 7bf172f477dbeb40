"""Values that nobody stated: each one is counted until a planner puts in what is true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from foreship.errors import Fault
from foreship.ingest.tables import TableRead
from foreship_foundation.telling.near_names import nearest

__all__ = ["assumed_values_are_counted"]

COLUMN = "assumed"


def assumed_values_are_counted(tables: Mapping[str, TableRead]) -> Iterator[Fault]:
    """Warn of columns whose values are assumed, with the rows; refuse words that name none."""
    for read in tables.values():
        if COLUMN not in read.parsed:
            continue
        marked = read.parsed[COLUMN]
        words = {text: text.replace(",", " ").split() for text in read.names_of(COLUMN)}
        for column in sorted({word for each in words.values() for word in each}):
            texts = {text for text, each in words.items() if column in each}
            rows = np.asarray(read.rows_named(COLUMN, texts) & ~marked.blank)
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
