"""Sample paths: exact marginals, hashed draws, and the dependence they were asked for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from small_market import AS_OF, names

from forecast import scenarios as module
from forecast.distribution import DemandDistribution
from forecast.errors import ForecastError
from forecast.law import KNOTS, CountLaw
from forecast.scenarios import Dependence, SamplePaths, estimate_dependence, sample_paths

ALONE = Dependence(item=0.0, week=0.0, decay=0.0)


def distribution(
    regions: int, items: int, weeks: int, law: CountLaw | None = None, seed: int = 0
) -> DemandDistribution:
    """Return a law for every region, item and week: random unless given."""
    rng = np.random.default_rng(seed)
    count = regions * items * weeks
    inner = np.sort(rng.random(KNOTS - 2))
    law = law or CountLaw(
        rng.uniform(0.01, 0.99, count),
        rng.gamma(1.0, 4.0, count),
        rng.uniform(0.1, 10.0, count),
        np.array([0.0, *inner, 1.0]),
    )
    monday = AS_OF.to_datetime64().astype("datetime64[D]")
    return DemandDistribution(
        region=np.repeat(names("R", regions), items),
        item=np.tile(names("I", items), regions),
        weeks=monday + 7 * np.arange(weeks),
        law=law,
    )


def same(count: int, chance: float, extra: float, r: float) -> CountLaw:
    """Return one law many times."""
    return CountLaw(*(np.full(count, each) for each in (chance, extra, r)))


def picked(whole: DemandDistribution, cells: np.ndarray) -> DemandDistribution:
    """Return some cells of a distribution, in any order."""
    weeks = len(whole.weeks)
    rows = (cells[:, None] * weeks + np.arange(weeks)).ravel()
    return DemandDistribution(
        whole.region[cells], whole.item[cells], whole.weeks, whole.law.part(rows)
    )


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 60),
    st.floats(0.0, 0.4),
    st.floats(0.0, 0.3),
    st.floats(0.0, 0.95),
)
def test_path_frequencies_meet_every_chance(
    seed: int, count: int, item: float, week: float, decay: float
) -> None:
    """The share of paths with at least k units is p_k to within one path, whatever the copula."""
    whole = distribution(2, 3, 4, seed=seed)
    region = (0.99 - item - week) / 2
    units = sample_paths(whole, Dependence(item, week, decay, region), count, seed).units
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
    whole, common = distribution(3, 4, 5), Dependence(0.2, 0.1, 0.5)
    one = sample_paths(whole, common, 50, 7).units.tobytes()
    assert sample_paths(whole, common, 50, 7).units.tobytes() == one
    assert sample_paths(whole, common, 50, 8).units.tobytes() != one


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn a cell at a time or all at once, every path is the same."""
    whole, common = distribution(3, 5, 4), Dependence(0.3, 0.1, 0.6)
    one = sample_paths(whole, common, 40, 3).units
    for draws in (1, 4 * 40 * 2, 4 * 40 * 7):
        monkeypatch.setattr(module, "BLOCK_DRAWS", draws)
        assert (sample_paths(whole, common, 40, 3).units == one).all()


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(12)), st.integers(1, 12))
def test_order_and_company_of_cells_change_nothing(order: list[int], kept: int) -> None:
    """A cell's paths are its own: the same in any order, and with other cells left out."""
    whole, common = distribution(3, 4, 3), Dependence(0.3, 0.1, 0.6)
    every = sample_paths(whole, common, 30, 5).units
    cells = np.array(order[:kept])
    assert (sample_paths(picked(whole, cells), common, 30, 5).units == every[cells]).all()


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
    units = sample_paths(whole, Dependence(item, 0.0, 0.0), count, 11).units > 0
    total = units.reshape(regions, 6, 2, count).sum(axis=0)
    covariance = normal_factor_variance(item, chance)
    expected = regions * chance * (1 - chance) + regions * (regions - 1) * covariance
    # twelve item-weeks of 2,000 paths each: a variance is known to about 1 %
    assert total.var(axis=2).mean() == pytest.approx(expected, rel=0.05)


