"""Excel workbooks: one sheet -> text columns in which each cell still says what it was."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from foreship.config import nearest
from foreship.errors import Fault
from foreship.forms import Form
from foreship.ingest.findings import in_short
from foreship.ingest.formats.container import (
    LARGEST_SHEET_CELLS,
    Container,
    column_letters,
    open_container,
)
from foreship.ingest.raw import Numbering, RawTable, Sought, Written, refuse, refuse_header
from foreship_foundation.telling.words import listed, plural

__all__ = ["DAY", "NUMBER", "ODD", "read_workbook", "sheets_of"]

SEEN = 30
"""rows in which the header is looked for"""
NUMBER, DAY, ODD = "\x01", "\x02", "\x03"
"""what ends the text of a cell that was a number, a date, or an error, and no text"""
Rows = list[list[Any]]


def read_workbook(data: bytes, table: str, sought: Sought, form: Form | None = None) -> RawTable:
    """Read one sheet of a workbook; keep the columns sought, as text with the kind of each cell.

    Parameters
    ----------
    data
        The whole file.
    table
        Name used in messages.
    sought
        Which columns are read, and by which the header and the sheet are known.
    form
        What is declared: the sheet.

    Raises
    ------
    InputError
        If there is no such sheet, several could be meant, or the file is damaged or a bomb.
    """
    container = open_container(data, table)
    sheets = _opened(container)
    name, rows, notes = _chosen(container, sheets, sought, (form or Form()).sheet)
    at, header = _header(rows, sought)
    header = sought.headings(header)
    while header and not header[-1].strip():
        header.pop()
    if not header:
        raise refuse(table, f"sheet {name!r} is empty", "the first row names the columns")
    refuse_header(table, header)
    above = sum(any(each != "" for each in row) for row in rows[:at])
    if above:
        words = f"{plural(above, 'row')} above the header skipped: the header is row {at + 1}"
        notes.append(Fault(table, words, severity="note"))
    body = rows[at + 1 :]
    odd = container.facts(name).odd
    columns = {
        each: _column(body, n, {r - at - 1: t for (r, c), t in odd.items() if c == n})
        for n, each in enumerate(header)
        if each in sought.names or (n == 0 and not sought.names & set(header))
    }
    width = len(header)
    return RawTable(
        tuple(header),
        columns,
        len(body),
        Numbering("row", at + 2),
        tuple(notes),
        lambda positions: {int(n): [_plain(each) for each in body[n][:width]] for n in positions},
        Written(sheet=name, own=False, from_1904=container.from_1904, letters=_letters(header)),
    )


def sheets_of(data: bytes, table: str) -> dict[str, Rows]:
    """Return the visible sheets of a workbook, each as rows of values."""
    container = open_container(data, table)
    book = _opened(container)
    return {name: _rows(container, book, name) for name in _visible(book)}


def _opened(container: Container) -> Any:
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(container.data))
    except python_calamine.PasswordError:
        problem = "locked with a password"
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        problem = f"damaged ({str(error)[:80]})"
    raise refuse(container.table, problem, "save it as .xlsx again, without a password")


def _visible(book: Any) -> list[str]:
    return [
        each.name
        for each in book.sheets_metadata
        if str(each.visible).endswith("Visible") and str(each.typ).endswith("WorkSheet")
    ]


def _rows(container: Container, book: Any, name: str) -> Rows:
    import python_calamine

    container.facts(name)
    try:
        sheet = book.get_sheet_by_name(name)
        if (sheet.total_height or 0) * (sheet.total_width or 0) > LARGEST_SHEET_CELLS:
            raise refuse(container.table, f"sheet {name!r} is too large", "save it as CSV UTF-8")
        rows: Rows = sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        problem = f"sheet {name!r} is damaged ({str(error)[:80]})"
        raise refuse(container.table, problem, "save it again") from None
    return rows


def _chosen(
    container: Container, book: Any, sought: Sought, declared: str
) -> tuple[str, Rows, list[Fault]]:
    """Return the sheet that is meant: the declared one, or the first with the header."""
    table, names = container.table, _visible(book)
    every = list(book.sheet_names)
    if declared:
        if declared not in every:
            raise refuse(table, f"no sheet {declared!r}", nearest(declared, every))
        return declared, _rows(container, book, declared), []
    if not names:
        raise refuse(table, "no visible sheet", f"say [columns] {table}.sheet")
    if len(every) == 1:
        return names[0], _rows(container, book, names[0]), []
    rows = {name: _rows(container, book, name) for name in names}
    headed = [name for name in names if _has_header(rows[name], sought)]
    if len(headed) > 1 and headed[0] != names[0]:
        words = listed(map(repr, headed[:4]), last="or")
        lines = listed((f'"{each}"' for each in headed[:4]), last="or")
        raise refuse(table, f"it may be on sheet {words}", f"say [columns] {table}.sheet = {lines}")
    name = headed[0] if headed else names[0]
    others = ", ".join(in_short(each) for each in every if each != name)
    words = f"sheet {in_short(name)} read, and not {others}"
    return name, rows[name], [Fault(table, words, severity="note")]


def _has_header(rows: Rows, sought: Sought) -> bool:
    return any(sought.is_header(each) for each in candidates(rows))


def candidates(rows: Rows) -> list[list[str]]:
    """Return what could be the header: each of the first rows, blanks filled from the one above."""
    texts = [[_plain(each) for each in row] for row in rows[:SEEN]]
    above = [[""] * len(row) for row in texts[:1]] + texts
    return [
        [low if low.strip() or not any(row) else high for low, high in zip(row, over, strict=True)]
        for row, over in zip(texts, above, strict=False)
    ]


def _header(rows: Rows, sought: Sought) -> tuple[int, list[str]]:
    plain = [[_plain(each) for each in row] for row in rows[:SEEN]]
    for found in (plain, candidates(rows)):
        for at, values in enumerate(found):
            if sought.is_header(values):
                return at, values
    at = next((n for n, each in enumerate(plain) if any(one.strip() for one in each)), 0)
    return at, plain[at] if plain else []


def _plain(value: Any) -> str:
    return _text(value).rstrip(NUMBER + DAY)


def _text(value: Any) -> str:
    """Return a cell as text; the last letter says whether it was a number or a date."""
    if isinstance(value, str):
        return value.translate({1: "\ufffd", 2: "\ufffd", 3: "\ufffd"})
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        whole = float(value).is_integer() and abs(value) < 1e15
        return f"{int(value) if whole else value!r}{NUMBER}"
    if isinstance(value, (datetime.datetime, datetime.date)):
        midnight = isinstance(value, datetime.datetime) and value.time() == datetime.time()
        day = value.date() if midnight and isinstance(value, datetime.datetime) else value
        return f"{day.isoformat()}{DAY}"
    return f"{value}{ODD}"


def _column(body: Rows, at: int, odd: dict[int, str]) -> pa.ChunkedArray:
    texts = [_text(row[at]) if at < len(row) else "" for row in body]
    for row, words in odd.items():
        if 0 <= row < len(texts):
            texts[row] = f"{words}{ODD}"
    return pa.chunked_array([pa.array(texts, pa.string())])


def _letters(header: Sequence[str]) -> dict[str, str]:
    return {name: column_letters(place) for place, name in enumerate(header)}
