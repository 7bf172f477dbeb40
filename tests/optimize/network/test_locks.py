"""Planner's locks and the capacities of exits: which moves each is about, and when it is over."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.actions import action_names
from foreship_optimize.network.locks import MOST_FORCED, forced_units, read_overrides
from foreship_optimize.planning import make_plan
from foreship_optimize.valuation.assembly import assemble
from tests.optimize.small_network import STEADY, day, demand_of, item, lane, read, tables_of
from tests.optimize.table_builder import MONDAY

TWO = {
    "hubs": [("G", 0, 0), ("H", 0, 0)],
    "lanes": [lane("G", "R"), lane("H", "R", 1.5), lane("R", "H")],
    "stock": [("G", "I", 9), ("H", "I", 9)],
}
DEMAND = demand_of({("R", "I"): [[5]] * 4})


def lock(kind: str, value: float, *, expires=pd.NaT, region="", name="", origin="") -> tuple:
    """Row of `overrides`."""
    return (kind, value, "promotion", "Anna", expires, region, name, origin)


def locked(*rows: tuple):
    """Assemble two hubs and one cell under some locks."""
    return assemble(tables_of(**TWO, overrides=list(rows)), DEMAND, MONDAY, STEADY)


@pytest.mark.parametrize(
    ("kind", "value", "least", "most"),
    [("fix", 3, 3, 3), ("at_least", 3, 3, np.inf), ("at_most", 3, 0, 3), ("fix", 0, None, None)],
)
def test_each_kind_bounds_what_it_says(kind: str, value: float, least, most):
    """Fix both sides, at_least below, at_most above; to fix nothing is to forbid."""
    problem = locked(lock(kind, value, region="R", name="I"))
    if least is None:
        assert not problem.locks and not len(problem.moves.action)
        return
    found = problem.locks[0]
    assert (found.at_least, found.at_most, found.source) == (least, most, "override")
    assert len(found.moves) == 2
    assert found.name == f"{kind} {value} of I to R (Anna: promotion)"


def test_a_lock_with_an_origin_is_about_its_lane_only():
    """At most two from G: one move; a lock without region or item is about everything that comes.

    The way back to a hub is in neither.
    """
    problem = locked(lock("at_most", 2, origin="G"), lock("at_most", 7))
    by_size = sorted((len(each.moves), each.at_most) for each in problem.locks)
    assert by_size == [(1, 2.0), (2, 7.0)]
    origin = next(each for each in problem.locks if len(each.moves) == 1).moves
    assert problem.hubs[problem.moves.origin_hub[origin]].tolist() == ["G"]


def test_a_forbidding_lock_strikes_its_moves():
    """Nothing from G: only H's lane is left, and the cell is valued as before."""
    problem = locked(lock("forbid", 0, origin="G"))
    assert problem.hubs[problem.moves.origin_hub].tolist() == ["H"]
    assert problem.units.value[0] == pytest.approx(3.0)


def test_a_minimum_knows_what_forbids_moves_it_could_count():
    """By region, item or hub, or any of them; not a lock on another item, nor one that caps."""
    rows = [
        lock("at_least", 2, region="R"),
        lock("forbid", 0, name="I", origin="G"),
        lock("forbid", 0, name="K"),
        lock("at_most", 9, region="R"),
    ]
    tables = tables_of(**TWO, items=[item("I"), item("K")], overrides=rows)
    problem = assemble(tables, DEMAND, MONDAY, STEADY)
    by_kind = {each.name.split()[0]: each for each in problem.locks}
    assert by_kind["at_least"].forbidden_by == (
        "forbid of I to any region from G (Anna: promotion)",
        "forbid of K to any region (Anna: promotion)",
    )
    assert by_kind["at_most"].forbidden_by == ()
    narrow = [lock("at_least", 2, region="R", name="I", origin="H"), *rows[1:3]]
    problem = assemble(tables_of(**TWO, items=[item("I"), item("K")], overrides=narrow), DEMAND,
                       MONDAY, STEADY)  # fmt: skip
    assert problem.locks[0].forbidden_by == ()


def test_a_lock_holds_through_its_last_day():
    """Expired yesterday it is left out and said; today it still holds."""
    kept = locked(lock("at_most", 1, expires=day(0)))
    assert len(kept.locks) == 1
    gone = locked(lock("at_most", 1, expires=day(-1)))
    assert not gone.locks
    assert any("1 override expired before 2026-11-16" in note for note in gone.notes)


def test_units_a_lock_may_force_are_candidates():
    """At least 8 where 5 pay: eight candidates at least, none more than lies at the hubs."""
    assert locked(lock("at_least", 8)).units.rank.max() >= 8
    assert locked(lock("at_least", 99)).units.rank.max() <= 18 + 1


def test_a_lock_too_large_to_force_everywhere_is_still_known():
    """A lock beyond `MOST_FORCED` units adds no candidates, but its cells are marked."""
    tables = tables_of(**TWO, overrides=[lock("at_least", MOST_FORCED + 1)])
    network, cells = read(tables, DEMAND)
    locks, _ = read_overrides(
        tables["overrides"].fillna({"origin": ""}).assign(action=""), network, MONDAY
    )
    units, named = forced_units(locks, cells)
    assert units.tolist() == [0] and named.tolist() == [True]


def test_the_capacity_of_an_exit_is_a_lock_over_its_moves():
    """Two markdowns at most anywhere, returns without end: one lock, over the markdown."""
    rows = [("markdown", "", "", 0.5, 0.0, 2.0, 0.0), ("return", "", "", 0.3, 0.0, np.inf, 0.0)]
    tables = tables_of(exits=rows, stock=[("H", "I", 5), ("R", "I", 4)])
    problem = assemble(tables, DEMAND, MONDAY, STEADY)
    assert [(each.name, each.at_most, each.source) for each in problem.locks] == [
        ("exit markdown", 2.0, "exit")
    ]
    actions = [action_names()[a] for a in problem.moves.action[problem.locks[0].moves]]
    assert actions == ["markdown"]


@pytest.mark.parametrize(
    ("kind", "value", "least", "most"), [("fix", 2, 2, 2), ("at_most", 1, 0, 1)]
)
def test_a_lock_on_what_leaves_a_region(kind: str, value: int, least: int, most: int):
    """Of four units in R two are brought back, or one at most; what is sent there is free."""
    row = lock(kind, value, name="I", origin="R")
    tables = tables_of(**TWO | {"stock": [*TWO["stock"], ("R", "I", 4)]}, overrides=[row])
    tables["overrides"] = tables["overrides"].assign(action="return")
    plan = make_plan(tables, DEMAND, MONDAY, STEADY)
    back = plan.lines[plan.lines["action"] == "return"]["quantity"].sum()
    assert least <= back <= most
    named = [each.name for each in assemble(tables, DEMAND, MONDAY, STEADY).locks]
    assert named == [f"{kind} {value} of return of I from R (Anna: promotion)"]
