"""The count law: ordered chances, whole mass, and the negative binomial it is built on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from foreship_forecast.counts.law import KNOTS, CountLaw, at_least, mean_from

IDENTITY = np.linspace(0.0, 1.0, KNOTS)


def one(chance: float, extra: float, r: float, knots: np.ndarray = IDENTITY) -> CountLaw:
    """Return a law of one row."""
    return CountLaw(np.array([chance]), np.array([extra]), np.array([r]), knots)


@settings(max_examples=60)
@given(st.floats(0.01, 0.99), st.floats(0.01, 20.0), st.floats(0.05, 50.0))
def test_chances_are_those_of_a_hurdle_and_a_negative_binomial(
    chance: float, extra: float, r: float
) -> None:
    """Without a map, p_k = chance x P(NB >= k - 1), by scipy."""
    survival = one(chance, extra, r).survival(30)
    size = stats.nbinom(r, r / (r + extra))
    expected = chance * size.sf(np.arange(30) - 1)
    assert np.allclose(survival.ravel(), expected, atol=1e-7)


@settings(max_examples=60)
@given(
    st.floats(0.01, 0.99),
    st.floats(0.01, 20.0),
    st.floats(0.05, 50.0),
    st.lists(st.floats(0.0, 1.0), min_size=KNOTS - 2, max_size=KNOTS - 2),
)
def test_chances_never_increase_whatever_the_map(
    chance: float, extra: float, r: float, inner: list[float]
) -> None:
    """Any monotone map leaves p_k non-increasing and within [0, 1]."""
    knots = np.array([0.0, *sorted(inner), 1.0])
    survival = one(chance, extra, r, knots).survival(60).ravel()
    assert (np.diff(survival) <= 1e-12).all()
    assert (survival >= 0).all()
    assert (survival <= 1).all()


@settings(max_examples=40)
@given(st.floats(0.01, 0.99), st.floats(0.01, 8.0), st.floats(0.3, 50.0))
def test_mean_is_the_sum_of_all_chances(chance: float, extra: float, r: float) -> None:
    """The mean is sum p_k: chance x (1 + extra) without a map."""
    assert np.allclose(one(chance, extra, r).mean(), chance * (1 + extra), rtol=1e-4)


def test_quantiles_are_the_smallest_counts_that_reach_their_level() -> None:
    """F(q) >= level > F(q - 1), by hand: chance .5 and one unit each time."""
    law = one(0.5, 1e-6, 1.0)
    assert law.quantiles((0.4, 0.6, 0.9)).ravel().tolist() == [0, 1, 1]


@settings(max_examples=60)
@given(st.integers(0, 40), st.floats(0.05, 20.0), st.floats(0.1, 50.0))
def test_what_is_wanted_beyond_a_bound(least: int, mean: float, r: float) -> None:
    """E[X | X >= least] of a negative binomial, by adding up scipy's probabilities."""
    law = stats.nbinom(r, r / (r + mean))
    counts = np.arange(least, 6000)
    mass = law.pmf(counts)
    args = np.array([float(least)]), np.array([mean]), np.array([r])
    assert at_least(*args)[0] == pytest.approx(law.sf(least - 1), rel=1e-6)
    if mass.sum() > 1e-200:
        assert mean_from(*args)[0] == pytest.approx((counts * mass).sum() / mass.sum(), rel=1e-6)


def test_a_geometric_size_has_no_memory() -> None:
    """Beyond any bound it wants its mean once more, also where the bound has no probability left.

    In the far tail every negative binomial is geometric, with a mean of its own over r.
    """
    least = np.array([0.0, 1.0, 7.0, 50_000.0])
    assert np.allclose(mean_from(least, np.full(4, 2.5), np.ones(4)), least + 2.5)
    far = mean_from(np.array([60_000.0]), np.array([2.0]), np.array([10.0]))
    assert far[0] == pytest.approx(60_000.2)
