"""Equation 1 on arrays, held against the binomial law."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from foreship_optimize.days.falling import MOST_TOGETHER
from foreship_optimize.days.falling_arrays import dealt_left, orders_before


def states(numbers: np.ndarray) -> np.ndarray:
    """A state for each number: what it decides next does not matter here."""
    return np.ones(len(numbers), dtype=np.uint64)


@pytest.mark.parametrize("orders", [1, 2, 9, MOST_TOGETHER])
def test_a_number_is_inverted_to_the_count_it_stands_for(orders: int):
    """The smallest k whose chance of at most k lies above the number, as SciPy has it."""
    numbers = np.random.default_rng(orders).random(300)
    found = dealt_left(np.full(300, orders), 0, numbers, states(numbers))[0]
    assert found.tolist() == binom.ppf(numbers, orders, 4 / 7).astype(int).tolist()


def test_more_orders_than_the_table_holds_are_dealt_in_parts():
    """Three hundred orders, four sevenths of them on the left on average."""
    numbers = np.random.default_rng(3).random(4000)
    words = np.random.default_rng(4).integers(0, 2**63, 4000).astype(np.uint64)
    left = dealt_left(np.full(4000, 300), 0, numbers, words)[0]
    assert left.mean() == pytest.approx(300 * 4 / 7, rel=0.01)
    assert left.std() == pytest.approx(np.sqrt(300 * 12 / 49), rel=0.05)


def test_what_is_not_decided_is_uniform_again():
    """Numbers that dealt two orders the same count leave numbers spread over [0, 1)."""
    numbers = np.linspace(0.0, 1.0, 4000, endpoint=False)
    left, rest, _ = dealt_left(np.full(4000, 2), 1, numbers, states(numbers))
    rest = rest[left == 1]
    assert len(rest) == 2000
    assert np.sort(rest) == pytest.approx(np.linspace(0, 1, 2000, endpoint=False), abs=1e-3)


def test_a_single_order_takes_the_short_way_to_the_same_day():
    """The halving and the closed form of one order agree for every number and day."""
    numbers = (np.arange(700) + 0.5) / 700
    one = np.ones(700, dtype=np.int64)
    before = np.array([orders_before(one, day, numbers, states(numbers)) for day in range(1, 7)])
    for place, number in enumerate(numbers):
        low, high, uniform = 0, 7, np.array([number])
        while high - low > 1:
            law = 0 if high - low == 7 else 2 if high - low == 3 else 1
            middle = low + (4 if law == 0 else 2 if law == 2 else (high - low) // 2)
            left, uniform, _ = dealt_left(one[:1], law, uniform, states(uniform))
            low, high = (low, middle) if left[0] else (middle, high)
        assert before[:, place].tolist() == [int(low < day) for day in range(1, 7)]
