"""Strict CSV: UTF-8 text, one comma between values, every line as long as the header.

Nothing is guessed: all values stay text here. What is wrong with the file itself is said in
a planner's words, with the line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as arrow_csv

from foreship.errors import Fault, InputError
from foreship.ingest.raw import Numbering, RawTable, refuse, refuse_header
from foreship_foundation.words import plural

__all__ = ["read_csv"]

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 16 * 2**20  # bytes
SHOWN = 3

OTHER_FORMATS = (
    (b"PAR1", "a Parquet file", "name it .parquet"),
    (b"\x1f\x8b", "gzip data", "unpack it"),
    (b"PK\x03\x04", "a zip or Excel file", "save the sheet as CSV UTF-8 or Parquet"),
    (b"\x28\xb5\x2f\xfd", "zstd data", "unpack it"),
)


def read_csv(data: bytes, table: str, wanted: set[str]) -> RawTable:
    """Read a CSV file's bytes; keep the `wanted` columns, as text.

    Raises
    ------
    InputError
        With every fault of the file's form: encoding, quotes, ragged lines, header.
    """
    notes = []
    _refuse_other_formats(data, table)
    if data.startswith(BOM):
        data = data[len(BOM) :]
        notes.append(Fault(table, "byte-order mark left out", severity="note"))
    _refuse_bad_bytes(data, table)
    header = _header(data, table)
    refuse_header(table, header)
    columns, lines = _columns(data, table, header, wanted)
    rows = len(next(iter(columns.values()))) if columns else 0
    return RawTable(tuple(header), columns, rows, Numbering("line", 2, lines), tuple(notes))


def _refuse_other_formats(data: bytes, table: str) -> None:
    if not data:
        raise refuse(table, "the file is empty (0 bytes)", "write at least the header")
    for mark, what, remedy in OTHER_FORMATS:
        if data.startswith(mark):
            raise refuse(table, f"named .csv, but it holds {what}", remedy)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[1:60:2].count(0) > 10:
        problem = f"not UTF-8 (byte 0x{data[0]:02X} at offset 0), looks like UTF-16"
        raise refuse(table, problem, "save it as CSV UTF-8")


def _refuse_bad_bytes(data: bytes, table: str) -> None:
    nul = data.find(b"\0")
    if nul >= 0:
        problem = f"line {_line_of(data, nul)}: NUL byte, the file is damaged"
        raise refuse(table, problem, "export it again")
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            problem = (
                f"line {_line_of(data, error.start)}: byte 0x{data[error.start]:02X} is not UTF-8"
            )
            raise refuse(table, problem, "save it as CSV UTF-8") from None
    if b"\n" not in data and data.rstrip(b"\r").count(b"\r"):
        raise refuse(table, "old Mac line ends (CR)", "save it with LF or CRLF line ends")


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _header(data: bytes, table: str) -> list[str]:
    first, _, _ = data.partition(b"\n")
    if len(first) > LONGEST_LINE:
        raise refuse(table, "line 1 is longer than 16 MiB", "is this a table?")
    try:
        header = next(csv.reader(io.StringIO(first.decode("utf-8")), strict=True), [])
    except csv.Error as error:
        problem = f"line 1: the header cannot be read ({error})"
        raise refuse(table, problem, "one line of column names, commas between") from None
    if not any(name.strip() for name in header):
        raise refuse(table, "line 1 is blank", "the first line names the columns")
    for mark, word in ((";", "semicolon"), ("\t", "tab"), ("|", "bar")):
        if len(header) == 1 and mark in header[0]:
            problem = f"1 column found; the values are separated by {word}s"
            raise refuse(table, problem, "save it with commas between values")
    return header


def _columns(
    data: bytes, table: str, header: list[str], wanted: set[str]
) -> tuple[dict[str, pa.ChunkedArray], npt.NDArray[np.int64] | None]:
    """Return the wanted columns as text, and the line of each row where it is not plain."""
    body = data[data.find(b"\n") + 1 :] if b"\n" in data else b""
    names = [name for name in header if name in wanted]
    kept = names or header[:1]
    if not body.strip():
        return {name: pa.chunked_array([], pa.string()) for name in kept}, None
    lines = None
    if b'"' in body or b"\n\n" in body or b"\n\r\n" in body or body[:1] in b"\r\n":
        lines = _strict_lines(body, table, len(header))
    read = _arrow_columns(body, table, header, kept)
    return read, lines


def _arrow_columns(
    body: bytes, table: str, header: list[str], kept: list[str]
) -> dict[str, pa.ChunkedArray]:
    ragged: list[Any] = []

    def keep_going(row: Any) -> str:
        ragged.append(row)
        return "skip"

    read_options = arrow_csv.ReadOptions(
        column_names=header, block_size=LONGEST_LINE, use_threads=True
    )
    parse = arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=keep_going)
    convert = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(kept, pa.string()),
        include_columns=kept,
        strings_can_be_null=False,
    )
    try:
        read = arrow_csv.read_csv(pa.BufferReader(body), read_options, parse, convert)
    except pa.ArrowInvalid as error:
        _strict_lines(body, table, len(header))
        raise refuse(table, f"not readable as CSV ({_short(error)})") from None
    if ragged:
        _strict_lines(body, table, len(header))
        raise refuse(
            table,
            f"{plural(len(ragged), 'line does', 'lines do')} not have "
            f"{plural(len(header), 'value')}",
        )
    return dict(zip(read.column_names, read.columns, strict=True))


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:100]


def _strict_lines(body: bytes, table: str, width: int) -> npt.NDArray[np.int64]:
    """Read every record strictly; return the line each starts in, or raise with all faults."""
    starts: list[int] = []
    ragged: dict[int, list[int]] = {}
    for line, values in _records(body, table):
        if values:
            starts.append(line)
        if values and len(values) != width:
            ragged.setdefault(len(values), []).append(line)
    if ragged:
        raise InputError(faults=[_ragged(table, ragged[n], n, width) for n in sorted(ragged)])
    return np.array(starts, dtype=np.int64)


def _records(body: bytes, table: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(body.decode("utf-8"), newline=""), strict=True)
    line = 2
    try:
        for values in reader:
            yield line, values
            line = reader.line_num + 2
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
