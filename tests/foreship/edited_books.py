"""Edit a plan's workbook as a planner would: other cells, another row order, saved elsewhere."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
import xlsxwriter.utility
from python_calamine import CalamineWorkbook

Rows = list[list[Any]]
ERRORS = ("#N/A", "#DIV/0!")
"""what an error cell shows"""


def rows_of(path: Path, sheet: str = "Plan") -> Rows:
    """Return the cells of a sheet, heading first."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def cell(path: Path, line: int, head: str) -> str:
    """Return the name of a cell of the plan's sheet, as `Plan!R17`, while rows stand in order."""
    place = rows_of(path)[0].index(head)
    return f"Plan!{xlsxwriter.utility.xl_col_to_name(place)}{line + 2}"


def edited(
    path: Path, target: Path, cells: Mapping[tuple[int, str], Any],
    arrange: Callable[[Rows], Sequence[list[Any]]] = lambda rows: rows,
) -> Path:  # fmt: skip
    """Save a workbook's plan again, without styles, some cells written over.

    `cells` are named by line and heading; `arrange` may put the rows below the heading elsewhere.
    """
    heads, *rows = rows_of(path)
    by_line = {int(row[0]): row for row in rows}
    for (line, head), value in cells.items():
        by_line[line][heads.index(head)] = value
    return saved(target, [heads, *arrange(rows)], rows_of(path, "_meta"))


def saved(target: Path, rows: Sequence[Sequence[Any]], meta: Rows) -> Path:
    """Write the sheets that count, as a program does that keeps no styles."""
    book = xlsxwriter.Workbook(str(target), {"strings_to_formulas": False})
    dates = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, cells in (("Plan", rows), ("_meta", meta)):
        sheet = book.add_worksheet(name)
        for row, values in enumerate(cells):
            for column, value in enumerate(values):
                if hasattr(value, "isoformat"):
                    sheet.write_datetime(row, column, value, dates)
                elif value in ERRORS:
                    sheet.write_formula(row, column, "=NA()", None, value)
                elif isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif value is not None:
                    sheet.write(row, column, value)
    book.close()
    return target
