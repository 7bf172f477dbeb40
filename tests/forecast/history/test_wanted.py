"""What was wanted in weeks sold out: nearer to the truth than the units ordered, and no leak."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.history.wanted import expected_units
from tests.forecast.small_market import random_panel


def sold_from_stock(r: float, stock: int, seed: int) -> tuple[np.ndarray, ...]:
    """Return demand of 60 cells of 6 items over 80 weeks, sales from a stock, and known weeks.

    The shelf is short in three weeks of ten; what it holds then is random.
    """
    rng = np.random.default_rng(seed)
    item = np.tile(np.arange(6), 10)
    rate = np.array([0.4, 1.0, 2.0, 4.0, 7.0, 12.0])[item][:, None]
    demand = rng.negative_binomial(r, r / (r + rate), (60, 80))
    held = np.where(rng.random(demand.shape) < 0.3, rng.integers(1, stock, demand.shape), 10_000)
    return demand, np.minimum(demand, held), demand < held, item


@pytest.mark.parametrize("r", [0.7, 3.0, 1000.0])
def test_the_mean_of_short_weeks_is_restored(r: float) -> None:
    """Whatever the width of demand: within 6 % of the truth in all, where sales miss a fifth."""
    demand, sales, known, item = sold_from_stock(r, 8, seed=1)
    found = expected_units(sales.astype(np.int32), known, ~known, item)
    late = np.s_[:, 20:]
    truth, short = demand[late].mean(), sales[late].mean()
    assert short < 0.88 * truth
    assert found[late].mean() == pytest.approx(truth, rel=0.06)


def test_known_weeks_stay_and_bounds_hold() -> None:
    """Only censored weeks change, to no less than was ordered; memory is halved."""
    _, sales, known, item = sold_from_stock(2.0, 5, seed=2)
    found = expected_units(sales.astype(np.int32), known, ~known, item)
    assert found.dtype == np.float32
    assert (found[known] == sales[known]).all()
    assert (found >= sales).all()
    assert (found > 0).tolist() == (sales > 0).tolist()


def test_nothing_censored_is_nothing_changed() -> None:
    """Units as they are; a cell's first week, with nothing before it, is its own bound."""
    units = np.array([[3, 0, 5], [2, 2, 2]], dtype=np.int32)
    whole, item = np.ones(units.shape, dtype=bool), np.array([0, 0])
    assert expected_units(units, whole, ~whole, item).tolist() == units.tolist()
    first = np.array([[True, False, False], [False, False, False]])
    assert expected_units(units, ~first, first, item)[0, 0] == pytest.approx(3.0, abs=0.1)


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(1, 29))
def test_later_weeks_and_other_items_tell_nothing(seed: int, cut: int) -> None:
    """Cut off after any week, that week and all before it are expected as in the whole history."""
    panel = random_panel(np.random.default_rng(seed), regions=3, items=4, weeks=30)
    upto = np.s_[:, :cut]
    ended = expected_units(
        panel.units[upto], panel.known[upto], panel.censored[upto], panel.codes.item
    )
    assert np.allclose(ended, panel.wanted[upto], rtol=1e-6)
