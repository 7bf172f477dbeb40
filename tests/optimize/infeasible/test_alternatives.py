"""What is said to stand against a lock, and to be possible instead, is true."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from foreship_optimize.infeasible import alternatives
from foreship_optimize.planning import solve
from tests.optimize.lyon import lyon

MONDAY = pd.Timestamp("2026-11-16")


def test_a_lock_that_others_stop_names_them():
    """Locks on both hubs allow three and two; the stock beside them is no reason."""
    draft = lyon()
    draft.stock["H2", "A1"] = 50
    draft.ship("H2", "Lyon", "A1", 2.0)
    draft.lock("at_most 3 from H1", lambda a, o, d, i: o == "H1", at_most=3)
    draft.lock("at_most 2 from H2", lambda a, o, d, i: o == "H2", at_most=2)
    (relaxed,) = solve(draft.problem(), as_of=MONDAY).summary["relaxed"]
    assert relaxed["words"] == (
        "lock at_least 40 of A1 to Lyon: 5 of 40 units can be sent because of lock at_most 3 from "
        "H1 and lock at_most 2 from H2"
    )


def test_a_lock_that_is_forbidden_names_what_forbids_it():
    """Without a move that is left, the lanes are not to blame."""
    draft = lyon()
    draft.moves = []
    problem = draft.problem()
    (lock,) = problem.locks
    forbidden = replace(lock, forbidden_by=("forbid of A1 to Lyon (Bob)",))
    (relaxed,) = solve(replace(problem, locks=(forbidden,)), as_of=MONDAY).summary["relaxed"]
    assert relaxed["words"].endswith(
        "0 of 40 units can be sent: lock forbid of A1 to Lyon (Bob) forbids it"
    )


def test_dropping_locks_is_proposed_only_where_that_is_enough():
    """A second lock needs a freight budget above nought: without the first it gives way too."""
    draft = lyon(storage={"Lyon": 28.0})
    draft.locks = []
    draft.lock("at_least 40 of A1", lambda a, o, d, i: i == "A1", at_least=40)
    draft.cell("Nice", "B1", [3.0], need=[1], loss=1.0)
    draft.stock["H1", "B1"] = 1
    draft.ship("H1", "Nice", "B1", 2.0)
    draft.lock("at_least 1 of B1", lambda a, o, d, i: i == "B1", at_least=1)
    assert solve(draft.problem(), as_of=MONDAY).notes[-1].endswith("(worth 12.00) or drop 1 lock.")
    draft.freight_budget = 1.0
    told = solve(draft.problem(), as_of=MONDAY).notes[-1]
    assert told.startswith("Raise storage of Lyon by 12 and raise the freight budget by 81.00")
    assert "drop" not in told


def test_what_forbids_some_of_a_lock_is_named_beside_the_stock_that_is_left():
    """Of two ways one is forbidden, and the hub of the other holds twelve."""
    problem = lyon(stock=12).problem()
    (lock,) = problem.locks
    half = replace(lock, forbidden_by=("forbid of A1 to Lyon from H2 (Bob)",))
    (relaxed,) = solve(replace(problem, locks=(half,)), as_of=MONDAY).summary["relaxed"]
    assert relaxed["words"].endswith(
        ": hub stock of A1 at H1 is 12; lock forbid of A1 to Lyon from H2 (Bob) holds"
    )


def test_reasons_are_searched_for_few_locks_only(monkeypatch):
    """A search takes several programs; beyond the most nothing is said that is not known."""
    monkeypatch.setattr(alternatives, "SEARCHED", 0)
    (relaxed,) = solve(lyon(storage={"Lyon": 28.0}).problem(), as_of=MONDAY).summary["relaxed"]
    assert relaxed["words"].endswith("28 of 40 units can be sent")
    monkeypatch.setattr(alternatives, "SEARCHED", 1)
    (relaxed,) = solve(lyon(storage={"Lyon": 28.0}).problem(), as_of=MONDAY).summary["relaxed"]
    assert relaxed["words"].endswith(
        "28 of 40 units can be sent because of storage of Lyon: 28 volume left"
    )


def test_many_limits_against_one_lock_are_counted():
    """Of six locks that fill the room three limits are named."""
    draft = lyon(storage={"Lyon": 28.0})
    draft.locks = []
    for number in range(6):
        name = f"B{number}"
        draft.stock["H1", name] = 4
        draft.cell("Lyon", name, [3.0] * 4, need=[4], loss=1.0)
        draft.ship("H1", "Lyon", name, 2.0)
        draft.lock(f"fix 4 of {name}", lambda a, o, d, i, n=name: i == n, 4, 4)
    draft.lock("at_least 40 of A1", lambda a, o, d, i: i == "A1", at_least=5)
    summary = solve(draft.problem(), as_of=MONDAY).summary
    (words,) = [each["words"] for each in summary["relaxed"]]
    assert words.startswith("lock ") and words.endswith(" and 4 more")
    assert words.count(", lock ") == 2 and words.count(" and ") == 1
