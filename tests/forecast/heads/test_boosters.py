"""The learned head: what its boosters add to a cell's own level, and when there are none."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from foreship_forecast.features.matrix import Table
from foreship_forecast.features.rows import Rows, calibration_rows, training_rows
from foreship_forecast.heads import boosters as learning
from foreship_forecast.heads.boosters import Boosters, Lessons, learn
from foreship_forecast.heads.forest import sound_forest
from foreship_forecast.history.panel import Panel
from foreship_forecast.levels.cell_levels import LOWEST_EXTRA, Levels
from foreship_forecast.params import ForecastParams
from tests.forecast.small_market import panel_of_cells, plain_features

FEW = ForecastParams(rounds=3, leaves=4, min_leaf_rows=5, max_rows=5000, horizon_weeks=2, seed=1)
LEVEL = Levels(np.array([0.375]), np.array([0.25]), np.array([0.5]))
"""a sale every fourth week, of a unit and a half"""


def given(units: np.ndarray, known: np.ndarray | None = None) -> Panel:
    """Return twelve cells of four items in three regions; all weeks are known unless said."""
    known = np.ones(units.shape, dtype=bool) if known is None else known
    return panel_of_cells(units, known, np.repeat(np.arange(3), 4), np.tile(np.arange(4), 3))


def panel(rate: float = 1.5, weeks: int = 40) -> Panel:
    """Return twelve cells of Poisson demand."""
    return given(np.random.default_rng(2).poisson(rate, (12, weeks)))


def bare(later: str = "", units: str = "", scale: str = "") -> Boosters:
    """Return boosters whose texts are mere names, for tests in which nobody reads them."""
    return Boosters("near", later, units, scale, (), (1.0, 1.0, 1.0))


def columnless(levels: Levels) -> Table:
    """Return a table of no columns."""
    return Table(np.zeros((len(levels.chance), 0), np.float32), (), levels)


def test_answers_are_chances_and_sizes() -> None:
    """A chance in (0, 1), units beyond the first above 0, and boosters for both horizons."""
    features = plain_features(panel())
    found = learn(Lessons.of(features, FEW, 40), FEW)
    assert found is not None
    assert all((found.chance, found.later, found.units, found.scale))
    assert found.chance != found.later and found.units != found.scale
    rows = training_rows(features.panel, range(1, 3), 40, 200, 1)
    table = features.table(rows)
    chance, extra = found.chances(table, rows), found.sizes(table)
    assert chance.shape == (len(rows),) and extra.shape == (2, len(rows))
    assert ((chance > 0) & (chance < 1)).all() and (extra >= LOWEST_EXTRA).all()
    assert np.abs(extra[0] - extra[1]).max() > 0


@pytest.mark.parametrize(
    ("score", "poisson", "scaled"),
    [
        (0.0, 0.5, 0.5),
        (np.log(2.0), 1.0, 2.0),  # twice the units beyond the first; twice all units: 3, so 2 more
        (np.log(0.5), 0.25, LOWEST_EXTRA),  # .75 units in all are not fewer than one
    ],
)
def test_departures_are_applied_in_the_scale_they_were_learned_in(
    monkeypatch: pytest.MonkeyPatch, score: float, poisson: float, scaled: float
) -> None:
    """From a level of half a unit beyond the first, sold in every fourth week."""
    monkeypatch.setattr(Boosters, "_departure", lambda *_: np.array([score]))
    head, table = bare("later", "units", "scale"), columnless(LEVEL)
    assert head.sizes(table)[:, 0] == pytest.approx([poisson, scaled])
    rows = Rows(*np.array([[0], [5], [1]]))
    log_odds = np.log(0.25 / 0.75) + score
    assert head.chances(table, rows) == pytest.approx([1.0 / (1.0 + np.exp(-log_odds))])


def test_next_week_and_later_weeks_are_asked_of_their_own_booster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no later week was learned, the booster of the next week says all."""
    asked: list[tuple[str, list[int]]] = []

    def departure(self: Boosters, text: str, matrix: np.ndarray, rows: np.ndarray) -> np.ndarray:
        asked.append((text, rows.tolist()))
        return np.full(len(rows), 0.0 if text == "near" else 1.0)

    monkeypatch.setattr(Boosters, "_departure", departure)
    levels = Levels(*np.full((3, 4), 0.5))
    rows = Rows(np.zeros(4, dtype=np.int64), np.full(4, 9), np.array([1, 2, 1, 3]))
    said = bare("far").chances(columnless(levels), rows)
    assert asked == [("near", [0, 2]), ("far", [1, 3])]
    assert (said > 0.6).tolist() == [False, True, False, True]
    asked.clear()
    bare().chances(columnless(levels), rows)
    assert asked == [("near", [0, 1, 2, 3])]


