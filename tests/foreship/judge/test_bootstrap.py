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


def test_the_interval_is_a_bootstrap_over_weeks():
    """By hand: equal weeks leave no doubt, and the interval holds the share of unequal ones."""
    sure = gap_closed(np.full(5, 2.0), np.zeros(5), np.full(5, 4.0), seed=1)
    assert (sure.value, sure.low, sure.high) == (0.5, 0.5, 0.5)
    one = gap_closed(np.array([3.0, 0.0]), np.zeros(2), np.array([4.0, 4.0]), seed=1)
    # Two weeks drawn twice: shares 0, 3/8 and 3/4 with chances 1/4, 1/2, 1/4.
    assert (one.value, one.low, one.high) == (0.375, 0.0, 0.75)
    unequal = np.random.default_rng(0).normal(5, 3, 9)
    again = [gap_closed(unequal, np.zeros(9), np.full(9, 9.0), seed=7) for _ in range(2)]
    assert again[0] == again[1]
    assert again[0].low < again[0].value < again[0].high


def test_draws_in_which_the_oracle_loses_are_passed_over():
    """Such draws have no share: a policy that always gets half keeps half."""
    oracle = np.array([-5.0, -5.0, -5.0, 20.0])
    gap = gap_closed(oracle / 2, np.zeros(4), oracle, seed=1)
    assert (gap.value, gap.low, gap.high) == (0.5, 0.5, 0.5)
