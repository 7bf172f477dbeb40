"""The week of a plan on one page: the report's chapters, with ways to go on."""

from __future__ import annotations

from foreship.workbench.bench import Bench
from foreship.workbench.handling import Request
from foreship.workbench.pages.week import week


def _told(bench: Bench) -> tuple[str, str]:
    run = next((bench.folder / "runs").iterdir()).name
    return run, str(week(Request(path={"run": run}), bench).body)


def test_the_plan_is_told_as_in_its_report(told_bench: Bench) -> None:
    """One heading of the first order; the chapters are the report's own."""
    _, told = _told(told_bench)
    assert told.count("<h1") == 1 and "Shipment plan for" in told
    assert "<h2>To look at first</h2>" in told and "<h2>Key figures</h2>" in told


def test_ids_and_figures_lead_on(told_bench: Bench) -> None:
    """An exception leads to its cell, its item, its region, and its money to where it is read."""
    run, told = _told(told_bench)
    assert f'href="/run/{run}/cell?region=Lyon&amp;item=00101"' in told
    assert f'href="/run/{run}/from?file=exceptions.parquet&amp;column=money&amp;rank=1"' in told
    assert f'href="/run/{run}/lines?group=hub"' in told
