"""Pools: the levels that short histories lean on, equations 1-3 by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import SHRINK_COUNT, SHRINK_WEEKS, Pools
from tests.forecast.small_market import panel_of_cells, random_panel


def grid(
    units: np.ndarray,
    known: np.ndarray | None = None,
    category_of: np.ndarray | None = None,
    entered: np.ndarray | None = None,
) -> Panel:
    """Return a panel of regions x items x weeks, all known from the first week unless said."""
    regions, items, weeks = units.shape
    mask = np.ones(units.shape, dtype=bool) if known is None else known
    return panel_of_cells(
        units.reshape(-1, weeks),
        mask.reshape(-1, weeks),
        np.repeat(np.arange(regions), items),
        np.tile(np.arange(items), regions),
        entered,
        category_of,
    )


def weekly(level: list[list[int]], weeks: int) -> np.ndarray:
    """Return cells that sell the same every week, regions x items x weeks."""
    return np.repeat(np.array(level)[:, :, None], weeks, axis=2)


def mixed(total: float, weeks: float, wider: float) -> float:
    """Return eq. 1."""
    return (total + SHRINK_WEEKS * wider) / (weeks + SHRINK_WEEKS)


def test_item_leans_on_category_and_category_on_network() -> None:
    """Eq. 1 by hand: two categories, items of 1, 3 and 8 units a week in two regions, 10 weeks."""
    panel = grid(weekly([[1, 3, 8], [1, 3, 8]], 10), category_of=np.array([0, 0, 1]))
    pools = Pools.of(panel)
    network = 240 / 60
    assert pools.units.network[0, -1] == pytest.approx(network)
    category = [mixed(80, 40, network), mixed(160, 20, network)]
    assert pools.units.category[:, -1] == pytest.approx(category)
    item = [mixed(20, 20, category[0]), mixed(60, 20, category[0]), mixed(160, 20, category[1])]
    assert pools.units.item[:, -1] == pytest.approx(item)
    # each of them sells every week
    assert pools.sales.item[:, -1] == pytest.approx([1.0] * 3)


def test_a_region_sells_its_own_multiple() -> None:
    """Eqs. 2 and 3 by hand: one item, 1 unit a week here and 3 there, 2 in a usual region."""
    panel = grid(weekly([[1], [3]], 30))
    pools = Pools.of(panel)
    ratio = [(each * 30 + SHRINK_COUNT) / (2 * 30 + SHRINK_COUNT) for each in (1, 3)]
    assert pools.units.region_ratio[:, -1] == pytest.approx(ratio)
    found = pools.units.of_cells(panel, slice(0, 2))[:, -1]
    assert found == pytest.approx([2 * each for each in ratio])


def test_a_busy_region_lifts_what_it_never_sold() -> None:
    """A cell without history takes its item's level times its region's multiple, more than 1."""
    units, known = weekly([[2, 4], [2, 4], [9, 0]], 52), np.ones((3, 2, 52), dtype=bool)
    known[2, 1] = False
    panel = grid(units, known, entered=np.array([0, 0, 0, 0, 0, 52]))
    pools = Pools.of(panel)
    assert pools.units.region_ratio[2, -1] > 1.5
    assert pools.units.of_cells(panel, slice(5, 6))[0, -1] == pytest.approx(
        pools.units.item[1, -1] * pools.units.region_ratio[2, -1]
    )


def test_new_items_regions_and_categories_take_the_next_wider_level() -> None:
    """An item has its category's level, a category the network's, a region the multiple 1."""
    units, known = weekly([[4, 0, 0], [0, 0, 0]], 20), np.zeros((2, 3, 20), dtype=bool)
    known[0, 0] = True
    entered = np.array([0, 20, 20, 20, 20, 20])
    pools = Pools.of(grid(units, known, np.array([0, 0, 1]), entered))
    assert pools.units.network[0, -1] == pytest.approx(4.0)
    assert pools.units.item[1, -1] == pytest.approx(pools.units.category[0, -1])
    assert pools.units.category[1, -1] == pytest.approx(4.0)
    assert pools.units.item[2, -1] == pytest.approx(4.0)
    assert pools.units.region_ratio[1, -1] == pytest.approx(1.0)


def test_unknown_weeks_are_not_zeros() -> None:
    """Sold out in every second week, an item keeps its level instead of halving it."""
    units, known = weekly([[6]], 40), np.ones((1, 1, 40), dtype=bool)
    known[:, :, ::2] = False
    pools = Pools.of(grid(units, known))
    assert pools.units.network[0, -1] == pytest.approx(6.0)
    assert pools.item.rate(13)[0, -1] == pytest.approx(6.0)
    assert pools.item.share(13)[0, -1] == pytest.approx(1.0)


def test_a_group_without_a_known_week_has_no_rate() -> None:
    """Blank, not zero, while nothing of it could be observed."""
    units, known = weekly([[2, 2]], 12), np.ones((1, 2, 12), dtype=bool)
    known[0, 1, :6] = False
    rate = Pools.of(grid(units, known, entered=np.array([0, 6]))).item.rate(4)[1]
    assert np.isnan(rate[:6]).all()
    assert rate[6:] == pytest.approx([2.0] * 6)


def test_only_the_last_year_counts() -> None:
    """What an item sold 53 weeks ago and before is forgotten."""
    loud = weekly([[3]], 60)
    loud[:, :, :8] = 500
    one, two = Pools.of(grid(loud)), Pools.of(grid(weekly([[3]], 60)))
    assert one.units.item[0, -1] == pytest.approx(two.units.item[0, -1])
    assert one.units.item[0, 58] > two.units.item[0, 58] + 1


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(2, 58))
def test_no_level_knows_what_comes_later(seed: int, cut: int) -> None:
    """Other sales after a week leave every level and rate up to it as it was."""
    rng = np.random.default_rng(seed)
    one = random_panel(rng, regions=3, items=4, weeks=60)
    units = one.units.copy()
    units[:, cut + 1 :] = np.where(one.counted()[:, cut + 1 :], 1 + rng.poisson(9.0), 0)
    two = panel_of_cells(
        units, one.known, one.codes.region, one.codes.item, one.entered, np.arange(4) % 2,
        one.censored,
    )  # fmt: skip
    mine, theirs = Pools.of(one), Pools.of(two)
    for left, right in ((mine.units, theirs.units), (mine.sales, theirs.sales)):
        for name in ("item", "category", "network", "region_ratio"):
            before, after = getattr(left, name), getattr(right, name)
            assert np.allclose(before[:, : cut + 1], after[:, : cut + 1])
    assert np.allclose(
        mine.region.rate(13)[:, : cut + 1], theirs.region.rate(13)[:, : cut + 1], equal_nan=True
    )


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_levels_are_always_there(seed: int, weeks: int) -> None:
    """Whatever is unknown, every cell has a finite level of at least 0 at every origin."""
    panel = random_panel(np.random.default_rng(seed), regions=2, items=5, weeks=max(weeks, 4))
    pools = Pools.of(panel)
    for level in (pools.units, pools.sales):
        found = level.of_cells(panel, slice(0, panel.shape[0]))
        assert np.isfinite(found).all()
        assert (found >= 0).all()


def test_a_young_item_stands_for_cells_not_seen_yet() -> None:
    """Of 400 cells that sell in a tenth of their weeks, those seen after five say no more.

    Beside them as many old cells; without equation 46 the young item comes out 2.4 times as high.
    """
    rng = np.random.default_rng(3)
    sold = (rng.random((800, 60)) < 0.1).astype(np.int64)
    item, young = np.repeat([0, 1], 400), np.repeat([False, True], 400)
    sold[young, :55] = 0
    there = sold.any(axis=1)
    sold, item, young = sold[there], item[there], young[there]
    known = np.ones(sold.shape, dtype=bool)
    known[young, :55] = False
    entered = sold.argmax(axis=1)
    panel = panel_of_cells(sold, known, np.arange(len(sold)), item, entered)
    order = np.zeros(len(sold), dtype=np.int64)
    seen, listed = Pools.of(replace(panel, tries_before=order)), Pools.of(panel)
    assert listed.sales.item[1, -1] > 0.2
    assert seen.sales.item[1, -1] == pytest.approx(0.1, rel=0.3)
    assert seen.sales.item[0, -1] == pytest.approx(0.1, rel=0.1)
