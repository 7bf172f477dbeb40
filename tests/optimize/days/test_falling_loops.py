"""Orders that fall before a day, in compiled loops: what the same steps on arrays give."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.days.falling import binomial_laws
from foreship_optimize.days.falling_arrays import count_before
from foreship_optimize.days.falling_loops import deal_before


@pytest.mark.parametrize("day", range(1, 7))
def test_the_same_orders_fall_before_a_day(day: int) -> None:
    """From no unit to more orders than are told apart, by the unit and by the dozen: to the bit."""
    rng = np.random.default_rng(day)
    mean = np.array([0.2, 1.0, 6.0, 90.0, 400.0, 30_000.0])[:, None]
    units = rng.poisson(mean, (6, 60)).astype(np.int64)
    order = np.argsort(rng.random((6, 60)), axis=1)
    key = rng.integers(0, 2**64, 6, dtype=np.uint64)
    size = np.array([1.0, 12.0, 2.5, 1.0, 3.0, 1.7])
    found = np.empty_like(units)
    deal_before(units, order, key, size, day, 0.4142, binomial_laws(), found)
    assert (found == count_before(units, order, key, size, day, 0.4142)).all()
    assert found.any() and (found <= units).all()
