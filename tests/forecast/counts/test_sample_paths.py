"""Sample paths: exact marginals, hashed draws, and the dependence they were asked for."""

from __future__ import annotations

import math
import pickle
import tracemalloc
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from foreship_forecast.counts import sample_paths as module
from foreship_forecast.counts.dependence import Dependence, Factor
from foreship_forecast.counts.distribution import DemandDistribution
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.sample_paths import PathDraws, SamplePaths, sample_paths
from foreship_forecast.errors import ForecastError, TableFault
from tests.forecast.small_law import distribution, same

ALONE = Dependence.of()
TIED = Dependence.of(
    week=Factor(0.1, 0.2, 0.6),
    item=Factor(0.3, 0.5, 0.4),
    region=Factor(0.1, 1.0, 0.0),
    own=(0.3, 0.2),
)


def picked(whole: DemandDistribution, cells: np.ndarray) -> DemandDistribution:
    """Return some cells of a distribution, in any order."""
    weeks = len(whole.weeks)
    rows = (cells[:, None] * weeks + np.arange(weeks)).ravel()
    return DemandDistribution(
        whole.region[cells], whole.item[cells], whole.weeks, whole.law.part(rows)
    )


@settings(max_examples=25)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 60),
    st.floats(0.0, 0.4),
    st.floats(0.0, 0.3),
    st.floats(0.0, 1.0),
    st.floats(0.0, 0.95),
)
def test_path_frequencies_meet_every_chance(
    seed: int, count: int, item: float, week: float, level: float, decay: float
) -> None:
    """The share of paths with at least k units is p_k to within one path, whatever the copula."""
    whole = distribution(2, 3, 4, seed=seed)
    shares = (week, item, (0.99 - item - week) / 2)
    parts = (Factor(share, level, decay) for share in shares)
    tied = Dependence.of(*parts, own=(1.0 - level, decay))
    units = sample_paths(whole, tied, count, seed).units
    largest = int(units.max()) + 1
    chance = whole.survival(largest)
    for k in range(1, largest + 1):
        assert np.abs((units >= k).mean(axis=2) - chance[..., k - 1]).max() <= 1 / count + 1e-9


def test_means_are_met_over_seeds() -> None:
    """The one uniform of each cell and week spreads evenly: mean path counts are unbiased."""
    law = same(1, 0.13, 1.0, 1.0)
    whole = distribution(1, 1, 1, law)
    sold = [float((sample_paths(whole, ALONE, 10, seed).units > 0).mean()) for seed in range(400)]
    # each run sells in 1 or 2 of 10 paths: the mean over seeds tells .13 from .1 and .2
    assert set(sold) == {0.1, 0.2}
    assert np.mean(sold) == pytest.approx(0.13, abs=4 * 0.1 * math.sqrt(0.3 * 0.7 / 400))


def test_same_seed_same_bytes_and_another_seed_others() -> None:
    """The seed decides, and nothing else does."""
    whole = distribution(3, 4, 5)
    one = sample_paths(whole, TIED, 50, 7).units.tobytes()
    assert sample_paths(whole, TIED, 50, 7).units.tobytes() == one
    assert sample_paths(whole, TIED, 50, 8).units.tobytes() != one


@pytest.mark.parametrize("rows", [1, 4, 9, 28, 1000])
def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """Drawn a cell at a time or all at once, every path is the same and so is every row."""
    whole = distribution(3, 5, 4)
    one = sample_paths(whole, TIED, 40, 3)
    for draws in (1, 4 * 40 * 2, 4 * 40 * 7):
        for name in ("BLOCK_DRAWS", "BLOCK_COUNTS"):
            monkeypatch.setattr(module, name, draws)
        draw = PathDraws(whole, TIED, 40, 3, rows)
        blocks = list(draw)
        assert [len(each.region) for each in blocks[:-1]] == [max(rows // 4, 1)] * (len(blocks) - 1)
        assert (np.concatenate([each.units for each in blocks]) == one.units).all()
        assert (np.concatenate([each.item for each in blocks]) == one.item).all()
        assert (draw.whole().units == one.units).all()
        parts = [each.astype({"region": str, "item": str}) for each in draw.frames()]
        told = one.to_frame()
        pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), told)


