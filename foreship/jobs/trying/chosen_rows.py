"""Which rows of a table the conditions of a change name, and which values they must not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship.errors import Fault
from foreship_foundation.arrays import Bools
from foreship_foundation.tables.declaration import DATED, WORDED
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.telling.near_names import nearest

__all__ = ["chosen_days", "chosen_rows"]

SPAN: Final = ".."
"""between the first and the last of several days"""
LONGEST_SPAN: Final = 400
"""days that a span may have"""


def chosen_rows(
    table: str, frame: pd.DataFrame, where: Mapping[str, Sequence[str]], faults: list[Fault]
) -> Bools:
    """Return which rows have one of the values of every condition, shape (N,).

    Parameters
    ----------
    faults
        Gets one for each column that is no name or day, and for each value that no row has.
    """
    chosen = np.ones(len(frame), dtype=bool)
    named = {
        each.name: each.kind
        for each in INPUTS[table].columns
        if each.kind in (*WORDED, *DATED) and each.name in frame
    }
    known = len(faults)
    for column, values in where.items():
        if column not in named:
            problem = "rows are not chosen by it"
            faults.append(Fault(table, problem, nearest(column, named), column=column))
            continue
        held = frame[column]
        texts = held.dt.strftime("%Y-%m-%d") if named[column] in DATED else held.astype(str)
        there = set(texts.dropna())
        for value in values:
            if value not in there:
                remedy = nearest(value, sorted(there))
                faults.append(Fault(table, "no row has it", remedy, column, values=(value,)))
        chosen &= texts.isin(values).to_numpy(dtype=bool)
    if known == len(faults) and not chosen.any():
        faults.append(Fault(table, "no row has all that is asked for", "ask for less at once"))
    return chosen


def chosen_days(
    change: str, column: str, values: Sequence[str], first: pd.Timestamp, faults: list[Fault]
) -> list[pd.Timestamp]:
    """Return days that are named, `2026-11-27` or `2026-11-27..2026-11-29`, in their order.

    Parameters
    ----------
    column
        `week` where all must be Mondays; a span then names those in it.
    first
        Monday of the plan: what was before it is history, which is not tried.
    faults
        Gets one for each that cannot be.
    """
    days: set[pd.Timestamp] = set()
    for value in values:
        found = _span(value)
        if isinstance(found, str):
            faults.append(Fault(change, found, "write 2026-11-27", column, values=(value,)))
            continue
        start, end = found
        if start < first:
            problem, remedy = (
                "is before the plan, and what was is not tried",
                f"from {first:%Y-%m-%d} on",
            )
            faults.append(Fault(change, problem, remedy, column, values=(value,)))
        elif column == "week" and start.weekday():
            before = start - pd.Timedelta(days=start.weekday())
            remedy = f"the week is that of {before:%Y-%m-%d}"
            faults.append(Fault(change, "is no Monday", remedy, column, values=(value,)))
        else:
            days |= set(pd.date_range(start, end, freq="7D" if column == "week" else "D"))
    return sorted(days)


def _span(value: str) -> tuple[pd.Timestamp, pd.Timestamp] | str:
    """Return the first and the last day of a value, or what is wrong with it."""
    start, _, end = value.partition(SPAN)
    days: list[Any] = [_day(each) for each in (start, end or start)]
    if None in days:
        return "is no day"
    if not 0 <= (days[1] - days[0]).days <= LONGEST_SPAN:
        return f"does not go from a day to a later one within {LONGEST_SPAN} days"
    return days[0], days[1]


def _day(text: str) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(pd.to_datetime(text, format="%Y-%m-%d"))
    except ValueError:
        return None
