"""A forest adds up to what LightGBM says, bit by bit; what it cannot follow it leaves to it."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from foreship_forecast.heads import forest_scores
from foreship_forecast.heads.forest import predicting_part
from foreship_forecast.heads.forest_scores import Forest

COLUMNS = 5


def learned(blanks: bool, zeros: bool = False, leaves: int = 15, trees: int = 12) -> str:
    """Fit sizes on five columns, with blanks in three of them or in none."""
    rng = np.random.default_rng(3)
    matrix = rng.normal(size=(3000, COLUMNS)).astype(np.float32)
    if blanks:
        matrix[rng.random(matrix.shape) < 0.2 * (np.arange(COLUMNS) > 1)] = np.nan
    if zeros:
        matrix[rng.random(matrix.shape) < 0.3] = 0.0
    label = rng.poisson(np.exp(np.nan_to_num(matrix[:, 2]) - np.isnan(matrix[:, 3])))
    settings = {
        "objective": "poisson", "num_leaves": leaves, "min_data_in_leaf": 5, "verbosity": -1,
        "num_threads": 1, "deterministic": True, "zero_as_missing": zeros,
    }  # fmt: skip
    data = lightgbm.Dataset(matrix, label.astype(float))
    return predicting_part(lightgbm.train(settings, data, trees).model_to_string())


def awkward(text: str, rows: int = 2500) -> np.ndarray:
    """Draw values at the thresholds themselves, beside them, blank, and far outside."""
    rng = np.random.default_rng(4)
    lines = [line for line in text.split("\n") if line.startswith("threshold=")]
    at = np.array([float(each) for line in lines for each in line[10:].split()], np.float32)
    beside = [np.nextafter(at, np.float32(way)) for way in (-np.inf, np.inf)]
    odd = np.array([0.0, -0.0, np.nan, 1e30, -1e30], np.float32)
    return rng.choice(np.concatenate([at, *beside, np.repeat(odd, len(at) // 5)]), (rows, COLUMNS))


@pytest.mark.parametrize("blanks", [True, False])
@pytest.mark.parametrize("leaves", [2, 15, 255])
def test_sums_are_those_of_lightgbm(
    monkeypatch: pytest.MonkeyPatch, blanks: bool, leaves: int
) -> None:
    """Of values on both sides of every threshold, in stretches that do not come out even."""
    monkeypatch.setattr(forest_scores, "STRETCH", 999)
    text = learned(blanks, leaves=leaves)
    matrix, booster = awkward(text), lightgbm.Booster(model_str=text)
    forest = Forest.of(text)
    assert forest is not None
    said = booster.predict(matrix, raw_score=True, num_threads=1)
    assert forest.scores(matrix, np.arange(len(matrix))).tolist() == said.tolist()
    some = np.arange(0, len(matrix), 7)
    by_column = np.asfortranarray(matrix)
    assert forest.scores(by_column, some).tolist() == said[some].tolist()


def test_a_tree_of_one_leaf_says_it_of_every_row() -> None:
    """Where nothing splits."""
    data = lightgbm.Dataset(np.zeros((100, 2)), np.arange(100.0))
    settings = {"objective": "regression", "verbosity": -1, "num_threads": 1}
    text = predicting_part(lightgbm.train(settings, data, 1).model_to_string())
    forest, matrix = Forest.of(text), np.ones((3, 2), np.float32)
    assert forest is not None
    said = lightgbm.Booster(model_str=text).predict(matrix, raw_score=True)
    assert forest.scores(matrix, np.arange(3)).tolist() == said.tolist()
    assert said[0] == pytest.approx(49.5)


def test_what_takes_zeros_for_blanks_is_left_to_lightgbm() -> None:
    """Here a comparison is not all that a node asks."""
    assert Forest.of(learned(blanks=True, zeros=True)) is None


def test_thresholds_that_lightgbm_takes_for_zero_are_left_to_it() -> None:
    """It tells 1e-36 and 0 apart nowhere; a comparison would."""
    text = learned(blanks=False, leaves=2, trees=1)
    threshold = next(line for line in text.split("\n") if line.startswith("threshold="))
    assert Forest.of(text) is not None
    assert Forest.of(text.replace(threshold, "threshold=1e-36")) is None
