"""A booster's text is proved sound before it is read: as written, and with one thing wrong."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from foreship_forecast.errors import ModelRefused
from foreship_forecast.heads.forest import FORESTS, predicting_part, sound_forest

FEATURES = 2


@pytest.fixture(scope="module")
def whole() -> str:
    """Fit two small trees of sizes on two columns; the text as LightGBM writes it."""
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(200, FEATURES)).astype(np.float32)
    label = rng.poisson(np.exp(matrix[:, 0]))
    settings = {
        "objective": "poisson", "num_leaves": 3, "min_data_in_leaf": 5, "verbosity": -1,
        "num_threads": 1, "deterministic": True,
    }  # fmt: skip
    data = lightgbm.Dataset(matrix, label.astype(float), feature_name=["f0", "f1"])
    return lightgbm.train(settings, data, 2).model_to_string()


@pytest.fixture
def text(whole: str) -> str:
    """Cut off what does not predict."""
    return predicting_part(whole)


def test_what_lightgbm_wrote_is_sound_and_predicts_the_same_without_its_tail(
    whole: str, text: str
) -> None:
    """Up to the end of its trees."""
    assert len(text) < len(whole) and "feature_importances" not in text
    assert sound_forest(text, "units", FEATURES) is text
    rows = np.random.default_rng(1).normal(size=(20, FEATURES))
    mine, theirs = (lightgbm.Booster(model_str=each).predict(rows) for each in (text, whole))
    assert mine.tolist() == theirs.tolist()
    assert len(set(mine.tolist())) > 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("version=v4", "version=v3", "version should be 'v4'"),
        ("objective=poisson", "objective=l1", "objective should be poisson, not 'l1'"),
        ("feature_names=f0 f1", "feature_names=f1 f0", "feature_names should be 'f0 f1'"),
        ("max_feature_idx=1", "max_feature_idx=7", "max_feature_idx should be '1'"),
        ("Tree=1", "Tree=3", "Tree"),
        ("num_cat=0", "num_cat=1", "num_cat"),
        ("right_child=1", "right_child=0", "not those of one tree"),
        ("split_feature=0", "split_feature=9", "splits on a feature that does not exist"),
        ("decision_type=2", "decision_type=1", "decision_type of no numeric split"),
        ("threshold=", "threshold=x", "numbers"),
        ("end of trees", "end of tree!", "sizes of its trees"),
    ],
)
def test_one_thing_wrong_is_refused_by_name(text: str, old: str, new: str, words: str) -> None:
    """Text of the same length where LightGBM would follow it astray."""
    assert old in text
    wrong = text.replace(old, new, 1)
    if len(new) != len(old):  # the stated size of the tree is made to fit
        first = text.partition("tree_sizes=")[2].partition("\n")[0].split(" ")
        grown = [str(int(first[0]) + len(new) - len(old)), *first[1:]]
        wrong = wrong.replace("tree_sizes=" + " ".join(first), "tree_sizes=" + " ".join(grown))
    with pytest.raises(ModelRefused, match="the units booster is not one LightGBM wrote") as told:
        sound_forest(wrong, "units", FEATURES)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("name", "objective"), [("chance", "binary"), ("later", "binary"), ("scale", "regression")]
)
def test_another_booster_s_text_is_refused(text: str, name: str, objective: str) -> None:
    """A forest of sizes is none of chances, one of units none of the log scale."""
    assert name in FORESTS
    with pytest.raises(ModelRefused, match=f"the {name} booster.*should be {objective}"):
        sound_forest(text, name, FEATURES)


def test_other_columns_are_refused(text: str) -> None:
    """Two columns are not three."""
    with pytest.raises(ModelRefused, match="max_feature_idx should be '2', not '1'"):
        sound_forest(text, "units", 3)


def test_no_text_and_half_a_text_are_refused(text: str) -> None:
    """Empty, or cut anywhere."""
    for cut in (0, 5, len(text) // 2, len(text) - 1):
        with pytest.raises(ModelRefused):
            sound_forest(text[:cut], "units", FEATURES)
