"""Why no new unit of a cell is a candidate: what is named is what stops it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.planning import make_plan
from foreship_optimize.valuation.assembly import assemble
from tests.optimize.asked_case import policies
from tests.optimize.small_network import STEADY, day, demand_of, lane, tables_of

DEMAND = demand_of({("R", "I"): [[3]] * 4})
FAR = day(999)
FORBID = ("forbid", 0.0, "stock taking", "Anna", FAR)
BOTH = [(name, np.inf, 2.0, "", 0, 0) for name in "RS"]
BESIDE = [lane("S", "R"), lane("R", "H"), lane("S", "H")]
CAUSES = {
    "a lock": (
        {"overrides": [(*FORBID, "R", "I", "")]},
        "lock forbid of I to R (Anna: stock taking)",
    ),
    "two locks": (
        {"overrides": [(*FORBID, "R", "", ""), ("fix", 0.0, "full", "Bo", FAR, "", "I", "H")]},
        "lock fix 0 of I to any region from H (Bo: full) and also "
        "lock forbid of any item to R (Anna: stock taking)",
    ),
    "dates that are over": ({"assortment": [("R", "I", day(-9), day(-1))]},
                            "over by its assortment date"),
    "dates to come": ({"assortment": [("R", "I", day(20), day(27))]},
                      "outside its assortment dates on arrival"),
    "no lane": ({"lanes": [lane("R", "H")]}, "no open lane into the region"),
    "a lane too late": ({"lanes": [lane("H", "R", lead=28)]},
                        "every open lane arrives beyond the horizon"),
    "no stock": ({"stock": []}, "no stock on an open lane"),
    "stock where no redirect exists": (
        {"regions": BOTH, "lanes": BESIDE, "stock": [("S", "I", 9)]},
        "no stock on an open lane but where no redirect exists",
    ),
    "worth": ({"lanes": [lane("H", "R", 9.0), lane("R", "H")]}, "not worth it"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(CAUSES))
def test_the_plan_names_what_stops_a_cell(case: str):
    """One cell without a candidate, one thing in its way: told in `reasons`."""
    rows, cause = CAUSES[case]
    reasons = make_plan(tables_of(**rows), DEMAND, day(0), STEADY).reasons
    assert reasons[reasons["region"] == "R"].to_numpy().tolist() == [
        ["R", "I", "not weighed", cause]
    ]


@pytest.mark.parametrize("case", ["a lock", "two locks"])
def test_without_its_locks_the_cell_gets_units(case: str):
    """Drop what is named: three are wanted each week, and three or more are sent."""
    rows, _ = CAUSES[case]
    plan = make_plan(tables_of(**{**rows, "overrides": []}), DEMAND, day(0), STEADY)
    assert plan.reasons.empty
    assert plan.lines["quantity"].sum() >= 3


def test_a_way_that_a_lock_forbids_is_told_where_others_are_open():
    """Two hubs, one of them forbidden: the cell is weighed, and the lock is told beside it."""
    tables = tables_of(
        hubs=[("H", 0, 0), ("K", 0, 0)],
        stock=[("H", "I", 50), ("K", "I", 50)],
        lanes=[lane("H", "R"), lane("K", "R", 0.5), lane("R", "H")],
        overrides=[(*FORBID, "R", "I", "K")],
    )
    plan = make_plan(tables, DEMAND, day(0), STEADY)
    assert set(plan.lines["origin"]) == {"H"}
    assert plan.reasons.to_numpy().tolist() == [
        ["R", "I", "forbidden", "lock forbid of I to R from K (Anna: stock taking)"]
    ]


def test_a_forbidden_cell_is_noted_by_its_lock_and_not_as_out_of_reach():
    """The note names lock, author and reason, and the cell."""
    rows, cause = CAUSES["a lock"]
    notes = assemble(tables_of(**rows), DEMAND, day(0), STEADY).notes
    assert notes == (f"{cause} stops every way into 1 cell: I in R",)


def test_a_pack_that_no_depot_holds_is_noted():
    """A pack of six in a region for five: nothing can come, and both notes and ledger say why."""
    tables = tables_of(regions=[("R", 5.0, 2.0, "", 0, 0)])
    tables["items"] = tables["items"].assign(pack_size=6)
    plan = make_plan(tables, DEMAND, day(0), replace(STEADY))
    assert any("whole capacity: I in R" in note for note in plan.notes)
    assert plan.units["binding"].tolist() == ["pack size over storage of R"]
    roomy = {**tables, "regions": tables["regions"].assign(capacity=6.0)}
    assert make_plan(roomy, DEMAND, day(0), STEADY).lines["quantity"].sum() == 6
    single = {**tables, "items": tables["items"].assign(pack_size=1)}
    assert make_plan(single, DEMAND, day(0), STEADY).lines["quantity"].sum() > 0


def test_a_maximum_stops_a_cell_and_is_named_while_it_lets_nothing_in():
    """Three are wanted each week: a maximum of none is the cause, one of two lets two in."""
    tables = tables_of()
    words = "policy maximum {} of I in R (Anna: shelf)"
    closed = tables | {"policies": policies(("maximum", 0.0, "R", "I"))}
    plan = make_plan(closed, DEMAND, day(0), STEADY)
    assert plan.reasons.to_numpy().tolist() == [["R", "I", "not weighed", words.format(0)]]
    assert f"P{words.format(0)[1:]} stops every way into 1 cell: I in R." in plan.notes
    narrow = tables | {"policies": policies(("maximum", 2.0, "R", "I"))}
    plan = make_plan(narrow, DEMAND, day(0), STEADY)
    assert plan.lines["quantity"].sum() == 2
    assert plan.reasons.to_numpy().tolist() == [["R", "I", "full", words.format(2)]]


def test_a_maximum_that_is_not_reached_stops_nothing():
    """A hundred would be let in; what is sent is stopped by its worth alone."""
    open_ = tables_of() | {"policies": policies(("maximum", 100.0, "R", "I"))}
    plan = make_plan(open_, DEMAND, day(0), STEADY)
    assert 0 < plan.lines["quantity"].sum() < 100 and plan.reasons.empty


def test_a_minimum_that_a_maximum_cuts_is_noted():
    """Four are asked for in all regions, two let in there: the maximum holds, and that is said."""
    rows = policies(("minimum", 4.0, "", "I"), ("maximum", 2.0, "R", "I"))
    plan = make_plan(tables_of() | {"policies": rows}, DEMAND, day(0), STEADY)
    assert plan.lines["quantity"].sum() == 2
    (note,) = [each for each in plan.notes if "which holds" in each]
    assert note == (
        "Policy minimum 4 of I in any region (Anna: shelf) asks for more in 1 cell than "
        "policy maximum 2 of I in R (Anna: shelf), which holds."
    )
