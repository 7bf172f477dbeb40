"""Where the header of a CSV file stands and what parts its values: certain, declared or asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from foreship.forms import DELIMITERS
from foreship.ingest.raw import Sought, refuse, refuse_header
from foreship_foundation.telling.words import listed, plural

__all__ = ["LONGEST_LINE", "SEEN", "Layout", "layout_of", "read_line"]

LONGEST_LINE = 16 * 2**20  # bytes
SEEN = 30
"""lines in which the header is looked for, and by which delimiters are compared"""
NAMELESS = "\0"
HINT = "sep="
"""the first line with which Excel is told the delimiter"""


@dataclass(frozen=True)
class Layout:
    """What stands before the values of a CSV file.

    **Invariants:** `data[start:]` begins with the first line below the header.
    """

    header: tuple[str, ...]
    delimiter: str
    start: int
    line: int
    """line of the header, the first is 1"""
    above: tuple[int, ...] = ()
    """lines above the header"""

    @property
    def named(self) -> tuple[str, ...]:
        """The header without columns at its end that have no name."""
        return tuple(each for each in self.header if not each.startswith(NAMELESS))

    @property
    def nameless(self) -> tuple[str, ...]:
        """What columns at the end that have no name are called here."""
        return self.header[len(self.named) :]


def layout_of(data: bytes, table: str, sought: Sought, declared: str = "") -> Layout:
    """Find the header and the delimiter of a CSV file.

    The header is line 1; where the columns sought are not in it, it is the first line of the
    first few that has all of them.

    Raises
    ------
    InputError
        If two delimiters part the lines equally well, or there is no header.
    """
    lines = list(_first_lines(data, table))
    hinted = _hint(lines)
    if hinted:
        lines, declared = lines[1:], declared or hinted
    if not lines:
        raise refuse(table, "line 1 is blank", "the first line names the columns")
    delimiter = declared or _delimiter(lines, table, sought)
    at = _header_at(lines, delimiter, sought)
    if at is None:
        at = next((n for n, each in enumerate(lines) if each.text.strip()), None)
    if at is None:
        raise refuse(table, "line 1 is blank", "the first line names the columns")
    found = lines[at]
    header = sought.headings(_strict_header(found, delimiter, table))
    refuse_header(table, _nameless(header))
    above = tuple(each.number for each in lines[:at])
    return Layout(tuple(_nameless(header)), delimiter, found.end, found.number, above)


def _nameless(header: list[str]) -> list[str]:
    """Give columns at the end that have no name one of their own: Excel leaves such behind."""
    named = len(header)
    while named and not header[named - 1].strip():
        named -= 1
    return [*header[:named], *(f"{NAMELESS}{n}" for n in range(len(header) - named))]


@dataclass(frozen=True)
class _Line:
    text: str
    number: int
    end: int
    """offset of the byte after its line end"""


def _first_lines(data: bytes, table: str) -> Iterator[_Line]:
    start = 0
    for number in range(1, SEEN + 1):
        if start >= len(data):
            return
        stop = data.find(b"\n", start, start + LONGEST_LINE + 1)
        stop = len(data) if stop < 0 else stop
        if stop - start > LONGEST_LINE:
            raise refuse(table, f"line {number} is longer than 16 MiB", "is this a table?")
        text = data[start:stop].decode("utf-8").removesuffix("\r")
        start = stop + 1
        yield _Line(text, number, min(start, len(data)))


def _hint(lines: Sequence[_Line]) -> str:
    first = lines[0].text.strip('"') if lines else ""
    mark = first.removeprefix(HINT)
    return mark if mark != first and mark in DELIMITERS else ""


def read_line(text: str, delimiter: str) -> list[str]:
    """Return the values of a line, none where its quotes do not close."""
    try:
        return next(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _header_at(lines: Sequence[_Line], delimiter: str, sought: Sought) -> int | None:
    """Return the first line that has every column that must be there; None where none has."""
    for at, each in enumerate(lines):
        if sought.is_header(read_line(each.text, delimiter)):
            return at
    return None


def _strict_header(line: _Line, delimiter: str, table: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line.text), delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        problem = f"line {line.number}: the header cannot be read ({error})"
        raise refuse(table, problem, "one line of column names, commas between") from None


def _delimiter(lines: Sequence[_Line], table: str, sought: Sought) -> str:
    """Return what parts the values; where two marks do, those are asked that fit equally well."""
    first = next((each.text for each in lines if each.text.strip()), "")
    if sum(mark in first for mark in DELIMITERS) < 2 and sought.is_header(read_line(first, ",")):
        return ","
    headed = [mark for mark in DELIMITERS if _header_at(lines, mark, sought) is not None]
    if len(headed) == 1:
        return headed[0]
    even = [mark for mark in headed or DELIMITERS if _width(lines, mark) > 1]
    if len(even) > 1:
        widths = {mark: len(read_line(first, mark)) for mark in even}
        words = listed(
            (f"{DELIMITERS[mark]} ({plural(widths[mark], 'column')})" for mark in even), last="or"
        )
        problem = f"the values may be separated by {words}"
        written = ["\\t" if mark == "\t" else mark for mark in even]
        lines_of_toml = listed((f'"{mark}"' for mark in written), last="or")
        raise refuse(table, problem, f"say [columns] {table}.delimiter = {lines_of_toml}")
    return even[0] if even else max(DELIMITERS, key=lambda mark: len(read_line(first, mark)))


def _width(lines: Sequence[_Line], delimiter: str) -> int:
    """Return how many values the lines have, all alike; 0 where they differ."""
    widths = {len(read_line(each.text, delimiter)) for each in lines if each.text.strip()}
    return widths.pop() if len(widths) == 1 else 0
