"""Borrowing: who is never described by itself, and what describes it instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.features.known_ahead import Outlook
from foreship_forecast.features.matrix import CHANCES, LOWEST_EXTRA, Features
from foreship_forecast.heads.partial_pooling import PooledLevels, pooled_levels
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import Pools
from tests.forecast.small_market import panel_of_cells

WEEKS = 52
REGIONS, ITEMS = 4, 3


def shop(seed: int = 0, parents: list[int] | None = None) -> Panel:
    """Return four regions and three items of two categories, all known for a year."""
    rng = np.random.default_rng(seed)
    cells = REGIONS * ITEMS
    region = np.repeat(np.arange(REGIONS), ITEMS)
    panel = panel_of_cells(
        units=rng.poisson(rng.gamma(2.0, 0.5, cells)[:, None], (cells, WEEKS)),
        known=np.ones((cells, WEEKS), dtype=bool),
        region=region,
        item=np.tile(np.arange(ITEMS), REGIONS),
        category_of=np.array([0, 0, 1]),
    )
    if parents is None:
        return panel
    names = np.array([f"P{each}" for each in range(max(parents) + 1)], dtype=object)
    codes = replace(panel.codes, parent=np.array(parents)[region], parents=names)
    return replace(panel, codes=codes)


def buyers(panel: Panel, count: np.ndarray) -> pd.DataFrame:
    """Return the distinct buyers of each cell, shape (regions, items)."""
    region, item = panel.codes.names()
    return pd.DataFrame({"region": region, "item": item, "customers": count.ravel()})


def borrowed(panel: Panel, table: pd.DataFrame | None = None, least: int = 3) -> PooledLevels:
    """Return who borrows what."""
    table = pd.DataFrame({"region": [], "item": [], "customers": []}) if table is None else table
    outlook = Outlook(panel.codes, panel.weeks, {}, None, None, False, {})
    return pooled_levels(Features(panel, Pools.of(panel), outlook), table, least)


def many(small: dict[tuple[int, int], int]) -> np.ndarray:
    """Return 50 buyers a cell, but in the cells named."""
    count = np.full((REGIONS, ITEMS), 50)
    for cell, number in small.items():
        count[cell] = number
    return count


def louder(panel: Panel, cells: list[int], factor: int = 7) -> Panel:
    """Return the panel with some cells selling several times as much."""
    units = panel.units.copy()
    units[cells] *= factor
    return replace(panel, units=units)


def test_without_a_customer_column_nobody_is_small() -> None:
    """No buyers are known, so privacy asks nothing; all cells have a history."""
    found = borrowed(shop())
    assert not found.any.any()
    assert found.notes(np.ones(12, dtype=bool)) == []


def test_the_floor_itself_is_enough() -> None:
    """Two of three buyers are too few, three are not; a cell nobody counted has none."""
    panel = shop()
    table = buyers(panel, many({(0, 0): 2, (1, 1): 3}))
    found = borrowed(panel, table.drop(index=5))
    assert np.flatnonzero(found.small).tolist() == [0, 5]
    assert found.notes(np.ones(12, dtype=bool)) == [
        "2 cells with too few distinct buyers: their pools speak for them."
    ]
    assert found.notes(np.arange(12) != 5) == [
        "1 cell with too few distinct buyers: their pools speak for them."
    ]


def test_a_new_cell_takes_its_item_times_its_region() -> None:
    """Never observed: eq. 3 from pools, said as without history and not as small."""
    panel = shop()
    known = panel.known.copy()
    known[4] = False
    units = np.where(known, panel.units, 0)
    entered = np.where(np.arange(12) == 4, WEEKS, 0)
    panel = replace(panel, known=known, units=units, entered=entered)
    found = borrowed(panel, buyers(panel, many({(1, 1): 0})))
    assert np.flatnonzero(found.new).tolist() == [4]
    assert not found.small.any()
    pools = Pools.of(panel)
    chance = pools.sales.item[1, -1] * pools.sales.region_ratio[1, -1]
    units_a_week = pools.units.item[1, -1] * pools.units.region_ratio[1, -1]
    assert found.chance[4] == pytest.approx(min(max(chance, CHANCES[0]), CHANCES[1]))
    assert found.extra[4] == pytest.approx(
        max(units_a_week / found.chance[4] - 1, LOWEST_EXTRA)
    )  # fmt: skip


def test_a_new_region_takes_its_parents_multiple() -> None:
    """Nothing ever seen there: next to a sibling that sells more than usual it sells more too."""
    panel = shop()
    first = panel.codes.region == 0
    known = panel.known & ~first[:, None]
    panel = replace(panel, known=known, units=np.where(known, panel.units, 0))
    panel = louder(panel, np.flatnonzero(panel.codes.region == 1).tolist(), 3)
    parent = np.where(panel.codes.region <= 1, 1, 0)
    beside = replace(panel.codes, parent=parent, parents=np.array(["", "north"], dtype=object))
    alone = borrowed(panel).chance[first]
    assert (borrowed(replace(panel, codes=beside)).chance[first] > 1.05 * alone).all()


def test_a_pool_of_few_buyers_describes_nobody() -> None:
    """An item with one buyer in all gives its cells the level of its category instead.

    Its cells and the cells of the other item of the category, small as well, are then alike in
    each region, whatever the item itself sold.
    """
    panel = shop()
    count = np.full((REGIONS, ITEMS), 0)
    count[:, 2] = 50
    count[0, 0] = count[0, 1] = 2
    few = buyers(panel, count)
    found = borrowed(panel, few)
    assert found.small.reshape(REGIONS, ITEMS)[:, :2].all()
    chance = found.chance.reshape(REGIONS, ITEMS)
    assert chance[:, 0] == pytest.approx(chance[:, 1])
    # with a third buyer the first item may be described, and the two differ
    count[1, 0] = 1
    apart = borrowed(panel, buyers(panel, count)).chance.reshape(REGIONS, ITEMS)
    assert np.abs(apart[:, 0] - apart[:, 1]).max() > 0.01


def test_buyers_of_regions_add_up_and_those_of_items_do_not() -> None:
    """Two buyers in each of two regions are four of the item; of one region they may be two."""
    panel = shop()
    across = np.zeros((REGIONS, ITEMS), dtype=int)
    across[:2, 0] = 2
    item = borrowed(panel, buyers(panel, across)).chance.reshape(REGIONS, ITEMS)
    # the item is described: its level is its own, not the category's that the other one takes
    assert np.abs(item[:, 0] - item[:, 1]).min() > 0.005
    within = np.zeros((REGIONS, ITEMS), dtype=int)
    within[0] = 2
    region = borrowed(panel, buyers(panel, within)).chance.reshape(REGIONS, ITEMS)
    # no region holds three buyers for sure, so none has a multiple of its own
    assert region == pytest.approx(np.repeat(region[:1], REGIONS, axis=0))


def test_a_region_of_few_buyers_takes_its_parents_multiple() -> None:
    """Regions of one parent are described by it together: their small cells are alike."""
    panel = louder(shop(parents=[0, 0, 1, 1]), [6, 7, 8, 9, 10, 11])
    table = buyers(panel, np.full((REGIONS, ITEMS), 2))
    chance = borrowed(panel, table).chance.reshape(REGIONS, ITEMS)
    units = chance * (1 + borrowed(panel, table).extra.reshape(REGIONS, ITEMS))
    assert units[0] == pytest.approx(units[1])
    assert units[2] == pytest.approx(units[3])
    assert (units[2] > 1.5 * units[0]).all()


def test_a_small_cell_of_a_large_region_still_speaks_through_the_parent() -> None:
    """It takes the multiple of its parent, if any; other cells take their region's."""
    panel = louder(shop(parents=[0, 0, 1, 1]), [0, 1, 2])
    table = buyers(panel, many({(0, 1): 1, (1, 1): 1}))
    chance = borrowed(panel, table).chance.reshape(REGIONS, ITEMS)
    assert chance[0, 1] == pytest.approx(chance[1, 1])
    pools = Pools.of(panel)
    own = pools.sales.item[:, -1] * pools.sales.region_ratio[0, -1]
    assert chance[0, 2] == pytest.approx(np.clip(own, *CHANCES)[2])


