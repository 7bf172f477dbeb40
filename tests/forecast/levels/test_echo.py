"""The echo: what of a miss is certain, and how far misses come again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from foreship_forecast.levels.echo import (
    COMES_AGAIN,
    ITEM_SQUARES,
    NETWORK_SQUARES,
    NOISE_VARIANCE,
    REAL,
    REAL_SD,
    Recurrence,
    certain_part,
)


def part(miss: float, mass: float) -> float:
    """Return the certain part of one miss."""
    return float(certain_part(np.array([miss]), np.array([mass]))[0])


@pytest.mark.parametrize(("miss", "mass"), [(0.4, 5.0), (1.0, 20.0), (-0.7, 8.0), (2.0, 0.5)])
def test_certain_part_is_the_posterior_mean(miss: float, mass: float) -> None:
    """Of a normal deviation that most weeks do not have (eq. 57), from densities."""
    noise = NOISE_VARIANCE + 1.0 / mass
    whole = noise + REAL_SD**2
    real = REAL * stats.norm.pdf(miss, scale=np.sqrt(whole))
    accident = (1.0 - REAL) * stats.norm.pdf(miss, scale=np.sqrt(noise))
    expected = real / (real + accident) * miss * REAL_SD**2 / whole
    assert part(miss, mass) == pytest.approx(expected)


def test_noise_is_no_echo_and_a_large_miss_is_one() -> None:
    """Nothing of no miss, next to nothing of what chance does, nearly all of six times as much."""
    assert part(0.0, 50.0) == 0.0
    for mass in (2.0, 20.0, 200.0):
        usual = np.sqrt(NOISE_VARIANCE + 1.0 / mass)
        assert part(usual, mass) < 0.1 * usual
    assert part(np.log(6.0), 100.0) > 0.95 * np.log(6.0)
    assert part(np.log(6.0), 0.0) < 0.1  # nothing was due, so that nothing is known


@given(st.floats(-8.0, 8.0), st.floats(0.0, 1e6), st.floats(1.0, 10.0))
def test_certain_part_is_a_part(miss: float, mass: float, times: float) -> None:
    """Between none and all of the miss, odd in it, and never less of a larger one."""
    found = part(miss, mass)
    assert 0.0 <= found * np.sign(miss) <= abs(miss)
    assert part(-miss, mass) == -found
    assert abs(part(miss * times, mass)) >= abs(found)


def test_recurrence_starts_at_what_is_usual() -> None:
    """Nothing seen, or items without a miss last year: the network's share."""
    again = Recurrence.of(2)
    assert again.share == pytest.approx([COMES_AGAIN] * 2)
    again.update(np.zeros(2), np.array([1.0, -2.0]))
    assert again.share == pytest.approx([COMES_AGAIN] * 2)


def test_shares_by_hand() -> None:
    """Two misses of one item came again by half; the other item has had none."""
    again = Recurrence.of(2)
    again.update(np.array([2.0, 0.0]), np.array([1.0, 0.3]))
    again.update(np.array([-1.0, 0.0]), np.array([-0.5, 0.0]))
    network = (2.0 + 0.5 + NETWORK_SQUARES * COMES_AGAIN) / (5.0 + NETWORK_SQUARES)
    own = (2.5 + ITEM_SQUARES * network) / (5.0 + ITEM_SQUARES)
    assert again.share == pytest.approx([own, network])


def test_what_never_comes_again_is_no_longer_expected() -> None:
    """Misses of the other sign year after year: nothing, not less than nothing; the same: all."""
    for sign, expected in ((-1.0, 0.0), (1.0, 1.0)):
        again = Recurrence.of(1)
        for _ in range(30):
            again.update(np.array([1.5]), np.array([sign * 1.8]))
        assert again.share.tolist() == [expected]
