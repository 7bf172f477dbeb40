"""Names of features as LightGBM can write them; a model without boosters says so."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import lightgbm
import numpy as np
import pytest

from foreship_forecast.errors import ForecastError
from foreship_forecast.heads.boosters import named_booster, names_shown
from foreship_forecast.learning.model_view import ModelView


def test_names_are_written_as_lightgbm_can_and_stay_apart() -> None:
    """Blanks, quotes and braces of an event become one mark, and no two names become one."""
    names = ("sold 4 weeks", 'fair "x"', "fair {x}", "a_b", "a b")
    assert names_shown(names) == ["sold_4_weeks", "fair__x_", "fair__x__", "a_b", "a_b_"]


def test_a_named_booster_predicts_as_before() -> None:
    """Only the names differ, and importances carry them."""
    draw = np.random.default_rng(1)
    matrix = draw.normal(size=(200, 2)).astype(np.float32)
    data = lightgbm.Dataset(matrix, matrix[:, 0] > 0, feature_name=["f0", "f1"])
    text = lightgbm.train(
        {"objective": "binary", "verbosity": -1, "num_threads": 1}, data, 5
    ).model_to_string()
    named = named_booster(text, ("price", "week of year"))
    assert named.feature_name() == ["price", "week_of_year"]
    assert (named.predict(matrix) == lightgbm.Booster(model_str=text).predict(matrix)).all()


def test_a_model_without_boosters_says_so() -> None:
    """Too little was there to learn from."""
    model: Any = SimpleNamespace(head=SimpleNamespace(boosters=None))
    with pytest.raises(ForecastError, match="no boosters"):
        _ = ModelView(model).boosters