def test_week_totals_and_neighbouring_weeks_move_as_asked() -> None:
    """A week factor ties items together; the decay ties a cell's weeks; nothing ties the rest."""
    count, items = 2000, 40
    whole = distribution(1, items, 3, same(items * 3, 0.5, 1e-4, 1.0))

    def moved(common: Dependence) -> tuple[float, float]:
        sold = (sample_paths(whole, common, count, 2).units > 0).astype(np.float64) - 0.5
        cells = (sold.sum(axis=0).var(axis=1) - items / 4).mean() / (items * (items - 1))
        return float(cells), float((sold[:, :-1] * sold[:, 1:]).mean())

    cells, weeks = moved(Dependence(0.0, 0.25, 0.0))
    # two fair sales whose normals correlate by rho: asin(rho) / (2 pi)
    assert cells == pytest.approx(math.asin(0.25) / (2 * math.pi), abs=0.004)
    assert weeks == pytest.approx(0.0, abs=0.004)
    cells, weeks = moved(Dependence(0.0, 0.0, 0.6))
    assert cells == pytest.approx(0.0, abs=0.004)
    assert weeks == pytest.approx(math.asin(0.6) / (2 * math.pi), abs=0.006)


@pytest.mark.parametrize(
    ("item", "week", "decay", "region"),
    [(0.3, 0.1, 0.5, 0.0), (0.0, 0.0, 0.0, 0.0), (0.1, 0.05, 0.4, 0.2)],
)
def test_dependence_that_was_drawn_is_found_again(
    item: float, week: float, decay: float, region: float
) -> None:
    """Estimated from paths as from held-out weeks, the factors come back near the truth."""
    regions, items, weeks, count = 12, 15, 6, 30
    law = same(regions * items * weeks, 0.6, 1.5, 2.0)
    whole = distribution(regions, items, weeks, law)
    units = sample_paths(whole, Dependence(item, week, decay, region), count, 4).units
    cell, ahead, origin = (each.ravel() for each in np.indices(units.shape))
    found = estimate_dependence(
        same(units.size, 0.6, 1.5, 2.0),
        units.ravel().astype(np.float64),
        (cell % items, cell // items),
        origin,
        ahead,
        cell,
    )
    assert found.week == pytest.approx(week, abs=0.05)
    assert found.item == pytest.approx(item, abs=0.06)
    assert found.region == pytest.approx(region, abs=0.06)
    assert found.decay == pytest.approx(decay, abs=0.08)


def test_paths_survive_their_frame_and_strangers_are_refused() -> None:
    """Zero rows are not written and come back; a cell the forecast does not hold is refused."""
    paths = sample_paths(distribution(2, 3, 4), ALONE, 20, 1)
    frame = paths.to_frame()
    assert (frame["units"] > 0).all()
    assert frame["units"].sum() == paths.units.sum(dtype=np.int64)
    cells = frame[["region", "item"]].sample(frac=1.0, random_state=1)
    again = SamplePaths.from_frame(
        frame.sample(frac=1.0, random_state=2), cells, paths.weeks[::-1], scenarios=20
    )
    assert (again.units == paths.units).all()
    with pytest.raises(ForecastError, match="cell or week"):
        SamplePaths.from_frame(frame.assign(region="R9"), cells, paths.weeks, scenarios=20)


def test_counts_beyond_16_bits_are_refused() -> None:
    """A cell that sells 65,535 units a week in some path says what to do about it."""
    with pytest.raises(ForecastError, match="larger units"):
        sample_paths(distribution(1, 1, 1, same(1, 0.99, 60_000.0, 0.5)), ALONE, 50, 1)


def test_a_region_factor_widens_totals_of_a_region() -> None:
    """Twenty items of a region that share half their variance: the total spreads as they say."""
    items, count = 20, 4000
    whole = distribution(2, items, 1, same(2 * items, 0.5, 1.0, 2.0))

    def spread(region: float) -> float:
        units = sample_paths(whole, Dependence(0.0, 0.0, 0.0, region), count, 5).units
        totals = units[:, 0].reshape(2, items, count).sum(axis=1, dtype=np.int64)
        assert abs(np.corrcoef(totals)[0, 1]) < 0.06, "regions stay apart"
        return float(totals.var(axis=1).mean() / units[:, 0].var(axis=1).sum() * 2)

    assert spread(0.0) == pytest.approx(1.0, abs=0.1)
    assert 6.0 < spread(0.5) < 1 + (items - 1) * 0.5
