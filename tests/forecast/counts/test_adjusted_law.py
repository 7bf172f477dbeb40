"""A law whose mean is moved: the mean exactly, the shape of a law, the width of its sizes."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_forecast.counts.adjusted_law import adjusted
from foreship_forecast.counts.law import CountLaw
from tests.forecast.small_law import distribution, same


@pytest.mark.parametrize("seed", range(3))
def test_means_are_those_wanted_and_the_law_stays_one(seed: int) -> None:
    """From a hundredth to a hundred times, of random laws with a map: p_k never increases."""
    law = distribution(4, 5, 2, seed=seed).law
    rng = np.random.default_rng(seed)
    wanted = law.mean() * np.exp(rng.uniform(np.log(0.01), np.log(100.0), len(law)))
    moved = adjusted(law, np.arange(len(law)), wanted)
    assert moved.mean() == pytest.approx(wanted, rel=1e-12)
    survival = moved.survival(200)
    assert (np.diff(survival, axis=1) <= 1e-15).all()
    assert survival.max() <= 1.0


def test_only_rows_named_move() -> None:
    """All others keep their numbers to the last bit; without a row it is the same law."""
    law = distribution(3, 4, 2, seed=5).law
    moved = adjusted(law, np.array([1, 7]), np.array([0.4, 9.0]))
    others = np.setdiff1d(np.arange(len(law)), [1, 7])
    for name in ("chance", "extra", "dispersion"):
        assert (getattr(moved, name)[others] == getattr(law, name)[others]).all()
    assert adjusted(law, np.zeros(0, dtype=np.int64), np.zeros(0)) is law


def test_quantiles_move_with_the_mean() -> None:
    """Twice the demand has higher quantiles, half of it lower ones, none of it none."""
    law = same(3, 0.8, 6.0, 2.0)
    factor = np.array([2.0, 0.5, 0.0])
    moved = adjusted(law, np.arange(3), law.mean() * factor)
    before, after = law.quantiles((0.5, 0.9)), moved.quantiles((0.5, 0.9))
    assert (after[:, 0] > before[:, 0]).all()
    assert (after[:, 1] < before[:, 1]).all()
    assert (after[:, 2] == 0).all()


def test_what_comes_in_lots_stays_in_lots() -> None:
    """Three times the cases of twelve: the mean exactly, no count between two cases."""
    law = CountLaw(np.array([0.3]), np.array([1.0]), np.array([2.0]), lot=np.array([12]))
    moved = adjusted(law, np.arange(1), 3.0 * law.mean())
    assert moved.mean() == pytest.approx(3.0 * law.mean(), rel=1e-12)
    assert (moved.survival(24)[0, :12] == moved.survival(24)[0, 0]).all()


@pytest.mark.parametrize("law", [same(1, 0.4, 1.5, 1.0), same(1, 0.9, 20.0, 3.0)])
def test_demand_of_twice_the_customers_is_as_calibrated_as_before(law: CountLaw) -> None:
    """Two independent weeks together: their probability integral transform is even to .05."""
    rng = np.random.default_rng(2)
    count = 4_000
    cumulative = 1.0 - law.survival(4_000)[0]
    units = np.searchsorted(cumulative, rng.random((2, count)), side="right").astype(float)

    def uneven(of: CountLaw, seen: np.ndarray) -> float:
        rows = of.part(np.zeros(count, dtype=np.int64))
        low, high = rows.interval(seen)
        place = np.sort(low + (high - low) * rng.random(count))
        return float(np.abs(place - (np.arange(count) + 0.5) / count).max())

    moved = adjusted(law, np.arange(1), 2.0 * law.mean())
    assert uneven(law, units[0]) < 0.03
    assert uneven(moved, units.sum(axis=0)) < 0.08
    assert uneven(law, units.sum(axis=0)) > 0.15
