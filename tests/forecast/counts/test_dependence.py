"""What held-out weeks say about dependence: found where it is, none where it is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from foreship_forecast.counts import dependence as module
from foreship_forecast.counts.dependence import Dependence, Factor, estimate_dependence
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.network_totals import Moments, PastTotals
from foreship_forecast.counts.sample_paths import sample_paths
from tests.forecast.small_law import distribution, same

REGIONS, ITEMS = 12, 15
NO_PAST = PastTotals(np.zeros((1, 1)), np.zeros((1, 1)))
"""nothing known of earlier totals"""
CASES = {
    "nothing": Dependence.of(),
    "fading together": Dependence.of(
        Factor(0.1, 0, 0.5), Factor(0.3, 0, 0.5), Factor(0.0), own=(0.0, 0.5)
    ),
    "levels that stay": Dependence.of(item=Factor(0.3, 0.6, 0.0), own=(0.4, 0.0)),
    "each in its own way": Dependence.of(
        Factor(0.08, 0.3, 0.4), Factor(0.2, 0.5, 0.0), Factor(0.15, 0.0, 0.8), own=(0.2, 0.3)
    ),
}


@pytest.mark.parametrize(
    "wrong", [(-0.1, 0, 0), (1.1, 0, 0), (0.1, -0.1, 0), (0.1, 1.1, 0), (0.1, 0, -0.1), (0.1, 0, 1)]
)
def test_a_part_that_cannot_be_is_refused(wrong: tuple[float, float, float]) -> None:
    """Shares and levels lie in [0, 1], decays below 1; the edges are good."""
    with pytest.raises(ValueError, match="no part of a score"):
        Factor(*wrong)
    Factor(0.0, 0.0, 0.0), Factor(1.0, 1.0, 0.99)


def test_what_a_part_adds_to_a_correlation() -> None:
    """Eq. 30: .4 x (1/4 + 3/4 x 1/2 to the lag)."""
    part = Factor(0.4, 0.25, 0.5)
    assert [part.correlation(lag) for lag in range(3)] == pytest.approx([0.4, 0.25, 0.175])
    assert Factor(0.4).correlation(1) == 0.0


def test_parts_must_add_up() -> None:
    """To 1, and a cell keeps some of its own."""
    whole = Dependence.of(Factor(0.1), Factor(0.2), Factor(0.3), own=(0.5, 0.6))
    assert whole.own.share == pytest.approx(0.4)
    assert (whole.own.level, whole.own.decay) == (0.5, 0.6)
    for own in (0.39, 0.41):
        with pytest.raises(ValueError, match="add up to 1"):
            Dependence(Factor(0.1), Factor(0.2), Factor(0.3), Factor(own))
    with pytest.raises(ValueError, match="add up to 1"):
        Dependence(Factor(0.5), Factor(0.25), Factor(0.25), Factor(0.0))
    Dependence(Factor(0.1), Factor(0.2), Factor(0.3), Factor(0.4 + 5e-10))


def test_parts_come_back_from_json() -> None:
    """All four, and nothing else."""
    whole = CASES["each in its own way"]
    assert Dependence.from_json(whole.to_json()) == whole
    few = whole.to_json()
    del few["own"]
    for wrong in (few, {**whole.to_json(), "more": {}}, [], None):
        with pytest.raises(ValueError, match="own, region, week"):
            Dependence.from_json(wrong)


def brute_force(values, cell, item, region, origin, horizon, lags: int) -> dict[str, list[float]]:
    """Add up products of an origin's ordered pairs, by what they share and weeks between."""
    found = {name: [0.0] * lags for name in ("week", "item", "region", "own")}
    for a in range(len(values)):
        for b in range(len(values)):
            lag = horizon[b] - horizon[a]
            if origin[a] != origin[b] or lag < 0:
                continue
            kind = "week"
            if cell[a] == cell[b]:
                kind = "own"
            elif item[a] == item[b]:
                kind = "item"
            elif region[a] == region[b]:
                kind = "region"
            found[kind][lag] += values[a] * values[b]
    return found


def test_pairs_are_told_by_what_they_share() -> None:
    """Sums over 3 regions x 3 items, 2 origins and 3 weeks, against all pairs one by one."""
    rng = np.random.default_rng(1)
    cell, origin, horizon = (each.ravel() for each in np.indices((9, 2, 3)))
    some = rng.random(len(cell)) < 0.8
    cell, origin, horizon = cell[some], origin[some], horizon[some]
    values, item, region = rng.normal(size=len(cell)), cell % 3, cell // 3
    codes = {"item": item, "region": region, "own": cell}
    found = module._pair_sums(values, codes, (origin, horizon))
    for name, expected in brute_force(values, cell, item, region, origin, horizon, 3).items():
        assert found[name] == pytest.approx(expected, abs=1e-9), name


