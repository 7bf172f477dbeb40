"""Faults as a table: where each is, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable

from foreship.errors import Fault
from foreship.reports.markup import Column, Markup, table

__all__ = ["fault_table"]

COLUMNS = [Column(each) for each in ("Table", "Column", "Rows", "Values", "Problem", "Remedy")]


def fault_table(faults: Iterable[Fault]) -> Markup:
    """Write faults, a row each."""
    rows = [
        [
            each.table,
            each.column,
            ", ".join(map(str, each.rows)),
            ", ".join(each.values),
            each.problem,
            each.remedy,
        ]
        for each in faults
    ]
    return table(COLUMNS, rows)
