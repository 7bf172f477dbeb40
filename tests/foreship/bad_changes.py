"""Ways to change the good workspace, and what a case expects to be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

__all__ = [
    "Case",
    "Change",
    "both",
    "cell",
    "columns",
    "config",
    "data",
    "lines",
    "parquet",
    "rename",
    "replaced",
    "row",
    "typed",
]

Change = Callable[[Path], object]


@dataclass(frozen=True)
class Case:
    """One change and what `check` must say about it."""

    id: str
    change: Change
    table: str
    column: str = ""
    words: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    code: int = 3


def lines(table: str, edit: Callable[[list[str]], list[str]]) -> Change:
    """Change the lines of a CSV table."""

    def change(folder: Path) -> None:
        path = folder / f"{table}.csv"
        path.write_text("\n".join(edit(path.read_text("utf-8").splitlines())) + "\n", "utf-8")

    return change


def data(table: str, edit: Callable[[bytes], bytes]) -> Change:
    """Change the bytes of a CSV table."""

    def change(folder: Path) -> None:
        path = folder / f"{table}.csv"
        path.write_bytes(edit(path.read_bytes()))

    return change


def cell(table: str, column: str, line: int, value: str) -> Change:
    """Set one value of a CSV table, addressed by the line of the file."""

    def change(folder: Path) -> None:
        path = folder / f"{table}.csv"
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame.loc[line - 2, column] = value
        frame.to_csv(path, index=False)

    return change


def columns(table: str, edit: Callable[[pd.DataFrame], pd.DataFrame]) -> Change:
    """Change a CSV table as a frame of texts."""

    def change(folder: Path) -> None:
        path = folder / f"{table}.csv"
        edit(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False)

    return change


def parquet(table: str, write: Callable[[pd.DataFrame, Path], object]) -> Change:
    """Replace a CSV table by a Parquet file (or folder) that `write` makes from its frame."""

    def change(folder: Path) -> None:
        frame = pd.read_csv(folder / f"{table}.csv", dtype={"item": str}, keep_default_na=False)
        (folder / f"{table}.csv").unlink()
        path = folder / f"{table}.parquet"
        write(frame, path)
        rename(folder, f'{table} = "{table}.csv"', f'{table} = "{table}.parquet"')

    return change


def rename(folder: Path, old: str, new: str) -> None:
    """Replace words of `foreship.toml`."""
    path = folder / "foreship.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def config(extra: str) -> Change:
    """Add lines to `foreship.toml`."""

    def change(folder: Path) -> None:
        path = folder / "foreship.toml"
        path.write_text(path.read_text("utf-8") + extra + "\n", "utf-8")

    return change


def replaced(old: str, new: str) -> Change:
    """Replace words of `foreship.toml`."""
    return lambda folder: rename(folder, old, new)


def both(*changes: Change) -> Change:
    """Make several changes."""
    return lambda folder: [change(folder) for change in changes]


def row(table: str, *values: str) -> Change:
    """Add a row at the end of a CSV table."""
    return lines(table, lambda old: [*old, ",".join(values)])


def typed(column: str, values: Callable[[int], object], kind: pa.DataType | None = None) -> Change:
    """Turn `orders` into Parquet with one column of another type."""

    def write(frame: pd.DataFrame, path: Path) -> None:
        table = pa.Table.from_pandas(frame.assign(date=pd.to_datetime(frame["date"])))
        index = table.schema.get_field_index(column)
        array = pa.array([values(n) for n in range(len(frame))], kind)
        pq.write_table(table.set_column(index, column, array), path)

    return parquet("orders", write)
