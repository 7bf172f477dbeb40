"""The cheapest whole numbers of vehicles by some cuts, against trying all of them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from foreship_optimize.params import PlanParams
from foreship_optimize.vehicles.whole_numbers import cheapest_numbers


@pytest.mark.parametrize("seed", range(8))
def test_the_numbers_are_those_of_trying_all(seed: int) -> None:
    """Three lanes of up to three vehicles, four cuts: cost and bound to the solver's noise."""
    rng = np.random.default_rng(seed)
    value, price = -rng.uniform(0, 900, 4), rng.uniform(0, 300, (4, 3))
    cost, most = rng.uniform(10, 200, 3), rng.integers(0, 4, 3)
    told = {
        numbers: float((value - price @ numbers).max() + cost @ numbers)
        for numbers in product(*(range(each + 1) for each in most.tolist()))
    }
    numbers, bound = cheapest_numbers(value, price, cost, most, PlanParams())
    least = min(told.values())
    assert told[tuple(numbers.tolist())] == pytest.approx(least, abs=1e-2)
    assert least - 1e-2 <= bound <= least + 1e-9
