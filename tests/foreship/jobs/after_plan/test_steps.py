"""Steps add to a finished plan, and never lose it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from foreship.errors import UsageError
from foreship.jobs.after_plan import steps
from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import Tell, silent
from foreship_optimize.errors import NoUsablePlan


@dataclasses.dataclass(frozen=True)
class AnyPlan:
    """A plan of which a step asks only whether it was cut."""

    is_cut: bool = False


def finished(**more: Any) -> Made:
    """Return a finished plan without tables."""
    empty: Any = None
    plan: Any = AnyPlan(**more)
    return Made(empty, {}, empty, None, lambda: None, plan, "abc", ("first",), {})


def fails(made: Made, tell: Tell) -> Made:
    """Find no last week."""
    raise UsageError("no run")


def has_no_time(made: Made, tell: Tell) -> Made:
    """Find no plan in time."""
    raise NoUsablePlan("no time")


def says(made: Made, tell: Tell) -> Made:
    """Add a note."""
    return made.noting("said")


def breaks(made: Made, tell: Tell) -> Made:
    """Be at fault ourselves."""
    raise KeyError("bug")


def test_a_step_that_knows_nothing_leaves_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those before and after it are done; its own words stand in their place."""
    monkeypatch.setattr(steps, "STEPS", (says, fails, has_no_time, says))
    made = steps.after_plan(finished(), silent)
    assert made.notes == (
        "first", "Said.", "Fails not known: no run.", "Has no time not known: no time.", "Said.",
    )  # fmt: skip


def test_our_own_bug_ends_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not told as if a planner could mend it."""
    monkeypatch.setattr(steps, "STEPS", (breaks,))
    with pytest.raises(KeyError):
        steps.after_plan(finished(), silent)


def test_a_plan_cut_short_is_searched_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the steps that solve nothing are taken."""
    monkeypatch.setattr(steps, "STEPS", (breaks,))
    monkeypatch.setattr(steps, "OF_CUT_PLANS", (says,))
    assert steps.after_plan(finished(is_cut=True), silent).notes == ("first", "Said.")
