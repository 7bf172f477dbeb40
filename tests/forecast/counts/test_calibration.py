"""Corrections of held-out weeks: they find a known truth, and stay out where they do not help."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from foreship_forecast.counts.calibration import Calibration, Outcome, fit_calibration
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.scores import (
    expected_calibration_error,
    log_score,
    pit,
    pit_deviation,
)

WEEKS = 12


def drawn(
    rng: np.random.Generator, chance: np.ndarray, extra: np.ndarray, r: float, idle: float = 0.0
) -> np.ndarray:
    """Return units of a hurdle whose sizes are negative binomial, some of them always one."""
    size = rng.negative_binomial(r, r / (r + extra)) * (rng.random(len(extra)) >= idle)
    return np.where(rng.random(len(chance)) < chance, 1.0 + size, 0.0)


def outcome(
    rng: np.random.Generator, said: np.ndarray, extra: np.ndarray, units: np.ndarray
) -> Outcome:
    """Return held-out rows over twelve weeks and two categories."""
    count = len(units)
    groups = rng.integers(0, 2, count), rng.integers(0, 3, count)
    return Outcome(said, extra, *groups, rng.integers(0, WEEKS, count), units, whole(units))


def whole(units: np.ndarray) -> np.ndarray:
    """Return that no row is censored."""
    return np.zeros(len(units), dtype=bool)


def nowhere(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the groups of rows that all belong to the first."""
    return np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)


def law_of(fitted: Calibration, rows: Outcome) -> CountLaw:
    """Return the calibrated law of some rows."""
    return fitted.of(rows)


