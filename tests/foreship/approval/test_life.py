"""The stage of a run, and which plan counts as that of a week, from folders alone."""

from __future__ import annotations

from pathlib import Path

from foreship.approval.life import (
    Stage,
    life_of,
    plan_of_the_week,
    plans_before,
    released_runs,
    weeks_plans,
)
from foreship.approval.papers import RELEASED
from tests.foreship.written_runs import planned, sign

FIRST, SECOND, THIRD = "2026-11-16", "2026-11-23", "2026-11-30"


def test_a_run_goes_from_held_over_approved_to_released(tmp_path: Path) -> None:
    """What held it is told at every stage."""
    words = {"gate": "money", "words": "The plan costs 9 times as much as the last one."}
    run = planned(tmp_path, FIRST, "a", "hold", held_by=[words])
    assert life_of(run).stage is Stage.held
    assert life_of(run).held_by == (words["words"],)
    sign(run, by="Ada")
    assert (life_of(run).stage, life_of(run).by) == (Stage.approved, "Ada")
    sign(run, RELEASED, by="Bob")
    assert (life_of(run).stage, life_of(run).by) == (Stage.released, "Bob")
    assert life_of(run).held_by == (words["words"],)


def test_a_run_is_superseded_once_another_of_its_monday_is_signed(tmp_path: Path) -> None:
    """By a later approval; by a release even where it was approved later itself."""
    old, new = planned(tmp_path, FIRST, "a"), planned(tmp_path, FIRST, "b")
    assert life_of(old).stage is Stage.draft
    sign(new)
    assert (life_of(old).stage, life_of(old).of) == (Stage.superseded, new.name)
    sign(new, RELEASED)
    sign(old)
    assert (life_of(old).stage, life_of(old).of) == (Stage.superseded, new.name)
    assert life_of(new).stage is Stage.released


def test_of_a_week_the_released_plan_counts_then_the_approved_one(tmp_path: Path) -> None:
    """Else the one written last that may be shipped; a held one never by itself."""
    assert plan_of_the_week(tmp_path, FIRST) is None
    a, b = planned(tmp_path, FIRST, "a"), planned(tmp_path, FIRST, "b", "relaxed")
    held = planned(tmp_path, FIRST, "c", "hold")
    assert plan_of_the_week(tmp_path, FIRST) == b
    sign(held)
    assert plan_of_the_week(tmp_path, FIRST) == held
    sign(a, RELEASED)
    assert plan_of_the_week(tmp_path, FIRST) == a
    assert released_runs(tmp_path) == [a]


def test_the_plans_of_earlier_weeks_are_one_a_monday(tmp_path: Path) -> None:
    """Newest first, within so many weeks; a week of held plans has none."""
    a = planned(tmp_path, FIRST, "a")
    planned(tmp_path, SECOND, "b", "hold")
    c, d = planned(tmp_path, THIRD, "c"), planned(tmp_path, THIRD, "d")
    assert list(plans_before(tmp_path, "2026-12-07")) == [d, a]
    assert weeks_plans(tmp_path, "2026-12-07", 3) == [d, a]
    assert weeks_plans(tmp_path, "2026-12-07", 2) == [d]
    assert weeks_plans(tmp_path, THIRD, 52) == [a]
    sign(c)
    assert weeks_plans(tmp_path, "2026-12-07", 1) == [c]


def test_a_damaged_week_is_passed_over(tmp_path: Path) -> None:
    """The one before it counts; `sent_before` warns of what cannot be read."""
    a, b = planned(tmp_path, FIRST, "a"), planned(tmp_path, SECOND, "b")
    (b / "summary.json").write_text("spoiled")
    assert list(plans_before(tmp_path, THIRD)) == [a]
