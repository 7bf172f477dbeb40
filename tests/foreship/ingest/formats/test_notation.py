"""A table written in any way is read back the same, or asked: never silently another one."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship.forms import Form
from foreship.ingest.tables import TableRead, read_table
from foreship_foundation.tables.input_tables import INPUTS
from tests.foreship.ingest.formats.books import book
from tests.foreship.table_files import SLOW_IS_FINE

HEADER = ["date", "region", "item", "quantity", "price"]
WORDS = st.text(st.sampled_from("abcXYZ019 äöüßéèñç-_/;,.'\""), min_size=1, max_size=8).filter(
    lambda word: word == word.strip() and not word.endswith(".0") and "../" not in word
)
ROW = st.tuples(
    st.dates(datetime.date(1999, 1, 1), datetime.date(2049, 12, 31)),
    WORDS,
    WORDS,
    st.integers(1, 10**6),
    st.integers(0, 10**9).map(lambda cents: cents / 1000),
)
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%d.%m.%y", "%m/%d/%y")


def number(value: float, decimal: str, thousands: str, places: int | None) -> str:
    """Write a number in a notation."""
    text = f"{value:,}" if places is None else f"{value:,.{places}f}"
    return text.replace(",", "<").replace(".", decimal).replace("<", thousands)


def written(
    rows: list[Any], between: str, decimal: str, thousands: str, date: str, places: int
) -> str:
    """Write rows as a program of another country does."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=between, lineterminator="\r\n")
    writer.writerow(HEADER)
    for day, region, item, quantity, price in rows:
        count = number(quantity, decimal, thousands, None)
        money = number(price, decimal, thousands, places)
        writer.writerow([day.strftime(date), region, item, count, money])
    return out.getvalue()


def same(read: TableRead, rows: list[Any]) -> bool:
    """Whether a table was read as it was meant."""
    frame = read.frame
    return [tuple(each) for each in frame[HEADER].itertuples(index=False)] == [
        (each[0], *each[1:])
        for each in zip(
            frame["date"].__class__([row[0] for row in rows]).astype(frame["date"].dtype),
            *list(zip(*rows, strict=True))[1:],
            strict=True,
        )
    ]


@pytest.mark.sweep
@settings(max_examples=150, suppress_health_check=SLOW_IS_FINE, deadline=None)
@given(
    rows=st.lists(ROW, min_size=1, max_size=6),
    between=st.sampled_from([",", ";", "\t", "|"]),
    marks=st.sampled_from([(".", ""), (",", ""), (",", "."), (".", ","), (",", " "), (".", "'")]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    date=st.sampled_from(DATES),
)
def test_any_dialect_is_read_back_or_asked(
    rows: list[Any], between: str, marks: tuple[str, str], encoding: str, date: str, tmp_path: Path
) -> None:
    """Undeclared it is the same or at fault; declared it is the same."""
    text = written(rows, between, *marks, date, 3)
    path = tmp_path / "orders.csv"
    path.write_bytes(text.encode(encoding))
    read = read_table(INPUTS["orders"], path)
    assert not read.is_sound or same(read, rows)
    form = Form(between, *marks, encoding=encoding, date_format=date)
    read = read_table(INPUTS["orders"], path, form=form)
    assert read.is_sound, [str(each) for each in read.faults]
    assert same(read, rows)


@pytest.mark.sweep
@settings(max_examples=40, suppress_health_check=SLOW_IS_FINE, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=6))
def test_a_workbook_is_read_back(rows: list[Any], tmp_path: Path) -> None:
    """Numbers and dates as cells, ids as text."""
    days = [(datetime.datetime.combine(each[0], datetime.time()), *each[1:]) for each in rows]
    (tmp_path / "orders.xlsx").write_bytes(book(HEADER, *days))
    read = read_table(INPUTS["orders"], tmp_path / "orders.xlsx")
    assert read.is_sound, [str(each) for each in read.faults]
    assert same(read, rows)


def read(path: Path, text: str, form: Form | None = None, table: str = "orders") -> TableRead:
    """Read a table from its text."""
    (path / "x.csv").write_text(text, "utf-8")
    return read_table(INPUTS[table], path / "x.csv", form=form)


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        ("1.234", 'orders.decimal = "." for 1.234, or [columns] orders.decimal = "," for 1234'),
        ("1,234", 'orders.decimal = "." for 1234, or [columns] orders.decimal = "," for 1.234'),
    ],
)
def test_a_mark_that_may_be_both_is_asked_with_its_readings(
    tmp_path: Path, quantity: str, words: str
) -> None:
    """And with the line that settles it; that line does settle it."""
    text = f"date;region;item;quantity\n2026-01-05;A;x;{quantity}\n"
    (fault,) = [each for each in read(tmp_path, text).faults if each.severity == "fault"]
    assert words in fault.remedy
    mark = "," if quantity == "1.234" else "."
    assert read(tmp_path, text, Form(decimal=mark)).frame["quantity"].tolist() == [1234]


def test_numbers_of_another_notation_are_named(tmp_path: Path) -> None:
    """1.5 in a column of decimal commas is not taken for 1.5."""
    text = "item;price;unit_cost\na;1,5;1,5\nb;2,5;1.5\nc;2,5;1,25\n"
    faults = read(tmp_path, text, Form(decimal=","), "items").faults
    (fault,) = [each for each in faults if each.severity == "fault"]
    assert (fault.column, fault.rows, fault.values) == ("unit_cost", (3,), ("'1.5'",))
    assert "decimal comma" in fault.remedy


def test_ids_filled_with_blanks_lose_them_where_none_becomes_another(tmp_path: Path) -> None:
    """An export of fixed width; a single blank behind an id stays a fault."""
    text = "location,item,quantity\nH1   ,a1 ,1\nLYON2,a22,2\n"
    found = read(tmp_path, text, table="stock")
    assert found.frame["location"].tolist() == ["H1", "LYON2"]
    assert "blanks left out that fill ids to 5 letters, in 1 row" in str(found.faults[0])
    assert not read(tmp_path, text.replace("LYON2", "LYON"), table="stock").is_sound
