"""Dates and weeks: ISO, or one stated format; a week is named by its Monday."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foreship.ingest.distinct import Distinct, Values, bools, distinct, is_text, matches
from foreship.ingest.findings import Findings, Show
from foreship_foundation.arrays import Bools, Days
from foreship_foundation.tables.input_tables import Column
from foreship_foundation.tables.ranges import far

__all__ = ["parse_days", "weekday"]


NAT = np.datetime64("NaT", "D")
FIRST_YEAR, AFTER_LAST_YEAR = np.datetime64("0001-01-01"), np.datetime64("10000-01-01")
"""days of a calendar of four digits"""
ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{5,18}(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
OFFSET = r"[T ].*(Z|[+-][0-9]{2}:?[0-9]{2})$"
EITHER_WAY = r"^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}$"
SHAPES = {"%d": "[0-9]{1,2}", "%m": "[0-9]{1,2}", "%Y": "[0-9]{4}", "%y": "[0-9]{2}"}


def weekday(days: Days) -> npt.NDArray[np.int64]:
    """Return 0 for Monday .. 6 for Sunday (1970-01-01 was a Thursday)."""
    return np.asarray((days.astype("datetime64[D]").astype(np.int64) + 3) % 7)


def parse_days(column: Column, raw: Values, findings: Findings, date_format: str = "") -> Days:
    """Return the days of a column, NaT where blank or at fault.

    Parameters
    ----------
    column
        A date or a week.
    raw
        Text, Arrow dates or timestamps; the time of day is left out.
    findings
        Receives every fault and note.
    date_format
        strptime format of text, '' for ISO.
    """
    kind = raw.type
    show: Show
    if is_text(kind):
        text = distinct(raw)
        days, blank = _text_days(text, findings, date_format)
        show = text.show
    elif pa.types.is_timestamp(kind) or pa.types.is_date(kind) or pa.types.is_null(kind):
        days = _arrow_days(raw, findings)
        blank, show = np.asarray(raw.is_null().to_numpy(), dtype=bool), partial(_shown, days)
    else:
        findings.refuse(f"holds {kind}, not dates", "write dates as dates, or as 2026-05-04")
        return np.full(len(raw), NAT)
    findings.require(blank)
    given = ~np.isnat(days)
    beyond = far(days)
    findings.add(beyond, "a year before 1900 or after 2199", "give the year in four digits", show)
    if column.kind == "week":
        other = given & ~beyond & (weekday(days) != 0)
        findings.add(other, "not a Monday", "a week is named by its Monday", show)
    return days


def _shown(days: Days, position: int) -> np.datetime64 | str:
    """Return a day as it is shown.

    Databases keep infinity as the last number there is, whose sign is lost on the way.
    """
    day = days[position]
    known = np.isnat(day) or FIRST_YEAR <= day < AFTER_LAST_YEAR
    return day if known else "±infinity"


def _arrow_days(raw: pa.ChunkedArray, findings: Findings) -> Days:
    if pa.types.is_null(raw.type):
        return np.full(len(raw), NAT)
    if pa.types.is_timestamp(raw.type) and raw.type.tz is not None:
        try:
            local = pc.local_timestamp(raw)
        except pa.ArrowInvalid:
            findings.refuse(f"unknown time zone {raw.type.tz!r}", "write dates without a time")
            return np.full(len(raw), NAT)
        findings.note(f"times in {raw.type.tz}: the local day counts")
        raw = local
    return np.asarray(raw.to_numpy(zero_copy_only=False)).astype("datetime64[D]")


def _text_days(text: Distinct, findings: Findings, date_format: str) -> tuple[Days, Bools]:
    names = pc.utf8_trim_whitespace(text.names)
    blank = bools(pc.equal(names, ""))
    fits = _fits(names, date_format) if date_format else matches(names, ISO_DAY)
    days = np.full(len(names), NAT)
    if fits.any():
        texts = names.filter(pa.array(fits))
        days[fits] = _formatted(texts, date_format) if date_format else _iso(texts)
    remedy = f'write 2026-05-04, or say [columns] {findings.table}.date_format = "%d/%m/%Y"'
    if date_format:
        remedy = f"every date of this table reads as {date_format}"
    either = ~fits & matches(names, EITHER_WAY) & (not date_format)
    no_day = fits & np.isnat(days)
    for bad, problem, right in (
        (either, "day and month cannot be told apart", remedy),
        (~fits & ~blank & ~either, "not a date", remedy),
        (no_day, "no such day", "give a day of the calendar"),
    ):
        findings.add(text.rows(bad), problem, right, text.show)
    if not date_format and (fits & matches(names, OFFSET)).any():
        findings.note("times carry an offset: the day as written counts")
    return np.append(days, NAT)[text.codes], text.rows(blank) | (text.codes < 0)


def _fits(names: pa.Array, date_format: str) -> Bools:
    """Tell which texts have the shape of the format; whether the day exists is asked later."""
    pattern, position = "", 0
    while position < len(date_format):
        code = date_format[position : position + 2]
        if code.startswith("%"):
            pattern += SHAPES.get(code, r"[\p{L}\p{N}.]+")
        else:
            pattern += code[0] if code[0].isalnum() else rf"\x{{{ord(code[0]):x}}}"
        position += 2 if code.startswith("%") else 1
    return matches(names, f"^{pattern}$")


def _iso(texts: pa.Array) -> Days:
    """Read yyyy-mm-dd exactly: 30 February is no day, not 2 March."""
    year, month, day = (
        pc.utf8_slice_codeunits(texts, first, last).cast(pa.int64()).to_numpy()
        for first, last in ((0, 4), (5, 7), (8, 10))
    )
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    good = (month >= 1) & (month <= 12) & (day >= 1) & (days.astype("datetime64[M]") == months)
    return np.where(good, days, NAT)


def _formatted(texts: pa.Array, date_format: str) -> Days:
    import pandas as pd

    values: Any = pd.Series(texts.to_pylist(), dtype=object)
    found = pd.to_datetime(values, format=date_format, errors="coerce")
    return np.asarray(found.to_numpy()).astype("datetime64[D]")
