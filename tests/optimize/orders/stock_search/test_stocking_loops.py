"""Compiled loops of stocking: the thinned law against scipy, limits kept unit by unit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from foreship_optimize.orders.stock_search.stocking_loops import (
    add_thinned_tail,
    fill_by_gain,
    unit_gains,
)


@pytest.mark.parametrize("units", [1, 2, 7, 60, 3000])
@pytest.mark.parametrize("share", [1e-9, 0.03, 0.5, 0.97, 1.0 - 1e-9, 1.0])
def test_the_thinned_tail_is_binomial(units: int, share: float):
    """P(at least k of n) to the tenth digit, added with its weight to what stands there."""
    tail = np.full(units + 2, 0.25)
    add_thinned_tail.py_func(tail, units, share, 0.5)
    told = 0.25 + 0.5 * binom.sf(np.arange(units), units, share)
    assert tail[:units] == pytest.approx(told, abs=1e-10)
    assert tail[units:].tolist() == [0.25, 0.25]


def gains(lying: int, count: int, windows: float = np.inf, *, share=0.5, dearer=0.25) -> list:
    """A cell that wants two units in half of the windows; credit 2, idle .1, worth 1."""
    gain = np.full(count, np.nan)
    unit_gains(
        np.array([0, 1]), np.array([2]), np.array([0.5]), np.array([share]), np.array([2.0]),
        np.array([0.1]), np.array([dearer]), np.array([1.0]), windows, np.array([lying]),
        np.array([0, count]), gain,
    )  # fmt: skip
    return gain.tolist()


def test_what_each_unit_gains_by_hand():
    """At least one of two takes part with 3/4, both with 1/4, in half of the windows."""
    told = [p * 2.0 - (1 - p) * 0.1 - 0.25 for p in (0.375, 0.125, 0.0)]
    assert gains(0, 2) == pytest.approx(told[:2])
    assert gains(1, 1) == pytest.approx(told[1:2])
    assert gains(2, 1) == pytest.approx(told[2:])
    assert gains(0, 1, share=0.0) == pytest.approx([-0.35])


def test_a_unit_that_does_not_bring_in_its_cost_in_time_gains_nothing():
    """Earns .375 x 3 = 1.125 and .375 a window; costs 1.25: within 2 windows, and within 4."""
    assert np.isfinite(gains(0, 2, 1.0)).tolist() == [False, False]
    assert np.isfinite(gains(0, 2, 2.0)).tolist() == [True, False]
    assert np.isfinite(gains(0, 2, 4.0)).tolist() == [True, True]


@settings(max_examples=50)
@given(st.integers(0, 10**6))
def test_units_are_sent_best_first_within_room_and_supply(seed: int):
    """Nothing that loses, nothing beyond a limit, and nothing that fits is left out."""
    draw = np.random.default_rng(seed)
    cell = np.repeat(np.arange(4), draw.integers(0, 4, 4))
    gain = draw.normal(0.5, 1.0, len(cell))
    for c in range(4):
        gain[cell == c] = np.sort(gain[cell == c])[::-1]
    region, item = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    volume, room = draw.choice([0.0, 0.5, 2.0], 4), draw.choice([0.0, 1.5, 3.0, np.inf], 2)
    supply, sent = draw.integers(0, 5, 2), np.zeros(4, np.int64)
    left, stock = room.copy(), supply.copy()
    order = np.argsort(-gain, kind="stable")
    fill_by_gain(order, cell, gain, region, item, volume, left, stock, sent)
    assert (sent <= np.bincount(cell, gain > 0, 4)).all()
    assert np.bincount(item, sent, 2).tolist() == (supply - stock).tolist() and (stock >= 0).all()
    used = np.bincount(region, sent * volume, 2)
    assert (used <= room + 1e-9).all()
    for c in range(4):
        if sent[c] < (gain[cell == c] > 1e-9).sum():
            assert stock[item[c]] == 0 or volume[c] > left[region[c]]
