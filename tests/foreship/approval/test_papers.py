"""Approvals and releases are found by the run's name and believed only as they were written."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.approval.life import Stage, life_of, plan_of_the_week
from foreship.approval.papers import (
    APPROVALS,
    RELEASED,
    approval_at,
    approval_of,
    approved_on,
    next_approval,
    release_of,
    released_on,
    run_of,
)
from foreship.errors import Tampered
from tests.foreship.written_runs import planned, sign

MONDAY = "2026-11-16"


def test_who_signed_is_read_back(tmp_path: Path) -> None:
    """Nothing before, the name and the time after."""
    run = planned(tmp_path, MONDAY, "a")
    assert approval_of(run) is None and release_of(run) is None
    sign(run, by="Ada")
    sign(run, RELEASED, by="Bob")
    approved, released = approval_of(run), release_of(run)
    assert approved is not None and released is not None
    assert (approved["by"], released["by"]) == ("Ada", "Bob")


def test_of_a_monday_the_approval_written_last_is_last(tmp_path: Path) -> None:
    """Whatever their names; another Monday's is not among them."""
    later, first = (planned(tmp_path, MONDAY, letter) for letter in "ab")
    sign(first), sign(later), sign(planned(tmp_path, "2026-11-23", "c"))
    assert [each.name for each in approved_on(tmp_path, MONDAY)] == [first.name, later.name]
    assert released_on(tmp_path, MONDAY) is None


@pytest.mark.parametrize("text", ['{"by": "Eve"}', "no json", "[]"])
def test_a_paper_that_was_changed_is_refused(text: str, tmp_path: Path) -> None:
    """By its hash."""
    run = planned(tmp_path, MONDAY, "a")
    (sign(run) / "approval.json").write_text(text)
    with pytest.raises(Tampered, match=r"approval\.json"):
        approval_of(run)


def test_a_paper_that_says_too_little_is_refused(tmp_path: Path) -> None:
    """Written so, with a right hash, it still names no run."""
    run = planned(tmp_path, MONDAY, "a")
    folder = sign(run, APPROVALS, by=None)  # type: ignore[arg-type]
    with pytest.raises(Tampered, match="is damaged"):
        approval_of(run)
    assert folder.exists()


def test_of_a_run_that_was_approved_again_the_last_paper_counts(tmp_path: Path) -> None:
    """It lies beside the first, which stays as it was written; both are about the run."""
    run, other = planned(tmp_path, MONDAY, "a"), planned(tmp_path, MONDAY, "b")
    first = sign(run)
    assert next_approval(other).name == other.name
    sign(other)
    again = sign(run, by="Bob", place=next_approval(run))
    assert (again.name, run_of(again), run_of(first)) == (f"{run.name}.2", run.name, run.name)
    assert approval_at(run) == again and next_approval(run).name == f"{run.name}.3"
    assert (approval_of(run) or {})["by"] == "Bob"
    assert approved_on(tmp_path, MONDAY)[-1] == again
    assert (life_of(run).stage, life_of(other).of) == (Stage.approved, run.name)
    assert plan_of_the_week(tmp_path, MONDAY) == run
