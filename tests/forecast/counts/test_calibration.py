"""Corrections of held-out weeks: they find a known truth, and stay out where they do not help."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import expit, logit

from foreship_forecast.counts import calibration
from foreship_forecast.counts.calibration import Calibration, Outcome, fit_calibration
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.scores import (
    expected_calibration_error,
    log_score,
    pit,
    pit_deviation,
)
from foreship_forecast.counts.width import Spread

WEEKS = 12
GRID = tuple(np.linspace(0.0, 1.0, 201).tolist())


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
    category, week = rng.integers(0, 2, count), rng.integers(0, WEEKS, count)
    return rows_of(said, extra, category, week, units, whole(units))


def rows_of(*columns: np.ndarray) -> Outcome:
    """Return rows of cells of which no past is known."""
    return Outcome(*columns, Spread.unknown(len(columns[0])))


def whole(units: np.ndarray) -> np.ndarray:
    """Return that no row is censored."""
    return np.zeros(len(units), dtype=bool)


def nowhere(count: int) -> np.ndarray:
    """Return the category of rows that all belong to the first."""
    return np.zeros(count, dtype=np.int64)


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


def some_rows(units, *, chance=0.5, extra=1.0, week=0, category=0, censored=False, spread=None):
    """Return rows as named, a number standing for the same in each."""
    units = np.asarray(units, dtype=np.float64)
    floats = (np.broadcast_to(np.asarray(each, float), units.shape) for each in (chance, extra))
    codes = (np.broadcast_to(np.asarray(each), units.shape) for each in (category, week))
    spread = spread or Spread.unknown(len(units))
    return Outcome(
        *floats, *codes, units, np.broadcast_to(np.asarray(censored), units.shape), spread
    )


def identity(categories: int = 1) -> Calibration:
    """Return the calibration that corrects nothing, its dispersion 1."""
    return calibration._plain(some_rows([1.0, 2.0]), categories, "a", "b")


def test_a_correction_is_judged_on_weeks_it_was_not_fitted_on() -> None:
    """Sizes were twice what was said in the earlier half, as said in the later: no factor.

    Fitted on the earlier half it says nearly 2 and is refuted by the later one. Judged on the rows
    it was fitted on, or the other way round, it would be kept.
    """
    week = np.repeat([0, 1, 2, 3], 400)
    size = np.where(week < 2, np.arange(1600) % 5 * 2, np.arange(1600) % 5)
    fitted = fit_calibration(some_rows(1.0 + size, week=week, extra=2.0), 1, "a", "b")
    assert "size" not in fitted.kept and fitted.factor == (1.0,)
    assert "size" in fit_calibration(some_rows(1.0 + size[:800], week=week[:800], extra=2.0), 1,
                                     "a", "b").kept  # fmt: skip


def test_of_an_odd_number_of_weeks_the_middle_one_judges() -> None:
    """Of three weeks the first fits and two judge: what only they show is not kept."""
    week = np.repeat([4, 6, 9], 400)
    size = np.where(week == 4, np.arange(1200) % 5, np.arange(1200) % 5 * 2)
    kept = fit_calibration(some_rows(1.0 + size, week=week, extra=2.0), 1, "a", "b").kept
    assert "size" not in kept
    agreed = some_rows(1.0 + np.arange(1200) % 5 * 2, week=week, extra=2.0)
    assert "size" in fit_calibration(agreed, 1, "a", "b").kept


def test_what_holds_is_fitted_again_on_all_weeks() -> None:
    """Sizes twice as said in the earlier half, three times in the later: the factor of all."""
    week = np.repeat([0, 1], 1000)
    size = np.arange(2000) % 5 * np.where(week < 1, 2.0, 3.0)
    fitted = fit_calibration(some_rows(1.0 + size, week=week, extra=2.0), 1, "2026-01-05", "c")
    assert "size" in fitted.kept
    assert fitted.factor[0] == pytest.approx(2.5, abs=0.15)
    assert (fitted.rows, fitted.first_week, fitted.last_week) == (2000, "2026-01-05", "c")


def test_the_latest_misses_weigh_most_and_are_shrunk() -> None:
    """Eq. 12 by hand: half is said; in three weeks 6, 7 and 8 in ten of 4,000 sold, one was shut.

    A week's miss solves 4,000 (share - p) = 12.5 miss; weights .8^3, .8, 1, and half a week of 0.
    """
    week, shares = np.repeat([2, 4, 5], 4000), np.repeat([6, 7, 8], 4000)
    rows = some_rows((np.arange(12_000) % 10 < shares).astype(float), week=week)
    miss = [
        brentq(lambda d, share=share: 4000 * (share - expit(d)) - 12.5 * d, 0, 2)
        for share in (0.6, 0.7, 0.8)
    ]
    weights = np.array([0.8**3, 0.8, 1.0])
    fitted = calibration._with_intercept(identity(), rows)
    assert fitted.intercept == pytest.approx(weights @ miss / (weights.sum() + 0.5), abs=1e-9)
    assert fitted.slope == 1.0


def test_an_intercept_stands_on_top_of_the_slope() -> None:
    """Where the line of the log odds already says what came, nothing is missed."""
    chance = np.tile([0.2, 0.8], 5000)
    said = expit(0.5 * logit(chance))
    sold = (np.arange(10_000) // 2) % 1000 < 1000 * said
    rows = some_rows(sold.astype(float), chance=chance)
    fitted = calibration._with_intercept(replace(identity(), slope=0.5), rows)
    assert fitted.intercept == pytest.approx(0.0, abs=5e-3)


def test_censored_weeks_are_certain_only_of_at_least() -> None:
    """P(D < 2) and, of a whole week, P(D <= 2); where more may have been wanted the latter is 1."""
    law = CountLaw(np.full(2, 0.5), np.ones(2), np.ones(2))
    below, upto = some_rows([2.0, 2.0], censored=np.array([False, True])).interval(law)
    assert below == pytest.approx([0.75, 0.75])  # sizes are geometric: 1, 2, .. with 1/2, 1/4, ..
    assert upto == pytest.approx([0.875, 1.0])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"intercept": np.inf}, "intercept"),
        ({"intercept": -12.5}, "intercept"),
        ({"slope": 0.0}, "slope"),
        ({"slope": np.inf}, "slope"),
        ({"factor": (0.0,)}, "factor"),
        ({"factor": (2e6,)}, "factor"),
        ({"width": (0.0,) * 4}, "width"),
        ({"width": (10.5, 0.0, 0.0, 1.0, 8.0)}, "width"),
        ({"width": (0.0, 0.0, -10.5, 1.0, 8.0)}, "width"),
        ({"width": (0.0, 0.0, 0.0, -0.1, 8.0)}, "width"),
        ({"width": (0.0, 0.0, 0.0, 1.1, 8.0)}, "width"),
        ({"width": (0.0, 0.0, 0.0, 1.0, 0.0)}, "width"),
        ({"width": (np.nan, 0.0, 0.0, 1.0, 8.0)}, "width"),
        ({"knots": ((0.0, 1.0),) * 4}, "knots"),
        ({"knots": (GRID,) * 3}, "knots"),
        ({"knots": (GRID, GRID, (0.1, *np.linspace(0.1, 1.0, 200)), GRID)}, "knots"),
        ({"knots": ((*np.linspace(0.0, 0.9, 200), 0.95), GRID, GRID, GRID)}, "knots"),
        ({"knots": (GRID, GRID, GRID, (0.0, 0.5, 0.4, *np.linspace(0.5, 1.0, 198)))}, "knots"),
    ],
)
def test_a_calibration_that_breaks_its_invariants_is_refused(change, named: str) -> None:
    """Each promise of the class is kept alone: only what was broken is named."""
    with pytest.raises(ValueError, match=f"invariants: {named}$"):
        replace(identity(), **change)


def test_the_edges_of_what_a_calibration_may_be() -> None:
    """The largest intercepts, factors and widths, and a map with a flat stretch, are good."""
    flat = (0.0, 0.5, 0.5, *np.linspace(0.5, 1.0, 198))
    replace(
        identity(),
        intercept=12.0,
        factor=(1e6,),
        width=(10.0, -10.0, 10.0, 1.0, 0.1),
        knots=(flat,) * 4,
    )


def test_a_law_is_corrected_step_by_step() -> None:
    """Eqs. 12, 13, 35 to 37 by hand for two rows.

    Log odds 0 and ln 3: .1 + 2 x them; sizes 1 and 2 times 3 and .5; r = 2 m, so that v / m is
    3 / 2 by the mean. The first cell's 8 pairs missed as sizes of mean 4 should, 4 x 3 / 2 each;
    the second's not at all: with 8 of certainty half as wide as expected. Its ratio is 3 / 4,
    and it has 1 / (1 - 3/4) = 4 trials.
    """
    fitted = replace(
        identity(2), intercept=0.1, slope=2.0, factor=(3.0, 0.5),
        width=(np.log(2.0), 1.0, 0.0, 1.0, 8.0),
    )  # fmt: skip
    spread = Spread(np.array([8 * 6.0, 0.0]), np.array([32.0, 8.0]), np.array([8.0, 8.0]))
    rows = some_rows(
        [1.0, 1.0], chance=[0.5, 0.75], extra=[1.0, 2.0], category=[0, 1], spread=spread
    )
    law = fitted.of(rows)
    assert law.chance == pytest.approx(expit([0.1, 0.1 + 2 * np.log(3)]))
    assert law.extra == pytest.approx([3.0, 1.0])
    assert law.dispersion == pytest.approx([6.0, -4.0])
    assert law.knots.tolist() == [list(each) for each in fitted.knots]


def test_no_chance_is_nought_or_sure() -> None:
    """However bold the answer and the line, a millionth of doubt is left."""
    rows = some_rows([1.0, 1.0, 1.0], chance=[0.0, 0.5, 1.0])
    for line in ({}, {"slope": 3.0}):
        found = replace(identity(), **line).of(rows).chance
        assert found == pytest.approx([1e-6, 0.5, 1 - 1e-6], rel=1e-9)
    bold = replace(identity(), intercept=12.0, slope=2.0).of(rows).chance
    assert bold[1:] == pytest.approx([expit(12.0), 1 - 1e-6], rel=1e-12)


def test_a_category_the_fit_did_not_know_gets_a_place() -> None:
    """A last factor of 1."""
    assert replace(identity(), factor=(2.0,)).with_unknown_category().factor == (2.0, 1.0)


def test_the_slope_of_the_chance_is_that_of_the_most_likely_line() -> None:
    """Eq. 12: at the fitted line the score equals what 50 rows of certainty pull back."""
    rng = np.random.default_rng(7)
    chance = rng.uniform(0.1, 0.9, 400)
    sold = rng.random(400) < expit(0.5 + 0.7 * logit(chance))
    fitted = calibration._with_slope(identity(), some_rows(sold, chance=chance))
    x = logit(chance)
    level = brentq(lambda a: (sold - expit(a + fitted.slope * x)).sum() - 50 * a, -5, 5)
    miss = sold - expit(level + fitted.slope * x)
    assert (miss * x).sum() == pytest.approx(50 * (fitted.slope - 1), abs=1e-6)
    upside_down = calibration._with_slope(identity(), some_rows(chance < 0.5, chance=chance))
    assert upside_down.slope == 0.05


def test_sizes_of_censored_weeks_are_what_they_wanted() -> None:
    """Eq. 28: sizes are geometric around 1, and a shelf of 3 that emptied wanted 1 more.

    Units beyond the first: 1, and 2 + 1.
    """
    rows = some_rows([2.0, 3.0], censored=np.array([False, True]))
    assert calibration._wanted(identity(), rows) == pytest.approx([1.0, 3.0])


def test_the_factor_of_a_category_leans_on_all() -> None:
    """Eq. 13 by hand, as long as no sale is large for its prediction; weeks without one are out."""
    units = np.repeat([2.0, 3.0, 0.0], 500)
    extra, category = np.repeat([0.5, 1.0, 9.0], 500), np.repeat([0, 1, 1], 500)
    fitted = calibration._with_factor(identity(2), some_rows(units, extra=extra, category=category))
    overall = (1500 + 200) / (750 + 200)
    assert fitted.factor == pytest.approx(
        [(500 + 200 * overall) / (250 + 200), (1000 + 200 * overall) / (500 + 200)]
    )


def test_one_order_of_ten_thousand_moves_no_factor() -> None:
    """Eq. 39: of 1,000 sales as predicted one takes 10,000; the mean of all is 11 times as large.

    It counts as a bound, what lies beyond it as the law says.
    """
    units = np.tile([1.0, 2.0, 3.0, 2.0], 250)
    plain = calibration._with_factor(identity(), some_rows(units)).factor[0]
    units[500] = 10_000.0
    assert calibration._with_factor(identity(), some_rows(units)).factor[0] < plain + 0.02
    bounds = calibration._ordinary(some_rows(units))
    assert bounds.units[500] == 3.0 and np.flatnonzero(bounds.censored).tolist() == [500]
    two = some_rows([1.0] * 200, censored=np.arange(200) == 3)
    assert calibration._ordinary(two).censored.sum() == 1
    assert len(calibration._ordinary(some_rows([])).units) == 0


def test_cutting_the_largest_sales_takes_nothing_off_the_mean() -> None:
    """Geometric sizes twice as large as said: the factor is 2, the cut tail filled in by law."""
    rng = np.random.default_rng(11)
    units = 1.0 + rng.negative_binomial(1, 1 / 5.0, 40_000)
    start = replace(identity(), width=(0.0, 0.0, 0.0, 0.0, 32.0))
    fitted = calibration._with_factor(start, some_rows(units, extra=2.0))
    assert fitted.factor[0] == pytest.approx((units - 1).mean() / 2.0, rel=0.01)


def test_factor_and_hidden_wants_agree() -> None:
    """With censored weeks the factor gives itself back: what it says they wanted yields it."""
    censored = np.repeat([False, True, True], 100)
    rows = some_rows(np.repeat([2.0, 5.0, 3.0], 100), censored=censored)
    fitted = calibration._with_factor(identity(), rows)
    again = replace(identity(), factor=fitted.factor)
    ordered = calibration._wanted(again, rows).sum()
    overall = (ordered + 200) / (300 + 200)
    assert fitted.factor[0] == pytest.approx((ordered + 200 * overall) / 500, rel=5e-3)
    assert fitted.factor[0] > (100 * (1 + 4 + 2) + 200) / 500


def test_the_map_is_the_share_of_sizes_below_their_own_quantiles() -> None:
    """Eq. 15: 200 sales of one unit around a geometric mean of 1 lie evenly on [0, 1/2].

    Half of what 200 sales of certainty leave to the identity: (2 x + x) / 2 up to 1/2, (1 + x) / 2
    beyond. Weeks without a sale do not count, and other classes of regularity learn nothing.
    """
    rows = some_rows([1.0] * 200 + [0.0] * 50)
    *others, knots = calibration._with_map(identity(), rows).knots
    grid = np.linspace(0.0, 1.0, 201)
    assert knots == pytest.approx(np.where(grid <= 0.5, 1.5 * grid, (1 + grid) / 2), abs=1e-9)
    assert np.array(others) == pytest.approx(np.tile(grid, (3, 1)))
    assert calibration._with_map(identity(), some_rows([0.0])).knots == (GRID,) * 4
    assert calibration._uniform_share(
        np.array([0.0, 0.5]), np.array([1.0, 0.5]), np.array([0.25, 0.5, 0.75])
    ) == pytest.approx([0.25, 0.5, 1.75])


def test_constant_cells_do_not_bend_the_map_of_others() -> None:
    """Half always take 7, in the middle of their own narrow law, half are Poisson around 6 more.

    Each class has its share of sizes below .3 about right; one map for both would put hardly any
    of the Poisson ones there.
    """
    rng = np.random.default_rng(13)
    steady, pairs = np.arange(3000) % 2 == 0, np.full(3000, 40.0)
    units = np.where(steady, 7.0, 1.0 + rng.poisson(6.0, 3000))
    spread = Spread(np.where(steady, 0.0, 6.0) * pairs, 6.0 * pairs, pairs)
    rows = some_rows(units, chance=0.999, extra=6.0, week=np.arange(3000) % 12, spread=spread)
    fitted = fit_calibration(rows, 1, "a", "b")
    assert {"width", "shape"} <= set(fitted.kept)
    below, upto = law_of(fitted, rows).interval(units)
    u = pit(below, upto, 5)
    assert (u[~steady] < 0.3).mean() == pytest.approx(0.3, abs=0.04)
    assert (u[steady] < 0.3).mean() == pytest.approx(0.3, abs=0.1)


def test_a_negative_binomial_truth_is_found() -> None:
    """Chances said too boldly, sizes too low by a third, r = .8: the law fits unseen rows."""
    rng = np.random.default_rng(1)
    count = 30_000
    true, extra = rng.uniform(0.03, 0.9, count), rng.gamma(2.0, 1.0, count)
    said = expit(0.3 + 1.6 * logit(true))

    def rows() -> Outcome:
        return outcome(rng, said, extra / 1.5, drawn(rng, true, extra, r=0.8))

    fitted, fresh = fit_calibration(rows(), 2, "a", "b"), rows()
    assert {"slope", "size"} <= set(fitted.kept)
    assert fitted.slope == pytest.approx(1 / 1.6, abs=0.03)
    assert fitted.intercept == pytest.approx(-0.3 / 1.6, abs=0.06)
    assert fitted.factor == pytest.approx((1.5, 1.5), abs=0.06)
    law = law_of(fitted, fresh)
    usual = extra > 0.5
    assert law.dispersion[usual] == pytest.approx(np.full(usual.sum(), 0.8), abs=0.25)
    assert within_binomial_bands(*tails(law, fresh.units, 12), count)
    assert expected_calibration_error(law.chance, fresh.sold) < 0.015
    assert pit_deviation(pit(*law.interval(fresh.units), 99)) < 0.05


@pytest.mark.sweep
def test_a_zero_inflated_truth_is_found() -> None:
    """Half of all sales are single units, the others large: the map bends the tail to fit."""
    rng = np.random.default_rng(2)
    count = 40_000
    true, extra = rng.uniform(0.2, 0.8, count), np.full(count, 6.0)

    def rows() -> Outcome:
        return outcome(rng, true, extra / 2, drawn(rng, true, extra, r=4.0, idle=0.5))

    fitted, fresh = fit_calibration(rows(), 2, "a", "b"), rows()
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
    rows = rows_of(said, extra, nowhere(count), week, units, whole(units))
    fitted = fit_calibration(rows, 1, "a", "b")
    assert "size" not in fitted.kept and fitted.factor == (1.0,)
    assert abs(fitted.intercept) < 0.3  # by then the weeks in which half was sold count a third


def test_one_week_is_too_little_to_accept_anything() -> None:
    """Nothing can be judged on a later half that is not there: only what no law goes without.

    That is the width, and of what a single week missed two thirds.
    """
    rng = np.random.default_rng(4)
    said, extra = np.full(2000, 0.9), np.full(2000, 1.0)
    units = drawn(rng, said / 3, extra, 2.0)
    rows = rows_of(said, extra, nowhere(2000), np.full(2000, 5), units, whole(units))
    fitted = fit_calibration(rows, 1, "a", "b")
    assert fitted.kept == ()
    assert law_of(fitted, rows).dispersion == pytest.approx(np.full(2000, 2.0), rel=0.5)
    assert fitted.intercept == pytest.approx((logit(0.3) - logit(0.9)) / 1.5, rel=0.05)


def test_weeks_without_a_sale_are_survived() -> None:
    """Nothing sold: no size to fit, chances fall, and the law stays a law."""
    rows = rows_of(
        np.full(500, 0.2),
        np.full(500, 1.0),
        nowhere(500),
        np.arange(500) % WEEKS,
        np.zeros(500),
        whole(np.zeros(500)),
    )
    fitted = fit_calibration(rows, 1, "a", "b")
    law = law_of(fitted, rows)
    assert ((law.chance > 0) & (law.chance < 0.2)).all()
    assert np.isfinite(law.mean()).all()


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(1, 400))
def test_any_rows_give_a_law(seed: int, count: int) -> None:
    """From one row on, whatever was said and came: a map from 0 to 1 and ordered chances."""
    rng = np.random.default_rng(seed)
    rows = outcome(
        rng, rng.random(count), rng.gamma(0.5, 4.0, count) + 0.01, rng.poisson(1.0, count) * 1.0
    )
    fitted = fit_calibration(rows, 2, "a", "b")
    knots = np.array(fitted.knots)
    assert (knots[:, 0] == 0.0).all() and (knots[:, -1] == 1.0).all()
    assert (np.diff(knots) >= 0).all()
    assert fitted.slope > 0
    assert min(fitted.factor) > 0
    assert (np.diff(law_of(fitted, rows).survival(30), axis=1) <= 1e-12).all()


def test_it_comes_back_from_json() -> None:
    """Through text and back, not a digit is lost."""
    rng = np.random.default_rng(6)
    rows = outcome(rng, rng.random(900), np.full(900, 1.0), rng.poisson(1.0, 900) * 1.0)
    fitted = fit_calibration(rows, 2, "2026-01-05", "2026-03-23")
    assert Calibration.from_json(json.loads(json.dumps(fitted.to_json()))) == fitted


def test_widths_of_cells_of_one_mean_are_told_apart() -> None:
    """Half of the cells always take 12, half geometric numbers around it: each gets its own width.

    Their pasts, 40 pairs of weeks, tell which is which; without them one law stands between both.
    """
    rng = np.random.default_rng(12)
    count, pairs = 4000, np.full(4000, 40.0)
    steady = np.arange(count) % 2 == 0
    units = np.where(steady, 12.0, 1.0 + rng.negative_binomial(1, 1 / 12.0, count))
    past = np.where(steady, 0.0, 132.0 * rng.gamma(20.0, 1 / 20.0, count))
    week, extra = rng.integers(0, WEEKS, count), rng.uniform(10.7, 11.3, count)
    chance = np.full(count, 0.999)
    rows = Outcome(
        chance, extra, nowhere(count), week, units, whole(units),
        Spread(pairs * past, pairs * 11.0, pairs),
    )  # fmt: skip
    fitted = fit_calibration(rows, 1, "a", "b")
    assert "width" in fitted.kept
    low, high = law_of(fitted, rows).quantiles((0.05, 0.95))
    assert low[steady].min() >= 9 and high[steady].max() <= 15
    assert high[~steady].min() > 20 and low[~steady].max() <= 5
    alone = law_of(fit_calibration(replace(rows, spread=Spread.unknown(count)), 1, "a", "b"), rows)
    assert alone.quantiles((0.95,)).min() > 17


@pytest.mark.sweep
def test_censored_rows_are_taken_as_bounds() -> None:
    """Shelves of 1 to 6 units that empty in a third of the weeks hide neither size nor spread.

    Sizes said a third too low, r = 1.5: with the bounds told the mean is found to 6 %, and what
    was hidden is about as likely as it should be; taken as whole counts the mean comes out more
    than 15 %, left out more than 25 % too low.
    """
    rng = np.random.default_rng(8)
    count = 16_000
    chance, extra = np.full(count, 0.6), np.full(count, 2.0)
    wanted = drawn(rng, chance, extra * 1.5, 1.5)
    shelf = rng.integers(1, 7, count)
    out = wanted >= shelf
    week = rng.integers(0, WEEKS, count)

    def fitted(units: np.ndarray, censored: np.ndarray, chosen: np.ndarray) -> CountLaw:
        rows = rows_of(chance, extra, nowhere(count), week, units, censored).part(chosen)
        return law_of(fit_calibration(rows, 1, "a", "b"), rows)

    every, sold = np.ones(count, dtype=bool), np.minimum(wanted, shelf)
    told = fitted(sold, out, every)
    assert out.mean() == pytest.approx(1 / 3, abs=0.05)
    assert told.mean()[0] == pytest.approx(wanted.mean(), rel=0.06)
    assert told.chance[0] == pytest.approx(0.6, abs=0.01)
    assert told.survival(8)[0, 7] == pytest.approx((wanted >= 8).mean(), rel=0.25)
    assert fitted(sold, ~every, every).mean()[0] < 0.85 * wanted.mean()
    assert fitted(sold, ~every, ~out).mean()[0] < 0.75 * wanted.mean()
