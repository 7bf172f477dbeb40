"""Edits of earlier weeks hold as long as they were meant to, and no longer."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from foreship.approval.as_overrides import as_overrides
from foreship.approval.edits import Edit
from foreship.approval.groups import groups_of
from foreship.approval.papers import APPROVALS
from foreship.jobs.before_plan.standing_overrides import standing_overrides
from tests.foreship.small_world import plan, world
from tests.foreship.written_runs import planned, sign

FIRST, SECOND, AS_OF = "2026-11-16", "2026-11-23", pd.Timestamp("2026-11-30")
LINES = plan(("ship", "H1", "R1", "K", 4), ("ship", "H1", "R2", "L", 2))


def shop(folder: Path, **tables: Any) -> Any:
    """Return what the job looks at of a workspace."""
    return SimpleNamespace(runs_at=folder, as_of=AS_OF, tables=world(**tables))


def edited(folder: Path, monday: str, letter: str, units: dict[int, int], until: str) -> None:
    """Write a run and its approval with edits given as line -> units."""
    groups = groups_of([Edit(line, "change", each) for line, each in units.items()], LINES)
    rows = as_overrides(groups, "Ada", pd.Timestamp(until))
    text = rows.to_csv(index=False, date_format="%Y-%m-%d")
    sign(planned(folder, monday, letter), APPROVALS, more={"overrides.csv": text})


def test_edits_hold_until_their_last_day(tmp_path: Path) -> None:
    """The Monday itself counts; what ended the day before is gone, and nothing is said of it."""
    edited(tmp_path, FIRST, "a", {0: 7}, "2026-11-30")
    edited(tmp_path, SECOND, "b", {1: 3}, "2026-11-29")
    rows, notes = standing_overrides(shop(tmp_path))
    assert rows[["value", "item", "region"]].to_numpy().tolist() == [[7, "K", "R1"]]
    assert notes == [
        "1 edit of an earlier week still held, until 2026-11-30 at the latest (approvals/)"
    ]


def test_of_two_edits_of_a_move_the_later_weeks_holds(tmp_path: Path) -> None:
    """Whatever their last days."""
    edited(tmp_path, FIRST, "a", {0: 7, 1: 1}, "2027-01-31")
    edited(tmp_path, SECOND, "b", {0: 9}, "2026-12-06")
    rows, _ = standing_overrides(shop(tmp_path))
    assert sorted(rows["value"]) == [1, 9]


def test_only_approvals_of_plans_of_the_week_count(tmp_path: Path) -> None:
    """Not those in whose place another was approved, nor this Monday's, nor an earlier run's."""
    edited(tmp_path, FIRST, "a", {0: 7}, "2027-01-31")
    edited(tmp_path, FIRST, "b", {}, "2027-01-31")
    edited(tmp_path, "2026-11-30", "c", {0: 8}, "2027-01-31")
    rows, notes = standing_overrides(shop(tmp_path))
    assert rows.empty and notes == []


def test_what_cannot_be_used_is_said(tmp_path: Path) -> None:
    """An item that is sold no more, a damaged file."""
    edited(tmp_path, FIRST, "a", {0: 7, 1: 2}, "2027-01-31")
    edited(tmp_path, SECOND, "b", {0: 7}, "2027-01-31")
    damaged = tmp_path / APPROVALS / f"{SECOND}-{'b' * 10}" / "overrides.csv"
    damaged.write_text("spoiled")
    items = world()["items"]
    rows, notes = standing_overrides(shop(tmp_path, items=items[items["item"] == "K"]))
    assert rows["item"].tolist() == ["K"]
    assert any("1 edit of earlier weeks of what or where nothing is sold" in each for each in notes)
    assert any("not known" in each and "overrides.csv" in each for each in notes)
