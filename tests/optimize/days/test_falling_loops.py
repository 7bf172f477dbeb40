"""The compiled loops of equation 1, held against the binomial law."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from foreship_optimize.days import falling_loops
from foreship_optimize.days.falling_loops import MOST_TOGETHER, binomial_laws
from tests.optimize.plain_loops import plain


def test_the_table_holds_the_binomial_law():
    """P(X <= k) for the shares of a halved week, from no order to the most dealt together."""
    for row, share in enumerate((4 / 7, 1 / 2, 2 / 3)):
        for orders in (0, 1, 5, MOST_TOGETHER):
            expected = binom.cdf(np.arange(orders + 1), orders, share)
            assert binomial_laws()[row, orders, : orders + 1] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("orders", [1, 2, 9, MOST_TOGETHER])
def test_a_number_is_inverted_to_the_count_it_stands_for(orders: int):
    """The smallest k whose chance of at most k lies above the number, as SciPy has it."""
    inverse, table = plain(falling_loops)._inverse, binomial_laws()[0, orders]
    numbers = np.random.default_rng(orders).random(300)
    found = [inverse(table, orders, number) for number in numbers]
    assert found == binom.ppf(numbers, orders, 4 / 7).astype(int).tolist()


def test_what_is_not_decided_is_uniform_again():
    """Numbers that dealt two orders the same count leave numbers spread over [0, 1)."""
    dealt = plain(falling_loops)._dealt_left
    found = [
        dealt(2, 1, number, np.uint64(1), binomial_laws())[:2]
        for number in np.linspace(0.0, 1.0, 4000, endpoint=False)
    ]
    rest = np.array([rest for left, rest in found if left == 1])
    assert len(rest) == 2000
    assert np.sort(rest) == pytest.approx(np.linspace(0, 1, 2000, endpoint=False), abs=1e-3)


def test_a_single_order_takes_the_short_way_to_the_same_day():
    """The halving and the closed form of one order agree for every number and day."""
    loops = plain(falling_loops)
    for number in (np.arange(700) + 0.5) / 700:
        before = [loops._orders_before(1, day, number, np.uint64(0), None) for day in range(1, 7)]
        low, high, inside, uniform = 0, 7, 1, number
        while high - low > 1:
            law = 0 if high - low == 7 else 2 if high - low == 3 else 1
            middle = low + (4 if law == 0 else 2 if law == 2 else (high - low) // 2)
            left, uniform, _ = loops._dealt_left(
                inside, law, uniform, np.uint64(0), binomial_laws()
            )
            low, high = (low, middle) if left else (middle, high)
        assert before == [int(low < day) for day in range(1, 7)]
