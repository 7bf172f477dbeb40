"""Exports before anybody said what they are."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from foreship.errors import UsageError
from foreship.jobs.proposing.exports import exports_of
from tests.foreship.ingest.formats.books import book

HEADER = ["Artikelnummer", "Menge", "Lagerort"]


def test_the_header_is_the_line_with_known_headings(tmp_path: Path) -> None:
    """In any file, below a title, in any letters; a workbook has an export a sheet."""
    text = "Bestand, Größe\n\n" + ";".join([*HEADER, "", ""]) + "\na;1;b;;\n"
    (tmp_path / "a.csv").write_bytes(text.encode("cp1252"))
    (export,) = exports_of(str(tmp_path / "a.csv"))
    assert list(export.header) == HEADER
    (export,) = exports_of(f"stock={tmp_path / 'a.csv'}")
    assert (export.table, export.path) == ("stock", tmp_path / "a.csv")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text.encode("cp1252")))
    assert list(exports_of(str(tmp_path / "a.csv.gz"))[0].header) == HEADER
    pd.DataFrame(columns=HEADER, dtype=str).to_parquet(tmp_path / "c.parquet")
    assert list(exports_of(str(tmp_path / "c.parquet"))[0].header) == HEADER

    def more(workbook: object) -> None:
        sheet = workbook.add_worksheet("Items")  # type: ignore[attr-defined]
        sheet.write_row(0, 0, ["SKU", "Price", "x"])
        workbook.add_worksheet("Notes").write(0, 0, "none")  # type: ignore[attr-defined]

    (tmp_path / "b.xlsx").write_bytes(book(["Title"], [], HEADER, ["a", 1, "b"], more=more))
    sheets = exports_of(str(tmp_path / "b.xlsx"))
    assert [each.sheet for each in sheets] == ["Stock", "Items"]
    assert list(sheets[0].header) == HEADER
    assert str(sheets[1]) == "b.xlsx, sheet 'Items'"


def test_a_folder_of_one_table_is_known_by_its_first_file(tmp_path: Path) -> None:
    """And what is no file, or of no kind that is read, is refused."""
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "1.csv").write_text("sku,qty,store\n", "utf-8")
    (tmp_path / "year" / ".draft").mkdir()
    (tmp_path / "year" / ".draft" / "0.csv").write_text("artikel,menge\n", "utf-8")
    assert exports_of(str(tmp_path / "year"))[0].header == ("sku", "qty", "store")
    with pytest.raises(UsageError, match="no file at"):
        exports_of(str(tmp_path / "none.csv"))
    (tmp_path / "a.pdf").touch()
    with pytest.raises(UsageError, match=r"none of \.csv"):
        exports_of(str(tmp_path / "a.pdf"))


def test_a_folder_of_several_tables_is_looked_into(tmp_path: Path) -> None:
    """Years of orders in a folder of their own are one table; a table that is named is one, too."""
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "2024.csv").write_text("sku,qty,store\n", "utf-8")
    (tmp_path / "orders" / "2025.csv").write_text("store,sku,qty\n", "utf-8")
    (tmp_path / "stock.csv").write_text("sku;on_hand;warehouse\n", "utf-8")
    (tmp_path / ".old.csv").write_text("a;b\n", "utf-8")
    found = exports_of(str(tmp_path))
    assert [str(each) for each in found] == ["orders", "stock.csv"]
    assert [each.header for each in found] == [
        ("sku", "qty", "store"),
        ("sku", "on_hand", "warehouse"),
    ]
    (export,) = exports_of(f"orders={tmp_path}")
    assert (export.table, export.path) == ("orders", tmp_path)
    (tmp_path / "notes.pdf").touch()
    with pytest.raises(UsageError, match=r"notes\.pdf is none of \.csv"):
        exports_of(str(tmp_path))


def test_unknown_headings_are_parted_all_the_same(tmp_path: Path) -> None:
    """No heading is known: the delimiter that makes most of the first line parts it."""
    (tmp_path / "a.csv").write_text("kpl,erä;hinta;pvm\n1;2;3\n", "utf-8")
    assert exports_of(str(tmp_path / "a.csv"))[0].header == ("kpl,erä", "hinta", "pvm")
