"""Cells: which regions and items there are, in canonical order, and where a row belongs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from foreship_forecast.history.snapshot import Snapshot
from foreship_foundation.arrays import Bools, Days, Ids, Ints

__all__ = ["Codes", "all_cells", "cells_of", "places", "positions"]


@dataclass(frozen=True)
class Codes:
    """Positions of each cell's region, item, parent and category in their sorted names."""

    region: Ints
    item: Ints
    parent: Ints
    category: Ints
    regions: Ids
    items: Ids
    parents: Ids
    categories: Ids

    def part(self, cells: Ints) -> Codes:
        """Return the codes of some cells; names stay those of all."""
        return replace(
            self,
            region=self.region[cells],
            item=self.item[cells],
            parent=self.parent[cells],
            category=self.category[cells],
        )

    def names(self) -> tuple[Ids, Ids]:
        """Return each cell's region and item, shape (C,) each."""
        return self.regions[self.region], self.items[self.item]


def all_cells(snapshot: Snapshot, extra: tuple[Ids, Ids] | None) -> tuple[Codes, Bools]:
    """Gather every cell, in canonical order, and which of them may be stocked."""
    assortment, orders = snapshot.assortment, snapshot.orders
    history = _pairs(orders["region"], orders["item"])
    open_now = _pairs(*_listed_now(snapshot)) if len(assortment) else _in_stock_cells(snapshot)
    more = _pairs(*extra) if extra is not None else history[:0]
    offered_pairs = [open_now, more] if len(assortment) else [history, open_now, more]
    pairs = pd.concat([history, *offered_pairs], ignore_index=True)
    region_code, regions = _sorted_codes(pairs["region"])
    item_code, items = _sorted_codes(pairs["item"])
    key = region_code * len(items) + item_code
    cells = np.sort(pd.unique(key))
    offered = np.isin(cells, key[len(history) :])
    region, item = np.divmod(cells, len(items))
    parent_of, parents = _groups(regions, snapshot.regions, "region", "parent")
    category_of, categories = _groups(items, snapshot.items, "item", "category")
    codes = Codes(
        region, item, parent_of[region], category_of[item], regions, items, parents, categories
    )
    return codes, offered


def _pairs(region: Ids | pd.Series[Any], item: Ids | pd.Series[Any]) -> pd.DataFrame:
    """Return each pair of a region and an item once; of many rows no text a row is made."""
    (place, regions), (what, items) = pd.factorize(region), pd.factorize(item)
    pair = pd.unique(place * max(len(items), 1) + what)
    place, what = np.divmod(pair, max(len(items), 1))
    names = np.array([*regions], dtype=object), np.array([*items], dtype=object)
    return pd.DataFrame({"region": names[0][place], "item": names[1][what]})


def _listed_now(snapshot: Snapshot) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return the cells of the assortment that are not over by `as_of`."""
    assortment = snapshot.assortment
    ended = assortment["to"].to_numpy() < snapshot.as_of.to_datetime64()
    there = assortment[~ended]
    return there["region"], there["item"]


def _in_stock_cells(snapshot: Snapshot) -> pd.DataFrame:
    """Return the cells with units on hand; a location that is no region is a hub."""
    stock = snapshot.stock[snapshot.stock["quantity"].to_numpy() > 0]
    known = snapshot.regions if len(snapshot.regions) else snapshot.orders
    here = stock["location"].isin(known["region"]).to_numpy()
    return _pairs(stock["location"][here], stock["item"][here])


def _sorted_codes(values: pd.Series[Any]) -> tuple[Ints, Ids]:
    code, distinct = pd.factorize(values)
    names = np.array([*distinct], dtype=object)
    order = np.argsort(names)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[code], names[order]


def _groups(names: Ids, table: pd.DataFrame, key: str, group: str) -> tuple[Ints, Ids]:
    """Return the group of each name and the groups' names; names without one share ''."""
    own = pd.Series(table[group].to_numpy(dtype=object), index=table[key].to_numpy(dtype=object))
    own = own[~own.index.duplicated()]
    return _sorted_codes(pd.Series(own.reindex(names).fillna("").to_numpy(dtype=object)))


def places(names: Ids, values: pd.Series | Ids) -> Ints:
    """Return where each value stands among distinct names, -1 where it is none of them."""
    code, distinct = pd.factorize(values)
    found: Ints = pd.Index(names).get_indexer(pd.Index(distinct))
    return np.append(found, -1)[code]


def cells_of(codes: Codes, frame: pd.DataFrame) -> Ints:
    """Return the cell of each row's region and item, -1 where there is none."""
    cell, item = places(codes.regions, frame["region"]), places(codes.items, frame["item"])
    unknown = (cell < 0) | (item < 0)
    # of ten million rows each array counts: what is known of a row is worked out in one
    cell *= len(codes.items)
    cell += item
    del item
    cell[unknown] = -1
    own = codes.region * len(codes.items) + codes.item
    place = np.searchsorted(own, cell)
    np.minimum(place, len(own) - 1, out=place)
    place[own[place] != cell] = -1
    return place


def positions(codes: Codes, weeks: Days, frame: pd.DataFrame, column: str) -> tuple[Ints, Ints]:
    """Return each row's cell (-1 if none) and week (-1 outside the history)."""
    cell = cells_of(codes, frame)
    day = frame[column].to_numpy().astype("datetime64[D]")
    week = (day - weeks[0]).astype(np.int64) // 7
    return cell, np.where((week >= 0) & (week < len(weeks)), week, -1)
