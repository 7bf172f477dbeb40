"""Edits become locks with author, reason and last day."""

from __future__ import annotations

import pandas as pd

from foreship.approval.as_overrides import as_overrides, end_of_week
from foreship.approval.edits import Edit
from foreship.approval.groups import groups_of
from foreship_foundation.tables.frames import complete_frames
from foreship_foundation.tables.input_tables import INPUTS
from tests.foreship.small_world import plan

LINES = plan(("ship", "H1", "R1", "K", 4), ("return", "R1", "H1", "L", 2))
MONDAY = pd.Timestamp("2026-11-16")


def test_each_group_is_one_lock_of_the_contract() -> None:
    """A ship by where it comes from and goes to, a return by its action and where it leaves."""
    edits = [Edit(0, "change", 6, "a fair"), Edit(1, "drop", 0)]
    rows = as_overrides(groups_of(edits, LINES), "Ada", end_of_week(MONDAY))
    typed, faults = complete_frames({"overrides": rows}, {"overrides": INPUTS["overrides"]}, [])
    assert not faults and len(typed["overrides"]) == 2
    back, ship = rows.to_dict("records")
    assert ship == {
        "kind": "fix", "value": 6, "reason": "a fair", "author": "Ada",
        "expires": pd.Timestamp("2026-11-22"), "region": "R1", "item": "K", "origin": "H1",
        "action": "",
    }  # fmt: skip
    assert (back["action"], back["origin"], back["region"], back["value"]) == (
        "return",
        "R1",
        "",
        0,
    )
    assert back["reason"] == "edited in the plan"


def test_no_edit_is_no_row() -> None:
    """With the columns of the contract all the same."""
    rows = as_overrides([], "Ada", MONDAY)
    assert rows.empty and list(rows.columns) == list(INPUTS["overrides"].names)
