"""Tables are read as they are written: exact ids, exact numbers, no silent change."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foreship import files
from foreship.errors import ForeshipError
from foreship.ingest.amounts import parse_amounts
from foreship.ingest.days import parse_days
from foreship.ingest.distinct import distinct
from foreship.ingest.findings import Findings, in_short
from foreship.ingest.raw import Numbering
from foreship.ingest.tables import TableRead, read_table
from foreship_foundation.input_tables import INPUTS, Column
from tests.foreship.good_workspace import good_frames

ITEM = INPUTS["items"].column("item")
PRICE = INPUTS["items"].column("price")
QUANTITY = INPUTS["stock"].column("quantity")
DATE = INPUTS["orders"].column("date")
SLOW_IS_FINE = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)


def findings(column: Column) -> Findings:
    return Findings("table", column, Numbering())


def texts(*values: str) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, pa.string())])


def stock(path: Path, items: list[str]) -> pd.DataFrame:
    """Write a stock table with these items, in the format of the path; return what was written."""
    frame = pd.DataFrame({"location": "H1", "item": items, "quantity": range(len(items))})
    (files.write_csv if path.suffix == ".csv" else files.write_parquet)(frame, path)
    return frame


def sound(read: TableRead) -> pd.DataFrame:
    assert read.is_sound, [str(each) for each in read.faults]
    return read.frame


ODD_IDS = [
    *("00123", "1E5", "NA", "NULL", "nan", "None", "TRUE", "=1+1", "a/b", "A-1", "A_1", "A+1"),
    *(
        "<b>x</b>",
        'say "hi"',
        "a,b",
        "Köln",
        "日本",
        "1.5",
        "-",
        "+49",
        "@x",
        "#",
        "'",
        "a b",
        "%d",
    ),
]


@pytest.mark.parametrize("name", ["stock.csv", "stock.parquet"])
def test_odd_ids_stay_what_they_are(tmp_path: Path, name: str) -> None:
    """Ids that other readers turn into numbers, blanks or formulas come back letter for letter."""
    written = stock(tmp_path / name, ODD_IDS)
    read = sound(read_table(INPUTS["stock"], tmp_path / name))
    assert read["item"].tolist() == ODD_IDS
    assert read["quantity"].tolist() == written["quantity"].tolist()


LETTERS = st.characters(
    exclude_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Cn"), exclude_characters="\\"
)
IDS = st.lists(
    st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: ".." not in text),
    min_size=1,
    max_size=12,
    unique_by=lambda text: unicodedata.normalize("NFC", text),
)


@settings(max_examples=60, suppress_health_check=SLOW_IS_FINE)
@given(ids=IDS)
def test_whatever_is_written_reads_back(tmp_path: Path, ids: list[str]) -> None:
    """Any ids of visible letters survive writing and strict reading in both formats."""
    if all(text.endswith(".0") for text in ids):
        return
    for name in ("stock.csv", "stock.parquet"):
        stock(tmp_path / name, ids)
        assert sound(read_table(INPUTS["stock"], tmp_path / name))["item"].tolist() == ids


@settings(max_examples=60, suppress_health_check=SLOW_IS_FINE)
@given(prices=st.lists(st.floats(1e-9, 1e12), min_size=1, max_size=20))
def test_money_is_exact(tmp_path: Path, prices: list[float]) -> None:
    """Every float survives CSV and Parquet to the last bit."""
    frame = pd.DataFrame({"item": [f"i{n}" for n in range(len(prices))], "price": prices})
    frame["unit_cost"] = 0.5
    for name, write in (("i.csv", files.write_csv), ("i.parquet", files.write_parquet)):
        write(frame, tmp_path / name)
        assert sound(read_table(INPUTS["items"], tmp_path / name))["price"].tolist() == prices


def test_large_counts_are_exact() -> None:
    """Whole numbers never pass through a float: 2^39 + 1 stays odd."""
    found = findings(QUANTITY)
    numbers, blank = parse_amounts(QUANTITY, texts("549755813889", "+7", " 8 "), found)
    assert numbers.tolist() == [549755813889, 7, 8]
    assert not blank.any() and not found.faults


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1,5", "a decimal comma"),
        ("1,234", "a thousands mark"),
        ("1,234.5", "a thousands mark"),
        ("inf", "not a finite number"),
        ("-Infinity", "not a finite number"),
        ("1e999", "not a finite number"),
        ("٣", "digits that are not ASCII"),
        ("0x10", "not a number"),
        ("1_000", "not a number"),
        ("€5", "not a number"),
        ("--", "not a number"),
        ("-0.5", "negative price"),
        ("0", "price too small"),
    ],
)
def test_a_number_at_fault_says_how(text: str, problem: str) -> None:
    """Each way a price can be miswritten has its own words, and is named once."""
    found = findings(PRICE)
    parse_amounts(PRICE, texts("1", text), found)
    assert [(each.problem, each.rows) for each in found.faults] == [(problem, (2,))]


@pytest.mark.parametrize("text", ["1", "1.", ".5", "1e3", "1E-3", "+2.50", "007"])
def test_plain_numbers_are_numbers(text: str) -> None:
    """Every plain decimal is read as Python reads it."""
    found = findings(PRICE)
    numbers, _ = parse_amounts(PRICE, texts(text), found)
    assert numbers.tolist() == [float(text)]
    assert not found.faults


@settings(max_examples=100)
@given(
    days=st.lists(st.dates(pd.Timestamp("1900-01-01").date(), pd.Timestamp("2199-12-31").date()))
)
def test_every_day_of_the_calendar(days: list[Any]) -> None:
    """Dates as text, as dates, as timestamps and in a stated format agree."""
    column, expected = DATE, np.array(days, dtype="datetime64[D]")
    forms = {
        "": pa.array([each.isoformat() for each in days], pa.string()),
        "%d/%m/%Y": pa.array([each.strftime("%d/%m/%Y") for each in days], pa.string()),
        "date": pa.array(days, pa.date32()),
        "stamp": pa.array(expected.astype("datetime64[us]"), pa.timestamp("us")),
    }
    for name, array in forms.items():
        found = findings(column)
        date_format = name if "%" in name else ""
        read = parse_days(column, pa.chunked_array([array]), found, date_format)
        assert not found.faults
        assert read.tolist() == expected.tolist()


def test_the_local_day_of_an_order_counts() -> None:
    """Timestamps with a zone keep the day of that zone, and a note says so."""
    late = pd.DatetimeIndex(["2026-10-25 23:30"], tz="Europe/Berlin")
    found = findings(DATE)
    read = parse_days(DATE, pa.chunked_array([pa.array(late)]), found)
    assert read.tolist() == [np.datetime64("2026-10-25").item()]
    assert [(each.severity, "Europe/Berlin" in each.problem) for each in found.faults] == [
        ("note", True)
    ]


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31"])
def test_a_day_that_does_not_exist(text: str) -> None:
    """30 February is a fault, never 2 March."""
    found = findings(DATE)
    read = parse_days(DATE, texts(text, "2024-02-29"), found)
    assert [each.problem for each in found.faults] == ["no such day"]
    assert np.isnat(read).tolist() == [True, False]


def test_equal_texts_of_a_dictionary_are_one() -> None:
    """A dictionary with repeated or null entries, in several chunks, means what its rows say."""
    chunks = [
        pa.DictionaryArray.from_arrays(pa.array([0, 1, 2]), pa.array(["a", "a", None])),
        pa.DictionaryArray.from_arrays(pa.array([1, None, 0]), pa.array(["b", "c"])),
    ]
    found = distinct(pa.chunked_array(chunks))
    assert found.codes.tolist().count(-1) == 2
    shown = [found.show(at) for at in (0, 1, 3, 5)]
    assert shown == ["a", "a", "c", "b"]
    assert len(set(found.names.to_pylist())) == len(found.names)


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())], ids=str
)
def test_text_in_any_arrow_form(tmp_path: Path, kind: pa.DataType) -> None:
    """Plain, large and dictionary text are the same ids."""
    frame = pd.DataFrame({"location": "H1", "item": ["00123", "NA"], "quantity": [1, 2]})
    table = pa.Table.from_pandas(frame)
    table = table.set_column(1, "item", table["item"].cast(kind))
    pq.write_table(table, tmp_path / "s.parquet")
    read = read_table(INPUTS["stock"], tmp_path / "s.parquet")
    assert sound(read)["item"].tolist() == ["00123", "NA"]
    assert not read.faults


def orders_with(path: Path, column: str, values: pa.Array) -> TableRead:
    """Read six orders whose column `column` is `values`."""
    table = pa.Table.from_pandas(good_frames()["orders"].head(6))
    at = table.schema.get_field_index(column)
    pq.write_table(table.set_column(at, column, values), path / "orders.parquet")
    return read_table(INPUTS["orders"], path / "orders.parquet")


BAD_UTF8 = pa.Array.from_buffers(pa.string(), 6, pa.array([b"\xff"] * 6).buffers())


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("date", pa.array([0] * 6, pa.timestamp("us", "Foo/Bar")), "unknown time zone 'Foo/Bar'"),
        ("date", pa.array([2**62, *[0] * 5], pa.timestamp("us")), "before 1900 or after 2199"),
        ("date", pa.array([2**63 - 1, *[0] * 5], pa.timestamp("ns")), "before 1900 or after 2199"),
        ("date", pa.array([0] * 6, pa.time64("us")), "holds time64[us], not dates"),
        ("date", pa.nulls(6), "blank in 6 rows"),
        ("date", pa.array([""] * 6), "blank in 6 rows"),
        ("item", pa.nulls(6), "blank in 6 rows"),
        ("item", pa.array([b"x"] * 6), "holds binary, not text"),
        ("item", pa.array([True] * 6), "holds bool, not text"),
        ("item", BAD_UTF8, "damaged"),
        ("quantity", pa.array([2**64 - 1] * 6, pa.uint64()), "over 10^12"),
        ("quantity", pa.array(["1e999999999", *["1"] * 5]), "not a finite number"),
        ("quantity", pa.array(["1" * 400, *["1"] * 5]), "not a finite number"),
        ("price", pa.array([{"a": 1}] * 6), "lists or structs"),
    ],
)
def test_an_odd_arrow_type_is_one_fault(
    tmp_path: Path, column: str, values: pa.Array, words: str
) -> None:
    """What Arrow can hold and a table cannot ends in exactly one fault."""
    read = orders_with(tmp_path, column, values)
    (fault,) = [each for each in read.faults if each.severity == "fault"]
    assert words in str(fault)


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("price", pa.nulls(6), [np.nan] * 6),
        ("price", pa.array(np.arange(6, dtype=np.float16)), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
        ("quantity", pa.array([1, 2, 3, 4, 5, 6]).cast(pa.decimal128(25, 2)), [1, 2, 3, 4, 5, 6]),
        ("quantity", pa.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), [1, 2, 3, 4, 5, 6]),
        ("quantity", pa.array([7] * 6).dictionary_encode(), [7] * 6),
        ("item", pa.array([7] * 6).dictionary_encode(), ["7"] * 6),
        ("date", pa.array([-1] * 6, pa.timestamp("ms")), [pd.Timestamp("1969-12-31")] * 6),
        ("date", pa.array([0] * 6, pa.date64()), [pd.Timestamp("1970-01-01")] * 6),
    ],
)
def test_an_odd_arrow_type_may_be_right(
    tmp_path: Path, column: str, values: pa.Array, expected: list[Any]
) -> None:
    """Half floats, decimals, dictionaries of numbers and old dates are read as they are meant."""
    found = sound(orders_with(tmp_path, column, values))[column]
    pd.testing.assert_series_equal(found, pd.Series(expected, name=column), check_dtype=False)


def test_what_arrow_refuses_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An Arrow error while a column is typed is a fault of that column, never a traceback."""

    def refuse(*_: object, **__: object) -> None:
        raise pa.ArrowInvalid("out of bounds")

    stock(tmp_path / "stock.csv", ["a"])
    monkeypatch.setattr("foreship.ingest.tables.parse_column", refuse)
    faults = read_table(INPUTS["stock"], tmp_path / "stock.csv").faults
    assert [each.column for each in faults] == ["location", "item", "quantity"]
    assert "out of bounds" in str(faults[0])


