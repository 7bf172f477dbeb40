"""The count law: ordered chances, whole mass, and the negative binomial it is built on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from foreship_forecast.counts import law as module
from foreship_forecast.counts.law import KNOTS, CountLaw, at_least, dispersion_of, mean_from

IDENTITY = np.linspace(0.0, 1.0, KNOTS)


def one(chance: float, extra: float, r: float, knots: np.ndarray = IDENTITY) -> CountLaw:
    """Return a law of one row."""
    return CountLaw(np.array([chance]), np.array([extra]), np.array([r]), knots)


HALVES = 0.5 ** np.arange(12)
"""p_k of a sure sale whose size has a geometric mean of 1: 1, 1/2, 1/4 .."""


def three() -> CountLaw:
    """Return laws of geometric sizes: sure with mean 1, half sure, and one in four with mean 3."""
    return CountLaw(np.array([1.0, 0.5, 0.25]), np.array([1.0, 1.0, 3.0]), np.ones(3))


def test_chances_of_geometric_sizes_by_hand() -> None:
    """p_k = chance x (mean / (1 + mean))^(k - 1), to the last digits."""
    found = three().survival(12)
    expected = np.stack([HALVES, HALVES / 2, 0.25 * 0.75 ** np.arange(12)])
    assert found == pytest.approx(expected, rel=1e-12)
    assert three().survival(3) == pytest.approx(expected[:, :3], rel=1e-12)
    assert three().survival(8) == pytest.approx(expected[:, :8], rel=1e-12)


def test_one_chance_is_found_without_a_walk() -> None:
    """P(D >= 0) is 1; p_1 the chance itself; intervals are F(y - 1) and F(y)."""
    law = three()
    assert law.survival_at(np.array([0.0, 1.0, 3.0])) == pytest.approx([1.0, 0.5, 0.25 * 0.75**2])
    below, upto = law.interval(np.array([0.0, 1.0, 2.0]))
    assert below == pytest.approx([0.0, 0.5, 1 - 0.25 * 0.75])
    assert upto == pytest.approx([0.0, 0.75, 1 - 0.25 * 0.75**2])


def test_mean_and_quantiles_by_hand() -> None:
    """Chance x (1 + mean); where F reaches a level exactly that count is the quantile."""
    assert three().mean() == pytest.approx([2.0, 1.0, 1.0], abs=1e-6)
    levels = (0.5, 0.75, 0.8, 0.95)
    assert three().quantiles(levels).tolist() == [[1, 0, 0], [2, 1, 0], [3, 2, 1], [5, 4, 6]]


def test_a_walk_takes_longer_and_longer_stretches(monkeypatch) -> None:
    """Of 8, 16 .. counts, up to the largest; rows without a chance left are dropped."""
    law = CountLaw(np.array([1.0, 1e-7]), np.array([60.0, 1.0]), np.ones(2))
    monkeypatch.setattr(module, "LARGEST_WEEK", 20)
    found = [(each.rows.tolist(), each.first, each.survival.shape) for each in law.walk()]
    assert found == [([0, 1], 1, (8, 2)), ([0], 9, (12, 1))]
    assert (law.survival(30)[0, 20:] == 0).all() and (law.survival(30)[0, :20] > 0.3).all()
    alive = law.survival(30)[1, :8]
    assert alive == pytest.approx(1e-7 * HALVES[:8], rel=1e-12)
    assert (law.survival(30)[1, 8:] == 0).all()


def test_memory_is_spared_and_nothing_else(monkeypatch) -> None:
    """Two rows at a time, in stretches of two: the same chances, means and quantiles."""
    law = three()
    whole = law.survival(12), *law.describe((0.5, 0.9))
    monkeypatch.setattr(module, "BLOCK_ROWS", 2)
    monkeypatch.setattr(module, "WIDEST_STRETCH", 4)
    few = law.survival(12), *law.describe((0.5, 0.9))
    for plain, spared in zip(whole, few, strict=True):
        assert spared == pytest.approx(plain, abs=1e-7)
    assert {each.survival.shape for each in law.walk()} == {(2, 2), (4, 1)}
    monkeypatch.setattr(module, "WIDEST_STRETCH", 1)
    assert next(law.walk()).survival.shape == (1, 2)


def test_sizes_and_dispersions_are_kept_in_range() -> None:
    """Mean sizes of 1e-4 up to the largest count, r from .02 to 1e6, trials whole and enough."""
    law = CountLaw(np.ones(3), np.array([0.0, 2.0, 600.0]), np.array([0.001, 1.0, 9e9]))
    extra, r = law.bounded()
    assert extra.tolist() == [1e-4, 2.0, 600.0] and r.tolist() == [0.02, 1.0, 1e6]
    assert law.bounded(slice(1, 2))[0].tolist() == [2.0]
    assert one(1.0, 1e9, 1.0).bounded()[0].tolist() == [65535.0]
    narrow = CountLaw(np.ones(4), np.array([2.0, 2.0, 49.0, 1.0]), np.array([-3.5, -2, -49, -9e9]))
    assert narrow.bounded()[1].tolist() == [-4.0, -3.0, -50.0, -1e6]


@pytest.mark.parametrize("mean", [300.0, 590.0, 599.9999, 600.0, 600.0001, 640.0, 5000.0, 65535.0])
def test_a_law_too_narrow_for_its_mean_is_as_narrow_as_it_may_be(mean: float) -> None:
    """Asked for next to no spread, P(X = 0) is still e^-600, and the law walked is scipy's."""
    law = one(1.0, mean, -1.0)
    r = law.bounded()[1]
    assert module._log_of_none(np.array([mean]), r) == pytest.approx([-600.0], abs=5.0)
    assert module._log_of_none(np.array([mean]), r)[0] >= -600.0 - 1e-6
    assert (r[0] < 0) == (mean < 599.9)
    size = (
        stats.binom(-r[0], mean / -r[0]) if r[0] < 0 else stats.nbinom(r[0], r[0] / (r[0] + mean))
    )
    if mean < 65535:
        assert law.mean() == pytest.approx([1 + mean], rel=1e-6)
        assert law.quantiles((0.05, 0.95)).ravel() == pytest.approx(1 + size.ppf([0.05, 0.95]))


