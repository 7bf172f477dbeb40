"""What held-out weeks say about dependence: found where it is, none where it is not."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_forecast.counts.dependence import Dependence, Factor, estimate_dependence
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.sample_paths import sample_paths
from tests.forecast.small_law import distribution, same

REGIONS, ITEMS = 12, 15
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


def from_paths(units: np.ndarray, law: CountLaw, items: int) -> Dependence:
    """Estimate from paths (cells, weeks, scenarios), each scenario standing for an origin."""
    cell, ahead, origin = (each.ravel() for each in np.indices(units.shape))
    return estimate_dependence(
        law, units.ravel().astype(np.float64), (cell % items, cell // items), origin, ahead, cell
    )


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
        same(8, 0.5, 0.5, 1.0), units, (row // 4, row // 2 % 2), row * 0, row % 2, row // 2
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

    The truth's log-normal shocks are none of the copula's; its marginals are given.
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
        for total in ("cell", "item", "region"):
            assert drawn[total] == pytest.approx(true[total], rel=0.15), (total, weeks)
    assert lead_time_variance(forgetful, 4)["item"] < 0.7 * true["item"]
