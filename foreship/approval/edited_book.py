"""Read a plan's workbook back: what was decided about which line, and what cannot be meant.

Nobody's row order, column order or number formats are relied on: a row is known by its hidden line
number, and must still say what the plan says. Rows of a CSV file are read by the same rules.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from foreship.approval.edits import Edit
from foreship.errors import Fault, InputError
from foreship.files import read_whole
from foreship.ingest.formats.container import SheetFacts, column_letters, open_container
from foreship.reports.workbook import decisions
from foreship.reports.workbook.rows import fits
from foreship.reports.workbook.sheets import MOST_ROWS
from foreship_foundation.bounds import MOST_UNITS
from foreship_foundation.telling.near_names import nearest
from foreship_foundation.telling.words import plural

__all__ = ["EditsRead", "edits_of_rows", "read_edits"]

META: Final = "_meta"
KEYS: Final = ("action", "origin", "destination", "item")
DAYS: Final = ("ship_date", "arrival_date")
DECIDED: Final = (decisions.DECISION, decisions.NEW_QUANTITY, decisions.COMMENT)
FIRST_DAY: Final = datetime(1899, 12, 30)
"""day 0 of a spreadsheet"""


class EditsRead(NamedTuple):
    """What stands in an edited plan."""

    edits: list[Edit]
    """in the order of lines; what changes nothing is none"""
    faults: list[Fault]
    notes: list[str]
    """what was understood though it was not written as asked, one sentence each"""


def read_edits(
    path: Path, lines: pd.DataFrame, run_id: str = "", *, keeps: bool = False
) -> EditsRead:
    """Read what a planner decided about the lines of a run.

    Parameters
    ----------
    path
        The run's workbook as it was saved by whatever program, or a CSV file with the columns
        `line, decision, new_quantity, comment`.
    lines
        `plan.parquet` of the run.
    run_id
        The run that a workbook must be of.
    keeps
        Whether a line that shall stay as planned is an edit, too, as one that undoes what was
        decided about it before; an approval has nothing to undo.
    """
    data = read_whole(path, path.name)
    if path.suffix.lower() == ".csv":
        sheet, faults = _csv_rows(path.name, data)
    else:
        sheet, faults = _book_rows(path.name, data, run_id)
    if sheet is None:
        return EditsRead([], faults, [])
    reader = _Reader(sheet, lines, faults, keeps)
    edits = sorted(reader.edits())
    if sheet.whole:
        faults += _deleted(sheet, reader, lines)
    return EditsRead(edits, _gathered(faults), reader.notes)


def edits_of_rows(
    rows: Sequence[Mapping[str, Any]], lines: pd.DataFrame, file: str = "decisions"
) -> EditsRead:
    """Read decisions that were not written into a file by the rules for those that were.

    Parameters
    ----------
    rows
        Values by `line, decision, new_quantity, comment`, a row a line; each is told by its line.
    lines
        `plan.parquet` of the run.
    file
        What faults call them.
    """
    named = [{NAMED.get(key, key): value for key, value in row.items()} for row in rows]
    places = [_whole(row.get(decisions.LINE, "")) or 0 for row in named]
    sheet = _Sheet(file, list(zip(places, named, strict=True)), {}, False)
    faults: list[Fault] = []
    reader = _Reader(sheet, lines, faults)
    edits = sorted(reader.edits())
    return EditsRead(edits, _gathered(faults), reader.notes)


NAMED: Final = {"new_quantity": decisions.NEW_QUANTITY}
"""headings of text files that a workbook calls otherwise"""
PLAN_SAYS: Final = "the plan's line"
"""how faults begin of cells that no longer say what the plan does"""
MOST_ALIKE: Final = 5
"""such cells of one column that are told one by one"""


@dataclass(frozen=True)
class _Sheet:
    """Rows by heading, each with its number, and where a heading's cells are."""

    file: str
    rows: list[tuple[int, Mapping[str, Any]]]
    places: Mapping[str, str]
    """heading -> letters of its column; empty for text files"""
    whole: bool
    """whether every line of the plan should be there"""

    def cell(self, row: int, heading: str) -> str:
        letters = self.places.get(heading)
        return f"{decisions.PLAN_SHEET}!{letters}{row}" if letters else f"line {row}"

    def fault(self, row: int, heading: str, problem: str, remedy: str, *values: Any) -> Fault:
        shown = tuple(fits(_plainly(each))[:60] for each in values)
        return Fault(self.file, problem, remedy, column=self.cell(row, heading), values=shown)


