"""Borrowing: who has no level of its own, and whose it takes instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.heads.partial_pooling import PooledLevels, pooled_levels
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import Pools
from foreship_forecast.levels.cell_levels import CHANCES, LOWEST_EXTRA
from tests.forecast.small_market import panel_of_cells, plain_features

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
    return pooled_levels(plain_features(panel), table, least)


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
    assert np.flatnonzero(found.small.grouped).tolist() == [0, 5]
    assert not found.any.any()
    group = (
        "with too few distinct buyers: each is forecast as the mean of a group of cells with"
        " nearly the same forecast."
    )
    assert found.notes(np.ones(12, dtype=bool)) == [f"2 cells {group}"]
    assert found.notes(np.arange(12) != 5) == [f"1 cell {group}"]


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
    assert not found.small.grouped.any()
    assert not found.small.lone.any()
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
    """An item with two buyers in all gives its new cells the level of its category instead.

    They are then like the new cells of the other such item of the category, region by region,
    and the usual size of an order is told of neither.
    """
    panel = shop()
    count = np.full((REGIONS, ITEMS), 0)
    count[:, 2] = 50
    count[0, 0] = count[0, 1] = 2
    found = borrowed(panel, buyers(panel, count))
    chance = found.chance.reshape(REGIONS, ITEMS)
    assert chance[:, 0] == pytest.approx(chance[:, 1])
    unseen = np.arange(12) % ITEMS != 2
    where, what = replace(found, new=unseen).names(panel.codes)
    assert where[~unseen].tolist() == ["R00", "R01", "R02", "R03"]
    assert what[~unseen].tolist() == ["I02"] * REGIONS
    assert set(where[unseen]) == set(what[unseen]) == {None}
    # with a third buyer the first item may be described, and the two differ
    count[1, 0] = 1
    told = borrowed(panel, buyers(panel, count))
    apart = told.chance.reshape(REGIONS, ITEMS)
    assert np.abs(apart[:, 0] - apart[:, 1]).max() > 0.01
    assert set(replace(told, new=unseen).names(panel.codes)[1][unseen]) == {None, "I00"}


def test_cells_that_are_too_few_together_take_their_pools() -> None:
    """One region whose cells have two buyers each: no sum of them is three for sure."""
    panel = shop()
    first = panel.codes.region == 0
    panel = replace(panel, offered=first)
    found = borrowed(panel, buyers(panel, np.full((REGIONS, ITEMS), 2)))
    assert found.small.lone.tolist() == found.any.tolist() == first.tolist()
    assert found.notes(panel.offered) == [
        "3 cells with too few distinct buyers, even with all that are like them: the level of the"
        " pools is taken."
    ]


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
    """Regions of one parent are described by it together: their new cells are alike."""
    panel = louder(shop(parents=[0, 0, 1, 1]), [6, 7, 8, 9, 10, 11])
    table = buyers(panel, np.full((REGIONS, ITEMS), 2))
    chance = borrowed(panel, table).chance.reshape(REGIONS, ITEMS)
    units = chance * (1 + borrowed(panel, table).extra.reshape(REGIONS, ITEMS))
    assert units[0] == pytest.approx(units[1])
    assert units[2] == pytest.approx(units[3])
    assert (units[2] > 1.5 * units[0]).all()


def test_buyers_in_any_order_are_the_same() -> None:
    """Shuffled rows, and rows of cells the panel does not hold, change nothing."""
    panel = shop()
    table = buyers(panel, many({(0, 0): 1, (2, 1): 2}))
    stranger = pd.DataFrame({"region": ["R9"], "item": ["I9"], "customers": [1]})
    mixed = pd.concat([table, stranger]).sample(frac=1.0, random_state=3)
    one, two = borrowed(panel, table), borrowed(panel, mixed)
    assert one.small.count.tolist() == two.small.count.tolist()
    assert one.chance.tolist() == two.chance.tolist()
    assert one.extra.tolist() == two.extra.tolist()
