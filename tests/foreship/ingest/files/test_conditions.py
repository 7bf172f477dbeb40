"""Conditions on Parquet: partitions that are not asked for are not opened, rows are left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foreship.addresses.address import Condition, address_of
from foreship.forms import Form
from foreship.ingest.files.conditions import in_asked_partition, partition_of
from foreship.ingest.files.sources import read_source
from foreship.ingest.raw import Sought
from foreship.ingest.tables import TableRead, read_table
from foreship_foundation.tables.input_tables import INPUTS

STOCK = pd.DataFrame(
    {
        "location": ["H1", "H1", "R1", "R1", None],
        "item": ["a", "b", "a", "b", "c"],
        "quantity": [1, 2, 3, 4, 5],
        "counted": pd.to_datetime(["2026-01-05", "2026-02-02", "2026-03-02", None, "2026-03-09"]),
    }
)


def read(path: Path, *where: list[Any], table: str = "stock") -> TableRead:
    """Read a table under conditions, as `foreship.toml` states them."""
    asked = address_of({"from": str(path), "where": list(where)}).where

    def reader(name: str, sought: Sought, form: Form) -> Any:
        return read_source(path, name, sought, form, asked)

    return read_table(INPUTS[table], path, reader=reader)


@pytest.mark.parametrize(
    ("condition", "quantities"),
    [
        (["quantity", ">=", 4], [4, 5]),
        (["quantity", "<", 2.5], [1, 2]),
        (["item", "in", ["a", "c"]], [1, 3, 5]),
        (["item", "not in", ["a"]], [2, 4, 5]),
        (["location", "!=", "H1"], [3, 4]),
        (["location", "not in", ["H1"]], [3, 4]),
        (["counted", ">", "2026-02-02"], [3, 5]),
        (["counted", "<=", "2026-02-02"], [1, 2]),
    ],
)
def test_rows_are_chosen_by_what_they_hold(
    tmp_path: Path, condition: list[Any], quantities: list[int]
) -> None:
    """Numbers, texts, lists and days; a blank meets none; the column need not be of the table."""
    STOCK.to_parquet(tmp_path / "stock.parquet")
    found = read(tmp_path / "stock.parquet", condition)
    assert found.frame["quantity"].tolist() == quantities


def test_rows_keep_their_numbers(tmp_path: Path) -> None:
    """A fault names the row of the file, not of what was left."""
    STOCK.assign(quantity=[1, 2, 3, 4, -5]).to_parquet(tmp_path / "stock.parquet")
    found = read(tmp_path / "stock.parquet", ["item", "=", "c"])
    assert "row 5 (value -5)" in " ".join(map(str, found.faults))


def test_partitions_not_asked_for_are_not_opened(tmp_path: Path) -> None:
    """One of them holds no Parquet at all, and nobody notices."""
    for year, frame in ((2024, STOCK[:2]), (2025, STOCK[2:4])):
        (tmp_path / f"year={year}").mkdir()
        frame.to_parquet(tmp_path / f"year={year}" / "part.parquet")
    (tmp_path / "year=2023").mkdir()
    (tmp_path / "year=2023" / "part.parquet").write_bytes(b"broken")
    assert read(tmp_path, ["year", ">", 2023]).frame["quantity"].tolist() == [1, 2, 3, 4]
    both = read(tmp_path, ["year", "in", [2025, 2026]], ["quantity", "=", 4])
    assert both.frame["quantity"].tolist() == [4]
    unread, left_out = (str(each) for each in both.faults if "`where`" in each.problem)
    assert unread == "stock: `where` leaves 2 of 3 files unread."
    assert left_out == "stock: `where` leaves out 1 of 2 rows."
    (none,) = map(str, read(tmp_path, ["year", "=", 9]).faults)
    assert "`where` leaves none of the files" in none
    assert "not a Parquet file" in str(read(tmp_path).faults[0])


@pytest.mark.parametrize(
    ("name", "condition", "asked"),
    [
        ("year=2024/a", ("year", "=", 2024), True),
        ("year=2024/a", ("year", "=", "2024"), True),
        ("year=09/a", ("year", ">=", 9), True),
        ("year=10/a", ("year", ">", "9"), False),
        ("year=x/a", ("year", "<", 9), False),
        ("year=x/a", ("year", "!=", 9), True),
        ("day=2026-01-05/a", ("day", ">=", "2026-01-01"), True),
        ("region=S%C3%A3o/a", ("region", "=", "São"), True),
        ("region=__HIVE_DEFAULT_PARTITION__/a", ("region", "!=", "b"), False),
        ("region=a/x", ("item", "=", "b"), True),
        ("region=a/x", ("region", "not in", ("a", "b")), False),
    ],
)
def test_a_folder_tells_whether_it_is_asked_for(
    name: str, condition: tuple[str, str, Any], asked: bool
) -> None:
    """Compared as numbers where a number is asked for; a blank meets no condition."""
    assert in_asked_partition(name, [Condition(*condition)]) is asked


def test_what_cannot_be_asked_is_a_fault(tmp_path: Path) -> None:
    """An unknown column with the nearest right one; a text where numbers stand; a CSV file."""
    STOCK.to_parquet(tmp_path / "stock.parquet")
    (unknown,) = read(tmp_path / "stock.parquet", ["quantiti", "=", 1]).faults
    assert "asks for column 'quantiti'; did you mean 'quantity'?" in str(unknown)
    (mixed,) = read(tmp_path / "stock.parquet", ["quantity", "=", "many"]).faults
    assert "compares column 'quantity' with 'many'; the column holds int64" in str(mixed)
    STOCK.to_csv(tmp_path / "stock.csv", index=False)
    (other,) = read(tmp_path / "stock.csv", ["quantity", "=", 1]).faults
    assert "`where` is for Parquet" in str(other)
    assert partition_of("a=1/b=2/c.parquet") == {"a": "1", "b": "2"}


def test_row_groups_without_a_row_that_is_asked_for_are_not_decoded(tmp_path: Path) -> None:
    """A page of one is damaged, which nobody notices before a row of it is asked for."""
    frame = pd.DataFrame(
        {
            "location": ["H1"] * 30,
            "item": [f"i{i:02}" for i in range(30)],
            "quantity": range(30),
            "year": [2024] * 10 + [2025] * 10 + [2026] * 10,
        }
    )
    path = tmp_path / "stock.parquet"
    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(table, path, row_group_size=10, write_page_checksum=True)
    data = bytearray(path.read_bytes())
    quantity = pq.ParquetFile(path).metadata.row_group(1).column(2)
    data[quantity.data_page_offset + quantity.total_compressed_size // 2] ^= 0xFF
    path.write_bytes(data)
    found = read(path, ["year", "in", [2024, 2026]], ["item", ">", "i04"])
    assert found.frame["quantity"].tolist() == [*range(5, 10), *range(20, 30)]
    assert [found.numbering(at) for at in (0, 5)] == [6, 21]
    assert "damaged" in str(read(path, ["year", "=", 2025]).faults[0])
    assert "damaged" in str(read(path).faults[0])


def test_what_a_footer_says_of_its_groups_is_not_believed(tmp_path: Path) -> None:
    """Least and most of another group stand there: every row that is asked for is read."""
    path, wrong = tmp_path / "stock.parquet", tmp_path / "wrong.parquet"
    for name, shift in ((path, 0), (wrong, 40)):
        rows = STOCK[:4].assign(quantity=[1 + shift, 2 + shift, 3 + shift, 4 + shift])
        table = pa.Table.from_pandas(rows[["location", "item", "quantity"]], preserve_index=False)
        pq.write_table(table, name, row_group_size=2, compression="none", use_dictionary=False)
    sound, other = path.read_bytes(), wrong.read_bytes()
    assert len(sound) == len(other)
    footer = len(sound) - 8 - int.from_bytes(sound[-8:-4], "little")
    path.write_bytes(sound[:footer] + other[footer:])
    held = pq.ParquetFile(path).metadata.row_group(1).column(2).statistics
    assert (held.min, held.max) == (43, 44)
    assert read(path, ["quantity", ">=", 3], ["quantity", "<", 9]).frame["quantity"].tolist() == [
        3, 4,
    ]  # fmt: skip


def test_a_column_that_one_file_lacks_is_blank_there(tmp_path: Path) -> None:
    """No row of that file meets the condition; rows of the others keep their numbers."""
    STOCK[:2].drop(columns="counted").to_parquet(tmp_path / "a.parquet")
    STOCK[2:].to_parquet(tmp_path / "b.parquet")
    found = read(tmp_path, ["counted", ">", "2026-03-05"])
    assert found.frame["quantity"].tolist() == [5]
    assert found.numbering(0) == 5


@pytest.mark.parametrize(("name", "severity"), [("stock", "fault"), ("exits", "note")])
def test_where_that_leaves_no_row_says_so(tmp_path: Path, name: str, severity: str) -> None:
    """A table that must have rows is at fault for it; of another one it is said."""
    frames = {"stock": STOCK[:4], "exits": pd.DataFrame({"region": ["R1"], "item": ["a"]})}
    frames[name].to_parquet(tmp_path / "one.parquet")
    found = read(tmp_path / "one.parquet", ["item", "=", "z"], table=name)
    said = [each for each in found.faults if "`where`" in each.problem]
    assert [each.severity for each in said] == [severity]
    assert "leaves" in said[0].problem
    if severity == "fault":
        assert str(said[0]).startswith("stock: `where` leaves none of its 4 rows; see its")