def test_without_sizes_the_level_itself_is_the_answer() -> None:
    """Too few sales were seen: half a unit beyond the first, as the cell's own weeks say."""
    assert bare().sizes(columnless(LEVEL)).tolist() == [[0.5], [0.5]]


def test_only_the_next_week_needs_one_booster_of_chances() -> None:
    """A horizon of a single week learns no later one."""
    asked = replace(FEW, horizon_weeks=1)
    found = learn(Lessons.of(plain_features(panel()), asked, 40), asked)
    assert found is not None and found.chance and not found.later


@pytest.mark.parametrize(
    ("units", "learned"),
    [
        (np.zeros((12, 40), dtype=int), False),  # nothing ever sold
        (np.eye(12, 40, k=12, dtype=int), True),  # twelve sales: too few to learn a size from
    ],
)
def test_too_few_sales_teach_nothing(units: np.ndarray, learned: bool) -> None:
    """No head without a sale; chances alone where sales are few."""
    found = learn(Lessons.of(plain_features(given(units)), FEW, 40), FEW)
    assert (found is not None) is learned
    if found is not None:
        assert found.chance and (found.units, found.scale) == ("", "")


def test_too_few_rows_teach_nothing() -> None:
    """Three weeks of one cell are below sixty rows."""
    alone = panel_of_cells(
        np.ones((1, 3), dtype=int), np.ones((1, 3), dtype=bool), np.array([0]), np.array([0])
    )
    assert learn(Lessons.of(plain_features(alone), FEW, 3), FEW) is None


def test_learning_is_the_same_to_the_byte() -> None:
    """The same panel twice, whatever came in the weeks not to learn from."""
    one = panel()
    units = one.units.copy()
    units[:, 35:] = 99
    found = [
        learn(Lessons.of(plain_features(each), FEW, 35), FEW) for each in (one, one, given(units))
    ]
    assert found[0] == found[1] == found[2]


