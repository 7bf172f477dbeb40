"""What an Excel file is as a container: safe to unfold, and what its reader does not tell.

The reader of workbooks hands error cells and formulas that were saved without a value on as
blanks, and unfolds whatever a file claims. So the XML of a sheet is passed through once before:
unfolded by piece, never past a limit, and searched for cells of these kinds and for the far
corners that would ask for memory.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from foreship.ingest.raw import refuse

__all__ = ["LARGEST_SHEET_CELLS", "Container", "SheetFacts", "letters_of", "open_container"]

LARGEST_UNFOLDED = 2 * 2**30  # bytes of one part
LARGEST_SMALL = 64 * 2**20  # bytes of the parts that describe the workbook
SWOLLEN = 50 * 2**20
MOST_SWOLLEN = 400
"""bytes out of one, of parts over `SWOLLEN`; sheets of Excel unfold to some twenty"""
LARGEST_SHEET_CELLS = 30_000_000
LARGEST_ROW = 64 * 2**20  # bytes
PIECE = 2**20
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.{0,4000}?)</(?:\w+:)?c>)", re.DOTALL)
PLACE = re.compile(rb"\br=\"([A-Z]{1,3})([0-9]{1,7})\"")
ODD = re.compile(rb"<(?:\w+:)?c\b[^>]*?\bt=\"e\"|<(?:\w+:)?f\b")
FAR = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,3})([0-9]{1,7})\"[^>]*(?<!/)>")
VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)<")
SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)/?>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)/?>")
NAME = re.compile(rb"\bname=\"([^\"]*)\"")
RID = re.compile(rb"\b(?:\w+:)?id=\"([^\"]*)\"")
TARGET = re.compile(rb"\bTarget=\"([^\"]*)\"")
ID = re.compile(rb"\bId=\"([^\"]*)\"")
FROM_1904 = re.compile(rb"\bdate1904=\"(1|true)\"")
NOT_SAVED = "a formula saved without its value"


@dataclass(frozen=True)
class SheetFacts:
    """What the XML of a sheet says beside its values."""

    odd: dict[tuple[int, int], str]
    """row and column, from 0, of an error cell -> its text, of a formula without a value"""


@dataclass(frozen=True)
class Container:
    """A workbook's parts."""

    table: str
    data: bytes
    parts: dict[str, zipfile.ZipInfo]
    sheets: dict[str, str]
    """name of a sheet -> its part"""
    from_1904: bool
    """whether days are counted from 1904"""

    def _unfolded(self, part: str) -> Iterator[bytes]:
        return _unfolded(self.table, self.data, self.parts[part], LARGEST_UNFOLDED)

    def facts(self, sheet: str) -> SheetFacts:
        """Pass through the XML of a sheet.

        Raises
        ------
        InputError
            If it would unfold to more than a sheet holds.
        """
        part = self.sheets.get(sheet, "")
        if part not in self.parts:
            raise refuse(self.table, f"no part for sheet {sheet!r}", "save it as .xlsx again")
        odd: dict[tuple[int, int], str] = {}
        rows = columns = 0
        for text in _cells(self.table, self._unfolded(part)):
            for far in FAR.finditer(text):
                rows = max(rows, int(far[2]))
                columns = max(columns, _column(far[1]))
            if rows * columns > LARGEST_SHEET_CELLS:
                problem = f"sheet {sheet!r} reaches to row {rows:,} and column {columns:,}"
                remedy = f"the limit is {LARGEST_SHEET_CELLS:,} cells; save the table as CSV"
                raise refuse(self.table, problem, remedy)
            if ODD.search(text):
                odd |= _odd_cells(text)
        return SheetFacts(odd)