def _book_rows(file: str, data: bytes, run_id: str) -> tuple[_Sheet | None, list[Fault]]:
    """Return the rows of the plan's sheet of a workbook, None where it is none of this run."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        told = book.get_sheet_by_name(META).to_python() if META in names else []
        cells = (
            book.get_sheet_by_name(decisions.PLAN_SHEET).to_python(skip_empty_area=False)
            if decisions.PLAN_SHEET in names
            else []
        )
        _show_odd(cells, open_container(data, file).facts(decisions.PLAN_SHEET) if cells else None)
    except InputError as error:
        return None, list(error.faults)
    except (CalamineError, OSError, ValueError) as error:
        remedy = "give the run's plan.xlsx as a spreadsheet program saved it, or a .csv file"
        return None, [Fault(file, f"cannot be read as a workbook ({error})", remedy)]
    facts = {str(row[0]): str(row[1]) for row in told if len(row) > 1}
    if not cells or "run_id" not in facts:
        remedy = "edit plan.xlsx of the run, no copy of some of its sheets"
        return None, [Fault(file, f"holds no sheet {decisions.PLAN_SHEET} of a run", remedy)]
    if run_id and facts["run_id"] != run_id:
        problem = f"is the workbook of run {facts['run_id']}, not of {run_id}"
        return None, [Fault(file, problem, "edit plan.xlsx of the run that is to be approved")]
    heads = [_text(each) for each in cells[0]]
    places = {head: column_letters(place) for place, head in enumerate(heads) if head}
    rows = [(number, dict(zip(heads, row, strict=False))) for number, row in enumerate(cells, 1)]
    sheet = _Sheet(file, [each for each in rows[1:] if _holds_something(each[1])], places, True)
    return _with_headings(sheet, heads, (decisions.LINE, *KEYS, "quantity", *DECIDED))


def _show_odd(cells: list[list[Any]], facts: SheetFacts | None) -> None:
    """Write error cells and formulas without a value where the reader has blanks."""
    for (row, column), words in (facts.odd if facts else {}).items():
        if row < len(cells) and column < len(cells[row]):
            cells[row][column] = words


def _csv_rows(file: str, data: bytes) -> tuple[_Sheet | None, list[Fault]]:
    """Return the rows of a CSV file, None where it has no such columns."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [Fault(file, "is not UTF-8 text", "save it as UTF-8")]
    try:
        found = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        remedy = "write a row a line, texts with commas in quotes that are closed"
        return None, [Fault(file, f"cannot be read as CSV ({error})", remedy)]
    heads = [NAMED.get(each.strip(), each.strip()) for each in (found or [[]])[0]]
    rows = [(number, dict(zip(heads, row, strict=False))) for number, row in enumerate(found, 1)]
    sheet = _Sheet(file, [each for each in rows[1:] if _holds_something(each[1])], {}, False)
    return _with_headings(sheet, heads, (decisions.LINE, *DECIDED[:2]))


def _with_headings(
    sheet: _Sheet, heads: Sequence[str], wanted: Sequence[str]
) -> tuple[_Sheet | None, list[Fault]]:
    """Return the sheet if its first row has each heading once."""
    faults = []
    for each in wanted:
        if heads.count(each) != 1:
            times = "no column" if each not in heads else plural(heads.count(each), "column")
            remedy = "leave the first row as it was written"
            faults.append(Fault(sheet.file, f"has {times} named {each!r}", remedy))
    return (None if faults else sheet), faults


class _Meant(NamedTuple):
    """What a row says: its line, decision and quantity, the last None where it is blank."""

    line: int
    word: str
    quantity: int | None


def _gathered(faults: list[Fault]) -> list[Fault]:
    """Say once of a column what many of its cells have: a sort of some columns has hundreds."""
    alike: dict[tuple[str, str], list[Fault]] = {}
    for each in faults:
        alike.setdefault((re.sub("[0-9]+$", "", each.column), each.remedy), []).append(each)
    found: list[Fault] = []
    for group in alike.values():
        first = group[0]
        if len(group) > MOST_ALIKE and first.problem.startswith(PLAN_SAYS):
            more = f"{first.problem}, and {plural(len(group) - 1, 'cell')} below say otherwise, too"
            found.append(replace(first, problem=more))
        else:
            found += group
    return found


