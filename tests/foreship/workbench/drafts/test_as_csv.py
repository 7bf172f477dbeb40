"""A draft goes to an approval as the same file that a planner would write by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from foreship.approval.edited_book import read_edits
from foreship.workbench.drafts.as_csv import as_csv
from foreship.workbench.drafts.log import Draft, read_draft
from tests.foreship.workbench.drafted import action


def drafted(folder: Path, *actions: object) -> Draft:
    """Return a draft with actions in it."""
    found = read_draft(folder, "run").append_all(actions)  # type: ignore[arg-type]
    assert isinstance(found, Draft)
    return found


def test_an_approval_reads_what_was_decided(tmp_path: Path) -> None:
    """Every decision, with comments that hold commas, quotes, line ends and formulas."""
    draft = drafted(
        tmp_path,
        action(2, "change", 5, 'promised, "surely"\nby phone'),
        action(0, "drop", 0, "=1+1"),
        action(1, "freeze", 20, "two\rlines"),
        action(3, "keep", None, "fine"),
    )
    path = tmp_path / "edits.csv"
    path.write_text(as_csv(draft), "utf-8", newline="")
    read = read_edits(path, pd.DataFrame({"quantity": [10, 20, 30, 40]}))
    assert read.faults == []
    assert read.notes == []
    assert [replace(each, cell="") for each in read.edits] == draft.edits()


def test_authors_are_named_where_there_are_several(tmp_path: Path) -> None:
    """One author is the one who approves; of two each stands beside their words."""
    one = drafted(tmp_path / "one", action(0, comment="why"))
    assert as_csv(one) == "line,decision,new_quantity,comment\n0,change,12,why\n"
    two = drafted(tmp_path / "two", action(0, comment="why"), action(1, author="Ben"))
    assert as_csv(two).splitlines()[1:] == ["0,change,12,why (Ada)", "1,change,12,(Ben)"]


def test_a_draft_without_a_decision_is_a_file_of_headings(tmp_path: Path) -> None:
    """Nothing decided, nothing to work in."""
    assert as_csv(drafted(tmp_path)) == "line,decision,new_quantity,comment\n"
