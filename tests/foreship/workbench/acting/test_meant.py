"""What a form or a file decides is read by the rules of an approval."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foreship.errors import InputError, UsageError
from foreship.workbench.acting import meant
from foreship.workbench.bench import Bench
from foreship.workbench.door.knock import Refused
from foreship.workbench.door.places import NotFound
from foreship.workbench.drafts.entry import Entry
from foreship.workbench.drafts.log import Draft
from foreship.workbench.held.run import HeldRun
from tests.foreship.workbench.drafted import action
from tests.foreship.workbench.stand_ins import own_bench

LINE = 70
"""a line that ships several units"""


def entry(bench: Bench, **form: Any) -> Entry:
    """Return what a form decides on the made-up run, on an empty draft."""
    fields = {"line": LINE, "base": 0, **form}
    text = {name: str(value) for name, value in fields.items()}
    return meant.entry_of(bench.run("latest"), bench.draft("latest"), text, "Ada")


def planned(bench: Bench) -> int:
    """Return the units of the line."""
    return int(bench.run("latest").run.plan["quantity"].iloc[LINE])


def test_each_decision_becomes_an_entry(told_bench: Bench) -> None:
    """With the units that it means, as an approval would have them."""
    units = planned(told_bench)
    change = entry(told_bench, decision="change", quantity=units - 1, comment=" less ")
    assert (change.quantity, change.comment, change.author) == (units - 1, "less", "Ada")
    assert entry(told_bench, decision="drop").quantity == 0
    assert entry(told_bench, decision="freeze").quantity == units
    assert entry(told_bench, decision="keep").quantity is None


def test_the_planned_units_that_a_form_begins_with_contradict_no_decision(
    told_bench: Bench,
) -> None:
    """Other units beside a drop do."""
    assert entry(told_bench, decision="drop", quantity=planned(told_bench)).quantity == 0
    with pytest.raises(InputError) as found:
        entry(told_bench, decision="drop", quantity=planned(told_bench) - 1)
    assert "dropped line" in found.value.faults[0].problem


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"decision": "burn"}, "unknown decision"),
        ({"decision": "change", "quantity": "1.5"}, "not a quantity"),
        ({"decision": "change", "quantity": ""}, "without a new quantity"),
        ({"decision": "change", "quantity": 10**6}, "asked for"),
    ],
)
def test_what_no_plan_could_keep_is_refused_by_line(
    told_bench: Bench, form: dict[str, Any], problem: str
) -> None:
    """With what would be right."""
    with pytest.raises(InputError) as found:
        entry(told_bench, **form)
    fault = found.value.faults[0]
    assert problem in fault.problem and f"line {LINE}" in fault.column and fault.remedy


@pytest.mark.parametrize("line", ["-1", "99999", "x", "", "²"])
def test_a_line_that_is_not_there_is_not_found(told_bench: Bench, line: str) -> None:
    """Whatever is written for it."""
    with pytest.raises(NotFound):
        entry(told_bench, line=line, decision="drop")


def test_a_comment_of_any_length_is_not_cut(told_bench: Bench) -> None:
    """It is refused."""
    with pytest.raises(UsageError, match="at most 1,000 letters"):
        entry(told_bench, decision="drop", comment="x" * 1001)


def test_a_comment_holds_what_can_be_seen(told_bench: Bench) -> None:
    """No end of a text, no turning round of letters; lines, joined letters and pictures stay."""
    said = entry(
        told_bench, decision="drop", comment=" a\0b\u202egnp.\u2066\r\nm\u200c\u0646 \U0001f600\r"
    )
    assert said.comment == "abgnp.\nm\u200c\u0646 \U0001f600"


def test_a_version_that_a_draft_never_had_is_no_base(told_bench: Bench) -> None:
    """The page is of a draft that was cleaned away: what came after it would be no clash."""
    draft = told_bench.draft("latest")
    with pytest.raises(Refused, match="cleaned away") as found:
        meant.version_of({"base": "7"}, "base", draft)
    assert found.value.status == 409
    assert meant.version_of({"base": "0"}, "base", draft) == 0
    with pytest.raises(UsageError):
        meant.version_of({"base": "-1"}, "base", draft)


@pytest.mark.parametrize("row", ["keep,", "change,PLANNED"])
def test_a_line_that_a_file_leaves_as_planned_undoes_what_was_decided(
    tmp_path: Path, row: str
) -> None:
    """Said by `keep`, or by a change to what the plan says; a row without a word undoes nothing."""
    with own_bench(tmp_path) as bench:
        held = bench.run("latest")
        draft = bench.draft("latest").append_all([action(LINE, "drop", 0), action(71, "drop", 0)])
        assert isinstance(draft, Draft)
        path = tmp_path / "plan.csv"
        said = row.replace("PLANNED", str(planned(bench)))
        path.write_text(f"line,decision,new_quantity,comment\n{LINE},{said},as it was\n71,,,\n")
        entries, _ = meant.entries_of_file(held, draft, path, "Ada", draft.version)
        assert [(each.line, each.decision, each.comment) for each in entries] == [
            (LINE, "keep", "as it was")
        ]
        after = draft.append_all(entries)
        assert isinstance(after, Draft) and [each.line for each in after.decided] == [71]


def test_a_file_decides_as_an_approval_reads_it(told_bench: Bench, tmp_path: Path) -> None:
    """All of it or nothing."""
    held: HeldRun = told_bench.run("latest")
    path = tmp_path / "plan.csv"
    path.write_text(f"line,decision,new_quantity,comment\n{LINE},drop,,no\n71,keep,,\n")
    entries, notes = meant.entries_of_file(held, told_bench.draft("latest"), path, "Ada", 3)
    told = [(each.line, each.decision, each.base) for each in entries]
    assert told == [(LINE, "drop", 3), (71, "keep", 3)]
    assert notes == []
    path.write_text("line,decision,new_quantity,comment\n70,drop,,no\n71,burn,,\n")
    with pytest.raises(InputError):
        meant.entries_of_file(held, told_bench.draft("latest"), path, "Ada", 3)
