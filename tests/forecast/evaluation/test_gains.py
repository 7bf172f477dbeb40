"""Gains over a floor: intervals over target weeks and origins, also over few of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.counts.scores import Answer
from foreship_forecast.evaluation.gains import gains
from foreship_forecast.evaluation.scorecard import KINDS, MODEL
from foreship_foundation.intervals import ERROR, ratio_of_sums

FIRST = pd.Timestamp("2026-03-02")


def answer(chance: np.ndarray, rps: np.ndarray | None = None) -> Answer:
    """Return an answer of which only the chance and the score matter."""
    blank = np.zeros(len(chance))
    return Answer(chance, blank, blank, blank, blank if rps is None else rps)


def rows_of(origins: np.ndarray, horizons: np.ndarray) -> pd.DataFrame:
    """Return a row an origin (in weeks) and horizon, in two regions by turns."""
    return pd.DataFrame(
        {
            "week": FIRST + pd.to_timedelta(7 * (origins + horizons), unit="D"),
            "region": np.where(np.arange(len(origins)) % 2, "A", "B"),
            "volume": "0 to 0.25 a week",
            "horizon": horizons,
            "units": 1.0,
        }
    )


def one_ahead(weeks: int, cells: int = 1) -> pd.DataFrame:
    """Return rows of all cells in all weeks, week by week, one week ahead."""
    origins = np.repeat(np.arange(weeks), cells)
    return rows_of(origins, np.ones(len(origins), dtype=np.int64))


def triangle(weeks: int, horizons: int) -> pd.DataFrame:
    """Return rows of an evaluation: an origin a week, each as far ahead as weeks can judge."""
    origin, horizon = np.meshgrid(np.arange(weeks), 1 + np.arange(horizons), indexing="ij")
    judged = origin + horizon <= weeks
    return rows_of(origin[judged], horizon[judged])


def over_all(rows: pd.DataFrame, ours: np.ndarray, theirs: np.ndarray) -> pd.Series:
    """Return the gain in RPS over the one floor, all rows together."""
    chance = np.full(len(rows), 0.5)
    found = gains(rows, {MODEL: answer(chance, ours), "floor": answer(chance, theirs)})
    return found[(found["by"] == "all") & (found["metric"] == "rps")].iloc[0]


def test_a_sure_gain_has_no_spread() -> None:
    """Half the loss in every week: whatever weeks there are gain a half."""
    rows = one_ahead(8, 5)
    said = {MODEL: answer(np.full(40, 0.5)), "floor": answer(np.full(40, 0.25))}
    found = gains(rows, said)
    losses = found[(found["metric"] == "log_loss") & (found["by"] == "all")].iloc[0]
    for name in ("gain", "low", "high", "wide_low", "wide_high"):
        assert losses[name] == pytest.approx(0.5)


def test_one_week_ahead_the_interval_is_that_of_target_weeks() -> None:
    """Equation 26: that of the ratio of the two losses, upside down; cells of a week are one."""
    rng = np.random.default_rng(3)
    ours, theirs = rng.gamma(20.0, 1.0, 60), rng.gamma(22.0, 1.0, 60)
    found = over_all(one_ahead(12, 5), ours, theirs)
    left = ratio_of_sums(ours.reshape(12, 5).sum(axis=1), theirs.reshape(12, 5).sum(axis=1))
    assert found["gain"] == pytest.approx(1 - left.value)
    assert (found["low"], found["high"]) == pytest.approx((1 - left.high, 1 - left.low))


def test_what_an_origin_errs_in_all_its_weeks_counts() -> None:
    """Losses that differ by origin alone: the interval is that of origins, not of target weeks."""
    rows = triangle(8, 4)
    origins = np.repeat(np.arange(8), [4, 4, 4, 4, 4, 3, 2, 1])
    ours = np.array([1.0, 3.0, 1.0, 3.0, 1.0, 3.0, 1.0, 3.0])[origins]
    found = over_all(rows, ours, np.full(len(rows), 4.0))
    by_origin = ratio_of_sums(np.bincount(origins, ours), 4.0 * np.bincount(origins))
    assert found["high"] - found["low"] == pytest.approx(by_origin.high - by_origin.low)


@pytest.mark.sweep
def test_equal_methods_are_seldom_told_apart() -> None:
    """Eight weeks, four ahead, an origin errs alike in all of them: told apart in 3 % of cases.

    By target weeks alone it would be in 22 %.
    """
    rng = np.random.default_rng(5)
    rows, cases = triangle(8, 4), 200
    origins = np.repeat(np.arange(8), [4, 4, 4, 4, 4, 3, 2, 1])
    apart = 0
    for _ in range(cases):
        ours = 1.0 + 0.1 * rng.normal(size=8)[origins] + 0.02 * rng.normal(size=len(rows))
        found = over_all(rows, ours, np.ones(len(rows)))
        apart += not found["low"] <= 0 <= found["high"]
    assert 0 < apart / cases < 0.05 + 3 * np.sqrt(0.05 * 0.95 / cases)


def test_a_real_gain_is_found() -> None:
    """A fifth less loss in eight noisy weeks is told from none."""
    rng = np.random.default_rng(6)
    shared = rng.gamma(40.0, 1.0, 8)
    found = over_all(one_ahead(8), 0.8 * shared + rng.random(8), shared)
    assert 0 < found["low"] < found["gain"]


def test_classes_share_one_error() -> None:
    """Equation 26: the errors of all classes add up to 5 %; wide intervals hold the narrow ones."""
    rng = np.random.default_rng(7)
    rows = triangle(12, 2)
    said = {
        name: answer(rng.uniform(0.3, 0.9, len(rows)), rng.random(len(rows)))
        for name in (MODEL, "floor")
    }
    found = gains(rows, said)
    whole, parts = found[found["by"] == "all"], found[found["by"] != "all"]
    assert whole["low"].tolist() == whole["wide_low"].tolist()
    assert (parts["wide_low"] < parts["low"]).all()
    assert (parts["wide_high"] > parts["high"]).all()
    for by in KINDS:
        mine = rows.groupby(by)
        for value, part in mine:
            losses = [each.rps[part.index] for each in said.values()]
            weekly = [np.bincount((part["week"] - FIRST).dt.days // 7, each) for each in losses]
            first = int(((part["week"] - FIRST).dt.days // 7).min())
            left = ratio_of_sums(*(each[first:] for each in weekly), ERROR / 3 / len(mine))
            line = parts[(parts["by"] == by) & (parts["value"] == str(value))]
            reach = line[line["metric"] == "rps"].iloc[0]
            assert reach["wide_low"] <= 1 - left.high + 1e-12
            assert reach["wide_high"] >= 1 - left.low - 1e-12


def test_what_cannot_be_told_is_blank() -> None:
    """One week, or one origin, has no spread; a floor without any loss leaves nothing to gain."""
    one = over_all(one_ahead(1), np.array([2.0]), np.array([4.0]))
    assert one["gain"] == 0.5
    assert np.isnan([one["low"], one["high"]]).all()
    alone = rows_of(np.zeros(3, dtype=np.int64), np.array([1, 2, 3]))
    spoke_once = over_all(alone, np.array([1.0, 2.0, 1.0]), np.full(3, 2.0))
    assert spoke_once["gain"] == pytest.approx(1 / 3)
    assert np.isnan([spoke_once["low"], spoke_once["wide_high"]]).all()
    none = over_all(one_ahead(4), np.ones(4), np.zeros(4))
    assert np.isnan([none["gain"], none["low"], none["wide_high"]]).all()
