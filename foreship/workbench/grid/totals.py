"""What the lines shown come to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship.workbench.grid.lines import LineColumns
from foreship_foundation.arrays import Ints

__all__ = ["Totals", "totals"]


@dataclass(frozen=True)
class Totals:
    """Sums over some lines; sizes are None where the run knows no facts of its lines."""

    lines: int
    units: int
    cost: float
    expected_gain: float
    items: int
    """distinct ones"""
    regions: int
    """distinct ones, as of the cell that a line is about"""
    volume: float | None = None
    kg: float | None = None
    cases: int | None = None


def totals(columns: LineColumns, rows: Ints) -> Totals:
    """Add up some lines; what they come to hangs on no order."""
    rows = np.sort(rows)
    known = {each.key for each in columns.columns}

    def summed(key: str) -> float:
        return float(columns.numbers(key)[rows].sum())

    def sized(key: str) -> float | None:
        return summed(key) if key in known else None

    cases = sized("cases")
    return Totals(
        lines=len(rows),
        units=int(summed("quantity")),
        cost=summed("cost"),
        expected_gain=summed("expected_gain"),
        items=_distinct(columns, "item", rows),
        regions=_distinct(columns, "region", rows),
        volume=sized("volume"),
        kg=sized("kg"),
        cases=None if cases is None else int(cases),
    )


def _distinct(columns: LineColumns, key: str, rows: Ints) -> int:
    coded = columns.coded(key)
    return int(np.count_nonzero(np.bincount(coded.codes[rows], minlength=len(coded.words))))