def test_a_partitioned_folder_is_a_table(tmp_path: Path) -> None:
    """Folders named column=value are text columns: region 007 keeps its zeros."""
    orders = good_frames()["orders"]
    for region, part in (("007", orders[:300]), ("N%2FA", orders[300:])):
        folder = tmp_path / "orders" / f"region={region}"
        folder.mkdir(parents=True)
        part.drop(columns="region").to_parquet(folder / "part.parquet")
    (tmp_path / "orders" / "_SUCCESS").write_text("")
    read = read_table(INPUTS["orders"], tmp_path / "orders")
    assert sound(read)["region"].tolist() == ["007"] * 300 + ["N/A"] * 600
    assert read.rows == 900
    assert read.sha256 != read_table(INPUTS["orders"], tmp_path / "orders" / "region=007").sha256


def test_parts_that_disagree_are_refused(tmp_path: Path) -> None:
    """Parts with text and with numbers in one column are not one table."""
    (tmp_path / "stock").mkdir()
    frame = pd.DataFrame({"location": ["H1"], "item": ["a"], "quantity": [1]})
    frame.to_parquet(tmp_path / "stock" / "a.parquet")
    frame.assign(item=[7]).to_parquet(tmp_path / "stock" / "b.parquet")
    (fault,) = read_table(INPUTS["stock"], tmp_path / "stock").faults
    assert "its files disagree" in str(fault)