def test_small_cells_of_an_item_sell_their_own_share_of_its_pools() -> None:
    """Eq. 7: sales since they entered over what their pools gave them, mixed with all's."""
    panel = shop()
    table = buyers(panel, many({(region, 1): 1 for region in range(REGIONS)}))
    cells = [1, 4, 7, 10]
    quiet = replace(panel, units=np.where(np.isin(np.arange(12), cells)[:, None], 0, panel.units))
    pools = Pools.of(quiet)
    level = pools.sales.item[1, -1] * pools.sales.region_ratio[:, -1]
    due = (level * (WEEKS - 1)).sum()
    overall = 20 / (due + 20)
    # four buyers describe the item's small cells
    factor = 5 * overall / (due + 5)
    assert borrowed(quiet, table).chance[cells] == pytest.approx(
        np.maximum(level * factor, CHANCES[0])
    )


def test_where_an_item_has_too_few_buyers_all_small_cells_speak() -> None:
    """Small cells of different items take the ratio of all of them; nothing of one is described."""
    panel = shop()
    cells = [0, 4, 8]  # one in each of three regions, each of another item
    table = buyers(panel, many({(0, 0): 2, (1, 1): 2, (2, 2): 2}))
    pools = Pools.of(panel)
    level = pools.sales.item[range(3), -1] * pools.sales.region_ratio[range(3), -1]
    sold = float((panel.units[cells, 1:] > 0).sum())
    factor = (sold + 20) / ((level * (WEEKS - 1)).sum() + 20)
    expected = np.clip(level * factor, *CHANCES)
    assert borrowed(panel, table).chance[cells] == pytest.approx(expected)


