"""Lines that were loaded twice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from foreship.errors import Fault
from foreship.ingest.tables import TableRead
from foreship.quality.evidence import THURSDAY, WEEK_DAYS, Evidence, warning
from foreship_foundation.arrays import Bools, Ints
from foreship_foundation.tables.keys import combined_codes
from foreship_foundation.telling.words import listed

__all__ = ["adjustments_stand_twice", "lines_stand_twice"]

KEYLESS = ("orders", "returns", "inbound", "receipts")
"""tables in which two equal rows may both be meant"""
SIGNED = ("reason", "author")
"""columns of an adjustment that say nothing of what it does"""
NEARLY_ALL = 0.95
"""share of different lines that come an even number of times when all were loaded twice"""
FEWEST, FEWEST_IN_PART = 20, 24
"""different lines in all, or of a week, month or region, below which evenness may be chance"""
SEVERAL = (2, 3)
"""times that a file may have been loaded"""
SAME_ORDER = 0.05
"""share of lines with an `order_id` that repeat another one word for word, from where it is odd"""
FEWEST_REPEATS = 10


def lines_stand_twice(seen: Evidence) -> Iterator[Fault]:
    """Lines loaded twice: nearly all of a table, a week or a region repeat another line."""
    for name in KEYLESS:
        read = seen.read(name)
        if read is None or read.rows < FEWEST:
            continue
        columns = [each.name for each in read.table.columns if each.name in read.parsed]
        without_order = [each for each in columns if each != "order_id"]
        for key in (columns, without_order) if without_order != columns else (columns,):
            twice = _loaded_twice(read, key)
            if twice.any():
                column = "order_id" if "order_id" in key else key[0]
                words = f"lines repeat another one in every column ({', '.join(key)})"
                yield warning(read, column, twice, words, "was the file, or a part, loaded twice?")
                break


def adjustments_stand_twice(seen: Evidence) -> Iterator[Fault]:
    """Adjustments pasted twice: rows that say the same of the same demand act one after another."""
    read = seen.read("adjustments")
    if read is None:
        return
    key = [
        each.name
        for each in read.table.columns
        if each.name in read.parsed and each.name not in SIGNED
    ]
    codes = combined_codes((read.parsed[each].values for each in key), read.rows)
    twice = pd.Series(codes).duplicated().to_numpy()
    if twice.any():
        words = f"rows repeat another one in {listed(key)}, and both act"
        yield warning(read, "value", twice, words, "was the row pasted twice?")


def _loaded_twice(read: TableRead, key: list[str]) -> Bools:
    """Tell which rows are second copies of a table, week or region that was loaded twice."""
    code = combined_codes((read.parsed[each].values for each in key), read.rows)
    order = np.argsort(code, kind="stable")
    alike = code[order]
    start = np.flatnonzero(np.append(True, alike[1:] != alike[:-1]))
    del code, alike  # of very many rows nothing is held for longer than it is asked
    times, different = np.diff(np.append(start, read.rows)), order[start]  # the first row of each
    repeats = np.ones(read.rows, dtype=bool)
    repeats[different] = False
    if not repeats.any():
        return repeats
    with_order = "order_id" in key and not read.parsed["order_id"].blank.all()
    if with_order and repeats.sum() >= max(FEWEST_REPEATS, SAME_ORDER * read.rows):
        return repeats
    if _even(np.zeros(len(different), np.int64), times, FEWEST).any():
        return repeats
    odd = np.zeros(read.rows, dtype=bool)
    for part in _parts(read):
        even = _even(part[different], times, FEWEST_IN_PART)
        odd |= np.append(even, False)[np.where(part < len(even), part, len(even))]
    return repeats & odd


def _parts(read: TableRead) -> Iterator[Ints]:
    """Yield the week, the month and the region of each row, as codes from 0."""
    for name in ("date", "arrival_date"):
        if name in read.parsed:
            days = read.parsed[name].values.astype("datetime64[D]").astype(np.int64)
            yield pd.factorize((days + THURSDAY) // WEEK_DAYS)[0].astype(np.int64)
            yield pd.factorize(read.parsed[name].values.astype("datetime64[M]"))[0].astype(np.int64)
    if "region" in read.parsed:
        yield pd.factorize(read.parsed["region"].values)[0].astype(np.int64)


def _even(part: Ints, times: Ints, fewest: int) -> Bools:
    """Tell in which parts nearly all different lines come a multiple of some number of times."""
    lines = np.bincount(part)
    even = np.zeros(len(lines), dtype=bool)
    for several in SEVERAL:
        even |= np.bincount(part, times % several == 0) >= NEARLY_ALL * lines
    return np.asarray(even & (lines >= fewest))
