"""The binomial laws that orders are dealt by."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from foreship_optimize.days.falling import MOST_TOGETHER, binomial_laws


def test_the_table_holds_the_binomial_law():
    """P(X <= k) for the shares of a halved week, from no order to the most dealt together."""
    for row, share in enumerate((4 / 7, 1 / 2, 2 / 3)):
        for orders in (0, 1, 5, MOST_TOGETHER):
            expected = binom.cdf(np.arange(orders + 1), orders, share)
            assert binomial_laws()[row, orders, : orders + 1] == pytest.approx(expected, abs=1e-12)
