"""Where the workbench begins."""

from __future__ import annotations

from foreship.workbench.bench import Bench
from foreship.workbench.handling import Request
from foreship.workbench.pages.home import home


def test_it_leads_to_the_newest_plan(told_bench: Bench) -> None:
    """Under the name that stands for it, so that the address stays right."""
    assert home(Request(), told_bench).to == "/run/latest"


def test_without_a_plan_it_says_how_one_is_made(bench: Bench) -> None:
    """It is a page like any other, not an error."""
    answer = home(Request(), bench)
    assert (answer.status, answer.title) == (200, "shop")
    assert "`foreship run` makes one" in str(answer.body)
