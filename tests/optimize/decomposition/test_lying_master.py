"""A master that lies: no status, point, price or objective of its solver is believed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.program.continuous import exceeded, overdrawn, solve_continuous
from foreship_optimize.program.instance import Instance
from foreship_optimize.program.solver import IncrementalProgram
from foreship_optimize.whole_units.incumbent import find_incumbent
from foreship_optimize.whole_units.integer_program import faults_of
from tests.clocks import endless, ticking
from tests.optimize.markets import mixed

LOOKS = 60
"""at the clock until time is over: an honest master needs fewer than forty"""
LOOKS_FOR_WHOLE_UNITS = 3
"""enough to deal and settle the plans of a lie, not for the exact program beside them"""


def spoiled(change):
    """Change the point of an answer."""
    return lambda outcome: replace(outcome, columns=change(outcome.columns.copy()))


def priced_by(change):
    """Change the duals of an answer."""
    return lambda outcome: replace(
        outcome, duals=None if outcome.duals is None else change(outcome.duals)
    )


LIES = {
    "not a number": spoiled(lambda x: x * np.nan),
    "one not a number": spoiled(lambda x: np.where(np.arange(len(x)) == 3, np.nan, x)),
    "negative": spoiled(lambda x: x - 5.0),
    "huge": spoiled(lambda x: x + 1e9),
    "twice as much": spoiled(lambda x: x * 2.0),
    "too few": spoiled(lambda x: x[:-1]),
    "nothing sent, called optimal": spoiled(lambda x: x * 0.0),
    "infeasible": lambda outcome: replace(outcome, termination="infeasible", has_solution=False),
    "no time": lambda outcome: replace(outcome, termination="time limit", has_solution=False),
    "no duals": priced_by(lambda duals: None),
    "duals that are not numbers": priced_by(lambda duals: duals * np.nan),
    "too few duals": priced_by(lambda duals: duals[:-1]),
    "duals of the wrong sign": priced_by(lambda duals: -duals),
    "wild duals": priced_by(lambda duals: duals * 1e3 + 7.0),
    "boasted objective": lambda outcome: replace(outcome, objective=-1e12),
    "no objective": lambda outcome: replace(outcome, objective=None),
}


@cache
def solved(seed: int, budget: float | None) -> tuple[Instance, float]:
    """Return a market and the least cost of its continuous program."""
    instance = mixed(seed, budget=budget)
    return instance, solve_continuous(instance, endless()).objective


@pytest.mark.sweep
@pytest.mark.parametrize("since", [1, 3])
@pytest.mark.parametrize("lie", sorted(LIES))
def test_a_master_that_lies_costs_quality_and_nothing_else(
    lie: str, since: int, monkeypatch: pytest.MonkeyPatch
):
    """False from the first or a later solve on: the plan keeps every limit, the bound is one."""
    honest = IncrementalProgram.solve
    for seed, budget in ((0, None), (1, 60.0), (2, 20.0)):
        instance, best = solved(seed, budget)
        solves = []

        def lying(incremental, time_limit, solves=solves):
            solves.append(1)
            outcome = honest(incremental, time_limit)
            return LIES[lie](outcome) if len(solves) >= since else outcome

        monkeypatch.setattr(IncrementalProgram, "solve", lying)
        try:
            found = solve_by_prices(instance, ticking(LOOKS))
        except NoUsablePlan:
            continue
        finally:
            monkeypatch.undo()
        assert not exceeded(instance, found.quantity) and not overdrawn(instance, found.quantity)
        assert np.isfinite(found.quantity).all() and np.isfinite(found.bound)
        assert found.bound <= best + 1e-6 * abs(best)
        whole = find_incumbent(instance, found, ticking(LOOKS_FOR_WHOLE_UNITS))
        assert not faults_of(instance, whole.quantity)
        assert whole.bound <= whole.objective


def test_without_minimums_nothing_is_ever_impossible(monkeypatch: pytest.MonkeyPatch):
    """A master called infeasible leaves the plan that sends nothing, which keeps every limit."""
    honest = IncrementalProgram.solve
    monkeypatch.setattr(IncrementalProgram, "solve", lambda *a: LIES["infeasible"](honest(*a)))
    found = solve_by_prices(mixed(0), endless())
    assert not found.quantity.any() and found.termination == "infeasible"
