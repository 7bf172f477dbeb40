"""Hashed random numbers: standard normals with the correlations asked for, tied to ids alone."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_forecast.counts.dependence import Dependence, Factor
from foreship_forecast.counts.draws import Draws

SCENARIOS = 4001
"""an odd number: normals come in pairs"""
CLOSE = 4.0 / np.sqrt(SCENARIOS)
"""four standard errors of a mean, and about as many of a correlation"""


def drawn(dependence: Dependence, *, seed: int = 1, weeks: int = 3) -> np.ndarray:
    """Scores of the cells (R1, A), (R1, B) and (R2, A), shape (3, weeks, SCENARIOS)."""
    cells = np.array(["R1", "R1", "R2"], object), np.array(["A", "B", "A"], object)
    return Draws(cells, weeks, dependence, SCENARIOS, seed).scores(np.arange(3))


@pytest.mark.parametrize(
    "dependence",
    [
        Dependence.of(),
        Dependence.of(week=Factor(0.2), item=Factor(0.3, 0.5), region=Factor(0.1)),
        Dependence.of(item=Factor(0.4, 0.0, 0.9), own=(0.3, 0.5)),
    ],
)
def test_every_score_is_a_standard_normal(dependence: Dependence) -> None:
    """Whatever is shared and however long it lasts: mean 0, variance 1, in every week."""
    scores = drawn(dependence)
    assert scores.shape == (3, 3, SCENARIOS)
    assert np.abs(scores.mean(axis=2)).max() < CLOSE
    assert np.abs(scores.var(axis=2) - 1.0).max() < 1.5 * CLOSE
    assert (np.abs(scores) < 1.0).mean() == pytest.approx(0.6827, abs=0.02)


def test_cells_move_together_by_what_they_share() -> None:
    """Week .2, item .3, region .1: .5 with the same item elsewhere, .3 with the same region.

    Two weeks on, a cell has of itself what stays: half the item's .3, decaying by .5 a week else.
    """
    shared = Dependence.of(
        week=Factor(0.2), item=Factor(0.3, level=0.5, decay=0.5), region=Factor(0.1)
    )
    scores = drawn(shared)
    here, other_item, other_region = np.corrcoef(scores[:, 0])[0]
    assert here == pytest.approx(1.0)
    assert other_region == pytest.approx(0.2 + 0.3, abs=CLOSE)
    assert other_item == pytest.approx(0.2 + 0.1, abs=CLOSE)
    lasting = np.corrcoef(scores[0])[0, 2]
    assert lasting == pytest.approx(0.3 * (0.5 + 0.5 * 0.25), abs=CLOSE)


def test_a_cell_has_its_draws_whatever_else_is_drawn() -> None:
    """Alone, in another order, over fewer weeks: the same bits; another seed, others."""
    shared = Dependence.of(week=Factor(0.2), item=Factor(0.3), region=Factor(0.1))
    whole = drawn(shared)
    alone = Draws((np.array(["R2"], object), np.array(["A"], object)), 3, shared, SCENARIOS, 1)
    assert alone.scores(np.array([0])).tobytes() == whole[2:].tobytes()
    assert drawn(shared, seed=2).tobytes() != whole.tobytes()
    few = Draws((np.array(["R2"], object), np.array(["A"], object)), 2, shared, SCENARIOS, 1)
    assert few.scores(np.array([0]))[0, 1].tobytes() == whole[2, 1].tobytes()


def test_starts_are_uniform_and_differ_by_cell_and_week() -> None:
    """Of 200 cells and 20 weeks: all within [0, 1), mean a half, no two alike."""
    names = np.array([f"I{each}" for each in range(200)], dtype=object)
    draws = Draws((np.full(200, "R", object), names), 20, Dependence.of(), 2, 1)
    start = draws.start(np.arange(200))
    assert start.shape == (4000,)
    assert (start >= 0.0).all() and (start < 1.0).all()
    assert start.mean() == pytest.approx(0.5, abs=4.0 / np.sqrt(12 * 4000))
    assert len(np.unique(start)) == 4000
    assert draws.start(np.array([7])).tolist() == start[7 * 20 : 8 * 20].tolist()