def test_a_lone_small_cell_is_described_by_its_pools_alone() -> None:
    """Two buyers in the only small cell leave no trace in what is said of it."""
    panel = shop()
    table = buyers(panel, many({(0, 1): 2}))
    pools = Pools.of(panel)
    level = pools.sales.item[1, -1] * pools.sales.region_ratio[0, -1]
    assert borrowed(panel, table).chance[1] == pytest.approx(np.clip(level, *CHANCES))


def test_large_cells_keep_what_small_ones_do_not_touch() -> None:
    """The factor of small cells is theirs alone: a new cell keeps the whole pooled level."""
    panel = shop()
    entered = np.where(np.arange(12) == 4, WEEKS, 0)
    known = panel.known & (np.arange(12) != 4)[:, None]
    panel = replace(panel, known=known, units=np.where(known, panel.units, 0), entered=entered)
    alone = borrowed(panel)
    beside = borrowed(panel, buyers(panel, many({(0, 0): 1, (3, 0): 1})))
    assert beside.chance[4] == pytest.approx(alone.chance[4])
    assert beside.extra[4] == pytest.approx(alone.extra[4])


def test_buyers_in_any_order_are_the_same() -> None:
    """Shuffled rows, and rows of cells the panel does not hold, change nothing."""
    panel = shop()
    table = buyers(panel, many({(0, 0): 1, (2, 1): 2}))
    stranger = pd.DataFrame({"region": ["R9"], "item": ["I9"], "customers": [1]})
    mixed = pd.concat([table, stranger]).sample(frac=1.0, random_state=3)
    one, two = borrowed(panel, table), borrowed(panel, mixed)
    assert one.small.tolist() == two.small.tolist()
    assert one.chance.tolist() == two.chance.tolist()
    assert one.extra.tolist() == two.extra.tolist()
