"""Where the workbench begins."""

from __future__ import annotations

from foreship.workbench.bench import Bench
from foreship.workbench.handling import Request
from foreship.workbench.pages.home import home


def test_it_names_the_workspace_and_counts_its_runs(bench: Bench) -> None:
    """Also where there is none."""
    answer = home(Request(), bench)
    assert answer.title == "shop"
    assert "0 runs" in str(answer.body)
