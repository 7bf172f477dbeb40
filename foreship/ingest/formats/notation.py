"""The texts of a table -> our own notation: numbers with a decimal point, dates of one format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foreship.errors import Fault
from foreship.forms import Form
from foreship.ingest.distinct import Distinct, bools, distinct, is_text, matches
from foreship.ingest.findings import Findings
from foreship.ingest.formats.calendars import calendar_of, in_iso, in_words, without_hours
from foreship.ingest.formats.cells import ended, named_days, named_words, without_errors
from foreship.ingest.formats.currencies import without_currency
from foreship.ingest.formats.marks import (
    PLAIN,
    Marks,
    canonical,
    evidence_of,
    readings,
    settled,
)
from foreship.ingest.formats.workbook import DAY, NUMBER, ODD
from foreship.ingest.raw import RawTable
from foreship_foundation.tables.declaration import DATED, WORDED, Table
from foreship_foundation.telling.words import listed, plural

__all__ = ["InOurs", "in_our_notation"]

WORDS = r"(?i)^[+-]?(unlimited|inf|infinity|nan|true|false|yes|no)$"
DATE_HERE = "a date: Excel may have made one of another text"
OTHERWISE = r"^[+-]?[0-9.,]*[0-9][0-9.,]*-?$"
"""digits and marks: what may be a number, if not in the notation of its column"""


@dataclass
class InOurs:
    """A table in our own notation, as far as that is certain."""

    raw: RawTable
    date_formats: dict[str, str] = field(default_factory=dict)
    """heading -> format of its dates"""
    marks: dict[str, Marks] = field(default_factory=dict)
    """heading -> how its numbers were written"""
    asked: set[str] = field(default_factory=set)
    """headings of columns that are not typed: they may mean two things, or hold errors alone"""
    faults: list[Fault] = field(default_factory=list)

    def form(self) -> Form:
        """Return how the file is written; what differs from column to column stays open."""
        written = self.raw.written
        decimals = {each.decimal for each in self.marks.values() if each.proven}
        formats = set(self.date_formats.values())
        return Form(
            delimiter="" if written.delimiter == "," else written.delimiter,
            decimal=decimals.pop() if len(decimals) == 1 else "",
            encoding=written.encoding,
            date_format=formats.pop() if len(formats) == 1 else "",
        )

    def with_iso_days(self) -> RawTable:
        """Return the table with all its dates as ISO days, as files of several formats need it."""
        columns = dict(self.raw.columns)
        for heading, date_format in self.date_formats.items():
            text = distinct(columns[heading])
            columns[heading] = text.renamed(in_iso(text.names, date_format))
        return replace(self.raw, columns=columns)


def in_our_notation(table: Table, raw: RawTable, header: Mapping[str, str], form: Form) -> InOurs:
    """Write the texts of a table as we read them; ask what may mean two things.

    Parameters
    ----------
    table
        The contract of the table.
    raw
        Its file as read: text is split into distinct values.
    header
        Contract column -> its heading.
    form
        What is declared.
    """
    ours = InOurs(raw)
    texts = {
        each: _Texts(Findings(table.name, each, raw.numbering), header[each.name], raw)
        for each in table.columns
        if header[each.name] in raw.columns and is_text(raw.columns[header[each.name]].type)
    }
    amounts = [each for column, each in texts.items() if column.kind not in (*WORDED, *DATED)]
    for amount in amounts:
        amount.text = without_currency(amount.found, amount.text)
    marks = _marks_of(amounts, form, raw)
    columns = dict(raw.columns)
    for column, each in texts.items():
        if each.broken:
            names = None
            ours.asked.add(each.heading)
        elif column.kind in DATED:
            names = _days(each, form, ours)
        elif column.kind in WORDED:
            names = _words(each)
        else:
            names = _numbers(each, marks[column.name], ours)
        if names is not None and not names.equals(each.before):
            columns[each.heading] = each.text.renamed(names)
        ours.faults += each.found.faults
    ours.raw = replace(raw, columns=columns)
    return ours


class _Texts:
    """A column of texts on its way into our notation."""

    def __init__(self, found: Findings, heading: str, raw: RawTable) -> None:
        self.found, self.heading = found, heading
        self.text = distinct(raw.columns[heading])
        self.before = self.text.names
        self.of_workbook = bool(raw.written.letters)
        self.broken = False
        self.from_1904 = raw.written.from_1904
        if not self.of_workbook:
            return
        kind, letter = found.column.kind, raw.written.letters[heading]
        also = None if kind in DATED else (DAY, DATE_HERE)
        if not found.column.private:
            self.text = without_errors(found, self.text, letter, also)
        self.broken = bool(found.faults) and not pc.any(pc.not_equal(self.text.names, "")).as_py()

    def trimmed(self) -> pa.Array:
        """Distinct texts without blanks around them."""
        return pc.utf8_trim_whitespace(self.text.names)

    def of_text(self) -> pa.Array:
        """Distinct texts that were text in a workbook, too, without blanks around them."""
        names = self.trimmed()
        return names.filter(pa.array(~ended(names, NUMBER))) if self.of_workbook else names


def _words(each: _Texts) -> pa.Array | None:
    if each.found.column.private and each.of_workbook:
        return pc.replace_substring_regex(each.text.names, f"[{NUMBER}{DAY}{ODD}]$", "")
    names = named_words(each.found, each.text) if each.of_workbook else each.text.names
    if each.found.column.kind != "id" or each.found.column.private:
        return names
    unpadded = _unpadded(each.found, Distinct(names, each.text.codes))
    return names if unpadded is None else unpadded


def _numbers(each: _Texts, marks: Marks | None, ours: InOurs) -> pa.Array | None:
    names = each.trimmed()
    if marks is None:
        _ask_marks(each.found, names, each.text)
        ours.asked.add(each.heading)
        return None
    written = _written(each.found, names, each.text, marks)
    if not written.equals(names):
        ours.marks[each.heading] = marks
    if each.of_workbook:
        written = pc.replace_substring(written, NUMBER, "")
    return each.text.names if written.equals(names) else written


def _days(each: _Texts, form: Form, ours: InOurs) -> pa.Array | None:
    """Return ISO days where dates of a workbook stand among them, else texts of one format."""
    names, known = each.text.names, np.zeros(len(each.text.names), dtype=bool)
    if each.of_workbook:
        names, known = named_days(each.found, each.text, each.from_1904)
    open_ = Distinct(pc.if_else(pa.array(known), "", names), each.text.codes)
    date_format, bare = _date_format(each.found, open_, form)
    if date_format is None:
        ours.asked.add(each.heading)
        return None
    if not date_format:
        return names
    ours.date_formats[each.heading] = date_format
    if not known.any():
        return bare
    written = in_iso(bare, date_format)
    ours.date_formats.pop(each.heading)
    return pc.if_else(pa.array(known), names, written)


def _marks_of(amounts: list[_Texts], form: Form, raw: RawTable) -> dict[str, Marks | None]:
    found = {each.found.column.name: evidence_of(each.of_text()) for each in amounts}
    return settled(found, form, raw.written.own)


def _ask_marks(found: Findings, names: pa.Array, text: Distinct) -> None:
    open_ = evidence_of(names).open
    example = names[int(np.flatnonzero(open_)[0])].as_py()
    one, other = readings(example)
    problem = f"a thousands mark or a decimal one: {example} may be {one} or {other}"
    line = f"[columns] {found.table}.decimal"
    remedy = f'say {line} = "." for {one}, or {line} = "," for {other}'
    found.add(text.rows(open_), problem, remedy, text.show)


def _written(found: Findings, names: pa.Array, text: Distinct, marks: Marks) -> pa.Array:
    """Return the texts in our notation; name what is a number in another notation alone."""
    if marks == PLAIN:
        return names
    written, wrong = canonical(names, marks)
    wrong &= ~matches(names, WORDS) & matches(names, OTHERWISE)
    if marks.decimal == "," and wrong.any():
        right = "the other numbers of this column have a decimal comma"
        found.add(text.rows(wrong), "a number written otherwise", right, text.show)
        good = ~wrong & ~bools(pc.equal(written, ""))
        kept = written.filter(pa.array(good))
        stand_in = kept[0].as_py() if len(kept) else "1"
        written = pc.if_else(pa.array(wrong), stand_in, written)
    return written


def _date_format(found: Findings, text: Distinct, form: Form) -> tuple[str | None, pa.Array]:
    """Return a column's format, '' for ISO, None where it is asked; and texts without hours."""
    names = pc.utf8_trim_whitespace(text.names)
    if form.date_format:
        timed = any(code in form.date_format for code in ("%H", "%I"))
        return form.date_format, names if timed else without_hours(names)
    calendar = calendar_of(names)
    if len(calendar.formats) < 2:
        return "".join(calendar.formats), without_hours(names)
    words = [f"{in_words(calendar.example, each)} ({each})" for each in calendar.formats]
    problem = (
        f"day and month cannot be told apart: {calendar.example} may be {listed(words, last='or')}"
    )
    lines = listed((f'"{each}"' for each in calendar.formats), last="or")
    remedy = f"say [columns] {found.table}.date_format = {lines}"
    found.add(text.rows(~bools(pc.equal(names, ""))), problem, remedy, text.show)
    return None, names


def _unpadded(found: Findings, text: Distinct) -> pa.Array | None:
    """Return ids without the blanks that fill them to one width; None where there are none."""
    padded = ended(text.names, " ")
    if not padded.any():
        return None
    names = text.names.filter(pc.not_equal(text.names, ""))
    bare = pc.utf8_rtrim(names, " ")
    widths = pc.unique(pc.utf8_length(names))
    if len(widths) > 1 or pc.any(pc.equal(bare, "")).as_py():
        return None
    if len(names) < 2 or pc.count_distinct(bare).as_py() < len(names):
        return None
    width = widths[0].as_py()
    places = plural(int(text.rows(padded).sum()), "row")
    found.note(f"blanks left out that fill ids to {width} letters, in {places}")
    return pc.utf8_rtrim(text.names, " ")
