"""Where the workbench begins."""

from __future__ import annotations

from foreship.workbench.bench import Bench
from foreship.workbench.handling import Request
from foreship.workbench.pages.home import home


def test_it_goes_to_the_plan_made_last(told_bench: Bench) -> None:
    """By its name, so that a bookmark stays with this plan."""
    run = next((told_bench.folder / "runs").iterdir()).name
    assert home(Request(), told_bench).to == f"/run/{run}"


def test_without_a_plan_it_says_how_one_is_made(bench: Bench) -> None:
    """And names the workspace."""
    answer = home(Request(), bench)
    told = str(answer.body)
    assert answer.title == "shop" and "No plan yet" in told and "Plan this week" in told
