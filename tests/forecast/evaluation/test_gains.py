"""Gains over a floor: intervals over whole weeks that are wide enough, also over few of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from foreship_forecast.counts.scores import Answer
from foreship_forecast.evaluation.gains import ERROR, _against_floors, gains
from foreship_forecast.evaluation.scorecard import KINDS, MODEL


def answer(chance: np.ndarray, rps: np.ndarray | None = None) -> Answer:
    """Return an answer of which only the chance and the score matter."""
    blank = np.zeros(len(chance))
    return Answer(chance, blank, blank, blank, blank if rps is None else rps)


def rows_of(weeks: int, cells: int) -> pd.DataFrame:
    """Return rows of all cells in all weeks, week by week, two regions and two horizons."""
    count = weeks * cells
    each = np.arange(count)
    return pd.DataFrame(
        {
            "week": each // cells,
            "cell": each % cells,
            "region": np.where(each % 2, "A", "B"),
            "volume": "0 to 0.25 a week",
            "horizon": 1 + each % 2,
            "units": 1.0,
        }
    )


def test_a_sure_gain_has_no_spread() -> None:
    """Half the loss in every week: every resample of weeks gains a half."""
    rows = rows_of(8, 5)
    said = {MODEL: answer(np.full(40, 0.5)), "floor": answer(np.full(40, 0.25))}
    found = gains(rows, said, 1)
    losses = found[(found["metric"] == "log_loss") & (found["by"] == "all")].iloc[0]
    for name in ("gain", "low", "high", "wide_low", "wide_high"):
        assert losses[name] == pytest.approx(0.5)


def test_interval_is_students_with_the_spread_of_weeks() -> None:
    """Over many weeks the resampled error is that of a ratio of means, by the delta method."""
    rng = np.random.default_rng(3)
    weeks = 60
    ours, theirs = rng.gamma(20.0, 1.0, weeks), rng.gamma(22.0, 1.0, weeks)
    found = _against_floors({MODEL: ours, "floor": theirs}, ERROR, 1)["floor"]
    ratio = ours.sum() / theirs.sum()
    error = (ours - ratio * theirs).std(ddof=1) / np.sqrt(weeks) / theirs.mean()
    assert found["gain"] == pytest.approx(1 - ratio)
    reach = stats.t(weeks - 1).ppf(0.975) * error
    assert found["high"] - found["gain"] == pytest.approx(reach, rel=0.06)
    assert found["gain"] - found["low"] == pytest.approx(reach, rel=0.06)


def test_equal_methods_are_seldom_told_apart() -> None:
    """Two equally good methods over six weeks: a gain is claimed in about 2.5 % of cases."""
    rng = np.random.default_rng(5)
    cases = 600
    claims = sum(
        _against_floors({MODEL: rng.gamma(25, 1, 6), "floor": rng.gamma(25, 1, 6)}, ERROR, 1)[
            "floor"
        ]["low"]
        > 0
        for _ in range(cases)
    )
    assert claims / cases < 0.025 + 3 * np.sqrt(0.025 * 0.975 / cases)
    assert claims > 0


def test_a_real_gain_is_found() -> None:
    """A fifth less loss in eight noisy weeks is told from none."""
    rng = np.random.default_rng(6)
    shared = rng.gamma(40.0, 1.0, 8)
    found = _against_floors({MODEL: 0.8 * shared + rng.random(8), "floor": shared}, ERROR, 1)
    assert 0 < found["floor"]["low"] < found["floor"]["gain"]


def test_classes_share_one_error() -> None:
    """Eq. 26: the errors of all classes add up to 5 %; wide intervals hold the narrow ones."""
    rng = np.random.default_rng(7)
    rows = rows_of(6, 8)
    said = {
        MODEL: answer(rng.uniform(0.3, 0.9, 48), rng.random(48)),
        "floor": answer(rng.uniform(0.3, 0.9, 48), rng.random(48)),
    }
    found = gains(rows, said, 1)
    whole, parts = found[found["by"] == "all"], found[found["by"] != "all"]
    assert whole["low"].tolist() == whole["wide_low"].tolist()
    assert (parts["wide_low"] < parts["low"]).all()
    assert (parts["wide_high"] > parts["high"]).all()
    reach = (parts["wide_high"] - parts["gain"]) / (parts["high"] - parts["gain"])
    error = 2 * stats.t(5).sf(reach.to_numpy() * stats.t(5).ppf(1 - ERROR / 2))
    assert error[parts["metric"] == "rps"].sum() == pytest.approx(ERROR)
    for by in KINDS:
        mine = (parts["by"] == by) & (parts["metric"] == "rps")
        assert error[mine].sum() == pytest.approx(ERROR / len(KINDS))


def test_what_cannot_be_told_is_blank() -> None:
    """One week has no spread; a floor without any loss leaves nothing to gain on."""
    one = _against_floors({MODEL: np.array([2.0]), "floor": np.array([4.0])}, ERROR, 1)["floor"]
    assert one["gain"] == 0.5
    assert np.isnan([one["low"], one["high"]]).all()
    none = _against_floors({MODEL: np.ones(4), "floor": np.zeros(4)}, ERROR, 1)["floor"]
    assert np.isnan([none["gain"], none["low"], none["wide_high"]]).all()
