"""The continuous program: its optimum by hand, its prices, and points that are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams, RiskParams
from foreship_optimize.program import continuous
from foreship_optimize.program.continuous import exceeded, overdrawn, solve_continuous
from foreship_optimize.program.instance import Instance, LimitsCannotHold
from foreship_optimize.program.solving import solved
from tests.clocks import endless
from tests.optimize.markets import instance_of
from tests.optimize.program_builder import Draft, one_cell
from tests.optimize.wild_prices import full_task


def half_a_unit_of_room() -> Draft:
    """Two cells of one region that has room for 1.5: units worth 9 and 5, each at 1."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1, ("H1", "B"): 1}
    draft.cell("R1", "A", [9.0])
    draft.cell("R1", "B", [5.0])
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H1", "R1", "B", 1.0)
    draft.storage = {"R1": 1.5}
    return draft


def test_half_a_unit_and_the_price_of_room_by_hand():
    """A whole (gain 8), half of B (gain 4): -10; a volume more would hold more of B, worth 4."""
    instance = instance_of(half_a_unit_of_room(), OptimizeParams())
    found = solve_continuous(instance, endless())
    assert found.quantity.tolist() == pytest.approx([1.0, 0.5])
    assert found.objective == pytest.approx(-10.0)
    assert found.bound == pytest.approx(-10.0)
    prices = dict(zip(instance.limits.words, found.prices.limits, strict=True))
    assert prices["storage of R1"] == pytest.approx(4.0)
    # half of B stays at the hub, so that more of it is worth nothing
    assert prices["hub stock of B at H1"] == pytest.approx(0.0)


def test_nothing_to_move_is_solved_without_a_solver(monkeypatch: pytest.MonkeyPatch):
    """No lane, no variables: the empty plan, gain and bound 0."""
    draft = one_cell([5.0])
    draft.moves = []
    monkeypatch.setattr(continuous, "solved", None)
    found = solve_continuous(full_task(draft), endless())
    assert (found.objective, found.bound, found.termination) == (0.0, 0.0, "optimal")
    assert len(found.quantity) == 0


def test_a_minimum_beyond_what_lies_at_its_origins_is_out_of_reach():
    """Three are asked for, two lie at the hub; the lock is named."""
    draft = one_cell([5.0, 4.0, 3.0])
    draft.stock = {("H1", "A"): 2}
    draft.lock("lock at_least 3 of A", lambda a, o, d, i: True, at_least=3)
    with pytest.raises(LimitsCannotHold, match="lock at_least 3 of A is out of reach"):
        solve_continuous(full_task(draft), endless())


@pytest.mark.parametrize(
    ("point", "words"),
    [
        (lambda c: np.full(len(c), np.nan), "not a number for every variable"),
        (lambda c: c[:-1], "not a number for every variable"),
        (lambda c: -1.0 - c, "outside its range"),
        (lambda c: np.where(np.arange(len(c)) < 2, 1.0, c), "storage of R1 does not hold"),
    ],
)
def test_a_status_proves_nothing(monkeypatch: pytest.MonkeyPatch, point, words: str):
    """A point called optimal is refused where it is no point of the program, and is told why."""

    def lies(*given, **options):
        outcome = solved(*given, **options)
        return replace(outcome, columns=point(outcome.columns))

    monkeypatch.setattr(continuous, "solved", lies)
    with pytest.raises(NoUsablePlan, match=words):
        solve_continuous(instance_of(half_a_unit_of_room(), OptimizeParams()), endless())


def test_limits_and_the_risk_budget_are_kept_to_float_noise():
    """1.5 of room and 3 money of risk: a millionth more of either is allowed, a hundredth is not.

    Nothing is needed in the one outcome and a unit lost costs 2, so 1.5 units lose 3.
    """
    draft = half_a_unit_of_room()
    for cell in draft.cells.values():
        cell["need"], cell["loss"] = [0], 2.0
    problem = draft.problem()
    params = OptimizeParams(risk=RiskParams(budget=3.0))
    full = full_task(draft, params)
    instance = Instance(problem, limits_of(problem), params, full.risk)
    edge, over = np.array([1.0, 0.5 + 1e-7]), np.array([1.0, 0.51])
    assert exceeded(instance, edge) == [] == overdrawn(instance, edge)
    assert exceeded(instance, over) == ["storage of R1 does not hold"]
    assert overdrawn(instance, over) == ["the risk budget does not hold"]
