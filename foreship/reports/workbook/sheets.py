"""How sheets are written: cells by their type, columns by their declaration, nothing a formula."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from foreship.reports.workbook.rows import LongSheet, shown
from foreship_foundation.tables.declaration import Table
from foreship_foundation.telling.words import plural

__all__ = ["MOST_ROWS", "Field", "Sheets", "capped", "fields_of"]

MOST_ROWS = 1_048_575
LINE = 15
"""height of a line of text [pt]"""
A4 = 9
"""number of that paper size"""
FORMATS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bottom": 1, "bg_color": "#F0F3F5", "valign": "top", "text_wrap": True},
    "title": {"bold": True, "font_size": 16},
    "strong": {"bold": True},
    "text": {"num_format": "@"},
    "wrap": {"num_format": "@", "text_wrap": True},
    "units": {"num_format": "#,##0"},
    "money": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0 %"},
    "gap": {"num_format": "0.000 %"},
    "measure": {"num_format": "0.000"},
    "amount": {"num_format": "#,##0.0#"},
    "date": {"num_format": "yyyy-mm-dd", "align": "right"},
    "total": {"bold": True, "top": 1, "num_format": "#,##0"},
    "below": {"bg_color": "#F6D3C2"},
    "thin": {"bg_color": "#FBEBC8"},
    "some": {"bg_color": "#DCEBF5"},
    "edit": {"bg_color": "#FFF8DC", "num_format": "@", "locked": False},
    "edit_units": {"bg_color": "#FFF8DC", "num_format": "#,##0", "locked": False},
}


@dataclass(frozen=True)
class Field:
    """One column of a sheet: its key in the frame, heading, number format and width."""

    key: str
    title: str
    form: str
    width: float


FORM = {"id": "text", "text": "text", "units": "units", "flag": "units", "date": "date",
        "week": "date", "money": "money", "number": "measure"}  # fmt: skip
"""number format of each kind of column"""
WIDTH = {"id": 16, "date": 12, "week": 12}
SHARES = ("probability", "share", "1")
"""what chances, and what is compared with them, are told in: they are shown per cent"""
AMOUNTS = ("units", "weeks")
"""what numbers count that are no shares: the third digit of their fraction says nothing"""
LEAST = {"money": 11, "share": 9, "measure": 9, "amount": 9, "units": 8}
"""letters that a number needs, however short its heading: else it is shown as ###"""
WIDTHS = {"action": 10, "exit": 11, "binding": 36, "cost": 11, "unit": 6, "p": 8, "gain": 9,
          "loss": 9, "purchase_probability": 20, "words": 90, "reason": 70, "name": 22}  # fmt: skip
"""letters of columns by kind and by name; others are as wide as their heading"""


def fields_of(table: Table) -> tuple[Field, ...]:
    """Return the columns of a file that goes out, as a sheet shows them."""
    found = []
    for each in table.columns:
        form = FORM[each.kind]
        if each.kind == "number":
            counted = "amount" if each.unit in AMOUNTS else form
            form = "share" if each.unit in SHARES else counted
        width = WIDTHS.get(each.name, WIDTH.get(each.kind, len(each.name) + 1))
        found.append(Field(each.name, each.name, form, max(width, LEAST.get(form, 0))))
    return tuple(found)


class Sheets:
    """The workbook's sheets and formats; cells go in row by row, so memory stays small."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.forms = {name: book.add_format(form) for name, form in FORMATS.items()}

    def add(self, name: str) -> Any:
        """Return a new sheet."""
        return self.book.add_worksheet(name, LongSheet)

    def put(self, sheet: Any, row: int, column: int, value: object, form: str) -> None:
        """Write one cell by its type; what is no finite number or date is written as text."""
        style, told = self.forms[form], shown(value, as_text=form == "text")
        if isinstance(told, str):
            sheet.write_string(row, column, told, style)
        elif isinstance(told, datetime.datetime):
            sheet.write_datetime(row, column, told, style)
        elif told is not None:
            sheet.write_number(row, column, told, style)

    def frame(
        self, name: str, frame: pd.DataFrame, fields: Sequence[Field], tall: Sequence[int] = ()
    ) -> Any:
        """Write a frame as a sheet: frozen heading, filters, widths, formats.

        `tall` says how many lines of text rows have, the heading first; one where it ends.
        """
        sheet = self.add(name)
        for row, lines in enumerate(tall):
            sheet.set_row(row, LINE * lines)
        for place, field in enumerate(fields):
            sheet.set_column(place, place, field.width, self.forms[field.form])
            sheet.write_string(0, place, field.title, self.forms["head"])
        styles = [(self.forms[field.form], field.form == "text") for field in fields]
        sheet.write_rows(frame[[field.key for field in fields]], styles)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(frame), 1), len(fields) - 1)
        self.printable(sheet)
        return sheet

    def printable(self, sheet: Any) -> None:
        """Set a sheet up for paper: landscape, one page wide, heading and number on each page."""
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P of &N")


def capped(
    frame: pd.DataFrame, most: int, sheet: str, noun: str, whole: str
) -> tuple[pd.DataFrame, str]:
    """Return as many rows as a sheet shows, and a sentence where that is not all of them."""
    if len(frame) <= most:
        return frame, ""
    words = f"Sheet {sheet} shows {most:,} of {plural(len(frame), noun)}; all are in {whole}"
    return frame.head(most), words
