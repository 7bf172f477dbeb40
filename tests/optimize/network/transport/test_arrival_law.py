"""The law of an arrival: its mean, its width, its quantiles and the days a planner is told."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from foreship_optimize.network.transport.arrival_law import (
    MOST_POINTS,
    arrival_chance,
    arrival_law,
    arrival_quantile,
    arrival_span,
)

LEADS = [(mean, sd) for mean in (1, 2, 3, 5, 7, 9, 30) for sd in (0.5, 1.0, 2.0, 4.0)]


@pytest.mark.parametrize(("mean", "sd"), LEADS)
def test_a_law_has_few_days_and_the_mean_and_width_of_the_gamma_law(mean: int, sd: float):
    """Seven days at most; mean within 7 % of a day, and the sd within 9 % of that of all days.

    A lead of one day with a sd of four is all but no lead; its far tail is cut.
    """
    days, weights = arrival_law(mean, sd)
    every = np.arange(500)
    chance = np.diff(stats.gamma.cdf(every + 0.5, (mean / sd) ** 2, scale=sd**2 / mean), prepend=0)
    true = float(chance @ every)
    wide = np.sqrt(chance @ (every - true) ** 2)
    found = float(weights @ days)
    assert 1 <= len(days) <= MOST_POINTS and (np.diff(days) > 0).all() and days[0] >= 0
    assert weights.sum() == pytest.approx(1.0, abs=1e-12) and (weights > 0).all()
    assert abs(found - true) <= 0.07
    if sd <= mean:
        assert np.sqrt(weights @ (days - found) ** 2) == pytest.approx(wide, rel=0.09)


def test_without_a_spread_and_with_next_to_none_arrivals_come_on_their_day():
    """No sd: the day itself; .1 of a day: never another day within the half per cent."""
    for mean, sd in ((4, 0.0), (0, 0.0), (4, 0.1), (0, 0.1)):
        days, weights = arrival_law(mean, sd)
        assert (days.tolist(), weights.tolist()) == ([mean], [1.0])
    assert arrival_quantile(4, 0.0, np.array([0.0, 0.99])).tolist() == [4, 4]
    assert arrival_chance(4, 0.0, np.array([3, 4])).tolist() == [0.0, 1.0]


def test_same_day_deliveries_are_late_by_half_a_normal_law():
    """Lead 0, sd 1: on the day with the chance that |N| < .5, by the next one that it is < 1.5."""
    days, weights = arrival_law(0, 1.0)
    normal = [2 * stats.norm.cdf(edge) - 1 for edge in (0.5, 1.5, 2.5)]
    assert days.tolist() == [0, 1, 2, 3]
    assert weights[:3] == pytest.approx(np.diff(normal, prepend=0.0), abs=1e-12)


def test_joined_days_keep_their_mean():
    """Eleven days at equal chances become seven of the same mean; outer days stay."""
    from foreship_optimize.network.transport.arrival_law import _joined

    days, weights = _joined(np.arange(11), np.full(11, 1 / 11))
    assert len(days) == MOST_POINTS and (days[0], days[-1]) == (0, 10)
    assert (weights @ days, weights.sum()) == (pytest.approx(5.0), pytest.approx(1.0))


@pytest.mark.parametrize(("mean", "sd"), [*LEADS, (0, 2.0)])
def test_quantiles_are_the_inverse_of_chances(mean: int, sd: float):
    """The day at a number u is the first by which an arrival has a chance of at least u."""
    u = (np.arange(400) + 0.5) / 400
    days = arrival_quantile(mean, sd, u)
    assert (arrival_chance(mean, sd, days) >= u - 1e-9).all()
    assert (arrival_chance(mean, sd, days - 1) <= u + 1e-9).all()
    assert arrival_chance(mean, sd, np.array([-1])).tolist() == [0.0]


def test_the_days_told_hold_nine_arrivals_of_ten():
    """Sd of two days, leads of 2 to 9 days: .89 to .91 of 200,000 drawn arrivals fall inside."""
    draws = np.random.default_rng(1)
    for mean in range(2, 10):
        first, last = arrival_span(mean, 2.0)
        days = np.floor(draws.gamma((mean / 2.0) ** 2, 4.0 / mean, 200_000) + 0.5)
        inside = ((first <= days) & (days <= last)).mean()
        assert 0.885 <= inside <= 0.915
        assert first <= mean <= last <= mean + 8


def test_the_days_told_are_one_where_nothing_is_late():
    """A lane without a spread arrives on its day, and is told so."""
    assert arrival_span(5, 0.0) == (5, 5)
    assert arrival_span(0, 0.0) == (0, 0)