def test_lines_are_counted_through_blanks_and_breaks(tmp_path: Path) -> None:
    """A fault names the line of the file although blank lines and breaks in quotes precede it."""
    text = 'item,price,unit_cost,category\na,1,1,"two\nlines"\n\nb,1,x,c\n'
    (tmp_path / "items.csv").write_text(text, "utf-8")
    (fault,) = read_table(INPUTS["items"], tmp_path / "items.csv").faults
    assert (fault.column, fault.rows) == ("unit_cost", (5,))


def test_a_value_is_shown_short_and_visible() -> None:
    """Long values are cut, hidden characters spelled out."""
    assert in_short("A\u200b1") == "'A\\u200b1'"
    assert len(in_short("x" * 500)) <= 43
    assert in_short(("a", 3)) == "'a' 3"


def mutations(good: bytes, count: int, seed: int) -> list[bytes]:
    """Return seeded damages: bits flipped, cut off, overwritten, repeated, a broken footer."""
    draw, damaged = random.Random(seed), []
    for n in range(count):
        data, at = bytearray(good), draw.randrange(len(good))
        if n % 5 == 0:
            data[at] ^= 1 << draw.randrange(8)
        elif n % 5 == 1:
            del data[at:]
        elif n % 5 == 2:
            data[at : at + draw.randrange(1, 50)] = draw.randbytes(draw.randrange(50))
        elif n % 5 == 3:
            data[at:at] = data[at : at + draw.randrange(200)]
        else:
            data[-1 - draw.randrange(min(1500, len(data)))] = draw.randrange(256)
        damaged.append(bytes(data))
    return damaged


