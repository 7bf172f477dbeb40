"""Laws that others state: their sample paths have the quantiles, or the law, that was stated."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from foreship_forecast.counts.dependence import Dependence, Factor
from foreship_forecast.counts.draws import Draws
from foreship_forecast.counts.foreign_law import MeanLaw, QuantileLaw, foreign_paths
from foreship_foundation.tables.ranges import LARGEST_WEEK

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
MONDAYS = np.datetime64("2026-11-16") + 7 * np.arange(3)


def share_upto(counts: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Return the share of each row's counts that are at most a number."""
    share: np.ndarray = (counts <= most[:, None]).mean(axis=1)
    return share


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 30), min_size=5, max_size=5), st.integers(2, 200), st.floats(0, 0.99)
)
def test_whole_quantiles_are_those_of_the_paths_to_one_scenario(
    steps: list[int], scenarios: int, start: float
) -> None:
    """At a level the share of paths not above its quantile reaches it, one unit less does not."""
    values = np.cumsum(steps).astype(float)[None, :]
    law = QuantileLaw(LEVELS, values)
    counts = law.sorted_counts(np.array([0]), np.array([start]), scenarios)
    assert (np.diff(counts.astype(int), axis=1) >= 0).all()
    for level, value in zip(LEVELS, values[0], strict=True):
        assert share_upto(counts, np.array([value]))[0] >= level - 1.0 / scenarios
        assert share_upto(counts, np.array([value - 1]))[0] <= level + 1.0 / scenarios


def test_a_tail_falls_by_the_last_two_quantiles_that_differ() -> None:
    """From 10 of 100 above 4 to 1 of 100 above 6: 1 of 1,000 is two units on; ties are passed."""
    law = QuantileLaw(np.array([0.9, 0.99]), np.array([[4.0, 6.0]]))
    assert law.at(np.array([0]), np.array([[0.999]]))[0, 0] == pytest.approx(8.5)
    tied = QuantileLaw(np.array([0.9, 0.99, 0.995]), np.array([[4.0, 6.0, 6.0]]))
    fall = np.log(0.1 / 0.005) / 2.0
    assert tied.at(np.array([0]), np.array([[0.999]]))[0, 0] == pytest.approx(
        6.5 + np.log(5.0) / fall
    )


def test_a_row_of_zeros_sells_nothing() -> None:
    """Quantiles of 0 throughout are no demand, and nothing exceeds what a week can count."""
    law = QuantileLaw(np.array([0.5, 0.9]), np.array([[0.0, 0.0], [0.0, 65_000.0]]))
    counts = law.sorted_counts(np.array([0, 1]), np.array([0.9, 0.9]), 1000)
    assert counts[0].max() == 0
    assert counts[1].max() == LARGEST_WEEK


@settings(max_examples=30)
@given(st.floats(0, 400), st.floats(0.1, 50), st.integers(1, 60), st.floats(0, 0.99))
def test_a_mean_has_the_very_quantiles_of_its_law(
    mean: float, r: float, scenarios: int, start: float
) -> None:
    """Each stratum is the smallest count whose probability reaches it, as SciPy's laws say."""
    u = (np.arange(scenarios) + start) / scenarios
    rows, v = np.array([0]), np.array([start])
    counts = MeanLaw(np.array([mean])).sorted_counts(rows, v, scenarios)[0]
    assert (poisson.cdf(counts, mean) >= u - 1e-9).all()
    assert (poisson.cdf(counts.astype(int) - 1, mean)[counts > 0] <= u[counts > 0] + 1e-9).all()
    wide = MeanLaw(np.array([mean]), r).sorted_counts(rows, v, scenarios)[0]
    p = r / (r + mean)
    assert (nbinom.cdf(wide, r, p) >= u - 1e-9).all()
    assert (nbinom.cdf(wide.astype(int) - 1, r, p)[wide > 0] <= u[wide > 0] + 1e-9).all()


def test_paths_keep_their_laws_and_move_together_as_asked() -> None:
    """One item in two regions with four fifths in common: scores agree, and so do the units."""
    cells = (np.array(["N", "S"], dtype=object), np.array(["a", "a"], dtype=object))
    law = MeanLaw(np.full(6, 50.0))
    apart, tied = (
        foreign_paths(cells, MONDAYS, law, Draws(cells, 3, together, 2000, 7)).units
        for together in (Dependence.of(), Dependence.of(item=Factor(0.8)))
    )
    assert (np.sort(apart, axis=2) == np.sort(tied, axis=2)).all()
    alike = [np.corrcoef(units[:, 0].astype(float))[0, 1] for units in (apart, tied)]
    assert abs(alike[0]) < 0.08
    assert 0.74 < alike[1] < 0.86
