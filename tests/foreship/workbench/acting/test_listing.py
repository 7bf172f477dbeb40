"""All decisions on a run, on one page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foreship.workbench.acting.listing import body_of, since_words
from foreship.workbench.bench import Bench
from foreship.workbench.drafts.log import Draft
from foreship.workbench.drafts.prices import KeptPrices
from foreship.workbench.held.run import HeldRun
from tests.foreship.workbench.bare_figures import bare_figures
from tests.foreship.workbench.drafted import action

MINE = replace(action(70, "drop", 0, "no need"), version=1)
FOLDER = Path("drafts/2026-11-16-0123456789")


def listed(held: HeldRun, draft: Draft, kept: KeptPrices, who: str) -> str:
    """Return the page of a run's decisions, with no approval at work and none that lacks some."""
    return str(body_of(held, draft, kept, who, at_work="", unsigned=""))


def test_a_decision_is_listed_with_its_price_and_the_way_back(told_bench: Bench) -> None:
    """And may be approved with all others, by whoever is said to sign."""
    held, draft = told_bench.run("latest"), Draft(FOLDER, (MINE,))
    told = listed(held, draft, KeptPrices({"70 drop 0": 1.5}, 1.5, 1), "Ben")
    assert "1 decision" in told and "no need" in told and "said to be Ada" in told
    assert "Take back the decision on line 70" in told
    assert "All decisions together cost <a" in told and ">1.50</a>." in told
    assert "Approve the plan with 1 decision" in told and "said to be Ben" in told
    assert "Release the plan" not in told
    assert bare_figures(told) == []


def test_a_plan_nobody_decided_on_is_approved_or_released_as_it_is(told_bench: Bench) -> None:
    """A price that is of an older version is not shown."""
    held = told_bench.run("latest")
    told = listed(held, Draft(FOLDER), KeptPrices({}, 1.5, 0), "Ada")
    assert "Approve the plan as it is" in told and "Release the plan" in told
    assert "together" not in told


def test_what_came_in_since_is_told_by_name() -> None:
    """And nothing is said where nothing did."""
    draft = Draft(FOLDER, (MINE, replace(MINE, author="Ben", version=2)))
    assert "2 decisions by Ada and Ben since." in str(since_words(draft, 0, ""))
    assert "1 decision by Ben since." in str(since_words(draft, 1, ""))
    assert "since." not in str(since_words(draft, 2, ""))
