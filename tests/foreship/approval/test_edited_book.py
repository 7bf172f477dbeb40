"""Edits are read from whatever a planner's program saved; what cannot be meant is named by cell."""

from __future__ import annotations

import random
from pathlib import Path
from string import ascii_uppercase

import pandas as pd
import pytest

from foreship.approval.edited_book import edits_of_rows, read_edits
from foreship.approval.edits import Edit
from foreship.reading.views import RunView
from foreship.reports import workbook
from tests.foreship.edited_books import edited, rows_of, saved
from tests.foreship.run_views import make_view

VIEW = make_view(items=20)
WORDS, UNITS, WHY = "decision", "new quantity", "comment"


@pytest.fixture(scope="module")
def view() -> RunView:
    """Return a made-up run of some dozens of lines."""
    assert len(VIEW.lines) > 50
    return VIEW


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, view: RunView) -> Path:
    """Write its workbook once."""
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    workbook.write(path, view)
    return path


def column(name: str) -> str:
    """Return the letter of a column of the sheet, which has fewer than 26."""
    heads = ["line", *VIEW.lines.columns, "", "", "", WORDS, UNITS, WHY]
    return chr(ord("A") + heads.index(name))


def planned(view: RunView, line: int) -> int:
    """Return what a line says."""
    return int(view.lines["quantity"].iloc[line])


def test_a_book_nobody_edited_holds_no_edit(book: Path, view: RunView) -> None:
    """As it was written, and saved again without its styles."""
    again = edited(book, book.parent / "again.xlsx", {})
    for each in (book, again):
        assert read_edits(each, view.lines, view.run_id) == ([], [], [])


def test_decisions_are_read_in_whatever_order_rows_stand(book: Path, view: RunView) -> None:
    """Numbers as text or as 3.0, blanks and capitals aside; empty rows at the end."""
    cells = {
        (0, WORDS): " Change ", (0, UNITS): "7", (0, WHY): "a fair",
        (1, WORDS): "drop", (2, WORDS): "freeze", (3, WORDS): "change", (3, UNITS): 0.0,
        (4, WORDS): "keep",
    }  # fmt: skip

    def shuffled(rows: list) -> list:
        random.Random(3).shuffle(rows)
        return [*rows, [""] * len(rows[0])]

    path = edited(book, book.parent / "shuffled.xlsx", cells, shuffled)
    edits, faults, notes = read_edits(path, view.lines, view.run_id)
    assert (faults, notes) == ([], [])
    assert [(each.line, each.decision, each.quantity) for each in edits] == [
        (0, "change", 7), (1, "drop", 0), (2, "freeze", planned(view, 2)), (3, "change", 0),
    ]  # fmt: skip
    assert edits[0].comment == "a fair"


def test_what_was_not_quite_said_is_noted(book: Path, view: RunView) -> None:
    """A quantity alone is a change, the same quantity none; a comment alone is not kept."""
    same = planned(view, 1)
    cells = {(0, UNITS): 99, (1, WORDS): "change", (1, UNITS): same, (2, WHY): "hm"}
    path = edited(book, book.parent / "said.xlsx", cells)
    edits, faults, notes = read_edits(path, view.lines, view.run_id)
    assert not faults
    assert [(each.line, each.quantity) for each in edits] == [(0, 99)]
    said = " ".join(notes)
    assert f"Plan!{column(UNITS)}2: 99 instead of {planned(view, 0)} is taken for a change" in said
    assert f"a change to the {same} that the plan says changes nothing" in said
    assert "1 row has a comment but no decision" in said


BROKEN = [
    (WORDS, "chnage", "unknown decision", "did you mean 'change'?"),
    (UNITS, 2.5, "not a quantity", "a whole number"),
    (UNITS, -1, "not a quantity", "a whole number"),
    (UNITS, "1,200", "not a quantity", "a whole number"),
    (UNITS, "1.000", "not a quantity", "a whole number"),  # a thousand, or one
    (UNITS, "#DIV/0!", "not a quantity", "a whole number"),
    (WORDS, "#N/A", "unknown decision", "keep"),
    (UNITS, True, "not a quantity", "a whole number"),
    (WORDS, "change", "a change without a new quantity", "write the units"),
    ("item", "other", "the plan's line 3 says", "sort whole rows"),
    ("quantity", 77, "the plan's line 3 says", "'new quantity'"),
    ("ship_date", "2026-12-24", "the plan's line 3 says", "cannot be edited"),
    ("line", 10_000, "no line of this plan", "lines are 0 to"),
    ("line", "", "a row that the plan does not have", "overrides"),
    ("line", 2, "line 2 stands in row 4 too", "decide once"),
]


