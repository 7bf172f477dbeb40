"""Scores against closed forms and figures worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.scores import (
    FullAnswer,
    answer_of_law,
    bias,
    brier,
    coverage,
    expected_calibration_error,
    log_loss,
    log_score,
    pinball,
    pit,
    pit_deviation,
    ranked_probability_score,
)


def one(chance: float, extra: float, r: float) -> CountLaw:
    """Return a law of one row."""
    return CountLaw(np.array([chance]), np.array([extra]), np.array([r]))


def test_log_loss_and_brier_by_hand() -> None:
    """-ln of what was given to what came; the square of what was missed."""
    chance, happened = np.array([0.8, 0.8, 0.5]), np.array([True, False, True])
    assert log_loss(chance, happened) == pytest.approx(
        [-math.log(0.8), -math.log(0.2), math.log(2)]
    )
    assert brier(chance, happened) == pytest.approx([0.04, 0.64, 0.25])


def test_certainty_that_fails_costs_a_finite_price() -> None:
    """A chance of 0 or 1 counts as one in a million."""
    cost = log_loss(np.array([0.0, 1.0]), np.array([True, False]))
    assert cost == pytest.approx([6 * math.log(10)] * 2, rel=1e-6)
    assert log_score(np.array([0.5]), np.array([0.5])) == pytest.approx([6 * math.log(10)])


@settings(max_examples=60)
@given(st.floats(0.01, 0.99), st.integers(0, 9))
def test_rps_of_one_unit_or_none_in_closed_form(chance: float, units: int) -> None:
    """p_1 = c and nothing beyond: (c - 1[y >= 1])^2 and 1 for each further unit that came."""
    law = one(chance, 1e-4, 1.0)
    expected = chance**2 if units == 0 else (1 - chance) ** 2 + units - 1
    assert ranked_probability_score(law, np.array([float(units)]))[0] == pytest.approx(
        expected, abs=1e-3
    )


@settings(max_examples=60)
@given(st.floats(0.01, 0.99), st.floats(0.01, 30.0), st.floats(0.05, 40.0), st.integers(0, 80))
def test_rps_is_a_sum_over_counts(chance: float, extra: float, r: float, units: int) -> None:
    """Eq. 21 term by term over scipy's tail, for any hurdle and negative binomial."""
    k = np.arange(1, 40_000)
    tail = chance * stats.nbinom(r, r / (r + extra)).sf(k - 2)
    expected = ((tail - (units >= k)) ** 2).sum()
    found = ranked_probability_score(one(chance, extra, r), np.array([float(units)]))
    assert found[0] == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_rps_of_geometric_sizes_in_closed_form() -> None:
    """With r = 1, y = 0: sum of (c q^(k-1))^2 = c^2 / (1 - q^2) with q = extra / (1 + extra)."""
    chance, extra = 0.4, 3.0
    q = extra / (1 + extra)
    found = ranked_probability_score(one(chance, extra, 1.0), np.array([0.0]))[0]
    assert found == pytest.approx(chance**2 / (1 - q**2), rel=1e-9)


@pytest.mark.sweep
def test_the_true_law_scores_best_on_average() -> None:
    """Over its own outcomes a law beats one of another chance, size or shape, in every score."""
    rng = np.random.default_rng(8)
    count = 40_000
    size = rng.negative_binomial(1.5, 1.5 / (1.5 + 2.0), count) + 1.0
    units = np.where(rng.random(count) < 0.3, size, 0.0)

    def scores(chance: float, extra: float, r: float) -> tuple[float, float]:
        law = CountLaw(*(np.full(count, each) for each in (chance, extra, r)))
        said = answer_of_law(law, units)
        return float(said.rps.mean()), float(log_score(said.below, said.upto).mean())

    rps, log = scores(0.3, 2.0, 1.5)
    for other in ((0.2, 2.0, 1.5), (0.4, 2.0, 1.5), (0.3, 1.0, 1.5), (0.3, 2.0, 0.3)):
        worse = scores(*other)
        assert worse[0] > rps
        assert worse[1] > log


