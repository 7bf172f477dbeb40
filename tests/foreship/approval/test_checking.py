"""Edits that no plan could keep are named by cell, each once, and nobody else is blamed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from foreship.approval.checking import faults_of, not_kept
from foreship.approval.edits import Edit
from foreship.approval.groups import groups_of
from tests.foreship.small_world import MONDAY, frame, plan, world

AS_OF = pd.Timestamp(MONDAY)
LINES = plan(
    ("ship", "H1", "R1", "K", 2),
    ("ship", "H1", "R2", "K", 2),
    ("ship", "H2", "R2", "K", 2),
    ("ship", "H1", "R2", "L", 1),
    ("redirect", "R1", "R2", "K", 1),
    ("return", "R1", "H1", "K", 1),
)
STOCK = [("H1", "K", 8), ("H2", "K", 4), ("H1", "L", 3), ("R1", "K", 5)]


def tables(**changes: Any) -> dict[str, pd.DataFrame]:
    """Return a small world with some stock in a region."""
    return world(stock=frame("location item quantity", STOCK), **changes)


def faults(quantities: dict[int, int], minimum_line: int = 0, **changes: Any) -> list[tuple]:
    """Return cell and problem of each fault of edits given as line -> new quantity."""
    edits = [Edit(line, "change", units, cell=f"R{line}") for line, units in quantities.items()]
    found = faults_of(edits, LINES, tables(**changes), AS_OF, minimum_line=minimum_line)
    return [(each.column, each.problem) for each in found]


def test_what_fits_has_no_fault() -> None:
    """All of a hub's stock, and less than planned; lines that nobody edited may give way."""
    assert faults({0: 6, 1: 2, 2: 4, 4: 2, 5: 3}) == []
    assert faults({0: 8}) == []
    assert faults({}) == []


@pytest.mark.parametrize(
    ("line", "units", "problem"),
    [
        (0, 9, "9 units asked for, stock of K in H1 is 8 units"),
        (3, 4, "4 units asked for, stock of L in H1 is 3 units"),
        (4, 6, "6 units asked for, stock of K in R1 is 5 units"),
        (5, 6, "6 units asked for, stock of K in R1 is 5 units"),
    ],
)
def test_more_than_lies_there_is_a_fault(line: int, units: int, problem: str) -> None:
    """In hubs and in regions."""
    assert faults({line: units}) == [(f"R{line}", problem)]


def test_edits_that_are_too_much_together_are_named_together() -> None:
    """Unless one of them is too much alone: then the other is not blamed."""
    assert faults({0: 5, 1: 4}) == [("R0, R1", "9 units asked for, stock of K in H1 is 8 units")]
    assert [cell for cell, _ in faults({0: 50, 1: 4})] == ["R0"]


def test_who_asks_for_less_is_not_blamed_for_what_is_too_much() -> None:
    """Line 1 keeps one of its two units: with line 0 that is above the stock."""
    assert faults({0: 8, 1: 1}) == [("R0", "9 units asked for, stock of K in H1 is 8 units")]
    assert faults({0: 50, 1: 0, 2: 1}) == [
        ("R0", "50 units asked for, stock of K in H1 is 8 units")
    ]


def test_room_is_counted_beside_what_lies_there() -> None:
    """Storage of R2 is 7: two of three units volume fit, three do not."""
    regions = tables()["regions"].assign(capacity=[np.inf, 7.0])
    assert faults({3: 2}, regions=regions) == []
    (fault,) = faults({3: 3}, regions=regions)
    assert fault == ("R3", "9 volume asked for, storage of R2 left is 7 volume")
    full = frame("location item quantity", [*STOCK, ("R2", "L", 2)])
    found = faults_of(
        [Edit(3, "change", 2, cell="R3")], LINES, world(stock=full, regions=regions), AS_OF
    )
    assert "storage of R2 left is 1 volume" in found[0].problem


def test_lanes_and_days_have_room() -> None:
    """By volume on a lane; a week of days at a hub and at a region."""
    lanes = tables()["lanes"].assign(capacity=4.0)
    assert [cell for cell, _ in faults({0: 5}, lanes=lanes)] == ["R0"]
    hubs = tables()["hubs"].assign(picking_units=1.0)
    (fault,) = faults({0: 8}, hubs=hubs)
    assert "what can be picked in a week at H1 is 7 units" in fault[1]
    regions = tables()["regions"].assign(receiving_units=1.0)
    assert "received in a week at R1" in faults({0: 8}, regions=regions)[0][1]


