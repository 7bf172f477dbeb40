"""Conditions on Parquet: partitions that are not asked for are not opened, rows are left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
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


def read(path: Path, *where: list[Any]) -> TableRead:
    """Read a stock table under conditions, as `foreship.toml` states them."""
    asked = address_of({"from": str(path), "where": list(where)}).where

    def reader(table: str, sought: Sought, form: Form) -> Any:
        return read_source(path, table, sought, form, asked)

    return read_table(INPUTS["stock"], path, reader=reader)


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
    assert "is in a partition asked for" in str(read(tmp_path, ["year", "=", 9]).faults[0])
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
