"""Loops of the recursion: they take sums as NumPy does."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from foreship_optimize.valuation.unit_worth import recursion_loops
from tests.optimize.plain_loops import plain


@pytest.mark.parametrize("count", [1, 7, 8, 9, 127, 128, 129, 200, 1000, 5000])
def test_sums_are_taken_in_the_order_of_numpy(count: int):
    """Any other order would differ in the last bits of nearly every draw."""
    rng = np.random.default_rng(count)
    loops: SimpleNamespace = plain(recursion_loops)
    for _ in range(3):
        numbers = rng.normal(size=count) * 10.0 ** rng.integers(-6, 6, count)
        scratch = np.zeros(64, np.int64), np.zeros(64, np.int64), np.zeros(64)
        assert loops.summed(numbers, count, *scratch) == numbers[None, :].sum(axis=1)[0]