def open_container(data: bytes, table: str) -> Container:
    """Look into an Excel file without unfolding its sheets.

    Raises
    ------
    InputError
        If it is no Excel file, is locked with a password, or swells suspiciously.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        problem = "an old .xls file, or one locked with a password"
        raise refuse(table, problem, "save it as .xlsx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as folder:
            parts = {each.filename: each for each in folder.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise refuse(table, f"not an Excel file ({error})", "save it as .xlsx again") from None
    if "xl/workbook.xml" not in parts:
        raise refuse(table, "not an Excel workbook", "save it as .xlsx, or as CSV UTF-8")
    for each in parts.values():
        _refuse_swollen(table, each.filename, each.file_size, each.compress_size)
    for name, part in parts.items():
        if not name.startswith("xl/worksheets/") and name.endswith((".xml", ".rels")):
            limit = LARGEST_UNFOLDED if "sharedStrings" in name else LARGEST_SMALL
            for _piece in _unfolded(table, data, part, limit):
                pass
    book = b"".join(_unfolded(table, data, parts["xl/workbook.xml"], LARGEST_SMALL))
    relations = b""
    if "xl/_rels/workbook.xml.rels" in parts:
        part = parts["xl/_rels/workbook.xml.rels"]
        relations = b"".join(_unfolded(table, data, part, LARGEST_SMALL))
    return Container(table, data, parts, _sheets(book, relations), bool(FROM_1904.search(book)))


def _sheets(book: bytes, relations: bytes) -> dict[str, str]:
    targets = {}
    for each in RELATION.findall(relations):
        one, target = ID.search(each), TARGET.search(each)
        if one and target:
            path = target[1].decode("utf-8", "replace")
            targets[one[1]] = posixpath.normpath(posixpath.join("/xl", path)).lstrip("/")
    found = {}
    for each in SHEET.findall(book):
        name, relation = NAME.search(each), RID.search(each)
        if name and relation and relation[1] in targets:
            found[unescape(name[1].decode("utf-8", "replace"))] = targets[relation[1]]
    return found


def _refuse_swollen(table: str, name: str, unfolded: int, folded: int) -> None:
    if unfolded > LARGEST_UNFOLDED or (
        unfolded > SWOLLEN and unfolded > MOST_SWOLLEN * max(folded, 1)
    ):
        problem = f"{name} would unfold from {folded:,} to {unfolded:,} bytes"
        raise refuse(table, problem, "save the table as CSV UTF-8 or Parquet")


def _unfolded(table: str, data: bytes, part: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
    """Yield the bytes of a part by piece; what it claims of its size is not believed."""
    start = _start(table, data, part)
    folded = memoryview(data)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield bytes(folded)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED or part.flag_bits & 1:
        raise refuse(table, f"{part.filename} is packed in another way", "save it as .xlsx again")
    stream, size = zlib.decompressobj(-15), 0
    waiting: bytes | memoryview = folded
    try:
        while waiting and not stream.eof:
            piece = stream.decompress(waiting, PIECE)
            waiting = stream.unconsumed_tail
            size += len(piece)
            if size > limit:
                problem = f"{part.filename} unfolds to more than {limit:,} bytes"
                raise refuse(table, problem, "save the table as CSV UTF-8 or Parquet")
            _refuse_swollen(table, part.filename, size, len(folded))
            yield piece
    except zlib.error as error:
        raise refuse(table, f"damaged in {part.filename} ({error})", "save it again") from None


def _start(table: str, data: bytes, part: zipfile.ZipInfo) -> int:
    """Return where the bytes of a part begin, behind its own header."""
    at = part.header_offset
    head = data[at : at + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise refuse(table, f"damaged at {part.filename}", "save it again")
    return at + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")


def _cells(table: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the text of a sheet cut between rows, so that no cell is parted."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        cut = text.rfind(b"row>") + len(b"row>") if b"row>" in text else 0
        yield text[:cut]
        rest = text[cut:]
        if len(rest) > LARGEST_ROW:
            raise refuse(table, "one row of a sheet is larger than 64 MiB", "save it again")
    yield rest


def _odd_cells(text: bytes) -> dict[tuple[int, int], str]:
    found = {}
    for attributes, inside in CELL.findall(text):
        place = PLACE.search(attributes)
        if place is None:
            continue
        at = int(place[2]) - 1, _column(place[1]) - 1
        value = VALUE.search(inside)
        if b't="e"' in attributes:
            found[at] = unescape(value[1].decode("utf-8", "replace")) if value else "#ERROR"
        elif b"f" in inside and re.search(rb"<(?:\w+:)?f\b", inside) and value is None:
            found[at] = NOT_SAVED
    return found


def _column(letters: bytes) -> int:
    number = 0
    for each in letters:
        number = 26 * number + each - 64
    return number


def letters_of(place: int) -> str:
    """Return how Excel names the column at a place counted from 0: A, B, .. Z, AA."""
    letters, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
