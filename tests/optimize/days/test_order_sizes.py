"""What paths show of how many units an order takes."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.days.order_sizes import sizes_shown


def size_of(units: np.ndarray) -> float:
    """Return the size that the paths of one cell show, shape (H, S)."""
    return float(sizes_shown(units[None])[0])


def drawn(rate: float, sizes: list[int], seed: int = 0) -> np.ndarray:
    """Draw 4 weeks and 200 paths: Poisson many orders, each of one of the sizes."""
    rng = np.random.default_rng(seed)
    orders = rng.poisson(rate, (4, 200))
    return np.vectorize(lambda n: rng.choice(sizes, n).sum())(orders).astype(np.int64)


@pytest.mark.parametrize("seed", range(3))
def test_single_units_show_single_units(seed: int):
    """Poisson demand of single units, slow or fast, is one unit an order."""
    for rate in (0.01, 0.3, 2.0, 40.0):
        assert size_of(drawn(rate, [1], seed)) == 1.0


@pytest.mark.parametrize("seed", range(3))
def test_dozens_show_dozens(seed: int):
    """Orders of 12, rare or frequent, and from weeks of which none is empty."""
    for rate in (0.1, 0.3, 2.0, 10.0):
        assert size_of(drawn(rate, [12], seed)) == 12.0


def test_orders_of_many_sizes_show_their_mean():
    """8 to 15 a time, .3 times a week: about 11.5; no week of fewer than 8 could be two orders."""
    assert size_of(drawn(0.3, list(range(8, 16)))) == pytest.approx(11.5, abs=1.5)


@pytest.mark.parametrize(
    "units",
    [
        np.zeros((3, 4)),
        np.full((3, 4), 10),
        np.array([[240, 252, 240]]),
        np.array([[0, 2], [2, 0]]),
        np.array([[60, 72, 81, 66, 90, 75, 77, 62]]),
    ],
)
def test_little_shows_nothing(units: np.ndarray):
    """None; always the same; two values; two weeks of two; weeks large because many buy."""
    assert size_of(units.astype(np.int64)) == 1.0


def test_cells_are_told_apart():
    """The size is each cell's own, whatever the type of the numbers."""
    units = np.stack([drawn(0.3, [12]), drawn(0.3, [1]), drawn(0.3, [6])]).astype(np.uint16)
    assert sizes_shown(units).tolist() == [12.0, 1.0, 6.0]
