"""Distinct buyers of cells, pools and groups: what counts by cell say at least."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.history.distinct_buyers import (
    Describable,
    distinct_buyers,
    enough_buyers,
    fewest_buyers,
    floor_is_on,
)
from foreship_foundation.orders.buyers import buyers_of
from tests.forecast.small_market import AS_OF, panel_of_cells

REGIONS, ITEMS = 3, 4
CODES = panel_of_cells(
    units=np.ones((REGIONS * ITEMS, 4), dtype=np.int64),
    known=np.ones((REGIONS * ITEMS, 4), dtype=bool),
    region=np.repeat(np.arange(REGIONS), ITEMS),
    item=np.tile(np.arange(ITEMS), REGIONS),
    category_of=np.array([0, 0, 1, 1]),
).codes
REGION, ITEM = CODES.names()

purchases = st.lists(
    st.tuples(st.integers(0, REGIONS - 1), st.integers(0, ITEMS - 1), st.integers(0, 4)),
    min_size=1,
    max_size=40,
)
"""region, item and customer of each order line; a customer belongs to one region"""


def orders_of(bought: list[tuple[int, int, int]]) -> pd.DataFrame:
    """Return order lines that name customers, each of one region."""
    rows = [(f"R0{r}", f"I0{i}", f"{r}/{who}") for r, i, who in bought]
    return pd.DataFrame(rows, columns=["region", "item", "customer"]).assign(
        date=AS_OF - pd.Timedelta(weeks=1)
    )


@settings(max_examples=40)
@given(bought=purchases)
def test_never_more_than_there_truly_are(bought: list[tuple[int, int, int]]) -> None:
    """Of cells, of any pool and of all together, beside the customers themselves."""
    orders = orders_of(bought)
    table = buyers_of(orders)
    count = distinct_buyers(CODES, table)
    true = orders.groupby(["region", "item"])["customer"].nunique()
    cells = pd.MultiIndex.from_arrays([REGION, ITEM])
    assert count.tolist() == true.reindex(cells).fillna(0).tolist()
    assert fewest_buyers(count, CODES.region) <= orders["customer"].nunique()
    told = Describable.of(CODES, table, 3)
    category = {f"I0{i}": int(i > 1) for i in range(ITEMS)}
    pools = {
        "item": (orders["item"], CODES.items),
        "region": (orders["region"], CODES.regions),
        "category": (orders["item"].map(category), [0, 1]),
    }
    for name, (by, members) in pools.items():
        truly = orders.groupby(by)["customer"].nunique().reindex(members).fillna(0) >= 3
        assert not (getattr(told, name) & ~truly.to_numpy()).any(), name
    # an item has one cell a region and its buyers live in one: nothing is lost there
    of_item = orders.groupby("item")["customer"].nunique().reindex(CODES.items).fillna(0) >= 3
    assert told.item.tolist() == of_item.tolist()


def test_regions_add_up_and_items_do_not() -> None:
    """Two and two buyers are four in two regions; of two items in one region they may be two."""
    assert fewest_buyers(np.array([2.0, 2.0]), np.array([0, 1])) == 4
    assert fewest_buyers(np.array([2.0, 2.0]), np.array([1, 1])) == 2
    assert fewest_buyers(np.empty(0), np.empty(0, dtype=np.int64)) == 0


def test_parents_hold_the_buyers_of_their_regions() -> None:
    """Two buyers in each of two regions of one parent are four of it, and two of each."""
    parent = np.array([0, 0, 1])[CODES.region]
    codes = replace(CODES, parent=parent, parents=np.array(["north", "south"], dtype=object))
    table = pd.DataFrame({"region": REGION, "item": ITEM, "customers": 2})
    told = Describable.of(codes, table, 3)
    assert told.parent.tolist() == [True, False]
    assert not told.region.any()


@pytest.mark.parametrize(("known", "least"), [(0, 3), (12, 1), (0, 1)])
def test_one_buyer_or_unknown_ones_ask_nothing(known: int, least: int) -> None:
    """The floor is off: every cell and every pool may be described, whatever was counted."""
    table = pd.DataFrame({"region": REGION, "item": ITEM, "customers": 0})[:known]
    assert not floor_is_on(table, least)
    assert enough_buyers(CODES, table, least).all()
    told = Describable.of(CODES, table, least)
    assert all(getattr(told, name).all() for name in ("item", "category", "region", "parent"))


def test_three_are_enough_where_three_are_asked() -> None:
    """Two are too few, and a cell that nobody counted has none."""
    table = pd.DataFrame({"region": REGION, "item": ITEM, "customers": 3})
    table.loc[4, "customers"] = 2
    found = enough_buyers(CODES, table.drop(index=7), 3)
    assert np.flatnonzero(~found).tolist() == [4, 7]
