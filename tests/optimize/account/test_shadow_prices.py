"""Shadow prices: what one more unit of each scarce limit is worth, in a planner's words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.account.shadow_prices import shadow_prices
from foreship_optimize.limits import limits_of
from foreship_optimize.program.bound import Prices
from tests.optimize.program_builder import Draft


def limited():
    """Storage, a lane, hub stock and a lock with a minimum; the dearest thing is worth 9."""
    draft = Draft()
    draft.stock = {("H1", "A"): 2}
    draft.cell("R1", "A", [9.0, 5.0])
    draft.ship("H1", "R1", "A", 1.0)
    draft.storage = {"R1": 1.0}
    draft.lanes = {("H1", "R1"): 1.0}
    draft.lock("lock at_least 1 of A", lambda a, o, d, i: True, at_least=1)
    problem = draft.problem()
    limits = limits_of(problem)
    none = np.zeros(len(limits.words))
    prices = Prices(none, none, np.zeros(1), np.zeros(1), np.zeros(0), 0.95)
    return problem, limits, prices


def at(limits, **prices: float) -> np.ndarray:
    """Price the rows of some families."""
    return np.array([prices.get(str(name).replace(" ", "_"), 0.0) for name in limits.family])


def test_the_most_valuable_comes_first_each_in_its_own_unit():
    """A unit of stock at 2, a volume of storage at 4; what is not scarce is not told."""
    problem, limits, prices = limited()
    prices = replace(prices, limits=at(limits, hub_stock=2.0, storage=4.0))
    told = shadow_prices(problem, limits, prices, None)
    assert [each["words"] for each in told] == [
        "one more volume unit of storage of R1 is worth 4.00",
        "one more unit of hub stock of A at H1 is worth 2.00",
    ]
    assert [each["price"] for each in told] == [4.0, 2.0]


def test_a_minimum_costs_and_the_risk_budget_is_in_money():
    """A required unit costs 3, so its price is -3; a money of risk saves .50 beside it."""
    problem, limits, prices = limited()
    asked = np.where(np.isfinite(limits.at_least), 3.0, 0.0)
    prices = replace(prices, minimums=asked, outcomes=np.array([0.25, 0.25]))
    told = shadow_prices(problem, limits, prices, 10.0)
    assert [(each["limit"], each["price"]) for each in told] == [
        ("lock at_least 1 of A", -3.0),
        ("risk budget", 0.5),
    ]
    assert told[0]["words"] == "each unit required by lock at_least 1 of A costs 3.00"
    assert shadow_prices(problem, limits, prices, None) == told[:1]


@pytest.mark.parametrize(("price", "told"), [(8.9e-6, 0), (9.1e-6, 1)])
def test_float_noise_beside_the_largest_value_is_not_told(price: float, told: int):
    """A millionth of 9 is the least price worth saying."""
    problem, limits, prices = limited()
    prices = replace(prices, limits=at(limits, lane=price))
    assert len(shadow_prices(problem, limits, prices, None)) == told
