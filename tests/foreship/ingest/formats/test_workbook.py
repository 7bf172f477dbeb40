"""Workbooks: the sheet that is meant, the header under a title, rows as Excel counts them."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from foreship.forms import Form
from foreship.ingest.formats.workbook import sheets_of
from foreship.ingest.tables import TableRead, read_table
from foreship_foundation.tables.input_tables import INPUTS
from tests.foreship.ingest.formats.books import HEADER, book, repacked, row
from tests.foreship.table_files import mutations


def read(path: Path, data: bytes, form: Form | None = None) -> TableRead:
    """Read a stock table from a workbook's bytes."""
    (path / "stock.xlsx").write_bytes(data)
    return read_table(INPUTS["stock"], path / "stock.xlsx", form=form)


def said(found: TableRead) -> str:
    """Return all that is said of a table."""
    return "\n".join(map(str, found.faults))


def test_a_workbook_is_read_as_its_table(tmp_path: Path) -> None:
    """Numbers, dates and text; a title, a blank row and a total around them."""
    day = datetime.datetime(2026, 1, 5)
    found = read(
        tmp_path,
        book(["Stock", None, "of", "January"], [], HEADER, row("H1", "00123", 5, day), [],
             row("R1", "b", 7.0, day), ["Total", None, 12]),
    )  # fmt: skip
    assert found.is_sound, said(found)
    frame = found.frame
    assert frame["item"].tolist() == ["00123", "b"]
    assert frame["quantity"].tolist() == [5, 7]
    assert [str(each.date()) for each in frame["date"]] == ["2026-01-05"] * 2
    assert (found.numbering.word, found.numbering(0), found.numbering(1)) == ("row", 4, 6)
    for words in ("1 row above the header", "blank row skipped in 1 row, row 5", "row of totals"):
        assert words in said(found)


def test_a_header_of_two_rows_is_read_as_one(tmp_path: Path) -> None:
    """Merged headings above, the names of some columns below."""

    def merge(workbook: Any) -> None:
        workbook.worksheets()[0].merge_range(0, 2, 0, 3, "Counted")

    found = read(
        tmp_path, book(["location", "item"], [None, None, "quantity", "date"], row(), more=merge)
    )
    assert found.is_sound, said(found)
    assert found.frame["quantity"].tolist() == [5]


def test_the_sheet_is_the_one_with_the_header_or_declared(tmp_path: Path) -> None:
    """A hidden one only when it is named; which were not read is said."""

    def more(workbook: Any) -> None:
        for name, hidden in (("Old", True), ("Notes", False)):
            sheet = workbook.add_worksheet(name)
            for r, values in enumerate([HEADER, row(quantity=9)] if name == "Old" else [["x"]]):
                sheet.write_row(r, 0, values)
            if hidden:
                sheet.hide()

    data = book(HEADER, row(), more=more)
    found = read(tmp_path, data)
    assert found.frame["quantity"].tolist() == [5]
    assert "sheet 'Stock' read, and not 'Old', 'Notes'" in said(found)
    assert list(sheets_of(data, "stock")) == ["Stock", "Notes"]
    assert read(tmp_path, data, Form(sheet="Old")).frame["quantity"].tolist() == [9]
    assert "did you mean 'Notes'" in said(read(tmp_path, data, Form(sheet="Note")))


def test_two_sheets_that_may_be_meant_are_asked(tmp_path: Path) -> None:
    """Where the first sheet is neither of them."""

    def more(workbook: Any) -> None:
        for name in ("2025", "2026"):
            workbook.add_worksheet(name).write_row(0, 0, HEADER)

    found = read(tmp_path, book(["About"], more=more))
    assert 'say [columns] stock.sheet = "2025" or "2026"' in said(found)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda s, r, c: s.write_formula(r, c, "=NA()", None, "#N/A"), "#N/A in C3"),
        (lambda s, r, c: s.write_formula(r, c, "=1/0", None, "#DIV/0!"), "#DIV/0! in C3"),
        (datetime.datetime(2026, 5, 4), "a date: Excel may have made one"),
        (True, "not a number"),
        ("5 pcs", "not a number"),
    ],
)
def test_cells_that_are_no_numbers_are_named_once(tmp_path: Path, value: Any, words: str) -> None:
    """Error cells, which a reader hands on as blanks, by the name of their cell."""
    found = read(tmp_path, book(HEADER, row(), row("R1", quantity=value)))
    faults = [each for each in found.faults if each.severity == "fault"]
    assert [each.column for each in faults] == ["quantity"]
    assert faults[0].rows == (3,)
    assert words in str(faults[0])


def test_a_formula_saved_without_its_value_is_named(tmp_path: Path) -> None:
    """As programs write it that do not calculate: a blank would be another number."""
    data = book(
        HEADER, row("R1", quantity=lambda s, r, c: s.write_formula(r, c, "=70+7", None, 77))
    )
    data = repacked(
        data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v>77</v></c>", b"</c>")
    )
    (fault,) = [each for each in read(tmp_path, data).faults if each.severity == "fault"]
    assert "a formula saved without its value in C2" in str(fault)


def test_a_locked_or_damaged_workbook_is_refused(tmp_path: Path) -> None:
    """With what to do about it."""
    assert "password" in said(read(tmp_path, b"\xd0\xcf\x11\xe0" + bytes(600)))
    assert "not an Excel file" in said(read(tmp_path, b"a,b\n1,2\n"))
    data = book(HEADER, row())
    for cut in range(0, len(data), 97):
        assert not read(tmp_path, data[:cut]).is_sound


def test_damaged_workbooks_never_break_the_reader(tmp_path: Path) -> None:
    """Of damages of the container and of its sheet none ends in anything but named faults."""
    good = book(HEADER, row(), row("R1", 123))
    damaged = mutations(good, 60, seed=4)
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"):
        with zipfile.ZipFile(io.BytesIO(good)) as folder:
            changed = mutations(folder.read(part), 20, seed=7)
        damaged += [repacked(good, part, lambda _, new=new: new) for new in changed]
    outcomes = {read(tmp_path, data).is_sound for data in damaged}
    assert outcomes == {True, False}
    assert "is empty" in said(read(tmp_path, book()))