def test_ships_are_whole_cases_and_long_enough() -> None:
    """Returns need not be; a dropped line always may."""
    items = tables()["items"].assign(pack_size=2)
    assert faults({0: 3, 1: 4, 5: 3}, items=items) == [
        ("R0", "3 units of K asked for, which comes in whole cases of 2")
    ]
    (short,) = faults({0: 1, 1: 0}, minimum_line=2)
    assert short == ("R0", "1 unit asked for, fewer than a line must have")


def override(kind: str, value: int, **more: Any) -> pd.DataFrame:
    """Return one override, live unless it says when it ends."""
    row = {"kind": kind, "value": value, "reason": "why", "author": "Eve", "expires": AS_OF,
           "region": "", "item": "", "origin": "", "action": ""}  # fmt: skip
    return pd.DataFrame([{**row, **more}])


def test_live_overrides_stand_before_edits() -> None:
    """Caps, and what a lock asks of just this move; expired ones do not, nor those of others."""
    cap = override("at_most", 3, item="K", region="R1")
    ((cell, problem),) = faults({0: 4}, overrides=cap)
    assert cell == "R0" and "an override allows (at_most 3, Eve: why)" in problem
    assert faults({0: 4}, overrides=cap.assign(expires=AS_OF - pd.Timedelta(days=1))) == []
    assert faults({1: 4}, overrides=cap) == []
    assert [cell for cell, _ in faults({0: 4}, overrides=override("forbid", 0, region="R1"))] == [
        "R0"
    ]
    exact = override("fix", 2, region="R1", item="K", origin="H1")
    assert "asks for fix 2" in faults({0: 1}, overrides=exact)[0][1]
    leaves = override("at_most", 1, item="K", origin="R1", action="return")
    assert [cell for cell, _ in faults({5: 2, 4: 2}, overrides=leaves)] == ["R5"]


def test_overrides_for_any_origin_count_what_all_origins_could_send() -> None:
    """R2 is to have seven of K; H2 has four, H1 eight and R1 five: less from one leaves enough."""
    lock = override("at_least", 7, region="R2", item="K")
    assert faults({1: 0}, overrides=lock) == []
    short = faults({1: 0, 2: 1, 4: 0}, overrides=lock)
    assert short == [("R4, R1, R2", "1 unit asked for, an override asks for at_least 7 (Eve: why)")]
    assert faults({1: 0, 2: 1, 4: 0}, overrides=override("at_least", 7, region="R2")) == []


def test_a_limit_that_all_exceed_together_is_looked_at_after_what_one_exceeds_alone() -> None:
    """Line 1 asks for more than its region receives: line 0 is not blamed for the hub's stock."""
    regions = tables()["regions"].assign(receiving_units=[np.inf, 1.0])
    assert [cell for cell, _ in faults({0: 3, 1: 8}, regions=regions)] == ["R1"]


def test_exits_take_what_they_can() -> None:
    """The most specific row counts."""
    exits = frame(
        "exit item region cost recovery capacity delay_weeks",
        [("return", "", "", 0.0, 0.0, 1.0, 0.0), ("return", "K", "R1", 0.0, 0.0, 2.0, 0.0)],
    )
    assert faults({5: 2}, exits=exits) == []
    assert "capacity of the exit return is 2 units" in faults({5: 3}, exits=exits)[0][1]


def test_what_a_plan_does_not_keep_is_named_too() -> None:
    """After the solve: limits that plain sums do not see."""
    edits = [Edit(0, "change", 6, cell="R0"), Edit(1, "drop", 0, cell="R1")]
    groups = groups_of(edits, LINES)
    made = plan(("ship", "H1", "R1", "K", 5))
    (fault,) = not_kept(groups, made, "plan.xlsx")
    assert fault.column == "R0" and "6 units asked for by ship of K from H1 to R1" in fault.problem
    assert "a plan can move 5 units" in fault.problem
