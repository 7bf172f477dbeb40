"""What Excel makes of ids and dates: read where certain, said, or named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foreship.ingest.tables import read_table
from foreship_foundation.tables.input_tables import INPUTS
from tests.foreship.ingest.formats.books import HEADER, book, row


def read(path: Path, *rows: Any, options: Any = None) -> Any:
    """Read a stock table of these rows; return it and what is said."""
    (path / "stock.xlsx").write_bytes(book(HEADER, *rows, options=options))
    found = read_table(INPUTS["stock"], path / "stock.xlsx")
    return found, "\n".join(f"{each.severity} {each}" for each in found.faults)


def test_ids_that_were_numbers_are_text_and_it_is_said(tmp_path: Path) -> None:
    """123 is '123', never '123.0'; beside '00123' its zeros may be lost, which is a warning."""
    found, said = read(tmp_path, row("H1", 123.0), row("R1", 1234567890123))
    assert found.frame["item"].tolist() == ["123", "1234567890123"]
    assert "note stock.item: 2 numbers read as text" in said
    found, said = read(tmp_path, row("H1", 123), row("R1", "00456"))
    assert "warning stock.item: numbers beside ids with zeros before them ('00456')" in said
    assert "fault stock.item: a number with decimals" in read(tmp_path, row("H1", 1.5))[1]


@pytest.mark.parametrize(("options", "first"), [({}, 1900), ({"date_1904": True}, 1904)])
def test_serial_numbers_are_days_of_the_workbooks_own_count(
    tmp_path: Path, options: Any, first: int
) -> None:
    """46027 is 5 January 2026 from 1900; Excel on old Macs counts 1462 days less."""
    serial = 46027 - 1462 * (first == 1904)
    found, said = read(
        tmp_path, row("H1", "a", 1, serial), row("R1", "a", 1, serial + 0.5), options=options
    )
    assert [str(each.date()) for each in found.frame["date"]] == ["2026-01-05"] * 2
    assert f"2 serial numbers read as days, as Excel counts them from {first}" in said


def test_numbers_that_are_no_days_are_named(tmp_path: Path) -> None:
    """20260105 is a day, a year alone is none."""
    found, _ = read(tmp_path, row("H1", "a", 1, 20260105))
    assert [str(each.date()) for each in found.frame["date"]] == ["2026-01-05"]
    assert "a number, not a date" in read(tmp_path, row("H1", "a", 1, 2026))[1]


def test_numbers_that_are_text_are_read_as_their_column_is(tmp_path: Path) -> None:
    """1.234 as a number is certain; as text beside it, it may be two things."""
    (tmp_path / "items.xlsx").write_bytes(
        book(["item", "price", "unit_cost"], ["a", 1.234, "12,50"], ["b", 1234.5, "1.234,50"])
    )
    found = read_table(INPUTS["items"], tmp_path / "items.xlsx")
    assert found.frame["price"].tolist() == [1.234, 1234.5]
    assert found.frame["unit_cost"].tolist() == [12.5, 1234.5]
    (tmp_path / "items.xlsx").write_bytes(
        book(["item", "price", "unit_cost"], ["a", 1.234, 1], ["b", "1.234", 1])
    )
    found = read_table(INPUTS["items"], tmp_path / "items.xlsx")
    (fault,) = [each for each in found.faults if each.severity == "fault"]
    assert (fault.column, fault.rows) == ("price", (3,))
    assert "may be 1.234 or 1234" in str(fault)