def test_damaged_parquet_is_never_read_silently(tmp_path: Path) -> None:
    """Of 200 damages each is a named fault, or leaves every value as it was."""
    path = tmp_path / "orders.parquet"
    files.write_parquet(good_frames()["orders"], path)
    good = sound(read_table(INPUTS["orders"], path))
    for data in mutations(path.read_bytes(), 200, seed=3):
        path.write_bytes(data)
        read = read_table(INPUTS["orders"], path)
        if not read.faults:
            pd.testing.assert_frame_equal(read.frame, good)


def test_damaged_csv_never_breaks_the_reader(tmp_path: Path) -> None:
    """Of 200 damages of a CSV none ends in anything but a table or named faults."""
    path = tmp_path / "orders.csv"
    files.write_csv(good_frames()["orders"], path)
    outcomes = set()
    for data in mutations(path.read_bytes(), 200, seed=4):
        path.write_bytes(data)
        try:
            read = read_table(INPUTS["orders"], path)
        except ForeshipError as error:  # pragma: no cover - none is expected
            pytest.fail(str(error))
        outcomes.add(read.is_sound)
        assert read.is_sound or all(str(each) for each in read.faults)
        if read.is_sound:
            assert read.frame["quantity"].gt(0).all()
    assert outcomes == {True, False}
