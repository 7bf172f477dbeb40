"""Which lines a query means, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from foreship.errors import Fault, UsageError
from foreship.workbench.grid.ids import Kind
from foreship.workbench.grid.lines import LineColumns
from foreship.workbench.grid.query import ADDRESS, Bound, Query
from foreship_foundation.arrays import Bools, Ints
from foreship_foundation.telling.near_names import nearest

__all__ = ["chosen", "page_count", "shown"]

SEARCHED: tuple[tuple[Kind, str], ...] = (
    ("item", "item"), ("region", "origin"), ("region", "destination"), ("hub", "origin"),
    ("hub", "destination"),
)  # fmt: skip
"""kinds of ids that a search looks for, and the columns that hold them"""


def chosen(columns: LineColumns, query: Query) -> Ints:
    """Return the rows of the lines that a query means, (M,), in its order.

    A region is that which a line is about, as in its groups: of a move between regions the one
    where it arrives. Words are looked for at both ends.

    Raises
    ------
    UsageError
        If it asks for an id, a category or a column that the run does not have; names the nearest.
    """
    _refuse_unknown(columns, query)
    mask = np.ones(len(columns), dtype=bool)
    for each in _masks(columns, query):
        mask &= each
    if query.sort:
        order = columns.order(query.sort, desc=query.desc)
        return order[mask[order]]
    rows = np.flatnonzero(mask)
    return rows[::-1] if query.desc else rows


def page_count(count: int, query: Query) -> int:
    """Return how many pages so many lines take, at least 1."""
    return max(-(-count // query.size), 1)


def shown(rows: Ints, query: Query) -> Ints:
    """Return the rows of the page that a query is at; none beyond the last."""
    first = (query.page - 1) * query.size
    return rows[first : first + query.size]


def _masks(columns: LineColumns, query: Query) -> Iterator[Bools]:
    for word in query.q.split():
        yield _holding(columns, word)
    for name, wanted in query.filters.items():
        yield columns.coded(name).mask(wanted)
    for column, bound in query.least:
        yield columns.numbers(column) >= _as_number(bound)
    for column, bound in query.most:
        yield columns.numbers(column) <= _as_number(bound)


def _holding(columns: LineColumns, word: str) -> Bools:
    """Return which lines hold a word in the ids or names of their item and places."""
    found = np.zeros(len(columns), dtype=bool)
    for kind, column in SEARCHED:
        names, coded = columns.ids.kind(kind), columns.coded(column)
        held = names.holding(word)
        places = [names.code.get(each, -1) for each in coded.words]
        here = np.array([place >= 0 and bool(held[place]) for place in places], dtype=bool)
        if here.any():
            found |= here[coded.codes]
    return found


def _as_number(bound: Bound) -> float:
    return float((bound - date(1970, 1, 1)).days) if isinstance(bound, date) else bound


def _refuse_unknown(columns: LineColumns, query: Query) -> None:
    """Raise UsageError with everything that the query asks for and the run does not have."""
    kinds: tuple[Kind, ...] = ("hub", "region", "item")
    faults = []
    for kind in kinds:
        wanted = query.filters.get(kind)
        if wanted and (said := columns.ids.unknown(kind, wanted)):
            faults.append(Fault(ADDRESS, said, column=kind))
    categories = columns.coded("category").words
    if query.category and query.category not in categories:
        said = f"no line is of the category `{query.category}`"
        faults.append(Fault(ADDRESS, said, nearest(query.category, categories), column="category"))
    known = {each.key for each in columns.columns}
    bounded = [column for column, _ in (*query.least, *query.most)]
    asked = [*filter(None, (query.sort, query.group)), *query.columns, *bounded]
    for name in dict.fromkeys(asked):
        if name not in known:
            said = f"this run's lines have no column `{name}`"
            faults.append(Fault(ADDRESS, said, nearest(name, sorted(known)), column=name))
    if faults:
        raise UsageError("the address asks for what this run does not have", faults)
