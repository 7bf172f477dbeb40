"""Files that are not the tables they should be (F)."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tests.foreship.bad_changes import Case, both, cell, columns, data, lines, parquet, replaced

__all__ = ["FILES"]


def gz(folder: Path) -> None:
    path = folder / "orders.csv"
    path.write_bytes(gzip.compress(path.read_bytes()))


def as_folder(folder: Path) -> None:
    (folder / "orders.csv").unlink()
    (folder / "orders.csv").mkdir()


def twin_parts(frame: pd.DataFrame, path: Path) -> None:
    path.mkdir()
    frame.to_parquet(path / "a.parquet")
    frame.to_parquet(path / "b.parquet")


def cut(frame: pd.DataFrame, path: Path) -> None:
    frame.to_parquet(path)
    path.write_bytes(path.read_bytes()[:-100])


def flipped(frame: pd.DataFrame, path: Path) -> None:
    pq.write_table(pa.Table.from_pandas(frame), path, write_page_checksum=True)
    content = bytearray(path.read_bytes())
    content[len(content) // 4] ^= 0x10
    path.write_bytes(content)


def bomb(_: pd.DataFrame, path: Path) -> None:
    """Fifty million rows of one value in a few kilobytes."""
    block = 1_000_000
    zeros = pa.DictionaryArray.from_arrays(
        pa.nulls(block, pa.int8()).fill_null(0), pa.array(["R1"])
    )
    table = pa.table({"region": zeros, "item": zeros})
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for _part in range(50):
            writer.write_table(table)


def extension(frame: pd.DataFrame, path: Path) -> None:
    table = pa.Table.from_pandas(frame)
    marks = {b"ARROW:extension:name": b"arrow.py_extension_type"}
    index = table.schema.get_field_index("region")
    field = table.schema.field(index).with_metadata(marks)
    pq.write_table(table.cast(table.schema.set(index, field)), path)


def nested(frame: pd.DataFrame, path: Path) -> None:
    table = pa.Table.from_pandas(frame)
    index = table.schema.get_field_index("item")
    pq.write_table(table.set_column(index, "item", pa.array([["a"]] * len(frame))), path)


FILES = (
    Case(
        "F01", lambda f: (f / "orders.csv").unlink(), "orders", words=("no file at", "orders.csv")
    ),
    Case("F02", data("orders", lambda _: b""), "orders", words=("empty (0 bytes)",)),
    Case("F03", lines("items", lambda old: old[:1]), "items", words=("a header but no rows",)),
    Case(
        "F03 orders", lines("orders", lambda old: old[:1]), "orders", words=("no rows", "history")
    ),
    Case("F04", as_folder, "orders", words=("folder without Parquet",)),
    Case(
        "F05",
        data("orders", lambda d: d.decode().encode("utf-16-le")),
        "orders",
        words=("UTF-16", "encoding"),
    ),
    Case(
        "F06",
        data("regions", lambda d: d.replace(b"R1", "Köln".encode()).replace(b"R2", b"Orl\xe9ans")),
        "regions",
        words=("line 4", "0xE9", "UTF-8", "encoding"),
    ),
    Case(
        "F08", data("orders", lambda d: d[:60] + b"\0" + d[60:]), "orders", words=("NUL", "line 2")
    ),
    Case("F09", data("orders", lambda d: d.replace(b"\n", b"\r")), "orders", words=("old Mac",)),
    Case(
        "F10",
        lines("orders", lambda old: [old[0], '"' + old[1], *old[2:]]),
        "orders",
        words=("line 2", "never closes"),
    ),
    Case(
        "F11",
        data("orders", lambda d: d.replace(b"region", b"place").replace(b",", b",;")),
        "orders",
        words=("may be separated by", "commas (6 columns)", "orders.delimiter"),
    ),
    Case(
        "F12", cell("items", "price", 3, "1,5"), "items", "price", ("decimal comma", "'1,5'"), (3,)
    ),
    Case(
        "F13",
        cell("orders", "quantity", 9, "1,234"),
        "orders",
        "quantity",
        ("thousands mark", "'1,234'"),
        (9,),
    ),
    Case(
        "F14",
        lines("orders", lambda old: [old[0], *(line + ",x" for line in old[1:])]),
        "orders",
        words=("7 values under a header of 6", "900 rows"),
        rows=(2, 3, 4),
    ),
    Case(
        "F15",
        lines("orders", lambda old: [*old[:39], "2026-01-05,NA", *old[39:]]),
        "orders",
        words=("2 values under a header of 6",),
        rows=(40,),
    ),
    Case(
        "F16",
        lines("orders", lambda old: [old[0].replace("price", "quantity"), *old[1:]]),
        "orders",
        words=("'quantity' appears twice", "positions 4 and 5"),
    ),
    Case(
        "F17",
        columns("orders", lambda f: f.rename(columns={"region": "ship_region"})),
        "orders",
        "region",
        ("'region' is missing", "ship_region", "[columns] orders.region"),
    ),
    Case(
        "F19",
        columns("items", lambda f: f.rename(columns={"item": "Item "})),
        "items",
        "item",
        ("'item' is missing", "'Item '"),
    ),
    Case("F20", parquet("orders", cut), "orders", words=("damaged or incomplete",)),
    Case("F21", parquet("orders", flipped), "orders", words=("damaged",)),
    Case(
        "F23",
        parquet("orders", lambda f, p: f.to_csv(p, index=False)),
        "orders",
        words=("no PAR1", "CSV"),
    ),
    Case("F24", gz, "orders", words=("gzip", "name it .csv.gz")),
    Case("F24 xlsx", data("orders", lambda _: b"PK\x03\x04rest"), "orders", words=("Excel",)),
    Case(
        "F24 parquet",
        data("orders", lambda _: b"PAR1rest"),
        "orders",
        words=("Parquet", "named .csv"),
    ),
    Case("F26", parquet("orders", bomb), "orders", words=("50,000,000 rows x 2 columns", "GB")),
    Case("F29", parquet("orders", extension), "orders", words=("extension type", "may carry code")),
    Case(
        "F30",
        cell("items", "category", 3, "x" * 20_000),
        "items",
        "category",
        ("over 10,000 characters",),
        (3,),
    ),
    Case(
        "F31",
        lines("hubs", lambda old: [line + "," * 600 for line in old]),
        "hubs",
        words=("602 columns, limit 500",),
    ),
    Case(
        "F33 twice", parquet("orders", twin_parts), "orders", words=("b.parquet is byte for byte",)
    ),
    Case("F34 nested", parquet("orders", nested), "orders", words=("'item' holds lists",)),
    Case(
        "F35 ending",
        both(
            lambda f: (f / "orders.csv").rename(f / "orders.dat"),
            replaced("orders.csv", "orders.dat"),
        ),
        "orders",
        words=("neither in .parquet nor in .csv",),
    ),
    Case("F36 header", lines("orders", lambda _: ["", ""]), "orders", words=("line 1 is blank",)),
    Case(
        "F37 quote",
        lines("items", lambda old: [*old[:2], '"a"b,1,1,1,1,c,1', *old[2:]]),
        "items",
        words=("line 3", "quote in the middle"),
    ),
)