def test_level_and_decay_are_read_off_a_curve() -> None:
    """Correlations that the parts would give return them; lags without pairs say nothing."""
    lag = np.arange(1, 6)
    seen = 0.4 * (0.3 + 0.7 * 0.6**lag)
    assert module._memory(seen, 0.4, np.ones(5)) == pytest.approx((0.3, 0.6))
    blind = np.where(lag == 3, 9.0, seen)
    assert module._memory(blind, 0.4, np.where(lag == 3, 0.0, 2.0)) == pytest.approx((0.3, 0.6))
    slow = module._memory(0.4 * 0.95**lag, 0.4, np.ones(5))
    assert slow == pytest.approx((0.0, 0.95), abs=1e-9)
    assert module._memory(seen, 0.0, np.ones(5)) == (0.0, 0.0)
    assert module._memory(seen, 0.4, np.zeros(5)) == (0.0, 0.0)
    assert module._memory(np.full(3, 0.9), 0.4, np.ones(3))[0] == 1.0
    assert module._memory(np.full(3, -0.9), 0.4, np.ones(3)) == (0.0, 0.0)


def test_lags_weigh_by_their_pairs() -> None:
    """Of two lags that no level fits alike, the one with most pairs is met: .1 of .4 at lag 2."""
    seen = np.array([0.3, 0.1])
    level, decay = module._memory(seen, 0.4, np.array([1.0, 1e6]))
    assert 0.4 * (level + (1 - level) * decay**2) == pytest.approx(0.1, abs=1e-3)


def test_shares_are_cut_off_and_leave_a_cell_its_own() -> None:
    """.3, .6 and .3 at most; together 1.2, scaled to .95; what is left is the cell's."""
    curves = {name: np.array([0.9, 0.2]) for name in ("week", "item", "region")}
    ones = {name: np.ones(2) for name in (*curves, "own")}
    found = module._fitted(curves, np.array([1.0, 0.9]), ones)
    shares = [found.week.share, found.item.share, found.region.share, found.own.share]
    assert shares == pytest.approx([0.3 / 1.2 * 0.95, 0.6 / 1.2 * 0.95, 0.3 / 1.2 * 0.95, 0.05])
    small = {"week": np.array([0.1, 0.05]), "item": np.array([0.2, 0.1]),
             "region": np.array([-0.3, 0.0])}  # fmt: skip
    found = module._fitted(small, np.array([1.0, 0.5]), ones)
    assert [found.week.share, found.item.share, found.region.share] == [0.1, 0.2, 0.0]
    assert found.week.correlation(1) == pytest.approx(0.05)
    assert found.item.correlation(1) == pytest.approx(0.1)
    assert found.own.share == pytest.approx(0.7)
    assert found.own.correlation(1) == pytest.approx(0.5 - 0.05 - 0.1)


def test_a_score_is_the_mean_normal_of_its_outcome() -> None:
    """Eq. 18 for a chance of 1/2: no sale is -2 phi(0), a sale of one between 0 and q(3/4).

    What is all but impossible, with 1e-7, scores 5 and no more.
    """
    law = same(3, 0.5, 1.0, 1.0)
    found = module._scores(law, np.array([0.0, 1.0, 23.0]))
    phi, quantile = stats.norm.pdf, stats.norm.ppf
    assert found[:2] == pytest.approx([-2 * phi(0), 4 * (phi(0) - phi(quantile(0.75)))], rel=1e-6)
    assert found[2] == 5.0
    assert module._scores(same(1, 1 - 1e-7, 1.0, 1.0), np.array([0.0])).tolist() == [-5.0]


def test_what_is_rarer_than_a_billionth_is_extreme_and_not_typical() -> None:
    """200 units of a law that knows none such, or none where nearly all sell: 5 and -5, not 0."""
    assert module._scores(same(1, 0.5, 1.0, 1.0), np.array([200.0])).tolist() == [5.0]
    assert module._scores(same(1, 1 - 1e-12, 1.0, 1.0), np.array([0.0])).tolist() == [-5.0]


def test_squares_are_averaged_over_rows_of_like_mean() -> None:
    """Twenty bins: with forty means each two neighbours share theirs; alike means share all."""
    score = np.arange(40.0)
    found = module._binned_square(score, np.arange(40.0) + 1)
    pairs = (score**2).reshape(20, 2).mean(axis=1)
    assert found == pytest.approx(pairs.repeat(2))
    assert module._binned_square(score, np.ones(40)) == pytest.approx([(score**2).mean()] * 40)