@dataclass
class _Reader:
    """Turns rows into edits, and gathers what is wrong and what was assumed."""

    sheet: _Sheet
    lines: pd.DataFrame
    faults: list[Fault]
    keeps: bool = False
    """whether a line that is kept is an edit, too"""
    notes: list[str] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)
    """line -> row in which it stands"""
    unknown: int = 0
    """rows that may be of any line: without its number, or saying what another line says"""

    def edits(self) -> Iterator[Edit]:
        """Yield what was decided, row by row."""
        self._plan = self.lines.to_dict("list")
        lonely = 0
        for row, cells in self.sheet.rows:
            before = len(self.faults)
            self.faults += self._row_faults(row, cells)
            if len(self.faults) > before:
                continue
            meant = self._meant(row, cells)
            if meant is None:
                continue
            edit = self._edit(row, cells, meant)
            if edit is not None:
                yield edit
            elif _text(cells.get(decisions.COMMENT)):
                lonely += 1
        if lonely:
            rows = plural(lonely, "row has a comment", "rows have comments")
            self.notes.append(f"{rows} but no decision: comments alone are not kept")

    def _row_faults(self, row: int, cells: Mapping[str, Any]) -> Iterator[Fault]:
        """Yield why a row is not about a line of this plan, as it was written."""
        head, value = decisions.LINE, cells.get(decisions.LINE, "")
        line = _whole(value)
        if line is None or line >= len(self.lines):
            last = len(self.lines) - 1
            blank = _text(value) == ""
            problem = "a row that the plan does not have" if blank else "no line of this plan"
            remedy = f"lines are 0 to {last}; what the plan lacks is asked for in overrides"
            self.unknown += 1
            yield self.sheet.fault(row, head, problem, remedy, *([] if blank else [value]))
            return
        if line in self.seen:
            problem = f"line {line} stands in row {self.seen[line]} too"
            self.unknown += any(self._written_over(row, cells, line))
            yield self.sheet.fault(row, head, problem, "decide once about a line")
            return
        wrong = list(self._written_over(row, cells, line)) if self.sheet.whole else []
        if wrong:
            # the line may have a row of its own, which is not to be blamed
            self.unknown += 1
        else:
            self.seen[line] = row
        yield from wrong

    def _written_over(self, row: int, cells: Mapping[str, Any], line: int) -> Iterator[Fault]:
        """Yield what the row no longer says as the plan does."""
        for key in KEYS:
            there = str(self._plan[key][line])
            if _bare(_text(cells.get(key))) != _bare(fits(there)):
                remedy = "sort whole rows, and leave what the plan says as it is"
                problem = f"{PLAN_SAYS} {line} says {there or 'nothing'}"
                yield self.sheet.fault(row, key, problem, remedy, cells.get(key))
        planned = int(self._plan["quantity"][line])
        if _whole(cells.get("quantity")) != planned:
            remedy = f"write the units that you want into {decisions.NEW_QUANTITY!r}"
            problem = f"{PLAN_SAYS} {line} says {planned}"
            yield self.sheet.fault(row, "quantity", problem, remedy, cells.get("quantity"))
        for key in DAYS:
            due = pd.Timestamp(self._plan[key][line]).date()
            found = _day(cells[key]) if key in cells else due
            if found != due:
                remedy = "days follow from lanes and cannot be edited"
                problem = f"{PLAN_SAYS} {line} says {due}"
                yield self.sheet.fault(row, key, problem, remedy, cells[key])

    def _meant(self, row: int, cells: Mapping[str, Any]) -> _Meant | None:
        """Return what a row says, None where a cell of it cannot be understood."""
        word = _text(cells.get(decisions.DECISION)).casefold()
        given = cells.get(decisions.NEW_QUANTITY, "")
        quantity = None if _text(given) == "" else _whole(given)
        faults = []
        if word and word not in decisions.DECISIONS:
            remedy = nearest(word, decisions.DECISIONS)
            faults.append(
                self.sheet.fault(row, decisions.DECISION, "unknown decision", remedy, word)
            )
        if _text(given) and quantity is None:
            remedy = f"write a whole number from 0 to {MOST_UNITS:,}"
            faults.append(
                self.sheet.fault(row, decisions.NEW_QUANTITY, "not a quantity", remedy, given)
            )
        self.faults += faults
        line = _whole(cells[decisions.LINE])
        return None if faults or line is None else _Meant(line, word, quantity)

    def _edit(self, row: int, cells: Mapping[str, Any], meant: _Meant) -> Edit | None:
        """Return the edit that a row asks for, None where it changes nothing or contradicts itself.

        A quantity that differs, without a decision, is a change; that is noted.
        """
        planned = int(self._plan["quantity"][meant.line])
        word, quantity = meant.word, meant.quantity
        wrong = _contradiction(word, quantity, planned)
        if wrong:
            self.faults.append(
                self.sheet.fault(row, decisions.NEW_QUANTITY, *wrong, *_known(quantity))
            )
            return None
        differs = quantity is not None and quantity != planned
        if word == "" and differs:
            word = decisions.CHANGE
            cell = self.sheet.cell(row, decisions.NEW_QUANTITY)
            self.notes.append(f"{cell}: {quantity} instead of {planned} is taken for a change")
        elif word == decisions.CHANGE and not differs:
            cell = self.sheet.cell(row, decisions.NEW_QUANTITY)
            self.notes.append(
                f"{cell}: a change to the {planned} that the plan says changes nothing"
            )
            word = decisions.KEEP
        if word == "" or (word == decisions.KEEP and not self.keeps):
            return None
        as_planned = dict.fromkeys((decisions.KEEP, decisions.FREEZE), planned)
        wanted = {decisions.DROP: 0, **as_planned}.get(word, quantity)
        comment = _text(cells.get(decisions.COMMENT))
        written = decisions.DECISION if quantity is None else decisions.NEW_QUANTITY
        cell = self.sheet.cell(row, written)
        return Edit(meant.line, word, int(wanted or 0), comment, cell)


