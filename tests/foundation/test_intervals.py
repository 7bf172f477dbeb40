"""Intervals over weeks: by hand, and how often they hold where neighbouring weeks are alike."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from foreship_foundation.intervals import Interval, ratio_of_sums, share_of_weeks, sum_over_weeks

REPEATS = 4000


def known(interval: Interval) -> list[bool]:
    """Tell which of value, low and high are known."""
    return [not np.isnan(each) for each in (interval.value, interval.low, interval.high)]


def alike(weeks: int, correlation: float, rng: np.random.Generator) -> np.ndarray:
    """Draw series of mean 0 whose neighbours correlate so, shape (REPEATS, weeks)."""
    values = rng.normal(size=(REPEATS, weeks))
    for week in range(1, weeks):
        values[:, week] *= np.sqrt(1.0 - correlation**2)
        values[:, week] += correlation * values[:, week - 1]
    return values


def test_weeks_that_are_alike_to_the_last_leave_no_doubt() -> None:
    """Four weeks of 2: a sum of 8; over 4 a week a half."""
    two, four = np.full(4, 2.0), np.full(4, 4.0)
    assert sum_over_weeks(two) == Interval(8.0, 8.0, 8.0)
    assert ratio_of_sums(two, four) == Interval(0.5, 0.5, 0.5)


def test_an_interval_by_hand() -> None:
    """Two weeks of 1 and 3: correlation .25 as usual, a = 1.25, e^2 = 1.25 x 2 / .75 / 2."""
    found = sum_over_weeks(np.array([1.0, 3.0]))
    reach = stats.t(0.9375 / 1.0625).ppf(0.975) * np.sqrt(2.0 / 0.75 * 1.25 / 2.0)
    assert found.value == 4.0
    assert [found.low, found.high] == pytest.approx([4.0 - 2.0 * reach, 4.0 + 2.0 * reach])


def test_the_correlation_seen_is_weighed_against_the_usual_one() -> None:
    """Eight weeks 1 1 -1 -1 1 1 -1 -1 (r = 1 / 8): .5 seen, of which .16 / .66 is believed."""
    weeks = np.array([1.0, 1.0, -1.0, -1.0] * 2)
    phi = 0.25 + 0.16 / 0.66 * (0.5 - 0.25)
    matrix = phi ** np.abs(np.subtract.outer(np.arange(8), np.arange(8)))
    inflation = matrix.sum() / 8.0
    error = np.sqrt(8.0 / (8.0 - inflation) * inflation / 8.0)
    degrees = 7.0 * (1.0 - phi**2) / (1.0 + phi**2)
    assert sum_over_weeks(weeks, 0.01).high == pytest.approx(
        8.0 * stats.t(degrees).ppf(0.995) * error
    )


def test_a_ratio_is_as_sure_as_its_differences_from_itself() -> None:
    """A ratio of 1 / 2 over equal bottoms: half the interval of the sum, over that of bottoms."""
    top = np.array([1.0, 2.0, 4.0, 3.0, 2.0, 0.0])
    ratio, total = ratio_of_sums(top, np.full(6, 4.0)), sum_over_weeks(top)
    assert ratio.value == pytest.approx(0.5)
    assert [ratio.low, ratio.high] == pytest.approx([total.low / 24.0, total.high / 24.0])
    weather = np.array([1.0, 3.0, 2.0, 9.0, 1.0, 2.0])
    shared = ratio_of_sums(0.5 * weather, weather)
    assert [shared.low, shared.high] == pytest.approx([0.5, 0.5])


def test_what_cannot_be_told_is_not_known() -> None:
    """A bottom of nought or less, no week, a week that is not known; one week has no interval."""
    none = [False, False, False]
    assert known(ratio_of_sums(np.ones(2), np.array([1.0, -1.0]))) == none
    assert known(ratio_of_sums(np.ones(2), np.array([-1.0, -1.0]))) == none
    assert known(ratio_of_sums(np.ones(2), np.array([np.nan, 1.0]))) == none
    assert known(sum_over_weeks(np.zeros(0))) == none
    assert known(sum_over_weeks(np.array([1.0, np.nan]))) == none
    assert known(share_of_weeks(np.zeros(0, dtype=bool))) == none
    assert known(sum_over_weeks(np.array([1.0]))) == [True, False, False]


@pytest.mark.parametrize("weeks", [8, 12, 26])
@pytest.mark.parametrize("correlation", [0.0, 0.3])
def test_intervals_hold_as_often_as_they_say(weeks: int, correlation: float) -> None:
    """About 93 to 98 of 100 sums and ratios lie inside; Student's own hold 86 at .3."""
    rng = np.random.default_rng(weeks)
    drawn = alike(weeks, correlation, rng)
    assert 0.92 < holds(lambda draw: sum_over_weeks(drawn[draw]), 0.0) < 0.985
    bottom = np.exp(0.3 * alike(weeks, correlation, rng))
    top = bottom * (0.9 + 0.1 * drawn)
    assert 0.915 < holds(lambda draw: ratio_of_sums(top[draw], bottom[draw]), 0.9) < 0.985


def holds(interval_of: Callable[[int], Interval], truth: float) -> float:
    """Return the share of draws whose interval holds the truth."""
    found = [interval_of(draw) for draw in range(REPEATS)]
    return float(np.mean([each.low <= truth <= each.high for each in found]))


def test_independent_weeks_are_not_made_absurdly_unsure() -> None:
    """Over a year of independent weeks intervals are a seventh wider than Student's at most."""
    drawn = alike(52, 0.0, np.random.default_rng(3))[:300]
    ours = np.mean([sum_over_weeks(each).high - each.sum() for each in drawn])
    plain = stats.t(51).ppf(0.975) * np.mean(drawn.std(axis=1, ddof=1)) * np.sqrt(52)
    assert 1.0 < ours / plain < 1.15


def test_weeks_that_go_on_alike_are_less_sure_than_weeks_that_alternate() -> None:
    """The same twelve values, in runs and in turns: runs say less of the mean."""
    runs, turns = np.repeat([0.0, 1.0], 6), np.tile([0.0, 1.0], 6)
    wide, close = sum_over_weeks(runs), sum_over_weeks(turns)
    assert wide.value == close.value
    assert wide.high - wide.low > 2.0 * (close.high - close.low)


def test_a_share_of_weeks_is_exact_for_fewer_independent_ones() -> None:
    """Clopper and Pearson's interval of n / a weeks; never without doubt, and wider in runs."""
    always = share_of_weeks(np.ones(6, dtype=bool))
    inflation = (0.25 ** np.abs(np.subtract.outer(np.arange(6), np.arange(6)))).sum() / 6.0
    assert (always.value, always.high) == (1.0, 1.0)
    assert always.low == pytest.approx(0.025 ** (inflation / 6.0))
    assert share_of_weeks(np.zeros(6, dtype=bool)).high == pytest.approx(1.0 - always.low)
    turns, runs = np.tile([True, False], 10), np.repeat([True, False], 10)
    exact = stats.binomtest(10, 20).proportion_ci(0.95, method="exact")
    # what alternates counts as independent, not as surer than that
    turning = share_of_weeks(turns)
    assert [turning.low, turning.high] == pytest.approx([exact.low, exact.high])
    assert share_of_weeks(runs).low < exact.low - 0.1


def test_the_order_of_weeks_matters_only_as_time() -> None:
    """Read backwards, weeks say the same."""
    weeks = np.random.default_rng(1).normal(size=9)
    forth, back = sum_over_weeks(weeks), sum_over_weeks(weeks[::-1].copy())
    assert [forth.low, forth.high] == pytest.approx([back.low, back.high])
