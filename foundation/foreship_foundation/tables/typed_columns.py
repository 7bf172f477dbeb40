"""One column of a frame in memory -> typed values, by the kind that the declaration gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Days, Ids, Numbers
from foreship_foundation.tables.declaration import DATED, WORDED, Column
from foreship_foundation.tables.ranges import above, below, far, filled, is_whole
from foreship_foundation.working_days import strange_weekdays

__all__ = ["TypedColumn", "typed_column"]

MONDAY: Final = 4
"""1970-01-05 was one: days from 1970-01-01, a Thursday"""


@dataclass(frozen=True)
class TypedColumn:
    """Typed values of a column, and which rows of it are at fault."""

    values: Ids | Days | Numbers | pd.api.extensions.ExtensionArray
    """texts, days or numbers, the column's default where blank"""
    blank: Bools
    bad: Bools
    """rows that hold what the column does not admit; a blank is judged by the table"""
    right: str
    """what would be right, after `must be`"""
    alike: Ids | Days | Numbers | None = None
    """short numbers, equal where the values are, where there are such"""

    @property
    def comparable(self) -> Any:
        """What rows are compared by."""
        return self.values if self.alike is None else self.alike


def typed_column(values: pd.Series[Any], column: Column) -> TypedColumn:
    """Type one column; nothing is raised, and what is at fault is marked."""
    if column.kind in WORDED:
        return _texts(values, column)
    if column.kind in DATED:
        return _days(values, column)
    return _numbers(values, column)


def _texts(values: pd.Series[Any], column: Column) -> TypedColumn:
    """Keep text as it is, read whole numbers as text, 7 as '7', as the files are read.

    Distinct values are looked at once each, however many rows hold them.
    """
    codes, distinct = pd.factorize(values)
    known = [*distinct, ""]  # code -1, a blank, is the last
    if column.kind == "id" and not (column.refers or column.required):
        # ids that need to match nothing: blanks among them may have made fractions of numbers
        known = [int(each) if isinstance(each, float) and each.is_integer() else each
                 for each in known]  # fmt: skip
    is_text = [isinstance(each, (str, int, np.integer)) and not isinstance(each, bool)
               for each in known]  # fmt: skip
    texts = [str(each) if good else "" for each, good in zip(known, is_text, strict=True)]
    admitted, right = is_text, "text"
    if column.choices:
        words = ("", *column.choices)
        admitted = [good and each in words for each, good in zip(texts, is_text, strict=True)]
        right = column.span()
    if column.kind == "weekdays":
        admitted = [good and not strange_weekdays(each)
                    for each, good in zip(texts, is_text, strict=True)]  # fmt: skip
        right = column.span()
    # a column of nothing but texts is typed already: a frame may share it, for it never changes
    is_typed = values.dtype == "str" and not (codes < 0).any()
    names: Any = values.array if is_typed else np.array(texts, dtype=object)[codes]
    bad = ~np.array(admitted, dtype=bool)[codes]
    blank = np.array([each == "" for each in known])[codes]
    one_to_one = len(set(texts)) == len(texts)
    return TypedColumn(names, blank, bad, right, codes if one_to_one else None)


def _days(values: pd.Series[Any], column: Column) -> TypedColumn:
    """Midnights without a time zone, NaT where blank."""
    blank = _blank(values)
    found = _as_days(values)
    bad = ~blank & (np.isnat(found) | far(found))
    right = "a date from 1900 to 2199"
    if column.kind == "week":
        bad |= ~np.isnat(found) & (found.astype(np.int64) % 7 != MONDAY)
        right = "a Monday, by which its week is named"
    return TypedColumn(found.astype("datetime64[s]"), blank, bad, right)


def _as_days(values: pd.Series[Any]) -> Days:
    """Return the local day of dates, times and ISO text, NaT for anything else."""
    days: pd.Series[Any] = values
    if pd.api.types.is_numeric_dtype(values):
        return np.full(len(values), np.datetime64("NaT", "D"))
    if not pd.api.types.is_datetime64_any_dtype(values):
        days = pd.to_datetime(values, errors="coerce", format="ISO8601")
    local = days.dt.tz_localize(None) if days.dt.tz is not None else days
    return np.asarray(local.to_numpy().astype("datetime64[D]"))


def _numbers(values: pd.Series[Any], column: Column) -> TypedColumn:
    """Numbers of a column in its own type, blanks filled by its plain default."""
    blank = _blank(values)
    if values.dtype.kind in "iu":
        numbers: Numbers = values.to_numpy()
    else:
        given = pd.to_numeric(values, errors="coerce")
        numbers = given.to_numpy(dtype=np.float64, na_value=np.nan)
    with np.errstate(invalid="ignore"):
        outside = below(column, numbers) | above(column, numbers)
        if is_whole(column):
            outside |= numbers != np.floor(numbers)
    if column.kind == "flag":
        outside |= ~np.isin(numbers, (0, 1))
    unlimited = (numbers == np.inf) & (column.default == np.inf)
    bad = ~blank & (outside | ~np.isfinite(numbers)) & ~unlimited
    return TypedColumn(filled(column, numbers, blank | bad), blank, bad, _in_words(column))


def _blank(values: pd.Series[Any]) -> Bools:
    """Tell which cells hold nothing."""
    nothing = values.isna().to_numpy(dtype=bool)
    if pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values):
        nothing = nothing | np.asarray(values.to_numpy(dtype=object) == "", dtype=bool)
    return nothing


def _in_words(column: Column) -> str:
    """Say what numbers a column admits."""
    if column.kind == "flag":
        return "0 or 1"
    span = column.span()
    return ("a whole number" if is_whole(column) else "a number") + (f", {span}" if span else "")
