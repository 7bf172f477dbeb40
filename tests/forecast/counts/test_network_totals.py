"""Past totals: what they missed by, and a week's part of paths whose totals miss alike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom, norm

from foreship_forecast.counts import network_totals as module
from foreship_forecast.counts.dependence import Dependence, estimate_dependence
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.network_totals import (
    Moments,
    PastTotals,
    mean_correlation,
    total_variance,
)
from foreship_forecast.counts.sample_paths import sample_paths
from tests.forecast.small_law import distribution, same

AHEAD = 4
LAW = (0.7, 2.0, 1.5)
"""chance, extra and dispersion of every cell of the simulated world"""


def of_weeks(ordered: np.ndarray, expected: float, ahead: int = AHEAD) -> PastTotals:
    """Return totals after each week of a series whose levels expect the same every week."""
    weeks = len(ordered)
    target = np.arange(weeks)[:, None] + np.arange(1, ahead + 1)
    there = target < weeks
    came = np.where(there, ordered[np.minimum(target, weeks - 1)], 0.0)
    return PastTotals(came, there * expected)


def test_mean_correlation_over_the_weeks_of_a_total() -> None:
    """A level stays whole; what fades by .5: 1, (1 + .5) / 2, (3 + 2 (.5 + .5 + .25)) / 9."""
    assert mean_correlation(1.0, 0.3, 5) == 1.0
    found = [float(mean_correlation(0.0, 0.5, weeks)) for weeks in (1, 2, 3)]
    assert found == pytest.approx([1.0, 0.75, 5.5 / 9])
    assert float(mean_correlation(0.4, 0.5, 2)) == pytest.approx(0.4 + 0.6 * 0.75)
    assert mean_correlation(np.zeros(3), np.array([0.0, 0.5, 0.9]), 2).shape == (3,)


def test_misses_are_relative_to_what_was_expected_and_begin_with_the_ninth_week() -> None:
    """100 expected, 110 ordered from week 11 on: 0 before, and a tenth too much once it came."""
    past = of_weeks(np.where(np.arange(14) < 11, 100.0, 110.0), 100.0, ahead=2)
    one, two = past.misses(1e-12)
    assert len(one) == 5 and len(two) == 4  # origins 8 .. 12 and 8 .. 11
    assert one[:3] == pytest.approx([0.0, 0.0, 0.1])
    assert two == pytest.approx([0.0, 0.05, 0.1, 110 / (100 * 7.1 / 7) - 1])


def test_a_level_that_all_expectations_miss_is_followed() -> None:
    """Twice of what was expected throughout is no miss; a new level is followed by its weight."""
    past = of_weeks(np.full(40, 200.0), 100.0)
    assert np.concatenate(past.misses(0.1)) == pytest.approx(0.0)
    jump = of_weeks(np.where(np.arange(80) < 40, 100.0, 150.0), 100.0, ahead=1)
    slow, fast = (jump.misses(weight)[0] for weight in (0.02, 0.4))
    assert slow[-1] > 0.1
    assert 0.0 < fast[-1] < 0.01
    best = jump.best_misses()[0]
    assert best == pytest.approx(fast)


def test_weeks_without_any_expectation_are_no_miss() -> None:
    """A network closed in week 20 has neither totals that reach into it nor any other harm."""
    past = of_weeks(np.full(30, 100.0), 100.0, ahead=2)
    closed = np.arange(30)[:, None] + np.arange(1, 3) == 20
    shut = PastTotals(np.where(closed, 0.0, past.ordered), np.where(closed, 0.0, past.expected))
    one, two = shut.misses(0.1)
    assert (len(one), len(two)) == (20, 18)  # of 21 and 20
    assert np.concatenate([one, two]) == pytest.approx(0.0)


def test_moments_of_one_law() -> None:
    """Mean and variance by the probabilities, the lift as the covariance with its own normal."""
    chance, extra, r = 0.4, 3.0, 2.0
    law = CountLaw(*(np.array([each]) for each in (chance, extra, r)))
    counts = np.arange(1, 400)
    mass = chance * nbinom.pmf(counts - 1, r, r / (r + extra))
    mean, square = (counts * mass).sum(), (counts**2 * mass).sum()
    grid = (np.arange(200_000) + 0.5) / 200_000
    drawn = np.searchsorted(1 - chance + np.cumsum(mass), grid) + (grid > 1 - chance)
    drawn = np.where(grid > 1 - chance, drawn, 0)
    found = [float(each[0]) for each in module._moments(law)]
    assert found[:2] == pytest.approx([mean, square - mean**2], rel=1e-5)
    assert found[2] == pytest.approx((drawn * norm.ppf(grid)).mean(), rel=1e-3)


def test_moments_of_a_total_add_up() -> None:
    """2 regions x 3 items alike: a half by regions, a third by items, a sixth by cells.

    Of a total four times as large cells' own shares are a fourth; what is shared stays.
    """
    law, cell = same(6, *LAW), np.arange(6)
    whole = Moments.of(law, cell % 3, cell // 3)
    assert whole.region == pytest.approx(whole.week / 2)
    assert whole.item == pytest.approx(whole.week / 3)
    assert whole.own == pytest.approx(whole.week / 6)
    mean, variance, _ = (each[0] for each in module._moments(law))
    assert whole.own + whole.alone == pytest.approx(variance / (6 * mean**2))
    larger = Moments.of(law, cell % 3, cell // 3, size=4.0)
    assert (larger.week, larger.item, larger.region) == (whole.week, whole.item, whole.region)
    assert (larger.own, larger.alone) == pytest.approx((whole.own / 4, whole.alone / 4))


def test_without_past_weeks_the_usual_network_speaks() -> None:
    """.15 a week, two fifths of the variance staying, and the mean of what it may be: e^(1/4)."""
    none = PastTotals(np.zeros((6, AHEAD)), np.zeros((6, AHEAD)))
    usual = 0.15**2 * (0.4 + 0.6 / np.arange(1, AHEAD + 1))
    expected = usual * np.exp(0.25)
    assert total_variance(none, np.zeros(AHEAD)) == pytest.approx(expected)


def test_many_past_weeks_speak_for_themselves() -> None:
    """Of 2,000 independent weeks that miss by .03, totals of two weeks miss by half of that."""
    series = 100.0 * (1.0 + 0.03 * np.random.default_rng(2).standard_normal(2000))
    found = total_variance(of_weeks(series, 100.0), np.zeros(AHEAD))
    assert found[0] == pytest.approx(0.03**2, rel=0.12)
    assert found[1] == pytest.approx(0.03**2 / 2, rel=0.15)


def test_noise_of_single_cells_says_little_of_what_they_share() -> None:
    """Cells whose own noise is ten times a usual network's: that network's part, within a half.

    Whether they happened to miss by half of that noise or by as much again.
    """
    usual = total_variance(PastTotals(np.zeros((6, 1)), np.zeros((6, 1))), np.zeros(1))
    noise = np.random.default_rng(3).standard_normal(60)
    explained = np.array([0.225])
    for times in (0.5, 1.5):
        series = np.maximum(100.0 * (1.0 + np.sqrt(0.225 * times) * noise), 0.0)
        found = total_variance(of_weeks(series, 100.0, 1), explained)
        assert found == pytest.approx(usual, rel=0.5)


def shocks(sd: float, count: int, weeks: int, rng: np.random.Generator) -> np.ndarray:
    """Return factors of mean 1, (count, weeks): a third of the variance white, the rest by .8."""
    state = rng.standard_normal((count, weeks))
    slow = state.copy()
    for week in range(1, weeks):
        slow[:, week] = 0.8 * slow[:, week - 1] + 0.6 * state[:, week]
    mixed = np.sqrt(2 / 3) * slow + np.sqrt(1 / 3) * rng.standard_normal((count, weeks))
    factors: np.ndarray = np.exp(sd * mixed - sd**2 / 2)
    return factors


def world(regions: int, items: int, factor: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return units (cells, *factor's shape): the shock moves how often and how much alike."""
    chance, extra, r = LAW
    shape = (regions * items, *factor.shape)
    sold = rng.random(shape) < np.minimum(chance * np.sqrt(factor), 1.0)
    sizes: np.ndarray = rng.negative_binomial(r, r / (r + extra * np.sqrt(factor)), shape)
    return sold * (1 + sizes)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("sd", "regions", "items", "least"),
    [(0.25, 6, 20, 0.7), (0.15, 6, 20, 0.7), (0.15, 2, 4, 0.7), (0.06, 6, 20, 0.5)],
)
def test_totals_spread_as_a_known_common_shock_makes_them(
    sd: float, regions: int, items: int, least: float
) -> None:
    """Squared miss over predicted variance lies in [.7, 1.5] over 1, 2 and 4 weeks.

    Over 20 networks, each with a history of 90 weeks of its own; the law of single cells is known.
    A network far calmer than usual gets up to twice what it needs, for it may be calm by chance.
    """
    rng = np.random.default_rng(5)
    cells, predicted = regions * items, np.zeros(AHEAD)
    whole = distribution(regions, items, AHEAD, same(cells * AHEAD, *LAW))
    expected = float(whole.mean()[:, 0].sum())
    for seed in range(20):
        units = world(regions, items, shocks(sd, 1, 90, rng)[0], rng)
        found = learned(units, items, of_weeks(units.sum(axis=0).astype(float), expected))
        drawn = sample_paths(whole, found, 200, seed).units.sum(axis=0, dtype=np.int64)
        predicted += np.cumsum(drawn, axis=0).var(axis=1) / 20
    truth = world(regions, items, shocks(sd, 2000, AHEAD, rng), rng).sum(axis=0)
    missed = np.cumsum(truth, axis=1) - expected * np.arange(1, AHEAD + 1)
    ratio = (missed**2).mean(axis=0) / predicted
    assert (ratio[[0, 1, 3]] > least).all() and (ratio[[0, 1, 3]] < 1.5).all()


def learned(units: np.ndarray, items: int, past: PastTotals) -> Dependence:
    """Estimate from the last 13 of the weeks, held out, and from totals of all of them."""
    weeks = units.shape[1]
    cell, back, ahead = (each.ravel() for each in np.indices((len(units), 13, AHEAD)))
    origin, horizon = weeks - 14 + back, ahead + 1
    inside = origin + horizon < weeks
    cell, origin, horizon = cell[inside], origin[inside], horizon[inside]
    came = units[cell, origin + horizon].astype(np.float64)
    groups = cell % items, cell // items
    law = same(len(cell), *LAW)
    return estimate_dependence(law, came, groups, origin, horizon, cell, past)
