"""The plain siblings: rates, histograms and moments anyone can compute by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from foreship_forecast.counts.scores import LEVELS, THRESHOLDS
from foreship_forecast.features.matrix import Features
from foreship_forecast.features.rows import Rows
from foreship_forecast.heads import floors
from foreship_forecast.heads.floors import (
    FLOOR_RATES,
    _answer_of_plain,
    last_year_answer,
    recent_answer,
    static_answer,
    trailing_mean,
)
from foreship_foundation.tables.ranges import LARGEST_WEEK
from tests.forecast.small_market import panel_of_cells, plain_features


@pytest.mark.sweep
@settings(max_examples=150)
@given(
    st.floats(-4.0, 3.0).map(lambda power: 10.0**power),
    st.floats(0.05, 50.0),
    st.floats(0.0, 20.0),
)
def test_static_law_scores_as_a_plain_sum_does(mean: float, r: float, times: float) -> None:
    """Every figure is that of scipy, from one sale in years to a thousand units a week."""
    units = float(np.round(times * mean))
    law = stats.nbinom(r, r / (r + mean))
    assume(law.sf(LARGEST_WEEK) < 1e-8)
    k = np.arange(1, int(law.isf(1e-13)) + int(units) + 2)
    answer = _answer_of_plain(np.array([mean]), np.array([r]), np.array([units]))
    plain = ((law.sf(k - 1) - (units >= k)) ** 2).sum()
    # the law ends where p_k falls below 1e-8: far outcomes lose that much a unit
    assert answer.rps[0] == pytest.approx(plain, rel=1e-8, abs=1e-6)
    assert answer.chance[0] == pytest.approx(law.sf(0), rel=1e-9)
    assert answer.below[0] == pytest.approx(law.cdf(units - 1), abs=1e-10)
    assert answer.upto[0] == pytest.approx(law.cdf(units), abs=1e-10)
    assert answer.tail[0] == pytest.approx(law.sf(np.array(THRESHOLDS) - 1), abs=1e-10)
    for level, quantile in zip(LEVELS, answer.quantiles[0], strict=True):
        assert law.cdf(quantile) >= level - 1e-9
        assert quantile == 0 or law.cdf(quantile - 1) < level + 1e-9


def test_static_law_of_a_petrol_station_has_a_score() -> None:
    """At r = 50 and 40,000 units a week, where the closed form overflows, the score is a sum."""
    mean, r, units = 40_000.0, 50.0, 41_000.0
    law = stats.nbinom(r, r / (r + mean))
    k = np.arange(1, 200_000)
    answer = _answer_of_plain(np.array([mean]), np.array([r]), np.array([units]))
    assert answer.rps[0] == pytest.approx(((law.sf(k - 1) - (units >= k)) ** 2).sum(), rel=1e-6)


def known_panel(units: list[list[int]], known: list[list[int]] | None = None) -> Features:
    """Return features of cells of one region, an item each, on the books from the first week."""
    count = np.array(units)
    mask = np.ones(count.shape, dtype=bool) if known is None else np.array(known, dtype=bool)
    cells = len(count)
    panel = panel_of_cells(count, mask, np.zeros(cells, dtype=np.int64), np.arange(cells))
    return plain_features(panel)


def rows_at(origin: int, *cells: int) -> Rows:
    """Return rows of some cells at one origin, a week ahead."""
    return Rows(np.array(cells), np.full(len(cells), origin), np.ones(len(cells), dtype=np.int64))


def test_trailing_rate_by_hand() -> None:
    """Eq. 20: sales of the last 13 known weeks and two weeks of the network's rate."""
    features = known_panel(
        [[9] * 3 + [0] * 10 + [2, 0, 1], [0] * 16], [[1] * 14 + [0, 1], [1] * 16]
    )
    # week 14 of the first cell is unknown; its last 13 weeks hold 12 known ones and two sales;
    # the network sold in 5 of 31 known cell-weeks
    found = FLOOR_RATES["trailing_rate"].chance(features, rows_at(15, 0, 1))
    network = 5 / 31
    assert found == pytest.approx([(2 + 2 * network) / 14, 2 * network / 15])
    assert FLOOR_RATES["constant"].chance(features, rows_at(15, 0, 1)) == pytest.approx(
        [network] * 2
    )
    year = FLOOR_RATES["year_rate"].chance(features, rows_at(15, 0))
    assert year == pytest.approx([(5 + 26 * network) / (15 + 26)])


def test_rates_know_nothing_after_their_origin() -> None:
    """At week 2 the sales of week 3 have not happened."""
    one, two = known_panel([[0, 1, 0, 5]]), known_panel([[0, 1, 0, 0]])
    for rate in FLOOR_RATES.values():
        assert rate.chance(one, rows_at(2, 0)) == pytest.approx(rate.chance(two, rows_at(2, 0)))


def test_trailing_mean_by_hand() -> None:
    """Units of the last 13 weeks over those of them that were known; 0 where none was."""
    features = known_panel([[50, 4, 0, 2] + [0] * 10, [0] * 14], [[1] * 13 + [0], [0] * 14])
    assert trailing_mean(features, rows_at(13, 0, 1)) == pytest.approx([6 / 12, 0.0])