def test_the_map_is_a_line_between_its_knots() -> None:
    """Three knots, 0, .2 and 1: a quarter becomes .1, three quarters .6; the law bends with it."""
    knots = np.array([0.0, 0.2, 1.0])
    values = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    assert module._mapped(values, knots, np.zeros(5, dtype=int)) == pytest.approx(
        [0.0, 0.1, 0.2, 0.6, 1.0]
    )
    bent = one(1.0, 1.0, 1.0, knots)  # P(X <= 0, 1, 2) = 1/2, 3/4, 7/8 become .2, .6, .8
    assert bent.survival(4)[0] == pytest.approx([1.0, 0.8, 0.4, 0.2])
    assert bent.survival_at(np.array([3.0])) == pytest.approx([0.4])


def test_each_class_of_regularity_has_a_map_of_its_own() -> None:
    """Sizes of mean 2 with v / m of 1/3, 2/3, 1.5 and 3, maps bent more and more, and one for all.

    The class goes by the ratio alone; walked or at one k, whatever rows are asked for.
    """
    r = dispersion_of(np.full(4, 2.0), np.array([1 / 3, 2 / 3, 1.5, 3.0]))
    assert module.regularity(np.full(4, 2.0), r).tolist() == [0, 1, 2, 3]
    powers = np.arange(1, 5)[:, None]
    knots = np.linspace(0.0, 1.0, KNOTS) ** powers
    law = CountLaw(np.full(4, 0.8), np.full(4, 2.0), r, knots)
    for place in range(4):
        own = CountLaw(*(x[[place]] for x in (law.chance, law.extra, r)), knots[place])
        assert law.part(np.array([place])).survival(9) == pytest.approx(own.survival(9))
        assert law.survival(9)[place] == pytest.approx(own.survival(9)[0])
        at = law.survival_at(np.full(4, 3.0))[place]
        assert at == pytest.approx(own.survival_at(np.array([3.0]))[0])


def test_some_of_the_laws() -> None:
    """A part has the rows named and the map of all."""
    knots = np.linspace(0, 1, KNOTS) ** 2
    part = CountLaw(*np.arange(1.0, 10.0).reshape(3, 3), knots).part(np.array([2, 0]))
    assert [each.tolist() for each in (part.chance, part.extra, part.dispersion)] == [
        [3.0, 1.0], [6.0, 4.0], [9.0, 7.0]
    ]  # fmt: skip
    assert part.knots is knots and len(part) == 2
    assert CountLaw(*np.ones((3, 1))).knots.tolist() == IDENTITY.tolist()


def test_tails_and_what_is_wanted_beyond_them_by_hand() -> None:
    """Sizes of r = 2 and mean 2: P(X >= 0, 1, 2) = 1, 3/4, 1/2; E[X | X >= 1] = 2 / .75."""
    counts, mean, r = np.array([-1.0, 0.0, 1.0, 2.0]), np.full(4, 2.0), np.full(4, 2.0)
    assert at_least(counts, mean, r) == pytest.approx([1.0, 1.0, 0.75, 0.5])
    wanted = mean_from(counts[1:], mean[1:], r[1:])
    assert wanted == pytest.approx([2.0, 2 / 0.75, (2 - 0.25) / 0.5])


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
@given(st.floats(0.01, 0.99), st.floats(0.01, 60.0), st.floats(0.0, 0.999))
def test_sizes_narrower_than_poisson_are_binomial(
    chance: float, extra: float, ratio: float
) -> None:
    """Tail, mean and quantiles at any variance over mean below 1, by scipy."""
    law = one(chance, extra, float(dispersion_of(np.array([extra]), np.array([ratio]))[0]))
    trials = -law.bounded()[1][0]
    assert trials == int(trials) and trials > extra
    size = stats.binom(trials, extra / trials)
    width = min(int(trials), 200) + 5
    expected = chance * size.sf(np.arange(width) - 1)
    assert np.allclose(law.survival(width)[0], expected, atol=1e-7)
    assert (np.diff(law.survival(width)[0]) <= 1e-12).all()
    at = np.array([law.survival_at(np.array([k + 1.0]))[0] for k in range(6)])
    assert np.allclose(at, expected[:6], rtol=1e-7)
    assert law.mean() == pytest.approx([chance * (1 + extra)], rel=1e-5)


