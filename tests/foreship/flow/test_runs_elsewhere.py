"""Where runs lie is not where tables lie: the same plans, and nothing beside the tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import foreship
from foreship.runs import Run
from tests.foreship.planned_shop import AS_OF, DEMAND, edits_file, planned_shop

NEXT = AS_OF + pd.Timedelta(weeks=1)
ANSWER = ("plan.parquet", "plan.csv", "units.parquet", "reasons.parquet", "inbound.csv")


def two_weeks(shop: Path, out: Path | None) -> list[Run]:
    """Plan the shop for its Monday and, with what was then sent, for the next one."""
    return [
        foreship.plan(foreship.open(shop, day, out=out), demand=shop / DEMAND)
        for day in (AS_OF, NEXT)
    ]


@pytest.mark.sweep
def test_runs_in_another_folder_are_the_same_runs(tmp_path: Path) -> None:
    """Two weeks, of which the second knows the first: ids, answers and notes agree to the byte.

    Nothing is written beside the tables, and the finished run still finds its workspace.
    """
    beside = tmp_path / "beside"
    planned_shop(beside)
    ours = shutil.ignore_patterns("runs", ".foreship")
    shop, out = shutil.copytree(beside, tmp_path / "shop", ignore=ours), tmp_path / "kept" / "runs"
    tables = {each.name for each in shop.iterdir()}

    usual, apart = two_weeks(beside, None), two_weeks(shop, out)

    for one, other in zip(usual, apart, strict=True):
        assert one.path.name == other.path.name and other.path.parent == out / "runs"
        assert one.notes == other.notes
        for name in ANSWER:
            assert (one.path / name).read_bytes() == (other.path / name).read_bytes(), name
    assert {each.name for each in shop.iterdir()} == tables
    assert "workspace" not in usual[0].manifest and apart[0].workspace == shop.resolve()
    assert foreship.latest(out).path == apart[1].path


@pytest.mark.sweep
def test_a_run_elsewhere_is_edited_approved_and_released_there(tmp_path: Path) -> None:
    """What is decided lies beside the run; the tables are read from their workspace."""
    shop, out = tmp_path / "shop", tmp_path / "out"
    planned_shop(shop)
    run = two_weeks(shop, out)[1]
    edits = edits_file(tmp_path, [(0, "change", 1, "")])

    approval = foreship.approve(run, "Ann", edits, demand=shop / DEMAND)
    foreship.release(approval.run, "Ann")

    assert approval.run.path.parent == out / "runs"
    assert approval.run.workspace == shop.resolve(), "it can be edited again"
    assert foreship.released(out).path == approval.run.path
    assert not (shop / "approvals").exists() and not (shop / "releases").exists()