def test_all_cells_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for again, whole or in blocks, they are what was kept; a copy draws for itself."""
    draw = PathDraws(distribution(3, 5, 4), TIED, 40, 3, 8)
    light = len(pickle.dumps(draw))
    kept = draw.whole()
    assert not kept.units.flags.writeable
    assert len(pickle.dumps(draw)) == light
    apart = pickle.loads(pickle.dumps(draw))
    drawn: list[int] = []
    real = PathDraws._drawn
    monkeypatch.setattr(
        PathDraws, "_drawn", lambda self, *some: drawn.append(1) or real(self, *some)
    )
    assert (draw.whole().units == kept.units).all()
    assert (np.concatenate([each.units for each in draw]) == kept.units).all()
    assert not drawn
    assert (apart.whole().units == kept.units).all()
    assert drawn


@pytest.mark.sweep
def test_blocks_bound_what_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Block by block, 4,800 cells are drawn, and turned into rows, in a fraction of their units."""
    for name in ("BLOCK_DRAWS", "BLOCK_COUNTS"):
        monkeypatch.setattr(module, name, 20_000)
    whole = distribution(40, 120, 4, same(40 * 120 * 4, 0.3, 0.5, 1.0))
    draw = PathDraws(whole, TIED, 200, 3, block_rows=400)
    dense = 2 * 40 * 120 * 4 * 200
    for drawn in (draw, draw.frames()):
        tracemalloc.start()
        assert sum(1 for _ in drawn) >= 48
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert held < 0.4 * dense, f"{held:,} of {dense:,} bytes"


@settings(max_examples=20)
@given(st.permutations(range(12)), st.integers(1, 12))
def test_order_and_company_of_cells_change_nothing(order: list[int], kept: int) -> None:
    """A cell's paths are its own: the same in any order, and with other cells left out."""
    whole = distribution(3, 4, 3)
    every = sample_paths(whole, TIED, 30, 5).units
    cells = np.array(order[:kept])
    assert (sample_paths(picked(whole, cells), TIED, 30, 5).units == every[cells]).all()


def normal_factor_variance(rho: float, chance: float) -> float:
    """Return the covariance of two sales of chance p whose normals correlate by rho.

    By integrating over the common factor, on a grid fine enough for three digits.
    """
    grid = np.linspace(-8, 8, 4001)
    given_factor = norm.cdf((norm.ppf(chance) - math.sqrt(rho) * grid) / math.sqrt(1 - rho))
    weight = norm.pdf(grid) * (grid[1] - grid[0])
    return float((weight * given_factor**2).sum() - chance**2)


@pytest.mark.parametrize("item", [0.0, 0.2, 0.5])
def test_item_totals_vary_as_their_copula_says(item: float) -> None:
    """Over 30 regions the variance of an item's sales is n p (1 - p) + n (n - 1) cov(rho)."""
    regions, chance, count = 30, 0.3, 2000
    whole = distribution(regions, 6, 2, same(regions * 12, chance, 1e-4, 1.0))
    units = sample_paths(whole, Dependence.of(item=Factor(item)), count, 11).units > 0
    total = units.reshape(regions, 6, 2, count).sum(axis=0)
    covariance = normal_factor_variance(item, chance)
    expected = regions * chance * (1 - chance) + regions * (regions - 1) * covariance
    # twelve item-weeks of 2,000 paths each: a variance is known to about 1 %
    assert total.var(axis=2).mean() == pytest.approx(expected, rel=0.05)


def test_week_totals_and_neighbouring_weeks_move_as_asked() -> None:
    """A week factor ties items together; decay or level tie a cell's weeks; nothing the rest."""
    count, items = 2000, 40
    whole = distribution(1, items, 3, same(items * 3, 0.5, 1e-4, 1.0))

    def moved(common: Dependence) -> tuple[float, float]:
        sold = (sample_paths(whole, common, count, 2).units > 0).astype(np.float64) - 0.5
        cells = (sold.sum(axis=0).var(axis=1) - items / 4).mean() / (items * (items - 1))
        return float(cells), float((sold[:, :-1] * sold[:, 1:]).mean())

    cells, weeks = moved(Dependence.of(week=Factor(0.25)))
    # two fair sales whose normals correlate by rho: asin(rho) / (2 pi)
    assert cells == pytest.approx(math.asin(0.25) / (2 * math.pi), abs=0.004)
    assert weeks == pytest.approx(0.0, abs=0.004)
    for own, lag_1 in (((0.0, 0.6), 0.6), ((0.6, 0.0), 0.6), ((0.3, 0.4), 0.58)):
        cells, weeks = moved(Dependence.of(own=own))
        assert cells == pytest.approx(0.0, abs=0.004)
        assert weeks == pytest.approx(math.asin(lag_1) / (2 * math.pi), abs=0.006)


