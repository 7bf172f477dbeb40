"""A frame as a table for a notebook: numbers line up, text is escaped, long frames are cut."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from pandas.api import types

from foreship.reports.markup import Content, Markup, element
from foreship_foundation.telling.words import fixed, plural

__all__ = ["html_table"]

NUMBER = "text-align:right;font-variant-numeric:tabular-nums"
TEXT = "text-align:left"
SHARE_DIGITS, MONEY_DIGITS = 4, 2


def html_table(frame: pd.DataFrame, most: int = 10) -> str:
    """Write a frame as HTML that needs no style sheet and runs nothing.

    Parameters
    ----------
    frame
        Any frame; row labels that say something become its first columns.
    most
        Rows shown, from the first; how many are left out is said below the table.

    Returns
    -------
    str
        Numbers stand right with digits of one width, those of a column with the same decimals:
        four where none is beyond 1, two elsewhere. What is missing is blank.
    """
    shown = _with_labels(frame.head(most))
    columns = [_column(shown.iloc[:, place]) for place in range(shown.shape[1])]
    styles = [NUMBER if _is_number(shown.iloc[:, place]) else TEXT for place in range(len(columns))]
    titles = zip(shown.columns, styles, strict=True)
    head = [element("th", _title(each), scope="col", style=style) for each, style in titles]
    rows = [_row(cells, styles) for cells in zip(*columns, strict=True)]
    table = element(
        "table", element("thead", element("tr", *head)), element("tbody", *rows), border=0
    )
    return element("div", table, _left_out(len(shown), len(frame)))


def _with_labels(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its row labels as columns, unless they only count the rows."""
    if len(frame.index.names) == 1 and frame.index.name is None and _counts(frame.index):
        return frame
    labels = frame.index.to_frame(index=False)
    labels.columns = pd.Index(["" if name is None else name for name in frame.index.names])
    return pd.concat([labels, frame.reset_index(drop=True)], axis=1)


def _counts(labels: pd.Index) -> bool:
    return bool(types.is_integer_dtype(labels))


def _title(name: object) -> str:
    return ", ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _is_number(column: pd.Series) -> bool:
    return types.is_numeric_dtype(column) and not types.is_bool_dtype(column)


def _column(column: pd.Series) -> list[str]:
    written = _writer(column)
    return ["" if types.is_scalar(each) and pd.isna(each) else written(each) for each in column]


def _writer(column: pd.Series) -> Callable[[object], str]:
    """Return how the values of a column are written."""
    if types.is_datetime64_any_dtype(column):
        return _day if bool((column.dropna() == column.dropna().dt.normalize()).all()) else str
    if not _is_number(column):
        return str
    if types.is_integer_dtype(column):
        return "{:,}".format
    sizes = np.abs(column.dropna().to_numpy(np.float64))
    digits = SHARE_DIGITS if not len(sizes) or sizes.max() <= 1 else MONEY_DIGITS
    return f"{{:,.{digits}f}}".format


def _day(value: object) -> str:
    return str(pd.Timestamp(str(value)).date())


def _row(cells: tuple[str, ...], styles: list[str]) -> Markup:
    pairs = zip(cells, styles, strict=True)
    return element("tr", *(element("td", cell, style=style) for cell, style in pairs))


def _left_out(shown: int, rows: int) -> Content:
    if shown == rows:
        return ""
    return element("p", f"the first {fixed(shown)} of {plural(rows, 'row')}")
