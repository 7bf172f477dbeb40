"""Runs are opened once for all who ask, and let go with their files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foreship.workbench.held.runs import HeldRuns
from tests.foreship.workbench.made_runs import told_view, write_view


def test_a_run_is_opened_once_until_another_takes_its_place(tmp_path: Path) -> None:
    """Its files go with it."""
    view, scratch = told_view(), tmp_path / "scratch"
    scratch.mkdir()
    one, two = (write_view(replace(view, run_id=name * 10), tmp_path) for name in "ab")
    runs = HeldRuns(1, 0, scratch)
    first = runs.get(one)
    assert runs.get(one) is first and first.wait(60)
    assert list(scratch.glob("cells-*/*.npy"))
    second = runs.get(two)
    assert second is not first and second.wait(60)
    runs.close()
    assert not list(scratch.glob("cells-*/*"))


def test_the_end_waits_for_runs_that_are_being_read(tmp_path: Path) -> None:
    """They write arrays into the folder that is taken away next; one put aside before, too."""
    view = told_view()
    runs = HeldRuns(1, 0, tmp_path / "scratch")
    held = [runs.get(write_view(replace(view, run_id=name * 10), tmp_path)) for name in "ab"]
    runs.close()
    assert [each.ready for each in held] == [True, True]
    assert not list(tmp_path.glob("scratch/cells-*"))
