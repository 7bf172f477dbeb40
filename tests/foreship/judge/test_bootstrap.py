"""How sure a figure over weeks is: sums, ratios and their middle 95 %, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.bootstrap import Interval, gap_closed, ratio_of_sums, sum_over_weeks


def known(interval: Interval) -> list[bool]:
    """Tell which of value, low and high are known."""
    return [not np.isnan(each) for each in (interval.value, interval.low, interval.high)]


def test_weeks_that_are_alike_leave_no_doubt() -> None:
    """Four weeks of 2: a sum of 8; over 4 a week half, whatever weeks are drawn."""
    two, four = np.full(4, 2.0), np.full(4, 4.0)
    assert sum_over_weeks(two, 1) == Interval(8.0, 8.0, 8.0)
    assert ratio_of_sums(two, four, 1) == Interval(0.5, 0.5, 0.5)
    assert gap_closed(two + 1, np.ones(4), four + 1, 1) == Interval(0.5, 0.5, 0.5)


def test_the_interval_is_the_middle_of_the_draws() -> None:
    """One week of 100 among a hundred: drawn 0 to 3 times in 98 of 100 draws, never below 0.

    Poisson with mean 1: P(0) is .37 and P(<= 3) is .98, so that 2.5 % and 97.5 % are 0 and 3.
    """
    for place in (0, 7, 99):
        weeks = np.where(np.arange(100) == place, 100.0, 0.0)
        assert sum_over_weeks(weeks, 3, draws=4000) == Interval(100.0, 0.0, 300.0)


def test_draws_without_a_gap_are_passed_over() -> None:
    """Half of all draws of two weeks hold the one with a gap once, a quarter twice: always 1."""
    bottom = np.array([0.0, 5.0])
    assert ratio_of_sums(bottom, bottom, 1) == Interval(1.0, 1.0, 1.0)
    small = np.array([0.125, 0.25])
    assert ratio_of_sums(small, small, 1) == Interval(1.0, 1.0, 1.0)


def test_what_has_no_gap_is_not_known() -> None:
    """A bottom of nought or less, no week, a week that is not known."""
    none = [False, False, False]
    assert known(ratio_of_sums(np.ones(2), np.array([1.0, -1.0]), 1)) == none
    assert known(ratio_of_sums(np.ones(2), np.array([-1.0, -1.0]), 1)) == none
    assert known(ratio_of_sums(np.ones(2), np.array([np.nan, 1.0]), 1)) == none
    assert known(sum_over_weeks(np.zeros(0), 1)) == none
    assert known(sum_over_weeks(np.array([1.0, np.nan]), 1)) == none
    assert known(sum_over_weeks(np.array([1.0, 2.0]), 1)) == [True, True, True]


def test_the_same_seed_draws_the_same_weeks() -> None:
    """For every policy; another seed others. The figure itself does not depend on it."""
    weeks = np.random.default_rng(1).normal(size=9)
    assert sum_over_weeks(weeks, 5) == sum_over_weeks(weeks, 5)
    assert sum_over_weeks(weeks, 5).low != sum_over_weeks(weeks, 6).low
    assert sum_over_weeks(weeks, 5).value == sum_over_weeks(weeks, 6).value == weeks.sum()
    shifted = gap_closed(weeks + 2, weeks, weeks + 4, 5)
    assert (shifted.value, shifted.low, shifted.high) == pytest.approx((0.5, 0.5, 0.5))
