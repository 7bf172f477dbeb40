"""The bound of the weeks after: below the optimum at any prices, and at it at the best ones."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.ahead.certificate import admitted, bound_of
from foreship_optimize.program.solver import run_arrays
from tests.optimize.ahead.drawn_horizon import drawn


@pytest.mark.parametrize("seed", range(4))
def test_no_prices_promise_more_than_the_optimum_and_the_best_promise_as_much(seed: int):
    """Equation 31 at the solver's prices, and at these disturbed, signs of limits kept."""
    program, draw = drawn(seed).program, np.random.default_rng(seed)
    found = run_arrays(program.cost, program.most, program.rows, iterations=100_000)
    price = admitted(program, found.duals)
    assert bound_of(program, price) == pytest.approx(found.objective, rel=1e-9)
    for size in (0.01, 1.0, 10.0):
        other = admitted(program, price + size * draw.standard_normal(len(price)))
        assert bound_of(program, other) < found.objective


def test_a_limit_never_gives_money_for_room_that_is_left():
    """What a solver says with the wrong sign counts as nothing; balances may have either."""
    program = drawn(0).program
    price = admitted(program, np.full(len(program.rows.low), 0.5))
    assert (price[program.limits] == 0.0).all()
    assert (np.delete(price, np.arange(len(price))[program.limits]) == 0.5).all()