@pytest.mark.parametrize("level", [0.0, 0.4, 1.0])
def test_a_level_lasts_and_the_rest_fades(level: float) -> None:
    """Sales of one item in two regions stay tied over any number of weeks by the level alone."""
    count, items, weeks = 2000, 60, 6
    whole = distribution(2, items, weeks, same(2 * items * weeks, 0.5, 1e-4, 1.0))
    item = Factor(0.5, level, 0.5)
    units = sample_paths(whole, Dependence.of(item=item), count, 6).units > 0
    sold = units.reshape(2, items, weeks, count) - 0.5
    for lag in (0, 1, 2, 5):
        tie = float((sold[0, :, 0] * sold[1, :, lag]).mean())
        assert item.correlation(lag) == pytest.approx(0.5 * (level + (1 - level) * 0.5**lag))
        assert tie == pytest.approx(math.asin(item.correlation(lag)) / (2 * math.pi), abs=0.005)


def test_paths_survive_their_frame_and_strangers_are_refused() -> None:
    """Most zeros are not written and come back; a cell the forecast does not hold is refused."""
    paths = sample_paths(distribution(2, 3, 4), ALONE, 20, 1)
    frame = paths.to_frame()
    corner = (frame["scenario"] == 0) | (frame["week"] == frame["week"].min())
    assert (frame["units"] > 0)[~corner].all()
    assert frame["units"].sum() == paths.units.sum(dtype=np.int64)
    cells = frame[["region", "item"]].sample(frac=1.0, random_state=1)
    mixed = frame.sample(frac=1.0, random_state=2)
    again = SamplePaths.from_frames([mixed[:9], mixed[9:]], cells, paths.weeks[::-1], scenarios=20)
    assert (again.units == paths.units).all()
    with pytest.raises(ForecastError, match="cell or week"):
        SamplePaths.from_frames([frame.assign(region="R9")], cells, paths.weeks, scenarios=20)


def test_counts_beyond_16_bits_are_refused() -> None:
    """A cell that sells 65,535 units a week in some path is named, with what to do about it."""
    with pytest.raises(ForecastError, match=r"item .* in .* would sell 65,535 .* larger units"):
        sample_paths(distribution(1, 1, 1, same(1, 0.99, 60_000.0, 0.5)), ALONE, 50, 1)


def test_a_region_factor_widens_totals_of_a_region() -> None:
    """Twenty items of a region that share half their variance: the total spreads as they say."""
    items, count = 20, 4000
    whole = distribution(2, items, 1, same(2 * items, 0.5, 1.0, 2.0))

    def spread(region: float) -> float:
        units = sample_paths(whole, Dependence.of(region=Factor(region)), count, 5).units
        totals = units[:, 0].reshape(2, items, count).sum(axis=1, dtype=np.int64)
        assert abs(np.corrcoef(totals)[0, 1]) < 0.06, "regions stay apart"
        return float(totals.var(axis=1).mean() / units[:, 0].var(axis=1).sum() * 2)

    assert spread(0.0) == pytest.approx(1.0, abs=0.1)
    assert 6.0 < spread(0.5) < 1 + (items - 1) * 0.5


def test_paths_of_lots_are_lots() -> None:
    """Of 200 paths 60 sell, all by the dozen, and the means meet the law; too many are refused."""
    law = CountLaw(np.full(8, 0.3), np.full(8, 0.2), np.ones(8), lot=np.full(8, 12))
    said = distribution(1, 4, 2, law)
    paths = sample_paths(said, ALONE, 200, 1)
    assert (paths.units % 12 == 0).all() and ((paths.units > 0).sum(axis=2) == 60).all()
    assert paths.units.mean() == pytest.approx(said.mean().mean(), rel=0.03)
    huge = distribution(1, 4, 2, replace(law, lot=np.full(8, 40_000)))
    with pytest.raises(TableFault, match="65,535 units a week or more"):
        sample_paths(huge, ALONE, 200, 1)


def test_strata_rise_once_for_each_count_that_they_reach() -> None:
    """Of five strata the last three sell a first unit and the last one a second; of others none."""
    sells = np.array([[3, 0], [1, 0]])
    assert module._risen(sells, 5).tolist() == [[0, 0, 1, 1, 2], [0] * 5]
