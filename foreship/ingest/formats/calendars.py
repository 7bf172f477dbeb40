"""Dates that are not ISO: the one format that all of a column fit, or the question which it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foreship.ingest.distinct import matches

__all__ = ["Calendar", "calendar_of", "in_iso", "in_words", "without_hours"]

ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?$"
HOURS = r"[T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[AaPp][Mm])?$"
D, M = "(0?[1-9]|[12][0-9]|3[01])", "(0?[1-9]|1[0-2])"
YEAR, SHORT = "(19|20|21)[0-9]{2}", "[0-9]{2}"
MONTH = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
PARTS = {"%d": D, "%m": M, "%Y": YEAR, "%y": SHORT, "%b": MONTH}
SHAPES = {
    "%d{}%m{}%Y": "[0-9]{{1,2}}{0}[0-9]{{1,2}}{0}[0-9]{{4}}",
    "%m{}%d{}%Y": "[0-9]{{1,2}}{0}[0-9]{{1,2}}{0}[0-9]{{4}}",
    "%Y{}%m{}%d": "[0-9]{{4}}{0}[0-9]{{1,2}}{0}[0-9]{{1,2}}",
    "%d{}%m{}%y": "[0-9]{{1,2}}{0}[0-9]{{1,2}}{0}[0-9]{{2}}",
    "%m{}%d{}%y": "[0-9]{{1,2}}{0}[0-9]{{1,2}}{0}[0-9]{{2}}",
    "%y{}%m{}%d": "[0-9]{{1,2}}{0}[0-9]{{1,2}}{0}[0-9]{{2}}",
    "%d{}%b{}%Y": "[0-9]{{1,2}}{0}[A-Za-z]{{3}}{0}[0-9]{{4}}",
    "%d{}%b{}%y": "[0-9]{{1,2}}{0}[A-Za-z]{{3}}{0}[0-9]{{2}}",
}
"""format -> what its texts look like, whatever day they name"""
BETWEEN = ("/", ".", "-", " ")
CLOSED = {"%Y%m%d": "[0-9]{8}", "%d%m%Y": "[0-9]{8}"}


@dataclass(frozen=True)
class Calendar:
    """How the dates of a column are written.

    **Invariants:** `formats` holds one format where that is certain, several where it must be
    asked, none where the texts are ISO or fit no format.
    """

    formats: tuple[str, ...] = ()
    example: str = ""
    """a date that the formats read differently"""


def without_hours(names: pa.Array) -> pa.Array:
    """Return the texts without a time of day at their end."""
    return pc.replace_substring_regex(names, HOURS, "")


def calendar_of(names: pa.Array) -> Calendar:
    """Find the formats that the distinct texts of a column fit.

    Texts that look like no date are not asked: they are faults whatever the format is.
    """
    given = names.filter(pc.not_equal(names, ""))
    if not len(given) or matches(given, ISO_DAY).all():
        return Calendar()
    bare = without_hours(given)
    best: list[str] = []
    most = matches(given, ISO_DAY).sum()
    for family in _families():
        looks = matches(bare, f"^{family[0]}$")
        if looks.sum() > most:
            texts = bare.filter(pa.array(looks))
            best = [each for each in family[1] if matches(texts, _pattern(each)).all()]
            most = looks.sum()
            chosen = texts
    if not best:
        return Calendar()
    return _distinguished(best, chosen)


def _families() -> list[tuple[str, list[str]]]:
    """Return what dates may look like, with the formats that look like it."""
    families: dict[str, list[str]] = {}
    for mark in BETWEEN:
        for shape, look in SHAPES.items():
            families.setdefault(look.format(rf"\x{{{ord(mark):x}}}"), []).append(
                shape.format(mark, mark)
            )
    for shape, look in CLOSED.items():
        families.setdefault(look, []).append(shape)
    return list(families.items())


def _pattern(date_format: str) -> str:
    pattern, at = "", 0
    whole = date_format in CLOSED
    while at < len(date_format):
        code = date_format[at : at + 2]
        if code in PARTS:
            part = PARTS[code]
            pattern += part.replace("0?", "0") if whole else part
            at += 2
        else:
            pattern += rf"\x{{{ord(date_format[at]):x}}}"
            at += 1
    return f"^{pattern}$"


def _distinguished(formats: list[str], texts: pa.Array) -> Calendar:
    """Return one format where all read the same days, else all and a text they read differently."""
    read = {each: _days(texts, each) for each in formats}
    first = read[formats[0]]
    for each in formats[1:]:
        differ = ~((read[each] == first) | (np.isnat(read[each]) & np.isnat(first)))
        if differ.any():
            return Calendar(tuple(formats), texts[int(np.flatnonzero(differ)[0])].as_py())
    return Calendar((formats[0],))


def _days(texts: pa.Array, date_format: str) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    import pandas as pd

    found = pd.to_datetime(
        pd.Series(texts.to_pylist(), dtype=object), format=date_format, errors="coerce"
    )
    return np.asarray(found.to_numpy()).astype("datetime64[D]")


def in_words(text: str, date_format: str) -> str:
    """Return the day that a text is in a format: `2026-04-03`."""
    day = _days(without_hours(pa.array([text])), date_format)[0]
    return str(day)


def in_iso(names: pa.Array, date_format: str) -> pa.Array:
    """Return the texts that are days in a format as ISO days, all others as they are."""
    days = _days(names, date_format)
    known = ~np.isnat(days)
    isos = pa.array([str(each) for each in days[known]], pa.string())
    return pc.replace_with_mask(names, pa.array(known), isos)
