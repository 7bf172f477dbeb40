"""The learned head: what its boosters add to a cell's own level, and when there are none."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_forecast.features.rows import training_rows
from foreship_forecast.heads.boosters import LOG_SCALE, UNITS, Boosters, learn, raw_of_each
from foreship_forecast.history.panel import Panel
from foreship_forecast.levels.cell_levels import LOWEST_EXTRA, Levels
from foreship_forecast.params import ForecastParams
from tests.forecast.small_market import panel_of_cells, plain_features

FEW = ForecastParams(rounds=3, leaves=4, min_leaf_rows=5, max_rows=5000, horizon_weeks=2, seed=1)


def panel(rate: float, weeks: int = 40) -> Panel:
    """Return twelve cells of Poisson demand, all weeks known."""
    units = np.random.default_rng(2).poisson(rate, (12, weeks))
    return panel_of_cells(
        units,
        np.ones((12, weeks), dtype=bool),
        np.repeat(np.arange(3), 4),
        np.tile(np.arange(4), 3),
    )


def test_answers_are_chances_and_sizes_and_the_chance_is_learned_once() -> None:
    """A chance in (0, 1), units beyond the first >= 0; two objectives differ in the size alone."""
    features = plain_features(panel(1.5))
    both = learn(features, FEW, 40, (UNITS, LOG_SCALE))
    assert [each.objective for each in both] == [UNITS, LOG_SCALE]
    rows = training_rows(features.panel, 2, 40, 200, 1)
    levels = features.levels(rows)
    one, other = raw_of_each(both, features, rows, levels)
    assert one[0].tobytes() == other[0].tobytes() and one[1].tolist() != other[1].tolist()
    for chance, extra in (one, other):
        assert ((chance > 0) & (chance < 1)).all() and (extra >= 0).all()


def test_without_a_size_the_level_itself_is_the_answer() -> None:
    """Too few sales were seen: half a unit beyond the first, as the cell's own weeks say."""
    levels = Levels(np.array([1.0]), np.array([0.25]), np.array([0.5]))
    alone = Boosters("", "", ())
    assert alone.extra_of(np.zeros((1, 0), np.float32), levels).tolist() == [0.5]
    assert alone.objective == UNITS


@pytest.mark.parametrize(
    ("objective", "score", "extra"),
    [
        (UNITS, 0.0, 0.5),
        (UNITS, np.log(2.0), 1.0),  # twice the units beyond the first
        (LOG_SCALE, 0.0, 0.5),
        (LOG_SCALE, np.log(2.0), 2.0),  # twice all units: 3, so 2 beyond the first
        (LOG_SCALE, np.log(0.5), LOWEST_EXTRA),  # .75 units in all are not fewer than one
    ],
)
def test_departures_are_applied_in_the_scale_they_were_learned_in(
    monkeypatch: pytest.MonkeyPatch, objective: str, score: float, extra: float
) -> None:
    """From a level of half a unit beyond the first."""
    head = Boosters("", f"tree\nobjective={objective}\n", ())
    monkeypatch.setattr(Boosters, "_departure", lambda *_: np.array([score]))
    levels = Levels(np.array([1.0]), np.array([0.25]), np.array([0.5]))
    found = head.extra_of(np.zeros((1, 0), np.float32), levels)
    assert found == pytest.approx([extra])
    log_odds = np.log(0.25 / 0.75) + score
    assert head.chance_of(np.zeros((1, 0), np.float32), levels) == pytest.approx(
        [1.0 / (1.0 + np.exp(-log_odds))]
    )


@pytest.mark.parametrize(
    ("units", "heads", "sized"),
    [
        (np.zeros((12, 40), dtype=int), 0, None),  # nothing ever sold
        (np.eye(12, 40, dtype=int), 1, False),  # twelve sales are too few to learn their size from
    ],
)
def test_too_few_sales_teach_nothing(units: np.ndarray, heads: int, sized: bool | None) -> None:
    """No head without a sale; a chance alone where sales are few."""
    given = panel_of_cells(
        units, np.ones((12, 40), dtype=bool), np.repeat(np.arange(3), 4), np.tile(np.arange(4), 3)
    )
    found = learn(plain_features(given), FEW, 40, (UNITS,))
    assert len(found) == heads
    assert all(bool(each.size) is sized for each in found)


def test_too_few_rows_teach_nothing() -> None:
    """Two weeks of one cell are below sixty rows."""
    given = panel_of_cells(
        np.ones((1, 3), dtype=int), np.ones((1, 3), dtype=bool), np.array([0]), np.array([0])
    )
    assert learn(plain_features(given), FEW, 3, (UNITS,)) == ()


def test_learning_is_the_same_to_the_byte() -> None:
    """The same panel twice."""
    texts = [learn(plain_features(panel(1.5)), FEW, 40, (UNITS,))[0] for _ in range(2)]
    assert (texts[0].chance, texts[0].size) == (texts[1].chance, texts[1].size)
