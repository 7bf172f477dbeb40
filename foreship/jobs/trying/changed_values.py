"""Other values of a column in chosen rows: numbers counted from what they are, words as given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship.errors import Fault, UsageError
from foreship.jobs.trying.change import Change
from foreship.jobs.trying.chosen_rows import chosen_rows
from foreship_foundation.arrays import Bools, Floats
from foreship_foundation.tables.declaration import DATED, WORDED, Column
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.telling.near_names import nearest
from foreship_foundation.telling.words import listed, number, plural

__all__ = ["CHANGEABLE", "Work", "change_values", "changeable"]

HISTORY: Final = ("orders", "receipts", "returns", "availability", "signals", "calendar", "prices")
"""tables of what was; of the last two what is to come is tried by sentences of their own"""
CHANGEABLE: Final = tuple(name for name in INPUTS if name not in HISTORY)
BLANK: Final = "absent"
"""word for a value that is taken away, so that what a blank means holds"""


@dataclass
class Work:
    """Tables while they are changed, one change after the other."""

    stated: dict[str, pd.DataFrame]
    """typed tables as they were read; what is not there is not looked at"""
    filled: Mapping[str, pd.DataFrame]
    """the same with what blanks mean: the number that a change begins from"""
    notes: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)


def change_values(work: Work, change: Change) -> None:
    """Put other values into a column of the rows that are chosen.

    Raises
    ------
    UsageError
        With every fault of the change.
    """
    table, faults = change.about, list[Fault]()
    if table not in CHANGEABLE:
        remedy = nearest(table, CHANGEABLE)
        raise UsageError("", [Fault(table, "is no table of which values are tried", remedy)])
    if table not in work.stated:
        return
    frame = work.stated[table]
    columns = changeable(table)
    if change.column not in columns:
        remedy = nearest(change.column, list(columns))
        problem = "is no column of which values are tried"
        raise UsageError("", [Fault(table, problem, remedy, column=change.column)])
    if frame.empty:
        raise UsageError("", [Fault(table, "has no row that could be changed")])
    if change.column not in frame:
        return
    chosen = chosen_rows(table, frame, change.where, faults)
    column = columns[change.column]
    values = _other_values(work, change, column, chosen, faults)
    if faults:
        raise UsageError("", faults)
    work.stated[table] = frame.assign(**{column.name: values})
    work.touched.add(table)


def changeable(table: str) -> dict[str, Column]:
    """Return the columns of a table whose values may be tried: those that name no row."""
    fixed = {"author", "reason", "assumed", "name", *INPUTS[table].key}
    return {
        each.name: each
        for each in INPUTS[table].columns
        if each.name not in fixed and each.kind != "id"
    }


def _other_values(
    work: Work, change: Change, column: Column, chosen: Bools, faults: list[Fault]
) -> Any:
    """Return a column with other values in the chosen rows."""
    there = work.stated[change.about][column.name]
    if change.how == "=" and (change.value == BLANK or column.kind in (*WORDED, *DATED)):
        return _stated_values(there, change, column, chosen, faults)
    amount = _number(change, column, faults)
    if amount is None:
        return there
    before = there.to_numpy(dtype=np.float64, na_value=np.nan)
    held = work.filled.get(change.about)
    if held is not None and column.name in held and len(held) == len(there):
        meant = held[column.name].to_numpy(dtype=np.float64, na_value=np.nan)
        before = np.where(np.isnan(before), meant, before)
    after = before.copy()
    after[chosen] = _moved(before[chosen], change.how, amount)
    if column.kind in ("units", "flag"):
        after[chosen] = np.floor(after[chosen] + 0.5)
    _refuse_idle(change, column, before[chosen], after[chosen], faults, work.notes)
    _refuse_beyond(change, column, after[chosen], faults)
    known = there.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(chosen, after, known) if not faults else there


def _stated_values(
    there: pd.Series[Any], change: Change, column: Column, chosen: Bools, faults: list[Fault]
) -> pd.Series[Any]:
    """Return a column of words or days with another one, or with blanks, in the chosen rows."""
    where = (change.about, column.name)
    if change.value == BLANK:
        if column.required:
            faults.append(Fault(where[0], "cannot be blank", "give a value", column=where[1]))
            return there
        other: Any = column.default
        if other is None:
            other = pd.NaT if column.kind in DATED else np.nan
    elif column.kind in DATED:
        other = pd.to_datetime(change.value, format="%Y-%m-%d", errors="coerce")
        if pd.isna(other):
            remedy, shown = "write 2026-11-27", (change.value,)
            faults.append(Fault(where[0], "is no day", remedy, where[1], values=shown))
            return there
    else:
        other = change.value
    return there.where(~chosen, other)


def _number(change: Change, column: Column, faults: list[Fault]) -> float | None:
    """Return the number of a change; a column of words or days has none to count with."""
    table = change.about
    if column.kind in (*WORDED, *DATED):
        remedy = f"write {table}.{column.name}=VALUE"
        faults.append(Fault(table, "holds no numbers", remedy, column=column.name))
        return None
    try:
        amount = float(change.value)
    except ValueError:
        amount = np.nan
    if not np.isfinite(amount):
        remedy = f"write 1.2, or {table}.{column.name}={BLANK} for: {column.blank()}"
        remedy = "write 1.2" if column.required else remedy
        faults.append(Fault(table, "is no number", remedy, column.name, values=(change.value,)))
        return None
    return amount


def _moved(before: Floats, how: str, amount: float) -> Floats:
    match how:
        case "*":
            return before * amount
        case "+":
            return before + amount
        case "-":
            return before - amount
        case _:
            return np.full_like(before, amount)


def _refuse_idle(
    change: Change,
    column: Column,
    before: Floats,
    after: Floats,
    faults: list[Fault],
    notes: list[str],
) -> None:
    """Refuse a change by which no row is another one; note rows that have no number."""
    if not len(before):
        return
    same = (before == after) | (np.isnan(before) & np.isnan(after))
    blank = ~np.isfinite(before) & same
    meaning = column.blank() if column.default_words else "blank"
    if same.all():
        problem = "is so already"
        remedy = "give another value"
        if blank.all():
            problem = f"is {meaning} in all rows asked for: there is no number to count from"
            remedy = f"give one, as {change.about}.{column.name}=100"
        faults.append(Fault(change.about, problem, remedy, column=column.name))
    elif blank.any():
        rows = plural(int(blank.sum()), "row")
        notes.append(f"{change}: in {rows} it is {meaning}, and stays so.")


def _refuse_beyond(change: Change, column: Column, after: Floats, faults: list[Fault]) -> None:
    """Refuse numbers that the table may not hold."""
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    beyond = (after < low) | ((after > high) & np.isfinite(after))
    beyond |= (after <= 0) & column.above_zero
    if beyond.any():
        worst = sorted({number(each) for each in after[beyond]})[:3]
        problem = f"would be {listed(worst)}"
        faults.append(Fault(change.about, problem, f"it is {column.span()}", column=column.name))
