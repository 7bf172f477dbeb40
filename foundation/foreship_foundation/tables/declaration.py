"""The types the contract is declared with, a column and a table, and the day that never comes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from foreship_foundation.bounds import range_in_words

__all__ = ["DATED", "NEVER", "WITHHELD", "WORDED", "Column", "Kind", "Table", "names_a_person"]

NEVER = 10**6
"""A day, counted from that of a plan, that no plan reaches."""

WITHHELD = "[withheld: an address or telephone number]"
"""said in a message in place of what names a person"""
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]|^\+[0-9][0-9 ()/.-]{6,}$")
"""an e-mail address somewhere in a text, or an international telephone number"""
LONGEST_SEARCHED = 1000
"""characters of a value that are searched"""
FAR_ABOVE = 10**5 + 1
"""a ceiling from here on is no news to who wrote a negative number"""

Kind = Literal["id", "text", "weekdays", "date", "week", "money", "number", "units", "flag"]
WORDED: Final = ("id", "text", "weekdays")
"""kinds that are kept as the text they were written in"""
DATED: Final = ("date", "week")
"""kinds that are days"""


@dataclass(frozen=True)
class Column:
    """One column: what it holds, in which unit and range, and what a blank means."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = False
    default: str | float | None = None
    """value of a blank or missing optional column; None: no date, or derived (see the words)"""
    default_words: str = ""
    low: float | None = None
    high: float | None = None
    above_zero: bool = False
    """the value must be greater than 0"""
    refers: tuple[str, ...] = ()
    """`table.column` values one of which every id must be; blank is allowed when optional"""
    choices: tuple[str, ...] = ()
    blank_where: tuple[str, str] | None = None
    """required as a column, though blank where that other column holds that word"""
    private: bool = False
    """never shown in a message, never kept after loading"""
    derived: bool = False
    """no file holds it: the code adds it to what was read, or a Python user does"""

    def span(self) -> str:
        """Say the accepted range in words, '' where there is none."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.kind == "weekdays":
            return "of Mon, Tue, Wed, Thu, Fri, Sat, Sun"
        return range_in_words(self.low, self.high, above_zero=self.above_zero)

    def least(self) -> str:
        """Say the accepted range to who is below it: a ceiling far above is left unsaid."""
        if self.high is not None and self.high >= FAR_ABOVE:
            return range_in_words(self.low, None, above_zero=self.above_zero)
        return self.span()

    def blank(self) -> str:
        """Say what a blank means."""
        if self.required:
            return "required"
        return self.default_words or (f"{self.default:g}" if _is_number(self.default) else "blank")


@dataclass(frozen=True)
class Table:
    """One table: its columns in order, and the columns that name a row only once."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    required: bool = False
    key: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError where there is none."""
        for each in self.columns:
            if each.name == name:
                return each
        raise KeyError(f"{self.name} has no column {name}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(each.name for each in self.columns)

    def only(self, *names: str) -> Table:
        """Return the same table with some of its columns; KeyError for a strange name.

        The columns that name a row are kept whole or not at all: fewer of them name no row.
        """
        key = self.key if set(self.key) <= set(names) else ()
        return replace(self, columns=tuple(map(self.column, names)), key=key)

    def and_also(self, *columns: Column) -> Table:
        """Return the same table with further columns."""
        return replace(self, columns=(*self.columns, *columns))

    def __str__(self) -> str:
        need = [each.name for each in self.columns if each.required]
        more = [each.name for each in self.columns if not each.required]
        optional = f" [{', '.join(more)}]" if more else ""
        return f"{self.name}: {', '.join(need)}{optional}"


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)


def names_a_person(value: object) -> bool:
    """Whether a value looks like an e-mail address or telephone number, never to be shown.

    A column of customers that was taken for another one must not end in a log.
    """
    return isinstance(value, str) and ADDRESS.search(value[:LONGEST_SEARCHED]) is not None
