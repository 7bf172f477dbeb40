"""An export before anybody said what it is: its sheets, and the line that looks like a header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foreship.errors import InputError, UsageError
from foreship.files import read_whole
from foreship.forms import DELIMITERS
from foreship.ingest.files.folders import (
    CSV_ENDINGS,
    PARQUET_ENDINGS,
    WORKBOOK_ENDINGS,
    is_hidden,
)
from foreship.ingest.files.packed import ending_of, unpacked
from foreship.ingest.formats.encoding import to_utf8
from foreship.ingest.formats.layout import SEEN, read_line
from foreship.ingest.formats.workbook import candidates, sheets_of
from foreship.jobs.proposing.headings import is_heading

__all__ = ["Export", "exports_of"]

LEAST = 2
"""headings that are known, from which on a line is taken for a header"""


@dataclass(frozen=True)
class Export:
    """One table of other programs: a file, a folder of files, or a sheet of a workbook."""

    path: Path
    header: tuple[str, ...]
    sheet: str = ""
    """of a workbook with several sheets"""
    table: str = ""
    """what it holds, where the user said so"""

    def __str__(self) -> str:
        return f"{self.path.name}{f', sheet {self.sheet!r}' if self.sheet else ''}"


def exports_of(given: str) -> list[Export]:
    """Return what `FILE` or `TABLE=FILE` holds, one export a sheet.

    The files of a folder are one table where all have the same headings, or the user named the
    table; else each file, and each folder in it, is looked at for itself.

    Raises
    ------
    UsageError
        If there is no such file, or it is of no kind that is read.
    InputError
        If the file is damaged.
    """
    table, _, name = given.rpartition("=")
    path = Path(given if table and not table.isidentifier() else name)
    return _exports_at(path, table if table.isidentifier() else "")


def _exports_at(path: Path, table: str) -> list[Export]:
    inside = _files_in(path)
    if not table and len({_headings(each) for each in inside}) > 1:
        return [each for part in _parts_of(path, inside) for each in _exports_at(part, "")]
    return _exports_in(inside[0] if inside else path, path, table)


def _headings(file: Path) -> frozenset[tuple[str, frozenset[str]]]:
    """Return what tells files of one table from those of another: headings, in any order."""
    return frozenset((each.sheet, frozenset(each.header)) for each in _exports_in(file, file, ""))


def _files_in(folder: Path) -> list[Path]:
    """Return the files below a folder, hidden ones aside; none for a file."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    return [each for each in files if not is_hidden(each.relative_to(folder))]


def _parts_of(folder: Path, inside: Sequence[Path]) -> list[Path]:
    """Return the files and folders of a folder in which some files lie."""
    return sorted({folder / each.relative_to(folder).parts[0] for each in inside})


def _exports_in(file: Path, path: Path, table: str) -> list[Export]:
    """Return what a file holds, as that of `path`: the file itself, or a folder of such files."""
    ending = _known_ending(file)
    if ending in WORKBOOK_ENDINGS:
        sheets = sheets_of(read_whole(file, path.name), path.name)
        found = {name: _best(candidates(rows)) for name, rows in sheets.items()}
        headed = {name: header for name, header in found.items() if header}
        several = len(sheets) > 1
        return [Export(path, each, several * name, table) for name, each in headed.items()]
    if ending in PARQUET_ENDINGS:
        import pyarrow.parquet as pq

        return [Export(path, tuple(pq.read_schema(file).names), "", table)]
    text = _text(unpacked(read_whole(file, path.name), file.name, path.name))
    lines = [each.rstrip("\r") for each in text.split("\n", SEEN)[:SEEN]]
    header = _best([read_line(each, mark) for mark in DELIMITERS for each in lines])
    return [Export(path, header or _widest(lines[0]), "", table)]


def _widest(line: str) -> tuple[str, ...]:
    """Return a line of unknown headings in as many as any delimiter parts it into."""
    parted = [tuple(read_line(line, mark)) for mark in DELIMITERS]
    return max(parted, key=len)


def _text(data: bytes) -> str:
    """Return a text to find the header in; in which letters it truly is, the reader asks."""
    try:
        return to_utf8(data, "")[0].decode("utf-8")
    except InputError:
        return data.decode("cp1252", "replace")


def _known_ending(path: Path) -> str:
    endings = (*CSV_ENDINGS, *WORKBOOK_ENDINGS, *PARQUET_ENDINGS)
    if not path.is_file():
        raise UsageError(f"no file at {path}")
    if ending_of(path.name) not in endings:
        raise UsageError(f"the file {path} is none of {', '.join(endings)}")
    return ending_of(path.name)


def _best(lines: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the line with most known headings, the first of such; none with fewer than two."""
    counted = [sum(is_heading(each) for each in set(line)) for line in lines]
    most = max(counted, default=0)
    if most < LEAST:
        return ()
    header = [each.strip() for each in lines[counted.index(most)]]
    while header and not header[-1]:
        header.pop()
    return tuple(header)
