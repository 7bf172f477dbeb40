"""Ids and words: text kept letter for letter, checked, never corrected."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foreship.ingest.distinct import Codes, Distinct, Values, bools, distinct, is_text, matches
from foreship.ingest.findings import Findings
from foreship_foundation.arrays import Bools
from foreship_foundation.tables.input_tables import Column
from foreship_foundation.working_days import strange_weekdays

__all__ = ["LONGEST_ID", "parse_names", "parse_private"]

LONGEST_ID = 128  # characters
LONGEST_TEXT = 10_000  # characters

SPACE = r"^[\s\p{Z}]|[\s\p{Z}]$"
HIDDEN = r"[\p{Cc}\p{Cf}]"
PATHLIKE = r"\.\.[/\\]|\\"
POINT_ZERO = r"^[0-9]+\.0$"


def parse_private(raw: Values) -> Codes:
    """Return who is who as codes, -1 for nobody; the names themselves are dropped here."""
    text = distinct(raw)
    if not is_text(text.names.type):
        return text.codes
    return np.where(text.rows(bools(pc.equal(text.names, ""))), np.int32(-1), text.codes)


def parse_names(
    column: Column, raw: Values, findings: Findings, *, strict: bool
) -> tuple[pa.Array, Codes]:
    """Return the distinct texts and the code of each row, -1 where blank.

    `strict` searches ids for what the eye does not see: spaces, hidden characters, twins. Other
    ids, which need to match nothing, may be whole numbers stored as fractions for their blanks.
    """
    kind = raw.type
    if pa.types.is_floating(kind) and column.kind == "id" and not strict:
        raw = _whole_numbers(raw)
    if pa.types.is_integer(raw.type):
        findings.note(f"whole numbers ({kind}) read as text, 7 as '7'")
    elif not is_text(raw.type) and not pa.types.is_null(raw.type):
        findings.refuse(f"holds {kind}, not text", "write it as text, digits may have been lost")
        return pa.array([], pa.string()), np.full(len(raw), -1, np.int32)
    text = distinct(raw if is_text(raw.type) else raw.cast(pa.string()))
    blank = bools(pc.equal(text.names, ""))
    codes = np.where(text.rows(blank), np.int32(-1), text.codes)
    findings.require(codes < 0)
    if strict:
        _judge_ids(text, findings)
    _judge_words(column, text, blank, findings)
    return text.names, codes


def _whole_numbers(raw: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return numbers with blanks among them as what they were before, where all are whole."""
    known = pc.if_else(pc.is_nan(raw), pa.scalar(None, raw.type), raw)
    try:
        return known.cast(pa.int64())
    except pa.ArrowInvalid:
        return raw


def _judge_words(column: Column, text: Distinct, blank: Bools, findings: Findings) -> None:
    long = bools(pc.greater(pc.utf8_length(text.names), LONGEST_TEXT))
    findings.add(text.rows(long), f"over {LONGEST_TEXT:,} characters", "cut it", text.show)
    if column.choices:
        unknown = ~bools(pc.is_in(text.names, pa.array(column.choices))) & ~blank
        findings.add(text.rows(unknown), "unknown word", f"must be {column.span()}", text.show)
    if column.kind == "weekdays":
        _judge_weekdays(column, text, findings)


def _judge_weekdays(column: Column, text: Distinct, findings: Findings) -> None:
    """Name the words of each row that are no weekdays."""
    strange = [strange_weekdays(each or "") for each in text.names.to_pylist()]
    unknown = text.rows(np.array([bool(each) for each in strange], dtype=bool))
    remedy = f"must be {column.span()}, separated by blanks, commas or semicolons"
    findings.add(unknown, "no weekday", remedy, lambda at: strange[text.codes[at]])


def _judge_ids(text: Distinct, findings: Findings) -> None:
    names = text.names
    long = bools(pc.greater(pc.utf8_length(names), LONGEST_ID))
    twins = _repeated(pc.utf8_normalize(names, form="NFC"))
    for bad, problem, remedy in (
        (matches(names, SPACE), "a space at its start or end", "take it away"),
        (matches(names, HIDDEN), "a hidden or control character", "take it away"),
        (matches(names, PATHLIKE), "a backslash or '../'", "ids do not look like paths"),
        (long, f"over {LONGEST_ID} characters", "is this an id?"),
        (twins, "one word in two Unicode spellings", "write it in one, NFC"),
    ):
        findings.add(text.rows(bad), problem, remedy, text.show)
    used = np.unique(text.codes[text.codes >= 0])
    if len(used) and matches(names, POINT_ZERO)[used].all():
        findings.refuse("all ids end in '.0', a spreadsheet changed them", "export them as text")


def _repeated(names: pa.Array) -> Bools:
    codes = names.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    return np.bincount(codes)[codes] > 1 if len(codes) else np.zeros(0, dtype=bool)