def test_a_week_of_another_share_leaves_cells_the_rest() -> None:
    """.1 for the week instead of .3: a cell's own grows by .2 and lasts as long as before.

    Parts beyond .95 together are scaled down to it.
    """
    whole = Dependence.of(Factor(0.3), Factor(0.2, 0.5), Factor(0.1), own=(0.4, 0.6))
    found = whole.with_week(Factor(0.1, 0.3, 0.2))
    assert found == Dependence.of(
        Factor(0.1, 0.3, 0.2), Factor(0.2, 0.5), Factor(0.1), own=(0.4, 0.6)
    )
    full = Dependence.of(item=Factor(0.6), region=Factor(0.3)).with_week(Factor(0.3))
    shares = [full.week.share, full.item.share, full.region.share, full.own.share]
    assert shares == pytest.approx([0.3 / 1.2 * 0.95, 0.6 / 1.2 * 0.95, 0.3 / 1.2 * 0.95, 0.05])


def test_the_weeks_part_gives_totals_the_variance_they_had() -> None:
    """Eq. 49 by hand: 2,000 weeks that miss by .1 independently, of which items explain a fifth.

    A share of .3 at most, however much past totals missed.
    """
    series = 100.0 * (1.0 + 0.1 * np.random.default_rng(1).standard_normal(2001))
    past = PastTotals(np.stack([series[:-1], series[1:]], axis=1), np.full((2000, 2), 100.0))
    moments = Moments(week=1.25, item=0.02, region=0.0, own=0.0, alone=0.0)
    found = module._week_part(past, moments, Dependence.of(item=Factor(0.1)))
    assert 1.25 * found.share == pytest.approx(0.008, rel=0.1)
    assert found.correlation(1) < 0.1 * found.share
    wild = PastTotals(np.where(np.arange(2000)[:, None] % 2, 300.0, 1.0) + 0 * past.ordered,
                      past.expected)  # fmt: skip
    assert module._week_part(wild, moments, Dependence.of()).share == 0.3


def test_what_other_parts_explain_of_a_total() -> None:
    """Eq. 49 over two weeks: an item's level whole, a fading region, cells' own and alone."""
    others = Dependence.of(item=Factor(0.2, 1.0), region=Factor(0.1, 0.0, 0.5), own=(0.0, 0.0))
    moments = Moments(week=9.0, item=0.5, region=0.4, own=0.03, alone=0.02)
    expected = 0.5 * 0.2 + 0.4 * 0.1 * 0.75 + 0.03 * 0.7 / 2 + 0.02 / 2
    assert module._explained(moments, others, 2) == pytest.approx(expected)


def test_scores_are_weighed_by_rows_of_like_expected_units(monkeypatch) -> None:
    """Expected units are chance x (1 + extra)."""
    asked = []
    monkeypatch.setattr(module, "_binned_square", lambda score, mean: asked.append(mean) or score)
    law = CountLaw(np.array([0.5, 0.25]), np.array([1.0, 3.0]), np.ones(2))
    row = np.arange(2)
    estimate_dependence(law, row * 1.0, (row, row), row * 0, row * 0 + 1, row, NO_PAST)
    assert asked[0].tolist() == [1.0, 1.0]


