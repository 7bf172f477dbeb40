"""A frame written at once is, to the byte, what the same cells are one after the other."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from foreship.reports.workbook import rows as module
from foreship.reports.workbook.book import OPTIONS
from foreship.reports.workbook.sheets import Field, Sheets

DAY = pd.Timestamp("2026-11-16")
ODD = pd.DataFrame(
    {
        "whole": [1, -2, 3_000_000_000, 0, 7],
        "number": [0.1, 1 / 3, 1e300, -0.0, 2.0],
        "gap": [np.nan, np.inf, -np.inf, 1.5, np.nan],
        "date": [pd.NaT, DAY, DAY, pd.NaT, DAY + pd.Timedelta(hours=6)],
        "text": ["a<b&c>\"d'", " lead", "", "bell \x07", "\U0001f69a " + "x" * 40_000],
        "mixed": [None, 1, 1.0, True, "1"],
        "told": [None, 1, 1.0, True, "1"],
        "blank": [None] * 5,
        "late": [None, None, None, None, "here"],
    }
)
FORMS = ("units", "money", "share", "date", "wrap", "amount", "text", "edit", "edit_units")


def book(write: Callable[[Sheets, str], None]) -> dict[str, bytes]:
    """Return the parts of a workbook of two sheets."""
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, OPTIONS)
    made.set_properties({"created": DAY.to_pydatetime()})
    sheets = Sheets(made)
    for name in ("One", "Two"):
        write(sheets, name)
    made.close()
    with zipfile.ZipFile(stream) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


@pytest.mark.parametrize("step", [1, 2, 100])
@pytest.mark.parametrize("tall", [(), (2, 1, 3)])
@pytest.mark.parametrize("rows", [0, 1, 5])
def test_the_same_bytes_as_cell_by_cell(
    monkeypatch: pytest.MonkeyPatch, rows: int, tall: tuple[int, ...], step: int
) -> None:
    """Numbers, days, texts of any letters, values unknown or without bound, rows of any height."""
    monkeypatch.setattr(module, "ROWS_AT_ONCE", step)
    frame, tall = ODD.head(rows), tall[: rows + 1]
    fields = [Field(str(key), str(key), form, 9) for key, form in zip(frame, FORMS, strict=True)]

    def one_by_one(sheets: Sheets, name: str) -> None:
        sheet = sheets.frame(name, frame[:0], fields, tall)
        for row, values in enumerate(zip(*(frame[key].tolist() for key in frame), strict=True)):
            for place, value in enumerate(values):
                sheets.put(sheet, row + 1, place, value, FORMS[place])
        sheet.autofilter(0, 0, max(rows, 1), len(fields) - 1)

    def at_once(sheets: Sheets, name: str) -> None:
        sheets.frame(name, frame, fields, tall)

    assert book(at_once) == book(one_by_one)


def test_a_row_without_a_value_keeps_its_height() -> None:
    """Nothing is written of it but how high it is, with rows around it or alone."""
    frame = pd.DataFrame({"text": ["a", None, "b"]})
    told = book(
        lambda sheets, name: sheets.frame(name, frame, [Field("text", "t", "text", 9)], (1, 1, 2))
    )
    text = told["xl/worksheets/sheet1.xml"].decode()
    assert '<row r="3" ht="30" customHeight="1"/>' in text
    assert text.index(">a<") < text.index('<row r="3"') < text.index(">b<")
