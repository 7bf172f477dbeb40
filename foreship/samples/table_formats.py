"""Sample tables as a planner opens them: CSV, or a workbook a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from foreship.errors import UsageError
from foreship.files import write_csv
from foreship_foundation.telling.words import plural

__all__ = ["FORMATS", "in_format"]

MOST_ROWS = 1_048_575
"""rows below a header that a sheet of Excel holds"""
CREATED = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""said to be when a workbook was made: the same seed writes the same bytes"""
WIDTH = 16


def in_format(folder: Path, kind: str) -> None:
    """Rewrite the tables of a sample, and their names in its config.

    Parameters
    ----------
    folder
        A workspace of Parquet tables.
    kind
        `parquet`, `csv` or `xlsx`.

    Raises
    ------
    UsageError
        If a table has more rows than a sheet holds.
    """
    write = FORMATS[kind]
    if write is None:
        return
    config = folder / "foreship.toml"
    text = config.read_text("utf-8")
    for path in sorted(folder.glob("*.parquet")):
        write(pd.read_parquet(path), path.with_suffix(f".{kind}"))
        path.unlink()
        text = text.replace(f'"{path.name}"', f'"{path.stem}.{kind}"')
    config.write_text(text, "utf-8")


def _xlsx(frame: pd.DataFrame, path: Path) -> None:
    """Write numbers as numbers, days as days, and ids as text, so that no zero is lost."""
    import xlsxwriter

    if len(frame) > MOST_ROWS:
        problem = f"{path.stem} has {plural(len(frame), 'row')}, a sheet holds {MOST_ROWS:,}"
        raise UsageError(f"{problem}; take --format csv, or a smaller --size")
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet(path.stem)
        formats = {"M": book.add_format({"num_format": "yyyy-mm-dd"})}
        sheet.set_column(0, len(frame.columns) - 1, WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, list(frame.columns), book.add_format({"bold": True}))
        writers = [_writer(sheet, frame[name], formats) for name in frame.columns]
        for row in range(len(frame)):
            for column, write in enumerate(writers):
                write(row, column)


def _writer(sheet: Any, values: pd.Series[Any], formats: Mapping[str, Any]) -> Callable[..., None]:
    kind = values.dtype.kind
    cells = values.to_numpy()
    known = values.notna().to_numpy()
    if kind == "M":
        days = values.dt.to_pydatetime() if len(values) else cells

        def day(row: int, column: int) -> None:
            if known[row]:
                sheet.write_datetime(row + 1, column, days[row], formats["M"])

        return day
    if kind in "iufb":

        def number(row: int, column: int) -> None:
            if known[row] and np.isfinite(cells[row]):
                sheet.write_number(row + 1, column, cells[row])

        return number

    def text(row: int, column: int) -> None:
        if known[row]:
            sheet.write_string(row + 1, column, str(cells[row]))

    return text


FORMATS: Mapping[str, Callable[[pd.DataFrame, Path], None] | None] = MappingProxyType(
    {"parquet": None, "csv": write_csv, "xlsx": _xlsx}
)
"""ending of the tables -> what writes them; they are made as Parquet"""
