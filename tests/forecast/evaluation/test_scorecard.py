"""The table of scores: classes that cover every row once, names a planner can read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.counts.scores import FullAnswer
from foreship_forecast.evaluation.scorecard import METRICS, VOLUMES, classes, scorecard, volume_of


def test_volume_classes_by_hand() -> None:
    """Each edge belongs to the class above it; the names say the range."""
    assert VOLUMES == (
        "0 to 0.25 a week",
        "0.25 to 1 a week",
        "1 to 4 a week",
        "4 or more a week",
    )
    found = volume_of(np.array([0.0, 0.25, 0.99, 1.0, 3.9, 4.0, 1e5]))
    assert [VOLUMES.index(each) for each in found] == [0, 1, 1, 2, 2, 3, 3]


def test_two_rows_by_hand() -> None:
    """Every figure of a method that said .5 twice, with quantile 1, when 0 and 3 came."""
    rows = pd.DataFrame(
        {"region": ["A", "B"], "volume": VOLUMES[0], "horizon": 1, "units": [0.0, 3.0]}
    )
    half = np.full(2, 0.5)
    said = FullAnswer(
        chance=half,
        mean=np.array([1.0, 1.0]),
        below=np.array([0.0, 0.7]),
        upto=np.array([0.5, 0.8]),
        rps=np.array([0.4, 1.2]),
        tail=np.array([[0.5, 0.25, 0.0], [0.5, 0.25, 0.0]]),
        quantiles=np.ones((2, 4)),
    )
    found = scorecard(rows, {"m": said}, 1)
    assert found["by"].tolist() == ["all", "horizon", "volume", "region", "region"]
    line = found.iloc[0]
    assert line["log_loss"] == pytest.approx(np.log(2))
    assert line["brier"] == 0.25
    assert line["rps"] == pytest.approx(0.8)
    assert line["log_score"] == pytest.approx(-(np.log(0.5) + np.log(0.1)) / 2)
    # over by one costs 1 - level, short by two twice the level
    assert line["pinball_90"] == pytest.approx((0.1 + 1.8) / 2)
    assert line["pinball_50"] == pytest.approx((0.5 + 1.0) / 2)
    assert line["ece_1"] == 0.0
    assert line["ece_2"] == pytest.approx(0.25)
    assert line["ece_5"] == 0.0
    assert line["bias"] == pytest.approx(2 / 3 - 1)
    assert set(METRICS) <= set(found.columns)


def test_every_row_is_in_one_class_of_each_kind() -> None:
    """Horizons, volumes and regions each take the rows apart without rest."""
    rng = np.random.default_rng(1)
    rows = pd.DataFrame(
        {
            "region": rng.choice(["A", "B", "C"], 50),
            "volume": volume_of(rng.gamma(0.5, 4.0, 50)),
            "horizon": rng.integers(1, 4, 50),
        }
    )
    found: dict[str, list[int]] = {}
    for by, _, chosen in classes(rows):
        found.setdefault(by, []).extend(chosen.tolist())
    assert list(found) == ["all", "horizon", "volume", "region"]
    assert all(sorted(each) == list(range(50)) for each in found.values())
