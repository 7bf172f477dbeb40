"""The arithmetic that the forecast benchmarks judge with, on cases worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.forecast.orange_juice import splits, weighted_median
from benchmarks.forecast.peers import distribution_beyond
from benchmarks.forecast.scores import calibration_error, histogram_survival, judge
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.scores import answer_of_law, expected_calibration_error, log_score


def some_laws() -> tuple[CountLaw, np.ndarray]:
    """Return slow and fast laws with counts that came."""
    law = CountLaw(
        np.array([0.1, 0.6, 1.0, 0.9]), np.array([0.2, 3.0, 40.0, 0.5]), np.array([1.0, 0.5, 4, 9])
    )
    return law, np.array([0.0, 7.0, 25.0, 1.0])


def test_judge_by_hand() -> None:
    """Two units came, (.5, .2) was said of the first two, nothing beyond."""
    found = judge(np.array([[0.5, 0.2]]), np.array([2.0])).iloc[0]
    assert found["rps"] == pytest.approx(0.25 + 0.64)
    assert found["log_score"] == pytest.approx(-math.log(0.2))
    assert found["log_loss"] == pytest.approx(-math.log(0.5))
    assert found["mean"] == pytest.approx(0.7)


def test_judge_counts_what_came_beyond_the_last_count() -> None:
    """Each unit beyond the matrix costs one, and its probability is the floor."""
    found = judge(np.array([[1.0, 1.0]]), np.array([5.0])).iloc[0]
    assert found["rps"] == pytest.approx(3.0)
    assert found["log_score"] == pytest.approx(-math.log(1e-6))


def test_judge_agrees_with_the_room() -> None:
    """The matrix and the room's own walk give the same scores, though they share no code."""
    law, units = some_laws()
    found, room = judge(law.survival(2_000), units), answer_of_law(law, units)
    assert found["rps"].to_numpy() == pytest.approx(room.rps, abs=1e-6)
    assert found["log_score"].to_numpy() == pytest.approx(log_score(room.below, room.upto))
    assert found["mean"].to_numpy() == pytest.approx(room.mean, rel=1e-6)
    happened = units > 0
    ours = calibration_error(law.chance, happened)
    assert ours == pytest.approx(expected_calibration_error(law.chance, happened))


def test_histogram_by_hand() -> None:
    """Of 0, 0, 1 and 3 half are at least 1, a quarter at least 2 and 3; a cap keeps its mass."""
    past = np.array([[0.0, 0.0, 1.0, 3.0]])
    assert histogram_survival(past, 4)[0] == pytest.approx([0.5, 0.25, 0.25, 0.0])
    assert histogram_survival(past, 2)[0] == pytest.approx([0.5, 0.25])


def test_weighted_median_minimises_the_percentage_error() -> None:
    """No other count has a lower mean of |D - d| / D over the law's sales."""
    law, _ = some_laws()
    survival = np.concatenate([law.survival(2_000), np.zeros((len(law), 1))], axis=1)
    mass = survival[:, :-1] - survival[:, 1:]
    counts = np.arange(1, 2_001)
    points = np.arange(1, 200)
    error = np.abs(counts[None, :] - points[:, None]) / counts[None, :]
    expected = mass @ error.T
    found = weighted_median(law)
    for row, point in enumerate(found.astype(int)):
        assert expected[row, point - 1] == pytest.approx(expected[row].min(), abs=1e-9)


def test_weighted_median_of_lots_is_in_units() -> None:
    """Where each 1 of a law stands for two or three units, so does each 1 of its median."""
    law, _ = some_laws()
    lot = np.array([2, 3, 2, 1])
    counted = CountLaw(law.chance, law.extra, law.dispersion, lot=lot)
    assert weighted_median(counted) == pytest.approx(lot * weighted_median(law))


def test_rounds_are_the_published_ones() -> None:
    """Training ends in weeks 135, 137 .. 153; the first round is judged on weeks 137 and 138."""
    rounds = list(splits(156, 10))
    assert [each.end for each in rounds] == list(range(135, 154, 2))
    assert rounds[0].test == (137, 138)
    assert rounds[-1].test == (155, 156)


def test_quantiles_become_a_distribution() -> None:
    """Lines between quantiles are straight, the outer ones go on, equal quantiles are a step."""
    probability = np.array([0.25, 0.5, 0.75])
    found = distribution_beyond(np.array([1.0, 2.0, 3.0]), probability, np.array([-1, 0.5, 2.5, 9]))
    assert found == pytest.approx([1.0, 0.875, 0.375, 0.0])
    step = distribution_beyond(np.array([0.0, 0.0, 4.0]), probability, np.array([0.0, 4.0]))
    assert step == pytest.approx([0.5, 0.25])
