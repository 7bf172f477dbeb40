"""Lines added up by hub, region, item, category or action."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship.workbench.grid.ids import KINDS
from foreship.workbench.grid.lines import LineColumns
from foreship.workbench.grid.query import Query
from foreship_foundation.arrays import Floats, Ints

__all__ = ["Group", "groups"]

SORTED_BY = ("lines", "quantity", "cost", "expected_gain")
"""columns that groups can be sorted by beside their own name; what they sum"""


@dataclass(frozen=True)
class Group:
    """The lines that share a hub, a region, an item, a category or an action."""

    id: str
    """'' for lines that have none, such as those that leave no hub"""
    name: str
    """what it is called beside its id"""
    lines: int
    units: int
    cost: float
    expected_gain: float


def groups(columns: LineColumns, rows: Ints, query: Query) -> list[Group]:
    """Return the groups of some lines by `query.group`, most expected gain first.

    Sorted by the group's own column, by units, cost or gain where the query says so. A line is in
    one group alone, so that they add up: a move between regions is of the one where it arrives.
    """
    rows = np.sort(rows)
    coded = columns.coded(query.group)
    codes, count = coded.codes[rows], len(coded.words)

    def summed(key: str) -> Floats:
        sums = np.bincount(codes, columns.numbers(key)[rows], minlength=count)
        return sums.astype(np.float64)  # without any line they are counted as whole numbers

    lines = np.bincount(codes, minlength=count)
    sums = {key: summed(key) for key in SORTED_BY[1:]}
    there = np.flatnonzero(lines)
    return [
        Group(
            id=coded.words[place],
            name=_called(columns, query.group, coded.words[place]),
            lines=int(lines[place]),
            units=int(sums["quantity"][place]),
            cost=float(sums["cost"][place]),
            expected_gain=float(sums["expected_gain"][place]),
        )
        for place in there[_order(there, sums, query)]
    ]


def _order(there: Ints, sums: dict[str, Floats], query: Query) -> Ints:
    if query.sort == query.group:
        values = there.astype(np.float64)
    elif query.sort in sums:
        values = sums[query.sort][there]
    else:
        return np.argsort(-sums["expected_gain"][there], kind="stable")
    return np.argsort(-values if query.desc else values, kind="stable")


def _called(columns: LineColumns, group: str, id_: str) -> str:
    return columns.ids.kind(group).name(id_) if group in KINDS else ""
