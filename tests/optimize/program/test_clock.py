"""The time limit: counted by a clock that can be any, and told where it cut a search."""

from __future__ import annotations

import pytest

from foreship_optimize import planning
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.planning import solve
from foreship_optimize.program.clock import LEAST_TIME, Clock
from tests.clocks import endless, still, ticking
from tests.optimize.markets import market
from tests.optimize.table_builder import MONDAY


def test_seconds_are_counted_down_to_the_least_that_the_solver_takes():
    """Of ten seconds seven are left after three, and never less than HiGHS reads as a limit."""
    time = [100.0]
    clock = Clock(10.0, now=lambda: time[0])
    assert clock.left() == 10.0 and not clock.is_over()
    time[0] = 103.0
    assert clock.left() == 7.0 and not clock.is_over()
    time[0] = 110.0
    assert clock.left() == LEAST_TIME and clock.is_over()


def test_an_interrupt_ends_the_time_that_was_left():
    """Hours or seconds."""
    for clock in (endless(), still(5.0)):
        assert not clock.is_over() and not clock.interrupted
        clock.interrupt()
        assert clock.is_over() and clock.interrupted


def test_a_ticking_clock_is_over_after_its_looks():
    """Three looks find time left, the fourth does not."""
    clock = ticking(3)
    assert [clock.is_over() for _ in range(5)] == [False] * 3 + [True] * 2


@pytest.mark.parametrize("looks", [0, 6, 14])
def test_a_plan_that_the_limit_cut_says_so(monkeypatch: pytest.MonkeyPatch, looks: int):
    """Whenever time ends: the plan keeps its limits, its bound is one, and `time limit` is told."""
    problem = market(3, items=200, regions=6).problem()
    asked = PlanParams(decomposition_items=1, integer_program_units=10, time_limit_seconds=77.0)
    best = solve(problem, OptimizeParams(plan=asked), as_of=MONDAY).summary
    limits = []

    def cut(seconds: float) -> Clock:
        limits.append(seconds)
        return ticking(looks)

    monkeypatch.setattr(planning, "Clock", cut)
    hurried = solve(problem, OptimizeParams(plan=asked), as_of=MONDAY).summary
    assert limits == [77.0]
    assert (best["termination"], hurried["termination"]) == ("optimal", "time limit")
    assert hurried["bound"] <= best["objective"] and best["bound"] <= hurried["objective"]
    assert hurried["objective"] < 0 or looks == 0
