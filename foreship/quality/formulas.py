"""Ids that a spreadsheet takes for a formula."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from foreship.errors import Fault
from foreship.quality.evidence import Evidence, warning
from foreship_foundation.telling.words import listed

__all__ = ["BEGINNINGS", "ids_are_no_formulas"]

DECLARED: Final = {"items": "item", "regions": "region", "hubs": "hub"}
"""tables that declare ids, all others name these"""
BEGINNINGS: Final = ("=", "+", "-", "@")
"""what a cell's text begins with that a spreadsheet computes"""


def ids_are_no_formulas(seen: Evidence) -> Iterator[Fault]:
    """Ids that begin with = + - or @: a spreadsheet that opens plan.csv computes them.

    Files for machines keep every id as it is; the workbook says that they are text.
    """
    for table, column in DECLARED.items():
        read = seen.read(table, column)
        if read is None:
            continue
        odd = {name for name in read.names_of(column) if name.startswith(BEGINNINGS)}
        if odd:
            words = f"begins with {listed(BEGINNINGS, last='or')}, as formulas do"
            remedy = "a spreadsheet that opens plan.csv computes it: rename it, or use plan.xlsx"
            yield warning(read, column, read.rows_named(column, odd), words, remedy)
