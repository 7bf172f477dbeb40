"""What of a plan's lines is looked at, as an address says it: the address is the whole state."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from foreship.errors import Fault, UsageError
from foreship.workbench.grid.columns import COLUMNS, GROUPS
from foreship_foundation.actions import action_names
from foreship_foundation.telling.near_names import nearest

__all__ = ["LEAST", "MOST", "PAGE_SIZE", "Bound", "Query"]

LEAST, MOST = "min_", "max_"
"""what the fields that bound a column begin with"""
PAGE_SIZE: Final = 100
SIZES: Final = (25, 500)
LONGEST: Final = 200
"""letters of a search"""
LAST_PAGE: Final = 10**6
ADDRESS: Final = "address"
"""what faults of a query are told of"""
Bound = float | date


@dataclass(frozen=True)
class Query:
    """Which lines are looked at, in which order and columns.

    **Invariants:** `Query.of` of its own `text` is the same query again.
    """

    q: str = ""
    """words that must all stand in ids or names of a line's item and places"""
    hub: str = ""
    region: str = ""
    item: str = ""
    category: str = ""
    action: str = ""
    least: tuple[tuple[str, Bound], ...] = ()
    """column and the least value in it; numbers, or days"""
    most: tuple[tuple[str, Bound], ...] = ()
    sort: str = ""
    """column, '' for the order of the plan"""
    desc: bool = False
    group: str = ""
    """column whose groups are shown in place of lines"""
    columns: tuple[str, ...] = ()
    """keys of the columns shown, () for the usual ones"""
    page: int = 1
    size: int = PAGE_SIZE

    @classmethod
    def of(cls, query: Mapping[str, Sequence[str]]) -> Query:
        """Read a query from the fields of an address; blank fields say nothing.

        Raises
        ------
        UsageError
            With every field that is not known, or whose value is none; nothing is guessed.
        """
        read = _Reader()
        for name, values in query.items():
            told = [each for each in values if each.strip()]
            if told:
                read.field(name, told)
        if read.faults:
            raise UsageError("the address asks for what there is not", read.faults)
        return cls(**read.found, least=tuple(sorted(read.least)), most=tuple(sorted(read.most)))

    @property
    def text(self) -> str:
        """The query as the part of an address after `?`, '' for the whole plan as it is."""
        return urlencode(list(self._fields()))

    @property
    def filters(self) -> Mapping[str, str]:
        """The ids and words that lines must have, by column, those that are set."""
        return {name: value for name in GROUPS if (value := str(getattr(self, name)))}

    @property
    def chooses(self) -> bool:
        """Whether some lines are left out."""
        return bool(self.q or self.filters or self.least or self.most)

    def but(self, **changes: Any) -> Query:
        """Return the query with other values; it begins at the first page unless that is told."""
        return replace(self, **{"page": 1, **changes})

    def _fields(self) -> Iterator[tuple[str, str]]:
        """Yield the fields that say something, always in the same order."""
        bounds = {f"{LEAST}{column}": _written(bound) for column, bound in self.least}
        bounds |= {f"{MOST}{column}": _written(bound) for column, bound in self.most}
        every = {
            "q": self.q,
            **self.filters,
            **bounds,
            "sort": self.sort,
            "desc": "1" if self.desc else "",
            "group": self.group,
            "columns": ",".join(self.columns),
            "page": str(self.page) if self.page != 1 else "",
            "size": str(self.size) if self.size != PAGE_SIZE else "",
        }
        return ((name, value) for name, value in every.items() if value)


class _Reader:
    """Fields of an address, read one by one; faults are gathered."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self.least: list[tuple[str, Bound]] = []
        self.most: list[tuple[str, Bound]] = []
        self.faults: list[Fault] = []

    def field(self, name: str, values: Sequence[str]) -> None:
        """Read one field."""
        if name == "columns":
            self._columns(values)
            return
        if len(values) > 1:
            self._fault(name, values, "it is there more than once", "give it once")
            return
        value = values[0]
        if name.startswith((LEAST, MOST)):
            self._bound(name, value)
        elif name == "q":
            self._search(value)
        elif name in ("sort", "group"):
            self._word(name, value, COLUMNS if name == "sort" else GROUPS)
        elif name == "action":
            self._word(name, value, action_names())
        elif name in GROUPS:
            self.found[name] = value
        elif name == "desc":
            self._word(name, value, ("0", "1"))
            self.found[name] = value == "1"
        elif name in ("page", "size"):
            self._count(name, value, (1, LAST_PAGE) if name == "page" else SIZES)
        else:
            known = [*KNOWN, "min_COLUMN", "max_COLUMN"]
            self._fault(name, [], "no such field", nearest(name, known))

    def _search(self, value: str) -> None:
        if len(value) > LONGEST:
            self._fault("q", [], f"it is longer than {LONGEST} letters", "search for less")
        self.found["q"] = " ".join(value.split())

    def _word(self, name: str, value: str, known: Sequence[str] | Mapping[str, Any]) -> None:
        if value not in known:
            self._fault(name, [value], "no such value", nearest(value, known))
        self.found[name] = value

    def _columns(self, values: Sequence[str]) -> None:
        named = [each for value in values for each in value.split(",") if each]
        for each in named:
            if each not in COLUMNS:
                self._fault("columns", [each], "no such column", nearest(each, COLUMNS))
        self.found["columns"] = tuple(dict.fromkeys(named))

    def _bound(self, name: str, value: str) -> None:
        start, column = name[: len(LEAST)], name[len(LEAST) :]
        bounded = [key for key, each in COLUMNS.items() if each.sorts != "text"]
        if column not in bounded:
            self._fault(name, [], "no column of numbers or days", nearest(column, bounded))
            return
        dated = COLUMNS[column].sorts == "date"
        bound = _day(value) if dated else _number(value)
        if bound is None:
            right = "a day as 2026-11-30" if dated else "a number as 12 or 0.5"
            self._fault(name, [value], "it cannot be read", f"write {right}")
            return
        (self.least if start == LEAST else self.most).append((column, bound))

    def _count(self, name: str, value: str, span: tuple[int, int]) -> None:
        number = int(value) if value.isascii() and value.isdecimal() and len(value) < 8 else 0
        if not span[0] <= number <= span[1]:
            right = f"write a whole number from {span[0]} to {span[1]:,}"
            self._fault(name, [value], "it cannot be used", right)
        self.found[name] = number

    def _fault(self, name: str, values: Sequence[str], problem: str, remedy: str) -> None:
        shown = tuple(each[:LONGEST] for each in values)
        self.faults.append(Fault(ADDRESS, problem, remedy, column=name[:LONGEST], values=shown))


KNOWN: Final = ("q", *GROUPS, "sort", "desc", "group", "columns", "page", "size")


def _number(text: str) -> float | None:
    try:
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _written(bound: Bound) -> str:
    return bound.isoformat() if isinstance(bound, date) else f"{bound:.17g}"