def test_a_nearly_constant_size_is_nearly_constant() -> None:
    """12 a week: 12 trials of 11 beyond the first; every quantile from .05 to .95 is 10 to 13.

    Poisson sizes of the same mean lie between 7 and 18.
    """
    r = dispersion_of(np.full(2, 11.0), np.array([0.05, 1.0]))
    assert r.tolist() == [-12.0, -1e6]
    law = CountLaw(np.ones(2), np.full(2, 11.0), r)
    found = law.quantiles((0.05, 0.95))
    by_scipy = [
        1 + stats.binom(12, 11 / 12).ppf([0.05, 0.95]),
        1 + stats.poisson(11).ppf([0.05, 0.95]),
    ]
    assert found.T.tolist() == np.array(by_scipy).tolist() == [[10, 13], [7, 18]]


def test_dispersion_gives_the_ratio_back() -> None:
    """Eq. 34: 1 + m / r is the ratio asked, from wide over Poisson to narrow, trials rounded up."""
    mean, ratio = np.array([2.0, 2.0, 10.0, 3.0]), np.array([5.0, 1.5, 1 + 1e-9, 0.55])
    r = dispersion_of(mean, ratio)
    assert r == pytest.approx([0.5, 4.0, 1e6, -7.0])
    assert 1 + mean / r == pytest.approx([5.0, 1.5, 1.0, 4 / 7], abs=1e-4)
    assert dispersion_of(np.array([1e-4]), np.array([1e3])) == pytest.approx([0.02])


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


@settings(max_examples=60)
@given(st.integers(0, 25), st.floats(0.05, 15.0), st.integers(0, 20))
def test_what_is_wanted_beyond_a_bound_of_a_narrow_size(least: int, mean: float, more: int) -> None:
    """E[X | X >= least] of a binomial by adding up; beyond its trials it is the bound."""
    trials = int(mean) + 1 + more
    law = stats.binom(trials, mean / trials)
    counts = np.arange(least, 60)
    mass = law.pmf(counts)
    args = np.array([float(least)]), np.array([mean]), np.array([-float(trials)])
    assert at_least(*args)[0] == pytest.approx(law.sf(least - 1), rel=1e-6)
    expected = (counts * mass).sum() / mass.sum() if mass.sum() > 0 else least
    assert mean_from(*args)[0] == pytest.approx(expected, rel=1e-6)


def test_a_geometric_size_has_no_memory() -> None:
    """Beyond any bound it wants its mean once more, also where the bound has no probability left.

    In the far tail every negative binomial is geometric, with a mean of its own over r.
    """
    least = np.array([0.0, 1.0, 7.0, 50_000.0])
    assert np.allclose(mean_from(least, np.full(4, 2.5), np.ones(4)), least + 2.5)
    far = mean_from(np.array([60_000.0]), np.array([2.0]), np.array([10.0]))
    assert far[0] == pytest.approx(60_000.2)


def test_a_law_of_lots_speaks_of_units() -> None:
    """Dozens sold with 1/2, 1/4, ..: units 1 to 12 alike, then 13 to 24; the mean is twelvefold."""
    law = CountLaw(np.array([0.5]), np.array([1.0]), np.ones(1), lot=np.array([12]))
    expected = np.repeat([0.5, 0.25, 0.125], 12)[:30]
    assert law.survival(30)[0] == pytest.approx(expected, rel=1e-12)
    for k, p in ((0, 1.0), (1, 0.5), (12, 0.5), (13, 0.25), (24, 0.25), (25, 0.125)):
        assert law.survival_at(np.array([float(k)])) == pytest.approx([p])
    assert law.mean() == pytest.approx([12.0])
    assert law.quantiles((0.4, 0.6, 0.8)).ravel().tolist() == [0, 12, 24]
    below, upto = law.interval(np.array([12.0]))
    assert (below[0], upto[0]) == pytest.approx((0.5, 0.75))
    assert law.part(np.array([0])).units_of_one().tolist() == [12]
    assert three().units_of_one().tolist() == [1, 1, 1]
