"""The plain siblings: rates, histograms and moments anyone can compute by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from forecast.baseline import _answer_of_plain
from forecast.law import LARGEST_COUNT


@settings(max_examples=150, deadline=None)
@given(
    st.floats(-4.0, 3.0).map(lambda power: 10.0**power),
    st.floats(0.05, 50.0),
    st.floats(0.0, 20.0),
)
def test_static_law_scores_as_a_plain_sum_does(mean: float, r: float, times: float) -> None:
    """Every figure is that of scipy, from one sale in years to a thousand units a week."""
    units = float(np.round(times * mean))
    law = stats.nbinom(r, r / (r + mean))
    assume(law.sf(LARGEST_COUNT) < 1e-8)
    k = np.arange(1, int(law.isf(1e-13)) + int(units) + 2)
    answer = _answer_of_plain(np.array([mean]), np.array([r]), np.array([units]))
    assert answer.rps[0] == pytest.approx(((law.sf(k - 1) - (units >= k)) ** 2).sum(), abs=1e-6)
    assert answer.chance[0] == pytest.approx(law.sf(0), rel=1e-9)
    assert answer.below[0] == pytest.approx(law.cdf(units - 1), abs=1e-10)
    assert answer.upto[0] == pytest.approx(law.cdf(units), abs=1e-10)


def test_static_law_of_a_petrol_station_has_a_score() -> None:
    """At r = 50 and 40,000 units a week, where the closed form overflows, the score is a sum."""
    mean, r, units = 40_000.0, 50.0, 41_000.0
    law = stats.nbinom(r, r / (r + mean))
    k = np.arange(1, 200_000)
    answer = _answer_of_plain(np.array([mean]), np.array([r]), np.array([units]))
    assert answer.rps[0] == pytest.approx(((law.sf(k - 1) - (units >= k)) ** 2).sum(), rel=1e-6)