def test_a_rate_is_judged_with_geometric_sizes() -> None:
    """P(D = 1) of a rate is chance / (1 + extra) with the cell's own mean size."""
    features = known_panel([[0, 3, 0, 1] * 10])
    rows = rows_at(39, 0)
    rate = FLOOR_RATES["trailing_rate"]
    chance, extra = rate.raw(features, rows, features.levels(rows))
    said = rate.answer(features, rows, np.array([1.0]))
    assert said.upto[0] - said.below[0] == pytest.approx(chance[0] / (1 + extra[0]))
    assert said.mean[0] == pytest.approx(chance[0] * (1 + extra[0]), rel=1e-6)


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(2, 70))
def test_last_year_is_the_histogram_of_known_weeks(seed: int, weeks: int) -> None:
    """Chance, mean, both ends and the score, from the plain list of the last 52 weeks."""
    rng = np.random.default_rng(seed)
    known = rng.random((3, weeks)) < 0.8
    known[:, -1] = True
    features = known_panel(rng.poisson(1.5, (3, weeks)).tolist(), known.tolist())
    units = rng.integers(0, 6, 3).astype(np.float64)
    said = last_year_answer(features, rows_at(weeks - 1, 0, 1, 2), units)
    for cell in range(3):
        past = features.panel.units[cell][-52:][known[cell][-52:]]
        share = np.array([(past >= k).mean() for k in range(1, 30)])
        came = units[cell] >= np.arange(1, 30)
        assert said.chance[cell] == pytest.approx((past > 0).mean())
        assert said.mean[cell] == pytest.approx(past.mean())
        assert said.below[cell] == pytest.approx((past < units[cell]).mean())
        assert said.upto[cell] == pytest.approx((past <= units[cell]).mean())
        assert said.rps[cell] == pytest.approx(((share - came) ** 2).sum())
        assert said.tail[cell] == pytest.approx([(past >= k).mean() for k in THRESHOLDS])
        middle = np.quantile(past, LEVELS, method="inverted_cdf")
        assert said.quantiles[cell].tolist() == middle.tolist()


def test_static_law_takes_the_moments_of_the_last_year() -> None:
    """Weeks of 0 and 4 in turn: mean 2, variance 4, r = 2 x 2 / (4 - 2) = 2; no more than 50."""
    features = known_panel([[9] * 8 + [0, 4] * 26, [2] * 60])
    said = static_answer(features, rows_at(59, 0, 1), np.array([0.0, 2.0]))
    law = stats.nbinom(2.0, 0.5)
    assert said.mean.tolist() == [2.0, 2.0]
    assert said.upto[0] == pytest.approx(law.pmf(0))
    assert said.chance[0] == pytest.approx(1 - law.pmf(0))
    narrow = stats.nbinom(50.0, 50 / 52)
    assert said.upto[1] - said.below[1] == pytest.approx(narrow.pmf(2))


def test_mean_of_a_quarter_by_hand() -> None:
    """Eq. 24: 13 weeks of 2 units and two weeks of the year's own mean 1, dispersion as before."""
    features = known_panel([[0, 4] * 6 + [0, 1] + [0] * 25 + [2] * 13])
    rows, units = rows_at(51, 0), np.array([2.0])
    said = recent_answer(features, rows, units)
    year = (24 + 1 + 26) / 52
    assert said.mean[0] == pytest.approx((26 + 2 * year) / 15)
    past = features.panel.units[0]
    r = year**2 / (past.var() - year)
    assert said.chance[0] == pytest.approx(stats.nbinom(r, r / (r + said.mean[0])).sf(0))


def test_pooled_rate_by_hand() -> None:
    """Eq. 3 of sale weeks: own history only through the item's and the region's; never certain."""
    features = known_panel([[1] * 20, [0] * 20])
    pool = features.pools.sales
    found = FLOOR_RATES["pooled_rate"].chance(features, rows_at(19, 0, 1))
    # network .5; items (20 + 26 x .5) / 46 and (0 + 13) / 46; the region as its items expect
    ratio = (20 + 20) / (20 * 33 / 46 + 20 * 13 / 46 + 20)
    assert found == pytest.approx([ratio * 33 / 46, ratio * 13 / 46])
    assert pool.region_ratio[0, 19] == pytest.approx(ratio)
    always = known_panel([[1] * 200] * 3)
    assert FLOOR_RATES["pooled_rate"].chance(always, rows_at(199, 0)).tolist() == [0.98]


def test_cells_without_a_known_week_are_answered() -> None:
    """Nothing known: the histogram says 0, the static law next to 0, and no score is blank."""
    features = known_panel([[0] * 5, [1] * 5], [[0] * 5, [1] * 5])
    for floor in (last_year_answer, static_answer, recent_answer):
        said = floor(features, rows_at(4, 0), np.array([2.0]))
        assert said.mean[0] == pytest.approx(0.0, abs=1e-3)
        assert np.isfinite(said.rps).all()
        assert said.quantiles.tolist() == [[0.0] * 4]


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows taken one at a time give what they give together."""
    rng = np.random.default_rng(1)
    features = known_panel(rng.poisson(1.0, (6, 60)).tolist())
    rows, units = rows_at(50, *range(6)), np.arange(6) * 1.0
    whole = [floor(features, rows, units).rps for floor in (last_year_answer, static_answer)]
    monkeypatch.setattr(floors, "BLOCK_ROWS", 1)
    parts = [floor(features, rows, units).rps for floor in (last_year_answer, static_answer)]
    assert [each.tolist() for each in parts] == [each.tolist() for each in whole]