def tails(law: CountLaw, units: np.ndarray, largest: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean of p_1 .. p_largest and how often that many units came."""
    said = law.survival(largest).mean(axis=0)
    came = (units[:, None] >= np.arange(1, largest + 1)).mean(axis=0)
    return said, came


def within_binomial_bands(said: np.ndarray, came: np.ndarray, rows: int) -> bool:
    """Tell whether frequencies lie within four binomial errors, and half a percent for fitting."""
    return bool((np.abs(said - came) <= 4 * np.sqrt(said * (1 - said) / rows) + 0.005).all())


def test_a_negative_binomial_truth_is_found() -> None:
    """Chances said too boldly, sizes too low by a third, r = .8: the law fits unseen rows."""
    rng = np.random.default_rng(1)
    count = 30_000
    true, extra = rng.uniform(0.03, 0.9, count), rng.gamma(2.0, 1.0, count)
    said = expit(0.3 + 1.6 * logit(true))

    def rows() -> Outcome:
        return outcome(rng, said, extra / 1.5, drawn(rng, true, extra, r=0.8))

    fitted, fresh = fit_calibration(rows(), 2, 3, "a", "b"), rows()
    assert {"chance", "size"} <= set(fitted.kept)
    assert fitted.slope == pytest.approx(1 / 1.6, abs=0.03)
    assert fitted.intercept == pytest.approx(-0.3 / 1.6, abs=0.05)
    assert fitted.factor == pytest.approx((1.5, 1.5), abs=0.06)
    assert fitted.dispersion == pytest.approx([0.8] * len(fitted.dispersion), abs=0.2)
    law = law_of(fitted, fresh)
    assert within_binomial_bands(*tails(law, fresh.units, 12), count)
    assert expected_calibration_error(law.chance, fresh.sold) < 0.015
    assert pit_deviation(pit(*law.interval(fresh.units), 99)) < 0.05


def test_a_zero_inflated_truth_is_found() -> None:
    """Half of all sales are single units, the others large: the map bends the tail to fit."""
    rng = np.random.default_rng(2)
    count = 40_000
    true, extra = rng.uniform(0.2, 0.8, count), np.full(count, 6.0)

    def rows() -> Outcome:
        return outcome(rng, true, extra / 2, drawn(rng, true, extra, r=4.0, idle=0.5))

    fitted, fresh = fit_calibration(rows(), 2, 3, "a", "b"), rows()
    assert "shape" in fitted.kept
    law = law_of(fitted, fresh)
    assert within_binomial_bands(*tails(law, fresh.units, 15), count)
    plain = CountLaw(law.chance, law.extra, law.dispersion)
    assert not within_binomial_bands(*tails(plain, fresh.units, 15), count)
    assert log_score(*law.interval(fresh.units)).mean() < log_score(
        *plain.interval(fresh.units)
    ).mean()  # fmt: skip


def test_a_correction_that_does_not_help_is_not_kept() -> None:
    """What the earlier weeks teach and the later ones deny is dropped, one by one.

    In the earlier half chances are twice what came and sizes half of it; in the later half both
    are right. Fitted lines and factors would spoil the later half.
    """
    rng = np.random.default_rng(3)
    count = 20_000
    said, extra = rng.uniform(0.2, 0.8, count), np.full(count, 2.0)
    week = rng.integers(0, WEEKS, count)
    early = week < WEEKS // 2
    units = np.where(
        early, drawn(rng, said / 2, extra * 2, 1.0), drawn(rng, said, extra, 1.0)
    )  # fmt: skip
    rows = Outcome(said, extra, *nowhere(count), week, units, whole(units))
    fitted = fit_calibration(rows, 1, 1, "a", "b")
    assert not {"chance", "size"} & set(fitted.kept)
    assert (fitted.intercept, fitted.slope, fitted.factor) == (0.0, 1.0, (1.0,))


def test_one_week_is_too_little_to_accept_anything() -> None:
    """Nothing can be judged on a later half that is not there: only the dispersion is fitted.

    All sizes are alike, so there is one bin of them.
    """
    rng = np.random.default_rng(4)
    said, extra = np.full(2000, 0.9), np.full(2000, 1.0)
    units = drawn(rng, said / 3, extra, 2.0)
    rows = Outcome(said, extra, *nowhere(2000), np.full(2000, 5), units, whole(units))
    fitted = fit_calibration(rows, 1, 1, "a", "b")
    assert fitted.kept == ()
    assert fitted.dispersion == pytest.approx([2.0], rel=0.5)


def test_weeks_without_a_sale_are_survived() -> None:
    """Nothing sold: no size to fit, chances fall, and the law stays a law."""
    rows = Outcome(
        np.full(500, 0.2),
        np.full(500, 1.0),
        *nowhere(500),
        np.arange(500) % WEEKS,
        np.zeros(500),
        whole(np.zeros(500)),
    )
    fitted = fit_calibration(rows, 1, 1, "a", "b")
    law = law_of(fitted, rows)
    assert ((law.chance > 0) & (law.chance < 0.2)).all()
    assert np.isfinite(law.mean()).all()


def test_small_categories_lean_on_all() -> None:
    """Eq. 13 by hand: a category without a sale takes the overall factor, shrunk to 1."""
    rng = np.random.default_rng(5)
    count = 12_000
    said, extra = np.full(count, 0.5), np.full(count, 1.0)
    units = drawn(rng, said, 2 * extra, 1.0)
    rows = Outcome(said, extra, *nowhere(count), np.arange(count) % WEEKS, units, whole(units))
    fitted = fit_calibration(rows, 2, 3, "a", "b")
    sold = units > 0
    overall = ((units[sold] - 1).sum() + 200) / (sold.sum() + 200)
    assert fitted.factor[1] == pytest.approx(overall)
    assert fitted.factor[0] == pytest.approx(
        ((units[sold] - 1).sum() + 200 * overall) / (sold.sum() + 200)
    )


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(1, 400))
def test_any_rows_give_a_law(seed: int, count: int) -> None:
    """From one row on, whatever was said and came: a map from 0 to 1 and ordered chances."""
    rng = np.random.default_rng(seed)
    rows = outcome(
        rng, rng.random(count), rng.gamma(0.5, 4.0, count) + 0.01, rng.poisson(1.0, count) * 1.0
    )
    fitted = fit_calibration(rows, 2, 3, "a", "b")
    knots = np.array(fitted.knots)
    assert (knots[0], knots[-1]) == (0.0, 1.0)
    assert (np.diff(knots) >= 0).all()
    assert fitted.slope > 0
    assert min(fitted.factor) > 0
    assert len(fitted.dispersion) == len(fitted.edges) + 1
    assert (np.diff(law_of(fitted, rows).survival(30), axis=1) <= 1e-12).all()


def test_it_comes_back_from_json() -> None:
    """Through text and back, not a digit is lost."""
    rng = np.random.default_rng(6)
    rows = outcome(rng, rng.random(900), np.full(900, 1.0), rng.poisson(1.0, 900) * 1.0)
    fitted = fit_calibration(rows, 2, 3, "2026-01-05", "2026-03-23")
    assert Calibration.from_json(json.loads(json.dumps(fitted.to_json()))) == fitted


def test_regions_and_volume_classes_that_sell_otherwise_are_found() -> None:
    """One region sells more and slow cells sell less than the line says: offsets mend both."""
    rng = np.random.default_rng(8)
    count = 40_000
    said, region = rng.uniform(0.05, 0.8, count), rng.integers(0, 3, count)
    true = expit(logit(said) + 0.6 * (region == 2) - 0.5 * (said < 0.2))
    extra = np.full(count, 1.0)

    def rows() -> Outcome:
        units = drawn(rng, true, extra, r=1.0)
        place, week = np.zeros(count, dtype=np.int64), rng.integers(0, WEEKS, count)
        return Outcome(said, extra, place, region, week, units, whole(units))

    fitted, fresh = fit_calibration(rows(), 1, 3, "a", "b"), rows()
    assert "groups" in fitted.kept
    law = law_of(fitted, fresh)
    for chosen in (region == 0, region == 2, said < 0.2, said > 0.5):
        assert law.chance[chosen].mean() == pytest.approx(true[chosen].mean(), abs=0.025)


def test_groups_that_need_no_offset_get_none() -> None:
    """A region of noise is shrunk away: with a true line nothing by group is kept, or hardly."""
    rng = np.random.default_rng(9)
    count = 6_000
    said = rng.uniform(0.05, 0.8, count)
    units = drawn(rng, said, np.full(count, 1.0), r=1.0)
    region = np.arange(count) % 300
    rows = Outcome(
        said, np.full(count, 1.0), region * 0, region, np.arange(count) % WEEKS, units, whole(units)
    )
    fitted = fit_calibration(rows, 1, 300, "a", "b")
    assert np.abs(fitted.region).max() < 0.05


def test_censored_rows_are_taken_as_bounds() -> None:
    """Shelves of 1 to 6 units that empty in a third of the weeks hide neither size nor spread.

    Sizes said a third too low, r = 1.5: with the bounds told the mean is found to 6 %, and what
    was hidden is about as likely as it should be; taken as whole counts the mean comes out more
    than 15 %, left out more than 25 % too low.
    """
    rng = np.random.default_rng(8)
    count = 40_000
    chance, extra = np.full(count, 0.6), np.full(count, 2.0)
    wanted = drawn(rng, chance, extra * 1.5, 1.5)
    shelf = rng.integers(1, 7, count)
    out = wanted >= shelf
    week = rng.integers(0, WEEKS, count)

    def fitted(units: np.ndarray, censored: np.ndarray, chosen: np.ndarray) -> CountLaw:
        rows = Outcome(chance, extra, *nowhere(count), week, units, censored).part(chosen)
        return law_of(fit_calibration(rows, 1, 1, "a", "b"), rows)

    every, sold = np.ones(count, dtype=bool), np.minimum(wanted, shelf)
    told = fitted(sold, out, every)
    assert out.mean() == pytest.approx(1 / 3, abs=0.05)
    assert told.mean()[0] == pytest.approx(wanted.mean(), rel=0.06)
    assert told.chance[0] == pytest.approx(0.6, abs=0.01)
    assert told.survival(8)[0, 7] == pytest.approx((wanted >= 8).mean(), rel=0.25)
    assert fitted(sold, ~every, every).mean()[0] < 0.85 * wanted.mean()
    assert fitted(sold, ~every, ~out).mean()[0] < 0.75 * wanted.mean()
