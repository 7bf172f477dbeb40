"""The integer program, and what a whole-unit plan breaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.instance import Instance
from foreship_optimize.whole_units import integer_program
from foreship_optimize.whole_units.integer_program import (
    faults_of,
    fixed_steps,
    plan_cost,
    solve_integer_program,
)
from tests.clocks import endless
from tests.optimize.program_builder import Draft
from tests.optimize.wild_prices import full_task


def instance(line: int = 1, pack: int = 1, **plan: int) -> Instance:
    """R1 has room for 2.5: A is worth 9 and 3, B 5 and 4, each for a lane of 1; nobody needs any.

    Half of B is what the continuous program sends beside A. A unit lost costs 2, the budget is 5.
    """
    draft = Draft()
    draft.item("A", pack=pack)
    draft.stock = {("H1", "A"): 9, ("H1", "B"): 9}
    draft.cell("R1", "A", [9.0, 3.0], need=[0], loss=2.0)
    draft.cell("R1", "B", [5.0, 4.0], need=[0], loss=2.0)
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H1", "R1", "B", 1.0)
    draft.storage = {"R1": 2.5}
    params = OptimizeParams(
        risk=RiskParams(level=0.5, budget=5.0),
        plan=PlanParams(minimum_line_quantity=line, gap=0.0, **plan),
    )
    return full_task(draft, params)


def test_the_best_whole_plan_and_its_bound_by_hand():
    """One of A (8) and one of B (4): -12; half a B more (1.5) is what the continuous plan gains."""
    task = instance()
    continuous = solve_continuous(task, endless())
    assert continuous.objective == pytest.approx(-13.5)
    found = solve_integer_program(task, continuous, endless())
    assert found.quantity.tolist() == [1, 1]
    assert found.objective == pytest.approx(-12.0)
    assert found.bound == pytest.approx(-12.0, abs=1e-4)
    assert found.bound <= found.objective


def test_moves_that_are_not_free_keep_their_whole_steps():
    """The continuous plan sends 1 of A and 1.5 of B: with one free move it is the broken one.

    Its bound is then that of the continuous plan.
    """
    task = instance(integer_program_units=1)
    continuous = solve_continuous(task, endless())
    fixed = fixed_steps(task, continuous)
    assert np.isnan(fixed).tolist() == [False, True] and fixed[0] == 1.0
    found = solve_integer_program(task, continuous, endless())
    assert found.quantity.tolist() == [1, 1] and found.bound == continuous.bound
    chosen = solve_integer_program(task, continuous, endless(), np.array([True, False]))
    assert chosen.quantity.tolist() == [1, 1]  # B is kept at the whole part of 1.5
    assert fixed_steps(instance(), continuous) is None


def test_a_solver_whose_point_is_no_plan_has_found_none(monkeypatch: pytest.MonkeyPatch):
    """Half units, too many units, or no numbers: None, whatever the status says."""
    task, real = instance(), integer_program.solved
    continuous = solve_continuous(task, endless())
    for wrong in (0.5, 2.0, np.nan):
        monkeypatch.setattr(
            integer_program,
            "solved",
            lambda *given, wrong=wrong, **more: replace(
                real(*given, **more), columns=np.full(len(real(*given, **more).columns), wrong)
            ),
        )
        assert solve_integer_program(task, continuous, endless()) is None


@pytest.mark.parametrize(
    ("quantity", "about", "faults"),
    [
        ([1, 1], {}, []),
        ([2, 1], {}, ["storage of R1 does not hold", "the risk budget does not hold"]),
        ([-1, 0], {}, [
            "a cell holds fewer units than none or more than its candidates",
            "a quantity is negative or breaks a pack",
        ]),
        ([1, 0], {"pack": 2}, ["a quantity is negative or breaks a pack",
                               "a line is below the minimum line quantity"]),
        ([0, 1], {"line": 2}, ["a line is below the minimum line quantity"]),
        ([0, 2], {"line": 2}, []),
    ],
)  # fmt: skip
def test_everything_a_plan_breaks_is_named(quantity: list[int], about: dict, faults: list[str]):
    """Three units are more than 2.5 of volume, and lose 6 of 5."""
    assert faults_of(instance(**about), np.array(quantity)) == faults


def test_a_plans_cost_is_its_lanes_less_the_units_by_rank():
    """Two of A and one of B: 3 for lanes less 9 + 3 + 5."""
    assert plan_cost(instance().problem, np.array([2, 1])) == pytest.approx(3.0 - 17.0)
    assert plan_cost(instance().problem, np.array([0, 0])) == 0.0