def test_a_share_of_the_rows_is_enough_for_a_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the rows are asked for, and half of them are of the next week."""
    asked, drawn = [], learning.training_rows

    def rows(panel: Panel, horizons: range, last: int, most: int, seed: int) -> Rows:
        asked.append((horizons, most))
        return drawn(panel, horizons, last, most, seed)

    monkeypatch.setattr(learning, "training_rows", rows)
    Lessons.of(plain_features(panel()), replace(FEW, horizon_weeks=3), 40, share=0.5)
    assert asked == [(range(1, 2), 1250), (range(2, 4), 1250)]


def test_lessons_are_swept_at_once_and_are_those_of_their_own_rows() -> None:
    """Features, levels and labels of near, far and judging rows, whichever are asked with them."""
    features = plain_features(panel())
    judges = calibration_rows(features.panel, 2, 30, 5000, 1)
    found = Lessons.of(features, FEW, 30, judges=judges)
    assert found.near is not None and found.far is not None and found.judging is not None
    for rows, swept in (
        (found.near.rows, found.near.table),
        (found.far.rows, found.far.table),
        (judges, found.judging),
    ):
        alone = features.table(rows)
        np.testing.assert_array_equal(swept.matrix, alone.matrix)
        np.testing.assert_array_equal(swept.levels.chance, alone.levels.chance)
    for each in (found.near, found.far):
        units = features.panel.units[each.rows.cell, each.rows.target]
        np.testing.assert_array_equal(each.units, units)
        assert int(each.rows.target.max()) < 30


def test_rows_in_bins_already_teach_another_lesson_as_if_laid_out_anew() -> None:
    """The log booster after the Poisson one, on the same rows, is that of rows of its own."""
    rng = np.random.default_rng(3)
    matrix = rng.random((300, 4)).astype(np.float32)
    count = rng.poisson(1.0 + 3.0 * matrix[:, 0]).astype(np.float64)
    poisson = learning._Lesson(matrix, count, np.zeros(300))
    scale = learning._Lesson(matrix, np.log1p(count), np.full(300, 0.5))
    names = ("a", "b", "c", "d")
    data = learning._dataset(poisson, names)
    learning._boost("poisson", poisson, data, FEW)
    again = learning._boost("regression", scale, learning._relabelled(data, scale), FEW)
    assert again == learning._boost("regression", scale, learning._dataset(scale, names), FEW)


def test_where_nothing_splits_the_text_is_still_a_sound_forest() -> None:
    """Everything sold in every week: trees of one leaf, which loading a model accepts."""
    lesson = learning._Lesson(np.zeros((300, 2), np.float32), np.ones(300), np.full(300, 6.0))
    text = learning._boost("binary", lesson, learning._dataset(lesson, ("a", "b")), FEW)
    assert "\nTree=" in text and sound_forest(text, "chance", 2) == text


def test_trust_fades_beyond_what_was_seen() -> None:
    """Whole up to what was usual, then less and less, for each kind of strangeness."""
    head = replace(bare(), usual=(0.5, 2.0, 1.0))
    strange = np.zeros((3, 7))
    strange[0] = [0.0, 0.5, 0.75, 1.0, 0.0, 0.0, 1.0]
    strange[1] = [0.0, 2.0, 0.0, 0.0, 4.0, 0.0, 4.0]
    strange[2] = [0.0, 1.0, 0.0, 0.0, 0.0, 2.0, 0.0]
    features = SimpleNamespace(strangeness=lambda rows: strange)
    doubt = np.exp(-learning.DOUBT)
    expected = [1.0, 1.0, np.sqrt(doubt), doubt, doubt, doubt, doubt * doubt]
    assert head.trust(features, None) == pytest.approx(expected)


def test_what_was_learned_from_is_trusted() -> None:
    """But for the few rows that are stranger than the shares that count as usual."""
    features = plain_features(panel())
    found = learn(Lessons.of(features, FEW, 40), FEW)
    assert found is not None and min(found.usual) >= learning.LEAST_USUAL
    rows = training_rows(features.panel, range(1, 2), 40, 10**6, 1)
    strange = sum(1.0 - share for share in learning.USUAL)
    assert 1.0 > (found.trust(features, rows) == 1.0).mean() >= 1.0 - strange - 0.01


def test_a_column_that_the_snapshot_lacks_is_missing_not_zero() -> None:
    """Columns are found by name; what a later snapshot has beside them is not read."""
    table = Table(np.array([[1.0, 2.0]], np.float32), ("a", "b"), LEVEL)
    found = learning.columns_of(table, ("b", "gone", "a"))
    np.testing.assert_array_equal(found, np.array([[2.0, np.nan, 1.0]], np.float32))
    assert learning.columns_of(table, ("a", "b")) is table.matrix


def test_a_bound_teaches_its_mean_not_itself() -> None:
    """A sale of at least five, where a unit beyond the first is usual: more than five are due."""
    ordered, whole = np.array([4.0, 4.0]), np.array([True, False])
    known, bounded = learning._wanted(ordered, whole, np.array([1.0, 1.0]))
    assert known == 4.0
    assert bounded == pytest.approx(5.0)  # geometric: what is beyond the bound is due anew


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_labels_that_are_no_numbers_are_refused(value: float) -> None:
    """LightGBM would take them without a word."""
    matrix, label = np.zeros((2, 1), np.float32), np.array([0.0, 1.0])
    spoiled = np.array([0.0, value])
    for labels, start in ((spoiled, label), (label, spoiled)):
        with pytest.raises(ValueError, match="must be finite"):
            learning._refuse_nonsense(matrix, labels, start)
    with pytest.raises(ValueError, match="features must not be infinite"):
        learning._refuse_nonsense(np.full((2, 1), np.inf, np.float32), label, label)