def test_answers_are_those_of_the_law() -> None:
    """Chance, mean and the two ends of the observed count's probability, by hand (geometric)."""
    said = answer_of_law(one(0.5, 1.0, 1.0), np.array([2.0]))
    assert said.chance[0] == 0.5
    assert said.mean[0] == pytest.approx(0.5 * 2.0)
    # P(D = 0) = .5, P(D = 1) = .25, P(D = 2) = .125
    assert (said.below[0], said.upto[0]) == pytest.approx((0.75, 0.875))
    # p_k = .5^k; F(0) = .5, F(1) = .75, F(3) = .9375, F(4) = .96875
    assert said.tail[0] == pytest.approx([0.5, 0.25, 0.5**5])
    assert said.quantiles[0].tolist() == [0.0, 1.0, 3.0, 4.0]
    assert said.part(np.array([False])).quantiles.shape == (0, 4)
    twice = FullAnswer.joined([said, said])
    assert twice.tail.shape == (2, 3)
    assert twice.upto.tolist() == [said.upto[0]] * 2


def test_calibration_error_by_hand() -> None:
    """Two bins: .1 said twice and .5 came, .9 said twice and 1 came: (.8 + .2) / 4 rows."""
    chance = np.array([0.1, 0.1, 0.9, 0.9])
    happened = np.array([True, False, True, True])
    assert expected_calibration_error(chance, happened) == pytest.approx((0.8 + 0.2) / 4)
    assert expected_calibration_error(np.array([1.0]), np.array([True])) == 0.0


def test_pit_of_a_true_law_is_uniform() -> None:
    """Draws from a law fall evenly, and central intervals hold what they promise."""
    rng = np.random.default_rng(3)
    law = stats.nbinom(2.0, 0.3)
    units = law.rvs(50_000, random_state=rng)
    transform = pit(law.cdf(units - 1), law.cdf(units), 1)
    assert pit_deviation(transform) < 0.03
    for nominal in (0.5, 0.8, 0.95):
        error = math.sqrt(nominal * (1 - nominal) / 50_000)
        assert coverage(transform, nominal) == pytest.approx(nominal, abs=4 * error)


def test_pit_deviation_of_one_point_by_hand() -> None:
    """All outcomes in one of ten bins: |1 - .1| + 9 x .1."""
    assert pit_deviation(np.full(7, 0.55)) == pytest.approx(1.8)
    assert coverage(np.array([0.2, 0.3, 0.74, 0.76]), 0.5) == 0.5


def test_pinball_and_bias_by_hand() -> None:
    """Short by 3 at level .9 costs 2.7, over by 3 costs .3; 12 said of 10 ordered is + 20 %."""
    loss = pinball(np.array([4.0, 10.0]), np.array([7.0, 7.0]), 0.9)
    assert loss == pytest.approx([2.7, 0.3])
    assert bias(np.array([5.0, 7.0]), np.array([4.0, 6.0])) == pytest.approx(0.2)
    assert math.isnan(bias(np.array([1.0]), np.array([0.0])))


@settings(max_examples=40)
@given(st.floats(0.05, 0.95))
def test_the_quantile_minimises_its_pinball_loss(level: float) -> None:
    """Of all whole numbers, the law's own quantile costs least over its outcomes."""
    law = one(0.7, 2.0, 1.0)
    k = np.arange(400)
    tail = np.concatenate([[1.0], law.survival(400)[0]])
    mass = tail[:-1] - tail[1:]
    costs = [float((mass * pinball(np.full(400, q), k.astype(float), level)).sum()) for q in k[:60]]
    mine = law.quantiles((level,))[0, 0]
    assert costs[mine] == pytest.approx(min(costs), abs=1e-9)


@pytest.mark.parametrize("units", [0, 3, 5, 11, 100])
def test_rps_of_lots_is_the_sum_over_units(units: int) -> None:
    """A law of lots of 5 is scored unit by unit, whether or not whole lots were ordered."""
    law = CountLaw(np.array([0.6]), np.array([0.5]), np.ones(1), lot=np.array([5]))
    p = law.survival(300)[0]
    expected = ((p - (np.arange(1, 301) <= units)) ** 2).sum()
    assert ranked_probability_score(law, np.array([float(units)]))[0] == pytest.approx(expected)
