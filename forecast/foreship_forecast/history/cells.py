"""Cells: which regions and items there are, in canonical order, and where a row belongs."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    cells = np.unique(key)
    offered = np.isin(cells, key[len(history) :])
    region, item = np.divmod(cells, len(items))
    parent_of, parents = _groups(regions, snapshot.regions, "region", "parent")
    category_of, categories = _groups(items, snapshot.items, "item", "category")
    codes = Codes(
        region, item, parent_of[region], category_of[item], regions, items, parents, categories
    )
    return codes, offered


def _pairs(region: object, item: object) -> pd.DataFrame:
    frame = pd.DataFrame({"region": np.asarray(region, object), "item": np.asarray(item, object)})
    return frame.drop_duplicates(ignore_index=True)


def _listed_now(snapshot: Snapshot) -> tuple[Ids, Ids]:
    """Return the cells of the assortment that are not over by `as_of`."""
    assortment = snapshot.assortment
    ended = assortment["to"].to_numpy() < snapshot.as_of.to_datetime64()
    there = assortment[~ended]
    return there["region"].to_numpy(dtype=object), there["item"].to_numpy(dtype=object)


def _in_stock_cells(snapshot: Snapshot) -> pd.DataFrame:
    """Return the cells with units on hand; a location that is no region is a hub."""
    stock = snapshot.stock[snapshot.stock["quantity"].to_numpy() > 0]
    known = snapshot.regions if len(snapshot.regions) else snapshot.orders
    here = stock["location"].isin(known["region"]).to_numpy()
    return _pairs(stock["location"][here], stock["item"][here])


def _sorted_codes(values: pd.Series) -> tuple[Ints, Ids]:
    code, distinct = pd.factorize(values.to_numpy(dtype=object))
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
    found: Ints = pd.Index(names).get_indexer(pd.Index(values))
    return found


def cells_of(codes: Codes, frame: pd.DataFrame) -> Ints:
    """Return the cell of each row's region and item, -1 where there is none."""
    region = places(codes.regions, frame["region"])
    item = places(codes.items, frame["item"])
    own = codes.region * len(codes.items) + codes.item
    key = np.where((region < 0) | (item < 0), -1, region * len(codes.items) + item)
    cell = np.minimum(np.searchsorted(own, key), len(own) - 1)
    return np.where(own[cell] == key, cell, -1)


def positions(codes: Codes, weeks: Days, frame: pd.DataFrame, column: str) -> tuple[Ints, Ints]:
    """Return each row's cell (-1 if none) and week (-1 outside the history)."""
    cell = cells_of(codes, frame)
    day = frame[column].to_numpy().astype("datetime64[D]")
    week = (day - weeks[0]).astype(np.int64) // 7
    return cell, np.where((week >= 0) & (week < len(weeks)), week, -1)
