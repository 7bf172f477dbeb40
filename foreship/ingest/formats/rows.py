"""Rows of an export that hold no data: blank ones, repeated headers, totals. Counted and said.

A row is only looked at where a column that must be filled is blank, or repeats its heading;
what is none of these stays, and is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foreship.errors import SHOWN, Fault
from foreship.ingest.distinct import Distinct, bools, distinct, is_text
from foreship.ingest.findings import in_short
from foreship.ingest.raw import RawTable, Sought
from foreship_foundation.arrays import Bools, Ints

__all__ = ["Total", "is_blank", "is_total", "without_idle_rows"]

TOTAL = re.compile(
    r"^\W*((grand|sub|sous|super)?[ -]?total(s|e|es|en|i)?|sum|sums|somme|suma|gesamt|insgesamt"
    r"|(gesamt|end|zwischen|teil)(summe|ergebnis|betrag)|summe|ergebnis|totaux|montant total)"
    r"( (général|general|gesamt|eur|usd|gbp|chf))?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Total:
    """The last row of totals, by which what was read can be proven."""

    number: int
    values: dict[str, str]
    """column -> text"""


def is_blank(values: Sequence[str]) -> bool:
    """Whether a row holds nothing."""
    return not any(each.strip() for each in values)


def is_total(values: Sequence[str]) -> bool:
    """Whether the first value of a row that is not blank is a word for totals."""
    first = next((each.strip() for each in values if each.strip()), "")
    return bool(TOTAL.match(first)) or first == "Σ"


def without_idle_rows(
    raw: RawTable, table: str, sought: Sought
) -> tuple[RawTable, list[Fault], Total | None]:
    """Return the table without rows that hold no data, with text split into distinct values.

    Notes say how many rows were left out and where; the last row of totals is kept for proof.
    """
    columns = {
        name: distinct(each) if is_text(each.type) else each for name, each in raw.columns.items()
    }
    raw = replace(raw, columns=columns)
    if raw.whole is None:
        return raw, [], None
    doubtful = np.flatnonzero(_doubtful(raw, sought))
    if not len(doubtful):
        return raw, [], None
    rows = raw.whole(doubtful)
    kinds = {at: _kind(values, raw.header) for at, values in rows.items()}
    idle = np.array(sorted(at for at, kind in kinds.items() if kind), dtype=np.int64)
    if not len(idle):
        return raw, [], None
    notes = [
        _said(raw, table, word, [int(at) for at in idle if kinds[int(at)] == word], rows)
        for word in ("blank row", "repeated header", "row of totals")
        if word in kinds.values()
    ]
    totals = [int(at) for at in idle if kinds[int(at)] == "row of totals"]
    proof = None
    if totals:
        values = dict(zip(raw.header, rows[totals[-1]], strict=False))
        proof = Total(raw.numbering(totals[-1]), values)
    return _kept(raw, idle), notes, proof


def _doubtful(raw: RawTable, sought: Sought) -> Bools:
    """Mark rows with a blank where none may be, or with a heading for a value."""
    found: Bools = np.zeros(raw.rows, dtype=bool)
    for name in sought.required:
        if name not in raw.columns or not is_text(raw.columns[name].type):
            continue
        text = distinct(raw.columns[name])
        bare = pc.utf8_trim_whitespace(text.names)
        odd = bools(pc.equal(bare, "")) | bools(pc.equal(bare, name))
        if odd.any():
            found |= text.rows(odd)
    return found


def _kind(values: Sequence[str], header: Sequence[str]) -> str:
    if is_blank(values):
        return "blank row"
    if [each.strip() for each in values[: len(header)]] == [each.strip() for each in header]:
        return "repeated header"
    return "row of totals" if is_total(values) else ""


def _said(raw: RawTable, table: str, word: str, at: list[int], rows: dict[int, list[str]]) -> Fault:
    first = at[:SHOWN]
    total = word == "row of totals"
    words = [next(each for each in rows[n] if each.strip()) for n in first] if total else []
    plural = "rows of totals" if total else f"{word}s"
    return Fault(
        table,
        f"{word if len(at) == 1 else plural} skipped",
        rows=tuple(raw.numbering(n) for n in first),
        values=tuple(in_short(each) for each in words),
        count=len(at),
        row_word=raw.numbering.word,
        severity="note",
    )


def _kept(raw: RawTable, idle: Ints) -> RawTable:
    kept = np.setdiff1d(np.arange(raw.rows), idle, assume_unique=True)
    columns = {
        name: each.taken(kept) if isinstance(each, Distinct) else each.take(pa.array(kept))
        for name, each in raw.columns.items()
    }
    return replace(
        raw, columns=columns, rows=len(kept), numbering=raw.numbering.taken(kept, raw.rows)
    )
