"""Drafts are held against the approval that stands, whichever run of the two is looked at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from foreship.errors import Tampered
from foreship.files import write_json
from foreship.runs import workspace_lock
from foreship.workbench.acting import commands
from foreship.workbench.acting.unsigned import at_work_told, told, unsigned_of
from foreship.workbench.bench import Bench
from tests.foreship.workbench.drafted import action
from tests.foreship.workbench.hands import approved
from tests.foreship.workbench.stand_ins import own_bench, waiting


def late(bench: Bench, run: str) -> list[tuple[str, list[int]]]:
    """Return the drafts that say more than was approved, each with its lines."""
    found = unsigned_of(bench.runs_at, run)
    return [(each.draft.run, [entry.line for entry in each.entries]) for each in found]


def test_both_runs_of_an_approval_tell_of_its_drafts(tmp_path: Path) -> None:
    """The one that was made also of its own: it could be decided on until it was signed."""
    with own_bench(tmp_path) as bench:
        base = bench.place("latest").name
        bench.draft(base).append_all([action(70, "drop", 0), action(71, "drop", 0)])
        assert late(bench, base) == []
        new = approved(bench, [(70, "drop", 0)])
        assert late(bench, base) == [(base, [71])] and late(bench, new) == [(base, [71])]
        bench.draft(new).append(action(72, "drop", 0))
        assert late(bench, new) == [(new, [72]), (base, [71])]
        assert late(bench, base) == [(base, [71])]


def test_what_was_approved_otherwise_stands_beside_what_is_said_now(tmp_path: Path) -> None:
    """By whom; what was taken back since, too. On the made run it leads to the other's page."""
    with own_bench(tmp_path) as bench:
        base = bench.place("latest").name
        bench.draft(base).append_all([action(70, "change", 3), action(71, "drop", 0)])
        bench.draft(base).append(action(70, "", None, author="Ben", base=2))
        new = approved(bench, [(70, "change", 3)])
        (found,) = unsigned_of(bench.runs_at, new)
        words = str(told(found, "Ada", new))
        assert "line 70: taken back; approved: change to 3 " in words
        assert "line 71: drop; approved: as planned " in words and "said to be Ben" in words
        assert f'href="/run/{base}/edits"' in words and "<form" not in words
        assert str(told(found, "Ada", base)).count("<form") == 2


def test_edits_of_an_approval_that_were_written_over_are_not_believed(tmp_path: Path) -> None:
    """As everywhere."""
    with own_bench(tmp_path) as bench:
        new = approved(bench, [(70, "drop", 0)])
        write_json([], bench.runs_at / "approvals" / new / "edits.csv")
        with pytest.raises(Tampered):
            unsigned_of(bench.runs_at, new)


def test_a_program_beside_the_server_is_told_while_it_writes(tmp_path: Path) -> None:
    """It may be approving, at a terminal or from another server; our own work says so itself."""
    with own_bench(tmp_path) as bench:
        draft = bench.draft("latest")
        assert at_work_told(bench, draft) == ""
        with workspace_lock(bench.runs_at):
            words = str(at_work_told(bench, draft))
            assert f"process {os.getpid()} since" in words and "is not in it" in words
            waiting(bench)
            commands.plan_anew(bench, "", who="Ada")
            assert at_work_told(bench, draft) == ""
