"""From a form to an entry of a draft: what is decided is checked by the rules of an approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from foreship.approval.checking import faults_of
from foreship.approval.edited_book import EditsRead, edits_of_rows, read_edits
from foreship.approval.edits import Edit
from foreship.approval.life import Stage
from foreship.approval.life_words import life_words
from foreship.approval.papers import time_now
from foreship.errors import Fault, InputError, UsageError
from foreship.jobs.deciding.signing import refuse_decided
from foreship.reports.workbook import decisions
from foreship.runs import RUNS
from foreship.workbench.bench import Bench
from foreship.workbench.door.knock import Refused
from foreship.workbench.door.places import RUN_NAME, NotFound
from foreship.workbench.drafts.entry import DECIDED, LONGEST_COMMENT, TAKEN_BACK, Entry
from foreship.workbench.drafts.log import Draft
from foreship.workbench.handling import Request
from foreship.workbench.held.run import HeldRun
from foreship_foundation.telling.words import plural

__all__ = [
    "OPEN",
    "entries_of_file",
    "entry_of",
    "is_open",
    "line_of",
    "refuse_closed",
    "run_and_draft",
    "taken_back",
    "version_of",
    "whole_number",
]

OPEN: Final = (Stage.draft, Stage.held)
"""stages in which lines of a run are still decided on"""
WITHIN_WORDS: Final = "\n\t\u200c\u200d"
"""what is not seen by itself and belongs to a text: ends of lines, and how letters are joined"""
LOCKS: Final = "overrides"
"""table whose rows stand for edits of earlier approvals, too"""


def run_and_draft(request: Request, bench: Bench) -> tuple[HeldRun, Draft]:
    """Return the run that is asked about, and its draft.

    Raises
    ------
    UsageError
        If a deed is asked for on `latest` or `released`: another run may be that by now.
    """
    name = request.path["run"]
    if request.form and not RUN_NAME.fullmatch(name):
        raise UsageError(f"say which run is meant: {name} may be another one by now")
    return bench.run(name), bench.draft(name)


def refuse_closed(held: HeldRun) -> None:
    """Refuse decisions on a run that nobody decides on any more.

    Raises
    ------
    UsageError
        If it is no plan of a week, or the week is released.
    Refused
        409, if it is approved, or another run took its place.
    """
    refuse_decided(held.run)
    if not is_open(held):
        raise Refused(409, " ".join(life_words(held.life)))


def is_open(held: HeldRun) -> bool:
    """Whether lines of a run are still decided on."""
    return held.run.path.parent.name == RUNS and held.life.stage in OPEN


def line_of(text: str, held: HeldRun) -> int:
    """Return the line that an address names.

    Raises
    ------
    NotFound
        If the run has none of this number.
    """
    line = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    if not 0 <= line < len(held.run.plan):
        raise NotFound(f"{held.name} has no line {text!r}")
    return line


def whole_number(form: Mapping[str, str], name: str) -> int:
    """Return a number that a form of ours carries unseen.

    Raises
    ------
    UsageError
        If it is none.
    """
    text = form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise UsageError(f"the form says no whole number for {name}")
    return int(text)


def version_of(form: Mapping[str, str], name: str, draft: Draft) -> int:
    """Return the version of a draft that a form was filled in on.

    Raises
    ------
    UsageError
        If the form says none.
    Refused
        409, if the draft never came so far: it is another one than was shown.
    """
    version = whole_number(form, name)
    if version > draft.version:
        words = "what was decided on this run was cleaned away since this page was shown"
        raise Refused(409, f"{words}; load it anew")
    return version


def entry_of(held: HeldRun, draft: Draft, form: Mapping[str, str], who: str) -> Entry:
    """Return what a form decides on a line.

    What no plan could keep whatever else it sent is refused here; what only the program knows is
    told by its price and at the approval.

    Raises
    ------
    InputError
        With every fault of it.
    """
    line = line_of(form.get("line", ""), held)
    decision, quantity = form.get("decision", ""), form.get("quantity", "").strip()
    if decision != decisions.CHANGE and quantity == str(held.run.plan["quantity"].iloc[line]):
        quantity = ""  # the field begins with it
    row = {
        decisions.LINE: str(line),
        decisions.DECISION: decision,
        "new_quantity": quantity,
        decisions.COMMENT: form.get("comment", ""),
    }
    read = edits_of_rows([row], held.run.plan)
    _refuse(read.faults)
    base, comment = version_of(form, "base", draft), form.get("comment", "").strip()
    if not read.edits:
        return _entry(Edit(line, decisions.KEEP, 0, comment), who, base)
    edit = read.edits[0]
    _refuse(_against(held, draft, [edit]))
    return _entry(edit, who, base)


def entries_of_file(
    held: HeldRun, draft: Draft, path: Path, who: str, base: int
) -> tuple[list[Entry], list[str]]:
    """Return what an edited workbook or a CSV file decides, and what was assumed of it.

    Raises
    ------
    InputError
        With every fault of it; nothing of it counts then.
    """
    read: EditsRead = read_edits(path, held.run.plan, held.run.id, keeps=True)
    _refuse(read.faults)
    _refuse(_against(held, draft, read.edits))
    return [_entry(each, who, base) for each in read.edits], read.notes


def taken_back(line: int, who: str, base: int) -> Entry:
    """Return the entry by which nothing is decided on a line any more."""
    return Entry(line, TAKEN_BACK, None, "", who, time_now(), base)


def _entry(edit: Edit, who: str, base: int) -> Entry:
    comment = _readable(edit.comment)
    if len(comment) > LONGEST_COMMENT:
        raise UsageError(f"a comment has at most {plural(LONGEST_COMMENT, 'letter')}")
    quantity = None if edit.decision == decisions.KEEP else edit.quantity
    return Entry(edit.line, edit.decision, quantity, comment, who, time_now(), base)


def _readable(text: str) -> str:
    """Return a comment without what cannot be seen: it may turn letters round, or end a text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each.isprintable() or each in WITHIN_WORDS).strip()


def _against(held: HeldRun, draft: Draft, edits: Sequence[Edit]) -> list[Fault]:
    """Return the faults of edits beside all others of the draft, those that are about them."""
    view = held.view
    if not {"stock", "lanes", "items", "regions", "hubs"} <= set(view.tables):
        return []  # an older run; its approval looks at them
    mine = {each.line for each in edits}
    others = [each.edit for each in draft.decided if each.line not in mine]
    asked = [each for each in edits if each.decision in DECIDED]
    named = [replace(each, cell=f"line {each.line}") for each in (*others, *asked)]
    tables = {name: frame for name, frame in view.tables.items() if name != LOCKS}
    least = _least(view.assumptions)
    found = faults_of(
        sorted(named), held.run.plan, tables, view.as_of, minimum_line=least, file="decisions"
    )
    cells = {f"line {each}" for each in mine}
    return [each for each in found if cells & set(str(each.column).split(", "))]


def _least(settings: Mapping[str, Any]) -> int:
    return int(settings.get("plan", {}).get("minimum_line_quantity", 0))


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        count = plural(len(faults), "fault")
        raise InputError(f"this has {count}; nothing of it is kept:", list(faults))
