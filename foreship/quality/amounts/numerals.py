"""Numbers in which a point may stand for thousands."""

from __future__ import annotations

from collections.abc import Iterator

from foreship.errors import Fault
from foreship.ingest.rules.assumed import assumed_rows
from foreship.quality.evidence import Evidence, warning

__all__ = ["points_are_decimal"]


def points_are_decimal(seen: Evidence) -> Iterator[Fault]:
    """`2.430` beside 12.50: a point that may part thousands, and is read as a decimal one.

    Not of values that `init` has derived: it writes decimal points.
    """
    for name in seen.tables:
        read = seen.read(name)
        if read is None:
            continue
        for column, parsed in read.parsed.items():
            if parsed.grouped is None or read.table.column(column).unit == "degrees":
                continue
            rows = parsed.grouped & ~assumed_rows(read, column)
            if rows.any():
                words = "three digits after the point, unlike the others: read as a decimal point"
                yield warning(read, column, rows, words, "for thousands write 2430")