@pytest.mark.parametrize(("head", "value", "problem", "remedy"), BROKEN)
def test_what_cannot_be_meant_is_named_by_sheet_and_cell(
    head: str, value: object, problem: str, remedy: str, book: Path, view: RunView
) -> None:
    """One fault, at its cell, with what would be right."""
    path = edited(book, book.parent / "broken.xlsx", {(3, head): value})
    edits, faults, _ = read_edits(path, view.lines, view.run_id)
    assert edits == []
    (fault,) = faults
    where = UNITS if problem.startswith("a change without") else head
    assert (fault.table, fault.column) == ("broken.xlsx", f"Plan!{column(where)}5")
    assert problem in fault.problem and remedy in fault.remedy


@pytest.mark.parametrize(
    ("word", "more", "remedy"),
    [("drop", 3, "change"), ("keep", 1, "change"), ("freeze", 1, "change")],
)
def test_a_decision_against_its_quantity_is_asked_back(
    word: str, more: int, remedy: str, book: Path, view: RunView
) -> None:
    """Either may be the mistake."""
    cells = {(5, WORDS): word, (5, UNITS): planned(view, 5) + more}
    path = edited(book, book.parent / "against.xlsx", cells)
    (fault,) = read_edits(path, view.lines, view.run_id).faults
    assert fault.column == f"Plan!{column(UNITS)}7" and remedy in fault.remedy


def test_five_broken_of_fifty_are_five_faults(book: Path, view: RunView) -> None:
    """The others are read; each broken one is named once."""
    cells: dict[tuple[int, str], object] = {(line, UNITS): 500 + line for line in range(50)}
    cells |= {(4, UNITS): 2.5, (11, UNITS): "many", (23, WORDS): "delete", (31, "item"): "x"}
    cells |= {(42, UNITS): -3}
    path = edited(book, book.parent / "fifty.xlsx", cells)
    edits, faults, _ = read_edits(path, view.lines, view.run_id)
    assert len(edits) == 45
    rows = {int(each.column.split("!")[1][1:]) for each in faults}
    assert len(faults) == 5 and rows == {6, 13, 25, 33, 44}


def test_deleted_rows_are_not_taken_for_dropped_lines(book: Path, view: RunView) -> None:
    """They may be a mistake: what can mean two things is asked."""
    path = edited(book, book.parent / "gone.xlsx", {}, lambda rows: rows[2:])
    (fault,) = read_edits(path, view.lines, view.run_id).faults
    assert "2 lines have no row any more, first line 0" in fault.problem


def test_a_row_with_the_number_of_another_line_does_not_blame_its_row(
    book: Path, view: RunView
) -> None:
    """Whichever of them stands first: what contradicts the plan is named, in one row."""
    for rows, wrong in ((lambda rows: rows, 4), (lambda rows: rows[::-1], len(view.lines) - 1)):
        path = edited(book, book.parent / "moved.xlsx", {(2, "line"): 40}, rows)
        assert [row[0] for row in rows_of(path)].count(40) == 2
        faults = read_edits(path, view.lines, view.run_id).faults
        cells = [str(each.column).removeprefix("Plan!") for each in faults]
        assert {int(each.lstrip(ascii_uppercase)) for each in cells} == {wrong}


def test_a_deleted_row_is_missed_beside_one_of_which_nobody_knows_the_line(
    book: Path, view: RunView
) -> None:
    """Of two lines without a row one may be that of the row without a number; the other is gone."""
    path = edited(book, book.parent / "two.xlsx", {(7, "line"): ""}, lambda rows: rows[1:])
    unknown, gone = read_edits(path, view.lines, view.run_id).faults
    assert unknown.column == f"Plan!{column('line')}8"
    assert "1 line has no row any more" in gone.problem and gone.column == "Plan"


