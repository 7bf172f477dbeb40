"""Many rows of a sheet at once, as the text that xlsxwriter would write cell by cell.

A cell costs xlsxwriter some 20 microseconds, and a plan may have millions of them. Numbers are laid
out here; every other value is by xlsxwriter itself, once for all cells of a column that hold it.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellNumberTuple, CellStringTuple, Worksheet

__all__ = ["LongSheet", "Style", "fits", "shown"]

Style: TypeAlias = tuple[Any, bool]
"""format of a cell, and whether numbers are written as text too"""
MOST_LETTERS: Final = 32_767
"""UTF-16 units of a cell, as Excel counts letters"""
ROWS_AT_ONCE: Final = 10_000


def fits(text: str) -> str:
    """Cut a text to what an Excel cell holds."""
    units = text.encode("utf-16-le", "replace")
    if len(units) <= 2 * MOST_LETTERS:
        return units.decode("utf-16-le")
    return units[: 2 * (MOST_LETTERS - 1)].decode("utf-16-le", "ignore") + "\u2026"


def shown(value: Any, *, as_text: bool) -> Any:
    """Return what a cell holds: a finite number, a day or a text; None where it stays blank."""
    if isinstance(value, (int, float, np.integer, np.floating)) and not as_text:
        if np.isfinite(value):
            return value
        return "unlimited" if value > 0 else ""
    if isinstance(value, datetime.datetime) and not pd.isna(value):
        return value
    return None if pd.isna(value) else fits(str(value))


class LongSheet(Worksheet):  # type: ignore[misc]
    """A sheet of a workbook in constant memory that takes a frame at once."""

    fh: Any

    def write_rows(self, frame: pd.DataFrame, styles: Sequence[Style]) -> None:
        """Write all rows of a frame below the first row, which alone is written so far.

        Parameters
        ----------
        frame
            Its columns in their order.
        styles
            One a column.
        """
        if frame.empty:
            return
        columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
        self._write_single_row(1)
        self._make_known(columns, styles)
        for start in range(0, len(frame), ROWS_AT_ONCE):
            rows = range(start + 1, min(start + ROWS_AT_ONCE, len(frame)) + 1)
            ends = [
                self._ends(each.iloc[start : start + ROWS_AT_ONCE], place, style)
                for place, (each, style) in enumerate(zip(columns, styles, strict=True))
            ]
            self._put_together(rows, ends)
        self.previous_row = len(frame) + 1

    def _make_known(self, columns: Sequence[pd.Series[Any]], styles: Sequence[Style]) -> None:
        """Note which cells are in use, and have formats numbered as rows meet them."""
        met = []
        for place, (column, (form, as_text)) in enumerate(zip(columns, styles, strict=True)):
            first = _first_shown(column, as_text=as_text)
            if first is not None:
                last = len(column) - 1 - (_first_shown(column[::-1], as_text=as_text) or 0)
                met.append((first, place, form))
                for row in (first, last):
                    self._check_dimensions(row + 1, place)
        for _, place, form in sorted(met, key=lambda each: each[:2]):
            self._end(0, place, form)

    def _put_together(self, rows: Iterable[int], ends: Sequence[Sequence[str]]) -> None:
        """Write some rows; ends are of their cells, behind the row's number, '' of a blank one."""
        begins = [f'<c r="{xl_col_to_name(place)}' for place in range(len(ends))]
        for row, cells in zip(rows, zip(*ends, strict=True), strict=True):
            number, info = str(row + 1), self.row_info.get(row)
            pairs = zip(begins, cells, strict=True)
            line = "".join([f"{begin}{number}{end}" for begin, end in pairs if end])
            if line:
                self._write_row(row, None, info)
                self.fh.write(f"{line}</row>")
            elif info is not None:
                self._write_empty_row(row, None, info)

    def _ends(self, column: pd.Series[Any], place: int, style: Style) -> list[str]:
        """Return the text of each cell behind the number of its row, '' where it stays blank."""
        form, as_text = style
        if column.dtype.kind == "M" or column.dtype == "str":
            return self._distinct_ends(column, place, style)
        values = column.tolist()
        if column.dtype.kind in "iuf" and not as_text and np.isfinite(column.to_numpy()).all():
            begin, value, _ = self._end(0, place, form).partition("<v>")
            return [f"{begin}{value}{each:.16G}</v></c>" for each in values]
        known: dict[tuple[type, Any], str] = {}
        found = []
        for each in values:
            # 1, 1.0 and True are equal, their texts are not
            key = (type(each), each)
            end = known.get(key)
            if end is None:
                end = known[key] = self._end(shown(each, as_text=as_text), place, form)
            found.append(end)
        return found

    def _distinct_ends(self, column: pd.Series[Any], place: int, style: Style) -> list[str]:
        """Return the same of days or texts, each of which many rows hold."""
        form, as_text = style
        codes, distinct = pd.factorize(column)
        values = distinct.tolist()
        blank = np.flatnonzero(codes < 0)
        values += [column.iloc[blank[0]]] if len(blank) else []
        ends = [self._end(shown(each, as_text=as_text), place, form) for each in values]
        return [ends[code] for code in codes.tolist()]

    def _end(self, value: Any, place: int, form: Any) -> str:
        """Have one cell laid out; return what follows the number of its row, '' for None."""
        if value is None:
            return ""
        if isinstance(value, str):
            cell: Any = CellStringTuple(value, form)
        elif isinstance(value, datetime.datetime):
            cell = CellNumberTuple(self._convert_date_time(value), form)
        else:
            cell = CellNumberTuple(value, form)
        aside, self.fh = self.fh, io.StringIO()
        try:
            self._write_cell(0, place, cell)
            text: str = self.fh.getvalue()
        finally:
            self.fh = aside
        return text.removeprefix(f'<c r="{xl_col_to_name(place)}1')


def _first_shown(column: pd.Series[Any], *, as_text: bool) -> int | None:
    """Return the first row whose cell is not blank."""
    some = (row for row, each in enumerate(column) if shown(each, as_text=as_text) is not None)
    return next(some, None)
