"""Broken edits among right ones: all of them named by sheet and cell, no other, nothing applied."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.errors import InputError
from foreship.jobs.deciding.approving import approve_job
from foreship.runs import Run
from tests.foreship.edited_books import cell, edited
from tests.foreship.flow.killed_commands import files_of
from tests.foreship.jobs.deciding.broken_edits import BREAKS, drawn_edits
from tests.foreship.jobs.deciding.wide_shop import wide_shop
from tests.foreship.planned_shop import DEMAND


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return the run of a shop with more than fifty lines."""
    return wide_shop(tmp_path_factory.mktemp("wide") / "shop")


def named_and_meant(run: Run, seed: int, folder: Path, **counts: int) -> tuple[set[str], set[str]]:
    """Approve drawn edits; return the cells that are named and those that are broken."""
    shop = run.path.parent.parent
    edits = drawn_edits(run.plan, seed, **counts)
    book = edited(run.path / "plan.xlsx", folder / f"{seed}.xlsx", edits.cells)
    before = files_of(shop)
    with pytest.raises(InputError) as refused:
        approve_job(run, by="Ada", edits=book, demand=shop / DEMAND)
    assert files_of(shop) == before, "something was written"
    named = {one for each in refused.value.faults for one in each.column.split(", ")}
    return named, {cell(book, *where) for where in edits.broken}


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(3))
def test_five_broken_of_fifty_edits_are_named(run: Run, seed: int, tmp_path: Path) -> None:
    """By sheet and cell, each of them and no other; no file of the workspace changes."""
    named, meant = named_and_meant(run, seed, tmp_path)
    assert len(meant) == 5 and named == meant


@pytest.mark.nightly
def test_five_broken_of_fifty_edits_are_named_200_times(run: Run, tmp_path: Path) -> None:
    """The same of 200 workbooks, in which every way to break an edit occurs."""
    ways = set()
    for seed in range(200):
        named, meant = named_and_meant(run, seed, tmp_path)
        assert named == meant, seed
        ways |= set(drawn_edits(run.plan, seed).broken.values())
    assert ways == set(BREAKS)
