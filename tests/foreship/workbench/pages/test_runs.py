"""The list of runs: what each has come to, and what cannot be read."""

from __future__ import annotations

from foreship.workbench.bench import Bench
from foreship.workbench.handling import Request
from foreship.workbench.pages.runs import runs
from tests.foreship.workbench.made_runs import told_view, write_view


def test_a_run_leads_to_its_week_and_its_lines(bench: Bench) -> None:
    """Its state is that of every other list."""
    folder = write_view(told_view(), bench.folder)
    told = str(runs(Request(), bench).body)
    assert f'href="/run/{folder.name}"' in told and f'href="/run/{folder.name}/lines"' in told
    assert "1 run, the newest Monday first." in told
    assert "Expected gain" in told and "column=objective" in told


def test_the_next_week_is_planned_from_the_list(bench: Bench) -> None:
    """Else a planner with last week's plan would have to go to a terminal on Monday."""
    write_view(told_view(), bench.folder)
    told = str(runs(Request(who="Ada"), bench).body)
    assert 'action="/plan"' in told and "Plan this week" in told and "said to be Ada" in told


def test_a_damaged_run_is_shown_and_not_opened(bench: Bench) -> None:
    """Hiding it would hide that something is wrong."""
    folder = write_view(told_view(), bench.folder)
    (folder / "plan.parquet").write_bytes(b"cut")
    told = str(runs(Request(), bench).body)
    assert folder.name in told and "damaged: a file of it" in told
    assert f'href="/run/{folder.name}"' not in told


def test_a_workspace_without_runs_says_so(bench: Bench) -> None:
    """And shows no empty table."""
    told = str(runs(Request(), bench).body)
    assert "No run yet." in told and "<table" not in told
