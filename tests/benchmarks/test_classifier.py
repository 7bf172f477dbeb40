"""The plain classifier of the benchmarks: what it reads, and that it never reads ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.forecast.classifier import Series, classifier_chances
from benchmarks.forecast.panels import judged_by_classifier
from benchmarks.forecast.scores import chance_scores

CELLS, WEEKS = 40, 40


def every_other_week() -> Series:
    """Return cells that sell two units in even weeks or in odd ones, and nothing between."""
    cell, week = np.indices((CELLS, WEEKS))
    units = np.where((cell + week) % 2 == 0, 2.0, 0.0)
    return Series(units, np.arange(CELLS) // 8, np.arange(CELLS) % 8)


def test_it_learns_what_the_lags_tell() -> None:
    """Cells that sell every other week are told apart, one week ahead and two."""
    series = every_other_week()
    for horizon in (1, 2):
        said = classifier_chances(series, [WEEKS - 3], horizon)[0]
        sold = series.units[:, WEEKS - 3 + horizon] > 0
        assert said[sold].min() > 0.9
        assert said[~sold].max() < 0.1


def test_nothing_after_an_origin_is_read() -> None:
    """Other sales after an origin leave its answer as it was."""
    series = every_other_week()
    other = series.units.copy()
    other[:, WEEKS - 4 :] = 99.0
    origins = [WEEKS - 6, WEEKS - 5]
    plain = classifier_chances(series, origins, 2)
    assert np.array_equal(plain, classifier_chances(replace(series, units=other), origins, 2))


def test_the_judged_weeks_are_those_before_the_end() -> None:
    """Units come from orders by Monday; a cell without any sale has no answer and is refused."""
    end = pd.Timestamp("2026-11-02")
    days = pd.date_range(end - pd.Timedelta(weeks=20), end + pd.Timedelta(days=3))
    orders = pd.DataFrame({"date": days, "region": "R", "item": "I", "quantity": 1})
    cells = pd.MultiIndex.from_arrays([["R"], ["I"]])
    chance, units = judged_by_classifier(orders, end, cells)
    assert units.tolist() == [[7.0] * 8]
    assert chance_scores(chance, units > 0)["log_loss"] < 0.01
    with pytest.raises(ValueError, match="1 cells never sold before 2026-11-02"):
        judged_by_classifier(orders, end, pd.MultiIndex.from_arrays([["R"], ["J"]]))


def test_chance_scores_by_hand() -> None:
    """Of .5 and .25 the first sold: log-losses -ln .5 and -ln .75, squared misses .25 and .0625."""
    found = chance_scores(np.array([0.5, 0.25]), np.array([True, False]))
    assert found["rows"] == 2
    assert found["log_loss"] == pytest.approx(-(np.log(0.5) + np.log(0.75)) / 2)
    assert found["brier"] == pytest.approx((0.25 + 0.0625) / 2)
    assert found["ece_1"] == pytest.approx((0.5 + 0.25) / 2)
