"""Rows of a forecast: cells, weeks and values, each with what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship.errors import Fault, UsageError
from foreship.forecasts.column_levels import Stated
from foreship.forecasts.unique_ids import split_ids
from foreship.ingest.findings import fault_in_rows
from foreship.ingest.raw import Numbering
from foreship_foundation.arrays import Bools, Days, Floats, Ids
from foreship_foundation.tables.ranges import LARGEST_WEEK
from foreship_foundation.telling.words import number, percent

__all__ = ["cells_of", "named_twice", "values_of", "weeks_of"]

TABLE: Final = "demand"


def cells_of(
    frame: pd.DataFrame, known: Mapping[str, Collection[str]], pattern: str
) -> tuple[Ids, Ids, list[Fault]]:
    """Return region and item of each row, and what is wrong with them."""
    if "unique_id" in frame:
        ids, blank = _texts(frame["unique_id"])
        given = frame["unique_id"].tolist()
        region, item, wrong = split_ids(ids.tolist(), pattern, known["region"], known["item"])
        faults = _faults("unique_id", blank, given, "is no text", "ids are text")
        for words in sorted(set(wrong.values())):
            bad = ~blank & np.array([wrong.get(each) == words for each in ids], dtype=bool)
            remedy = "say how ids are put together by unique_id=, or give region and item"
            faults += _faults("unique_id", bad, ids.tolist(), words, remedy)
        return region, item, faults + _strangers(region, item, known)
    found, faults = {}, []
    for name in ("region", "item"):
        if name not in frame:
            raise UsageError(f"the forecast has no column {name}, nor unique_id")
        found[name], blank = _texts(frame[name])
        faults += _faults(name, blank, frame[name].tolist(), "is no text", "ids are text")
    region, item = found["region"], found["item"]
    return region, item, faults or _strangers(region, item, known)


def _texts(values: pd.Series[str]) -> tuple[Ids, Bools]:
    """Return texts, and which rows hold none."""
    plain = values.astype(object).to_numpy()
    text = np.array([isinstance(each, str) and each != "" for each in plain], dtype=bool)
    return np.where(text, plain, "").astype(object), ~text


def _strangers(region: Ids, item: Ids, known: Mapping[str, Collection[str]]) -> list[Fault]:
    """Name ids that the workspace does not know."""
    faults = []
    for name, ids in (("region", region), ("item", item)):
        strange = set(pd.unique(ids)) - set(known[name]) - {""}
        bad = np.isin(ids.astype(str), sorted(map(str, strange))) if strange else None
        if bad is not None:
            remedy = f"add it to {name}s, or take the rows out"
            faults += _faults(name, bad, ids.tolist(), f"not in {name}s", remedy)
    return faults


def weeks_of(frame: pd.DataFrame) -> tuple[Days, list[Fault]]:
    """Return the Monday of each row, and what is wrong with them."""
    named = [each for each in ("week", "ds") if each in frame]
    if len(named) != 1:
        fault = "both columns week and ds: take one away" if named else "no column week, nor ds"
        raise UsageError(f"the forecast has {fault}")
    name, given = named[0], frame[named[0]]
    if isinstance(given.dtype, pd.PeriodDtype):
        given = given.dt.start_time  # of a week that ends on Sundays, its Monday
    days = given.astype(object)
    if pd.api.types.is_numeric_dtype(given):
        days = pd.Series(pd.NaT, index=given.index)  # a number is no day
    # no guess which of 05/10 is the month
    read = pd.to_datetime(days, errors="coerce", utc=False, format="ISO8601")
    if isinstance(read.dtype, pd.DatetimeTZDtype):
        read = read.dt.tz_localize(None)  # the day that stands there, as in tables
    none = read.isna().to_numpy()
    faults = _faults(name, none, given.tolist(), "is no date", "write it as 2026-11-16")
    day = read.to_numpy(dtype="datetime64[ns]").astype("datetime64[D]")
    other = ~none & ((day.astype(np.int64) - 4) % 7 != 0)
    words = "is no Monday"
    remedy = "a week is named by its Monday: move days there, and add up days of a week before"
    return day, faults + _faults(name, other, day.astype(str).tolist(), words, remedy)


def values_of(frame: pd.DataFrame, chosen: Sequence[Stated]) -> tuple[Floats, list[Fault]]:
    """Return what the columns hold, shape (N, L), and what is wrong with it."""
    values, faults = np.zeros((len(frame), len(chosen))), []
    for place, each in enumerate(chosen):
        given = frame[each.column]
        values[:, place] = pd.to_numeric(given, errors="coerce").to_numpy(
            np.float64, na_value=np.nan
        )
        none = ~np.isfinite(values[:, place])
        faults += _faults(
            each.column, none, given.tolist(), "is no number", "state it, or take the row out"
        )
        below = values[:, place] < 0
        faults += _faults(each.column, below, given.tolist(), "is below 0", "demand is 0 or more")
        much = ~none & (values[:, place] > LARGEST_WEEK)
        words = f"is more than {LARGEST_WEEK:,} units a week"
        faults += _faults(
            each.column, much, given.tolist(), words, "count larger units (cases, hundreds)"
        )
    for place in range(1, len(chosen)):
        falls = values[:, place] < values[:, place - 1]
        low, name = chosen[place - 1], chosen[place].column
        words = f"is less than the quantile of {percent(low.level)} in {low.column}"
        faults += _faults(
            name, falls, frame[name].tolist(), words, "quantiles rise with their level"
        )
    return values, faults


def named_twice(region: Ids, item: Ids, week: Days) -> list[Fault]:
    """Name rows whose cell and week were there before."""
    rows = pd.DataFrame({"region": region, "item": item, "week": week.astype("datetime64[s]")})
    twice = rows.duplicated().to_numpy()
    names = [f"{a} / {b} / {c}" for a, b, c in zip(region, item, week.astype(str), strict=True)]
    words, remedy = "is there before", "one row a cell and week; choose one cutoff"
    return _faults("region, item, week", twice, names, words, remedy)


def _faults(
    column: str, bad: Bools, values: Sequence[Any], problem: str, remedy: str
) -> list[Fault]:
    """Return one fault of all rows that have it."""
    if not bad.any():
        return []
    fault = fault_in_rows(TABLE, column, bad, Numbering(), problem=problem, remedy=remedy)
    return [replace(fault, values=tuple(_shown(values[row - 1]) for row in fault.rows))]


def _shown(value: object) -> str:
    return number(float(value)) if isinstance(value, float) else str(value)
