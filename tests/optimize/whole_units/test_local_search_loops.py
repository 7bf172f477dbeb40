"""Loops of the local search as plain Python: steps scored, taken, dropped and exchanged by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.params import OptimizeParams, RiskParams
from foreship_optimize.whole_units import local_search_loops
from foreship_optimize.whole_units.local_search_state import Givers
from tests.optimize.plain_loops import plain
from tests.optimize.program_builder import Draft
from tests.optimize.searched_plans import Searched, searched
from tests.optimize.wild_prices import full_task

LOOPS = plain(local_search_loops)


def start(quantity: list[int], *, stock: int = 9, lane: float = np.inf, budget=None) -> Searched:
    """R1 takes units worth 9 and 4, R2 worth 8 and 7.5, each for 1; nobody needs any.

    The lanes of both share no limit; R1's own may have one. A unit lost costs 1.
    """
    draft = Draft()
    draft.stock = {("H1", "A"): stock}
    draft.cell("R1", "A", [9.0, 4.0], need=[0, 9])
    draft.cell("R2", "A", [8.0, 7.5], need=[0, 9])
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H1", "R2", "A", 1.0)
    draft.lanes = {("H1", "R1"): lane}
    params = OptimizeParams(risk=RiskParams(level=0.5, budget=budget))
    return searched(full_task(draft, params), quantity)


def scored(loop, found: Searched) -> list[float]:
    """Scores of the two ways in the problem's own money."""
    score = np.empty(2)
    loop(found.steps, found.state, score)
    return (score / found.pricing.money).tolist()


@pytest.mark.parametrize(
    ("plan", "stock", "gains"),
    [
        ([0, 0], 9, [8.0, 7.0]),
        ([1, 1], 9, [3.0, 6.5]),
        ([2, 1], 9, [-np.inf, 6.5]),  # R1 is full
        ([1, 1], 2, [-np.inf, -np.inf]),  # the hub is empty
    ],
)
def test_a_next_step_earns_the_next_unit_less_its_lane(plan, stock: int, gains):
    """By rank; minus infinity where there is none."""
    assert scored(LOOPS.scores, start(plan, stock=stock)) == pytest.approx(gains)


@pytest.mark.parametrize(
    ("plan", "given_up"), [([2, 1], [3.0, 7.0]), ([0, 2], [np.inf, 6.5]), ([0, 0], [np.inf] * 2)]
)
def test_a_last_step_earned_the_last_unit_less_its_lane(plan, given_up):
    """What is lost by taking it back; infinity where nothing is sent."""
    assert scored(LOOPS.regrets, start(plan)) == pytest.approx(given_up)


def test_filling_takes_one_step_a_way_in_order_while_stock_lasts():
    """Two units at the hub, R2 first: one each; then nothing is left to take."""
    found = start([0, 0], stock=2)
    assert LOOPS.fill(found.steps, found.state, np.array([1, 0])) == 2
    assert found.state.quantity.tolist() == [1, 1] and found.state.left.tolist() == [0]
    assert LOOPS.fill(found.steps, found.state, np.array([1, 0])) == 0


@pytest.mark.parametrize(("budget", "units"), [(0.0, 0), (1.0, 1), (1.9, 1), (2.0, 2)])
def test_filling_stops_at_the_risk_budget(budget: float, units: int):
    """The worse of two outcomes needs nothing: every unit sent loses 1 there."""
    found = start([0, 0], budget=budget)
    LOOPS.fill(found.steps, found.state, np.array([0, 1]))
    assert int(found.state.quantity.sum()) == units
    assert found.state.loss.max() / found.pricing.money == pytest.approx(units)


def test_dropping_ends_as_soon_as_the_limits_hold():
    """A lane for one unit carries two: R1 gives one back, and R2, which uses no lane, none."""
    found = start([2, 2], lane=1.0)
    assert LOOPS.drop(found.steps, found.state, np.array([1, 0]))
    assert found.state.quantity.tolist() == [1, 2]
    assert found.state.used.tolist() == [1.0] and found.state.left.tolist() == [6]
    beyond = start([2, 2], budget=1.0)  # four lose 4, and two steps are all that is offered
    assert not LOOPS.drop(beyond.steps, beyond.state, np.array([0, 1]))
    assert beyond.state.quantity.tolist() == [1, 1]


def test_an_exchange_gives_scarce_stock_to_the_better_unit():
    """Two units at the hub, both in R1 (9 and 4): the second moves to R2, worth 8; the last stays.

    Afterwards R2's second unit (7.5) is worth less than R1's first (9): nothing more to exchange.
    """
    found = start([2, 0], stock=2)
    none = np.zeros(len(found.state.used) + 1, dtype=np.int64)
    neighbours = Givers(none, np.zeros(0, np.int64), np.array([0, 2]), np.array([0, 1]))
    order = np.array([1])
    assert LOOPS.exchange(found.steps, found.state, neighbours, order) == 1
    assert found.state.quantity.tolist() == [1, 1] and found.state.left.tolist() == [0]
    assert LOOPS.exchange(found.steps, found.state, neighbours, order) == 0