def test_what_all_cells_share_is_not_an_items_own() -> None:
    """Estimated from nine cells in forty weeks of which all sell in half: eqs. 19 and 30 by hand.

    Every score is +s or -s with s^2 = 2 / pi, so that each pair that agrees adds one half of it.
    """
    week, cell = np.divmod(np.arange(360), 9)
    units = (week % 2).astype(float)
    rows = week * 0
    found = estimate_dependence(
        CountLaw(np.full(360, 0.5), np.full(360, 1e-4), np.ones(360)), units,
        (cell % 3, cell // 3), week + 7, rows + 1, cell, PastTotals(*np.zeros((2, 48, 1))),
    )  # fmt: skip
    assert found.item.share == pytest.approx(0.0, abs=1e-9)
    assert found.region.share == pytest.approx(0.0, abs=1e-9)


def from_paths(units: np.ndarray, law: CountLaw, items: int) -> Dependence:
    """Estimate from paths (cells, weeks, scenarios), each scenario standing for an origin."""
    cell, ahead, origin = (each.ravel() for each in np.indices(units.shape))
    totals = units.sum(axis=0).T.astype(np.float64)
    past = PastTotals(totals, np.full(totals.shape, law.part(slice(1)).mean() * len(units)))
    came = units.ravel().astype(np.float64)
    groups = cell % items, cell // items
    return estimate_dependence(law, came, groups, origin, ahead, cell, past)


@pytest.mark.parametrize("name", CASES)
def test_dependence_that_was_drawn_is_found_again(name: str) -> None:
    """Estimated from paths as from held-out weeks, each part's correlations come back.

    Over 60 origins of 6 weeks; 60 draws of a week factor of .08 know it to about .02.
    """
    weeks, count, truth = 6, 60, CASES[name]
    whole = distribution(REGIONS, ITEMS, weeks, same(REGIONS * ITEMS * weeks, 0.6, 1.5, 2.0))
    units = sample_paths(whole, truth, count, 4).units
    found = from_paths(units, same(units.size, 0.6, 1.5, 2.0), ITEMS)
    for part in ("week", "item", "region", "own"):
        drawn, seen = getattr(truth, part), getattr(found, part)
        for lag in range(weeks):
            assert seen.correlation(lag) == pytest.approx(drawn.correlation(lag), abs=0.07), part


def test_few_pairs_are_not_believed() -> None:
    """Of 4 cells in 2 weeks, one region always sold and one never, little is concluded."""
    row = np.arange(8)
    units = np.where(row // 2 % 2 == 0, 1.0, 0.0)
    found = estimate_dependence(
        same(8, 0.5, 0.5, 1.0), units, (row // 4, row // 2 % 2), row * 0, row % 2, row // 2, NO_PAST
    )
    assert max(found.week.share, found.item.share, found.region.share) < 0.1
    assert max(getattr(found, part).correlation(1) for part in ("week", "item", "own")) < 0.1


def test_one_week_ahead_shows_no_memory() -> None:
    """With a horizon of one week no pair tells how long a miss lasts: none is assumed."""
    whole = distribution(REGIONS, ITEMS, 1, same(REGIONS * ITEMS, 0.6, 1.5, 2.0))
    units = sample_paths(whole, Dependence.of(item=Factor(0.4)), 60, 4).units
    found = from_paths(units, same(units.size, 0.6, 1.5, 2.0), ITEMS)
    assert found.item.share == pytest.approx(0.4, abs=0.07)
    assert {(each.level, each.decay) for each in (found.item, found.own)} == {(0.0, 0.0)}


def shop_windows(windows: int, seed: int) -> np.ndarray:
    """Return demand (15 regions x 40 items, 4 weeks, windows) of a shop that no copula made.

    An item's shock fades by .6 a week, a cell's level is off by a factor for the whole window,
    and a week has a shock of its own.
    """
    rng = np.random.default_rng(seed)
    regions, items, weeks = 15, 40, 4
    item = rng.standard_normal((items, weeks, windows))
    for week in range(1, weeks):
        item[:, week] = 0.6 * item[:, week - 1] + 0.8 * item[:, week]
    own = rng.standard_normal((regions * items, 1, windows))
    common = rng.standard_normal((1, weeks, windows))
    size = 0.4 * np.tile(item, (regions, 1, 1)) + 0.5 * own + 0.1 * common
    mean = 1.5 * np.exp(size - (0.4**2 + 0.5**2 + 0.1**2) / 2)
    return rng.poisson(mean)


def lead_time_variance(units: np.ndarray, weeks: int) -> dict[str, float]:
    """Return the mean variance over scenarios of totals of the first weeks."""
    ahead = units[:, :weeks].sum(axis=1, dtype=np.int64).reshape(15, 40, -1)
    totals = {"cell": ahead, "item": ahead.sum(axis=0), "region": ahead.sum(axis=1)}
    return {name: float(each.var(axis=-1).mean()) for name, each in totals.items()}


def test_lead_time_sums_spread_as_a_shops_truly_do() -> None:
    """Paths learned from 60 windows spread within 15 % of the truth; by single weeks they do not.

    The truth's log-normal shocks are none of the copula's; its marginals are given. Regions have
    the week's part too, calmer here than usual, and get up to two fifths more.
    """
    seen, truth = shop_windows(60, 1), shop_windows(1500, 2)
    sold = truth[truth > 0] - 1.0
    r = sold.mean() ** 2 / (sold.var() - sold.mean())
    law = ((truth > 0).mean(), sold.mean(), r)
    found = from_paths(seen, same(seen.size, *law), 40)
    whole = distribution(15, 40, 4, same(15 * 40 * 4, *law))
    paths = sample_paths(whole, found, 1500, 1).units
    shares = (Factor(getattr(found, part).share) for part in ("week", "item", "region"))
    forgetful = sample_paths(whole, Dependence.of(*shares), 1500, 1).units
    for weeks in (1, 2, 4):
        drawn, true = (lead_time_variance(units, weeks) for units in (paths, truth))
        for total in ("cell", "item"):
            assert drawn[total] == pytest.approx(true[total], rel=0.15), (total, weeks)
        assert 0.85 < drawn["region"] / true["region"] < 1.4, weeks
    assert lead_time_variance(forgetful, 4)["item"] < 0.7 * true["item"]
