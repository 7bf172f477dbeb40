"""Orders that fall before a day, in compiled loops: what the same steps on arrays give."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.days.falling import binomial_laws, mixed
from foreship_optimize.days.falling_arrays import count_before
from foreship_optimize.days.until_loops import add_until


@pytest.mark.sweep
@pytest.mark.parametrize("day", range(1, 7))
def test_the_same_orders_fall_before_a_day(day: int) -> None:
    """From no unit to more orders than are told apart, by the unit and by the dozen: to the bit."""
    rng = np.random.default_rng(day)
    mean = np.array([0.2, 1.0, 6.0, 90.0, 400.0, 30_000.0])[:, None]
    units = rng.poisson(mean, (6, 60)).astype(np.int64)
    order = np.argsort(rng.random((6, 60)), axis=1)
    key = rng.integers(0, 2**64, 6, dtype=np.uint64)
    size = np.array([1.0, 12.0, 2.5, 1.0, 3.0, 1.7])
    found, days = np.empty((6, 1, 60), dtype=np.int64), np.array([day])
    turn, step = np.zeros(1, dtype=np.uint64), np.array([0.4142])
    add_until(units[:, None], order, key, size, days, turn, step, binomial_laws(), found)
    found = found[:, 0]
    assert (found == count_before(units, order, mixed(key), size, day, 0.4142)).all()
    assert found.any() and (found <= units).all()
