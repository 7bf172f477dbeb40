"""Strict CSV: one mark between values, every line as long as the header.

Nothing is guessed: all values stay text here, and what parts them is certain or declared. What
is wrong with the file itself is said in a planner's words, with the line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from foreship.errors import Fault, InputError
from foreship.forms import Form
from foreship.ingest.files.packed import MAGIC
from foreship.ingest.formats.encoding import UTF_16, to_utf8
from foreship.ingest.formats.layout import LONGEST_LINE, Layout, layout_of
from foreship.ingest.formats.rows import is_blank, is_total
from foreship.ingest.raw import Numbering, RawTable, Sought, Written, refuse
from foreship_foundation.telling.words import plural

__all__ = ["read_csv"]

SHOWN = 3

OTHER_FORMATS = (
    (b"PAR1", "a Parquet file", "name it .parquet"),
    (MAGIC["gzip"], "gzip data", "name it .csv.gz"),
    (b"PK\x03\x04", "a zip or Excel file", "save the sheet as CSV UTF-8 or Parquet"),
    (MAGIC["zstd"], "zstd data", "name it .csv.zst"),
)


def read_csv(data: bytes, table: str, sought: Sought, form: Form | None = None) -> RawTable:
    """Read a CSV file's bytes; keep the columns sought, as text.

    Parameters
    ----------
    data
        The whole file.
    table
        Name used in messages.
    sought
        Which columns are read, and by which the header is known.
    form
        What is declared of the file.

    Raises
    ------
    InputError
        With every fault of the file's form: encoding, quotes, ragged lines, header.
    """
    form = form or Form()
    _refuse_other_formats(data, table, form)
    data, notes, encoding = to_utf8(data, table, form.encoding)
    if b"\n" not in data and data.rstrip(b"\r").count(b"\r"):
        raise refuse(table, "old Mac line ends (CR)", "save it with LF or CRLF line ends")
    layout = layout_of(data, table, sought, form.delimiter)
    columns, lines, said = _columns(data, table, layout, sought)
    rows = len(next(iter(columns.values()))) if columns else 0
    said += _under_no_heading(table, columns, layout)
    return RawTable(
        layout.named,
        columns,
        rows,
        Numbering("line", layout.line + 1, lines),
        (*notes, *_above(table, layout), *said),
        lambda at: _whole(data, table, layout, at),
        Written(layout.delimiter, encoding, own=layout.delimiter == ","),
    )


def _above(table: str, layout: Layout) -> list[Fault]:
    if not layout.above:
        return []
    count = len(layout.above)
    problem = f"{plural(count, 'line')} above the header skipped: the header is line"
    return [Fault(table, f"{problem} {layout.line}", severity="note")]


def _refuse_other_formats(data: bytes, table: str, form: Form) -> None:
    if not data:
        raise refuse(table, "the file is empty (0 bytes)", "write at least the header")
    for mark, what, remedy in OTHER_FORMATS:
        if data.startswith(mark):
            raise refuse(table, f"named .csv, but it holds {what}", remedy)
    if not form.encoding and not data.startswith(UTF_16) and data[1:60:2].count(0) > 10:
        problem = f"not UTF-8 (byte 0x{data[0]:02X} at offset 0), looks like UTF-16"
        raise refuse(table, problem, f'say [columns] {table}.encoding = "utf-16-le"')


def _columns(
    data: bytes, table: str, layout: Layout, sought: Sought
) -> tuple[dict[str, pa.ChunkedArray], npt.NDArray[np.int64] | None, list[Fault]]:
    """Return the wanted columns as text, the line of each row where it is not plain, and notes."""
    body = data[layout.start :]
    names = [name for name in layout.header if name in sought.names]
    kept = [*(names or layout.header[:1]), *layout.nameless]
    if not body or body.isspace():
        return {name: pa.chunked_array([], pa.string()) for name in kept}, None, []
    lines, even = None, True
    if b'"' in body or b"\n\n" in body or b"\n\r\n" in body or body[:1] in b"\r\n":
        lines, even = _line_starts(body, table, layout)
    read = _arrow_columns(body, table, layout, kept) if even else None
    if read is None:
        return _evened(body, table, layout, kept)
    return read, lines, []


def _under_no_heading(
    table: str, columns: dict[str, pa.ChunkedArray], layout: Layout
) -> list[Fault]:
    """Take the columns without a name away; warn where they hold something."""
    spare = [columns.pop(name) for name in layout.nameless]
    held = sum(
        pc.sum(pc.not_equal(pc.utf8_trim_whitespace(each), "")).as_py() or 0 for each in spare
    )
    if not held:
        return []
    problem = f"{plural(held, 'value')} under no heading not read"
    return [Fault(table, problem, "name the last columns", severity="warning")]


def _whole(
    data: bytes, table: str, layout: Layout, at: npt.NDArray[np.int64]
) -> dict[int, list[str]]:
    """Return all values of the rows at some positions, cut to the header."""
    due, width = set(at.tolist()), len(layout.header)
    records = _records(data[layout.start :], table, layout)
    rows = (values for _, values in records if _holds(values, width))
    return {n: values[:width] for n, values in enumerate(rows) if n in due}


def _holds(values: list[str], width: int) -> bool:
    """Whether a line is a row: not blank, nor short and blank, nor a short row of totals."""
    return len(values) >= width or not (is_blank(values) or is_total(values))


def _evened(
    body: bytes, table: str, layout: Layout, kept: list[str]
) -> tuple[dict[str, pa.ChunkedArray], npt.NDArray[np.int64], list[Fault]]:
    """Read lines that are not all as long as the header; blanks at their ends are cut off.

    Raises
    ------
    InputError
        With every line that has other values too many, or too few.
    """
    width = len(layout.header)
    at = [layout.header.index(name) for name in kept]
    starts: list[int] = []
    columns: list[list[str]] = [[] for _ in kept]
    ragged: dict[int, list[int]] = {}
    cut: list[int] = []
    short: list[int] = []
    for line, values in _records(body, table, layout):
        if not _holds(values, width):
            short += [line] * bool(values)
            continue
        if len(values) < width or not is_blank(values[width:]):
            ragged.setdefault(len(values), []).append(line)
            continue
        cut += [line] * (len(values) > width)
        starts.append(line)
        for column, place in zip(columns, at, strict=True):
            column.append(values[place])
    if ragged:
        raise InputError(faults=[_ragged(table, ragged[n], n, width) for n in sorted(ragged)])
    read = (pa.chunked_array([pa.array(each, pa.string())]) for each in columns)
    notes = [*_counted(table, "blanks after the last column left out", cut)]
    notes += _counted(table, "short lines without data skipped", short)
    return dict(zip(kept, read, strict=True)), np.array(starts, dtype=np.int64), notes


def _counted(table: str, words: str, lines: list[int]) -> list[Fault]:
    if not lines:
        return []
    first = tuple(lines[:SHOWN])
    return [Fault(table, words, rows=first, count=len(lines), row_word="line", severity="note")]


def _arrow_columns(
    body: bytes, table: str, layout: Layout, kept: list[str]
) -> dict[str, pa.ChunkedArray] | None:
    """Return the columns kept; None where lines are not as long as the header."""
    ragged: list[Any] = []

    def keep_going(row: Any) -> str:
        ragged.append(row)
        return "skip"

    read_options = arrow_csv.ReadOptions(
        column_names=list(layout.header), block_size=LONGEST_LINE, use_threads=True
    )
    parse = arrow_csv.ParseOptions(
        delimiter=layout.delimiter, newlines_in_values=True, invalid_row_handler=keep_going
    )
    convert = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(kept, pa.string()),
        include_columns=kept,
        strings_can_be_null=False,
    )
    try:
        read = arrow_csv.read_csv(pa.BufferReader(body), read_options, parse, convert)
    except pa.ArrowInvalid as error:
        if not _line_starts(body, table, layout)[1]:
            return None
        raise refuse(table, f"not readable as CSV ({_short(error)})") from None
    return None if ragged else dict(zip(read.column_names, read.columns, strict=True))


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:100]


def _line_starts(body: bytes, table: str, layout: Layout) -> tuple[npt.NDArray[np.int64], bool]:
    """Read every record strictly; return the line each starts in, and whether all are as long."""
    starts: list[int] = []
    even, width = True, len(layout.header)
    for line, values in _records(body, table, layout):
        if values:
            starts.append(line)
            even = even and len(values) == width
    return np.array(starts, dtype=np.int64), even


def _records(body: bytes, table: str, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    text = io.StringIO(body.decode("utf-8"), newline="")
    reader = csv.reader(text, delimiter=layout.delimiter, strict=True)
    line = layout.line + 1
    try:
        for values in reader:
            yield line, values
            line = reader.line_num + layout.line + 1
    except csv.Error as error:
        words = str(error)
        if "unexpected end" in words:
            problem = f"line {line}: a quote opened here never closes"
        elif "field larger" in words:
            problem = f"line {line}: a value of over 100,000 characters"
        else:
            problem = f"line {line}: a quote in the middle of a value"
        raise refuse(table, problem, 'a quote inside a value is written ""') from None


def _ragged(table: str, lines: list[int], length: int, width: int) -> Fault:
    return Fault(
        table,
        f"{plural(length, 'value')} under a header of {width}",
        "every line has one value a column; a value with a comma stands in quotes",
        rows=tuple(lines[:SHOWN]),
        count=len(lines),
        row_word="line",
    )