def test_the_book_of_another_run_is_refused(book: Path, view: RunView, tmp_path: Path) -> None:
    """So is one without its hidden sheet, one without a heading, and what is no workbook."""
    (other,) = read_edits(book, view.lines, "0123456789").faults
    assert f"is the workbook of run {view.run_id}" in other.problem
    (alone,) = read_edits(saved(tmp_path / "a.xlsx", rows_of(book), []), view.lines).faults
    assert "holds no sheet Plan of a run" in alone.problem
    heads = [[*row[:3], *row[4:]] for row in rows_of(book)]
    meta = rows_of(book, "_meta")
    (cut,) = read_edits(saved(tmp_path / "b.xlsx", heads, meta), view.lines).faults
    assert "no column named 'destination'" in cut.problem
    (tmp_path / "c.xlsx").write_text("no workbook")
    (none,) = read_edits(tmp_path / "c.xlsx", view.lines).faults
    assert "cannot be read as a workbook" in none.problem


def test_edits_may_be_a_text_file_of_some_lines(tmp_path: Path, view: RunView) -> None:
    """With the same rules, cells named by line."""
    path = tmp_path / "edits.csv"
    path.write_text("line,decision,new_quantity,comment\n2,change,9,late\n4,drop,,\n\n")
    edits, faults, _ = read_edits(path, view.lines)
    assert faults == []
    assert edits == [Edit(2, "change", 9, "late", "line 2"), Edit(4, "drop", 0, "", "line 3")]
    path.write_text("line,decision,new_quantity\n2,change,x\n")
    (fault,) = read_edits(path, view.lines).faults
    assert fault.column == "line 2" and fault.values == ("x",)


def test_days_are_read_as_spreadsheets_keep_them(book: Path, view: RunView) -> None:
    """As a number of days, where a program dropped the format."""
    day = pd.Timestamp(view.lines["ship_date"].iloc[3])
    number = (day - pd.Timestamp("1899-12-30")).days
    path = edited(book, book.parent / "days.xlsx", {(3, "ship_date"): number})
    assert read_edits(path, view.lines, view.run_id).faults == []


def test_a_sort_of_some_columns_is_one_fault_a_column(book: Path, view: RunView) -> None:
    """Items written over in every row: the first cell and a count, not one sentence a row."""
    lines = range(len(view.lines))
    assert len(lines) > 6
    path = edited(book, book.parent / "sorted.xlsx", {(line, "item"): 7.0 for line in lines})
    (fault,) = read_edits(path, view.lines, view.run_id).faults
    assert f"and {len(lines) - 1} cells below say otherwise, too" in fault.problem
    assert fault.column == f"Plan!{column('item')}2" and fault.values == ("7",)
    few = edited(book, book.parent / "few.xlsx", {(line, "item"): "x" for line in range(3)})
    assert len(read_edits(few, view.lines, view.run_id).faults) == 3


def test_a_cell_that_no_reader_takes_is_told(view: RunView, tmp_path: Path) -> None:
    """As a quote that is never closed, with all of a long file behind it."""
    path = tmp_path / "edits.csv"
    path.write_text(f'line,decision,new_quantity,comment\n3,drop,,"{"x" * 200_000}\n')
    (fault,) = read_edits(path, view.lines).faults
    assert "cannot be read as CSV" in fault.problem and "quotes that are closed" in fault.remedy


def test_rows_that_no_file_holds_are_read_by_the_rules_of_a_file(
    view: RunView, tmp_path: Path
) -> None:
    """The same edits, faults and notes; a row is told by its line."""
    rows = [
        {"line": "3", "decision": "drop", "new_quantity": "", "comment": "no"},
        {"line": "4", "decision": "burn", "new_quantity": "", "comment": ""},
        {"line": "99999", "decision": "drop", "new_quantity": "", "comment": ""},
    ]
    path = tmp_path / "edits.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    mine, theirs = edits_of_rows(rows, view.lines), read_edits(path, view.lines)
    assert [(each.line, each.decision, each.comment) for each in mine.edits] == [(3, "drop", "no")]
    assert [each.problem for each in mine.faults] == [each.problem for each in theirs.faults]
    assert mine.edits[0].cell == "line 3" and mine.faults[0].column == "line 4"
