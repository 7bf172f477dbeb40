"""Limits: what one more of each is worth, and what gave way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foreship.workbench.bench import Bench
from foreship.workbench.handling import Request
from foreship.workbench.pages.limits import limits
from tests.foreship.workbench.made_runs import told_view, write_view


def _told(bench: Bench) -> str:
    run = next((bench.folder / "runs").iterdir()).name
    return str(limits(Request(path={"run": run}), bench).body)


def test_every_limit_has_its_price_and_its_words(told_bench: Bench) -> None:
    """The price leads to the run's own list."""
    prices = told_view().shadow_prices()
    told = _told(told_bench)
    assert prices and all(f"<td>{each.limit}</td>" in told for each in prices)
    assert "column=shadow_prices" in told


def test_what_gave_way_is_said_first(bench: Bench, tmp_path: Path) -> None:
    """With no price beside it nothing stands in the way."""
    relaxed = [{"limit": "freight", "amount": 2.0, "words": "the freight budget is raised by 2"}]
    view = told_view()
    summary = {**view.summary, "relaxed": relaxed, "shadow_prices": []}
    write_view(replace(view, summary=summary), bench.folder)
    told = _told(bench)
    assert "The freight budget is raised by 2." in told and "No limit stands in the way" in told