def _contradiction(word: str, quantity: int | None, planned: int) -> tuple[str, str] | None:
    """Return problem and remedy of a decision and a quantity that cannot both be meant."""
    if word == decisions.CHANGE and quantity is None:
        return "a change without a new quantity", "write the units that you want"
    if quantity is None:
        return None
    if word == decisions.DROP and quantity != 0:
        return "a dropped line with a new quantity", f"write {decisions.CHANGE}, or no quantity"
    if word in (decisions.KEEP, decisions.FREEZE) and quantity != planned:
        problem = f"{word} with another quantity than the plan's {planned}"
        return problem, f"write {decisions.CHANGE}, or no quantity"
    return None


def _known(quantity: int | None) -> tuple[int, ...]:
    return () if quantity is None else (quantity,)


def _deleted(sheet: _Sheet, reader: _Reader, lines: pd.DataFrame) -> list[Fault]:
    """Name lines whose rows are gone: that may be a mistake or meant as dropping them.

    Rows that may be of any line are taken for some of those that are missed.
    """
    missed = [line for line in range(len(lines)) if line not in reader.seen]
    gone = len(missed) - reader.unknown
    if gone <= 0 or len(lines) > MOST_ROWS:
        return []
    first = lines.iloc[missed[0]]
    where = f"{first['action']} {first['item']} from {first['origin']}"
    problem = f"{plural(gone, 'line has', 'lines have')} no row any more"
    problem += f", first line {missed[0]}, {where}" if not reader.unknown else ""
    remedy = f"a line is dropped by {decisions.DROP!r} in its row; start from the run's plan.xlsx"
    return [Fault(sheet.file, problem, remedy, column=decisions.PLAN_SHEET)]


def _plainly(value: Any) -> str:
    """Write a value as a planner sees it: workbooks keep whole numbers as 3.0."""
    whole = isinstance(value, float) and value.is_integer()
    return f"{value:.0f}" if whole else str(value)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _bare(text: str) -> str:
    """Return a text without what spreadsheet programs write line ends as."""
    return re.sub(r"_x000[DA]_|[\r\n]", "", text).strip()


def _whole(value: Any) -> int | None:
    """Return a whole number of units that is meant by a cell, None where none is for certain."""
    if isinstance(value, bool | date):
        return None
    if isinstance(value, str):
        text = value.strip()
        if not re.fullmatch(r"\d+(\.0{0,2})?", text):
            return None  # 1.000 may be a thousand
        value = float(text)
    if not isinstance(value, int | float) or not 0 <= value <= MOST_UNITS:
        return None  # as what is no number at all is
    return int(value) if value == int(value) else None


def _day(value: Any) -> date | None:
    """Return the day in a cell: as a date, as its number, or in words 2026-11-16."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float | int) and not isinstance(value, bool) and 0 < value < 10**6:
        return (FIRST_DAY + timedelta(days=float(value))).date()
    try:
        return date.fromisoformat(_text(value)[:10])
    except ValueError:
        return None


def _holds_something(cells: Mapping[str, Any]) -> bool:
    return any(_text(each) != "" for each in cells.values())
