"""The rhythm of a cell: which beats are believed, and which are left to chance."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_forecast.levels.rhythm import PERIODS, with_rhythm

WEEKS = 60


def chance_of(
    sold: np.ndarray, plain: float, horizon: int, known: np.ndarray | None = None
) -> float:
    """Return the chance of a single cell, seen from its last week."""
    seen = np.ones_like(sold, dtype=bool) if known is None else known
    at = np.array([0]), np.array([len(sold) - 1])
    found = with_rhythm(
        np.array([plain]), sold[None].astype(bool), seen[None], at, np.array([horizon])
    )
    return float(found[0])


@pytest.mark.parametrize("period", PERIODS)
def test_a_steady_beat_is_believed(period: int) -> None:
    """A cell that sells on one beat alone sells on that beat again, and in between it does not."""
    week = np.arange(WEEKS)
    sold = week % period == 0
    for horizon in range(1, 9):
        on_the_beat = (WEEKS - 1 + horizon) % period == 0
        found = chance_of(sold, 1.0 / period, horizon)
        assert found > 0.9 if on_the_beat else found < 0.12


def test_what_falls_by_chance_is_no_rhythm() -> None:
    """A cell that sells by the toss of a coin keeps its chance, to within two hundredths."""
    rng = np.random.default_rng(1)
    moved = [
        abs(chance_of(rng.random(WEEKS) < rate, rate, 1) - rate)
        for rate in (0.1, 0.3, 0.5, 0.8)
        for _ in range(50)
    ]
    assert max(moved) < 0.2
    assert np.mean(moved) < 0.02


def test_a_cell_that_always_or_never_sells_has_no_rhythm() -> None:
    """Where all beats are alike nothing is told apart."""
    for sold in (np.zeros(WEEKS), np.ones(WEEKS)):
        assert chance_of(sold, 0.4, 1) == pytest.approx(0.4, abs=0.01)


def test_unknown_weeks_tell_nothing() -> None:
    """Without any known week the chance stays what it was, whatever stands in those weeks."""
    sold = np.arange(WEEKS) % 2 == 0
    assert chance_of(sold, 0.3, 1, np.zeros(WEEKS, dtype=bool)) == pytest.approx(0.3, abs=1e-3)


def test_weeks_after_the_origin_are_not_read() -> None:
    """What comes after a row's origin changes nothing."""
    rng = np.random.default_rng(2)
    sold = rng.random((3, WEEKS)) < 0.5
    poisoned = sold.copy()
    poisoned[:, 25:] = ~poisoned[:, 25:]
    at = np.arange(3), np.full(3, 24)
    known, plain, horizon = np.ones_like(sold), np.full(3, 0.5), np.array([1, 2, 5])
    first, second = (with_rhythm(plain, each, known, at, horizon) for each in (sold, poisoned))
    assert np.array_equal(first, second)
