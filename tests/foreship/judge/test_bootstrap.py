"""Bootstrap intervals over weeks: the figure by hand, its interval by what must hold of it."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.bootstrap import gap_closed, ratio_of_sums, sum_over_weeks


def test_a_ratio_of_sums_is_no_mean_of_ratios():
    """1/1 and 1/9: two of ten, not the mean of 1 and .11; drawn weeks lie between the two."""
    found = ratio_of_sums(np.array([1.0, 1.0]), np.array([1.0, 9.0]), seed=1)
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(1 / 9), pytest.approx(1.0))


def test_the_gap_closed_is_a_share_of_what_the_oracle_could_gain():
    """Reactive earns 1, the oracle 5, the policy 4, every week alike: three quarters, surely."""
    weeks = np.ones(6)
    found = gap_closed(4 * weeks, 1 * weeks, 5 * weeks, seed=3)
    assert (found.value, found.low, found.high) == pytest.approx((0.75, 0.75, 0.75))
    lost = gap_closed(weeks, 5 * weeks, 5 * weeks, seed=3)  # nothing is to be gained
    assert np.isnan([lost.value, lost.low, lost.high]).all()


def test_a_sum_has_the_interval_of_its_weeks():
    """The mean of the draws is near the sum; their spread is sqrt(n) times that of a week."""
    rng = np.random.default_rng(0)
    values = rng.normal(10.0, 2.0, 100)
    found = sum_over_weeks(values, seed=5)
    half = 1.96 * values.std() * np.sqrt(100)
    assert found.value == pytest.approx(values.sum())
    assert found.low == pytest.approx(values.sum() - half, abs=0.1 * half)
    assert found.high == pytest.approx(values.sum() + half, abs=0.1 * half)


@pytest.mark.parametrize("values", [[], [1.0, np.nan]])
def test_a_sum_of_what_is_not_known_is_not_known(values: list[float]):
    """No weeks, or one without a figure."""
    found = sum_over_weeks(np.array(values), seed=1)
    assert np.isnan([found.value, found.low, found.high]).all()


def test_the_same_seed_draws_the_same_weeks_for_every_policy():
    """Twice the gain has twice the interval; another seed draws others."""
    values = np.random.default_rng(1).normal(1.0, 1.0, 20)
    one, two = sum_over_weeks(values, seed=2), sum_over_weeks(2 * values, seed=2)
    assert (two.low, two.high) == pytest.approx((2 * one.low, 2 * one.high))
    assert sum_over_weeks(values, seed=3).low != one.low
