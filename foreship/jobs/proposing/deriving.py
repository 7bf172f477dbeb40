"""Tables that nobody gave, from what orders and network say; each value marked as assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from foreship.files import write_csv
from foreship.ingest.tables import TableRead
from foreship.jobs.proposing.exports import Export
from foreship.jobs.proposing.matching import Match, matched
from foreship_foundation.tables.declaration import WORDED, Table
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.telling.words import number

__all__ = ["Derived", "derived_tables", "with_more", "write_derived"]

OF_ITEMS = ("name", "category", "unit_cost", "volume", "weight_kg", "pack_size")
"""columns of items that an export of orders may repeat in every line"""
MORE = {"items": OF_ITEMS, "regions": ("name",)}


@dataclass(frozen=True)
class Derived:
    """A table made of others."""

    table: str
    frame: pd.DataFrame
    words: str
    """how its values came about"""


def with_more(orders: Match) -> tuple[Table, Match]:
    """Return orders with what they say of items and regions beside, as columns `items.name`."""
    table, renames = INPUTS["orders"], dict(orders.renames)
    for name, columns in MORE.items():
        spare = [each for each in orders.spare if each not in renames.values()]
        found = matched(INPUTS[name], Export(orders.export.path, tuple(spare))).renames
        for column in columns:
            if column in found:
                kind = replace(INPUTS[name].column(column), name=f"{name}.{column}", required=False)
                table, renames = table.and_also(kind), {**renames, kind.name: found[column]}
    return table, replace(orders, renames=renames)


def derived_tables(
    reads: Mapping[str, TableRead], given: frozenset[str], cost_share: float
) -> list[Derived]:
    """Derive items, regions and hubs, those that are not given and can be.

    Parameters
    ----------
    reads
        Tables as read, orders with their columns `items.name` and so on.
    given
        Tables that have a file of their own.
    cost_share
        What a unit is assumed to cost, as a share of its price.
    """
    found = []
    orders = reads.get("orders")
    if orders is not None and {"item", "region"} <= set(orders.parsed):
        if "items" not in given:
            found.append(_items(orders, cost_share))
        if "regions" not in given:
            frame = _stated(orders, "region", "regions").assign(assumed="region")
            found.append(Derived("regions", frame, "the regions of the orders"))
    if "hubs" not in given:
        regions = reads["regions"].names_of("region") if "regions" in reads else []
        if "regions" not in given and found and found[-1].table == "regions":
            regions = found[-1].frame["region"].tolist()
        hubs = _hubs(reads, set(regions)) if regions else []
        if hubs:
            frame = pd.DataFrame({"hub": hubs, "assumed": "hub"})
            words = "the places of stock and lanes that are no region"
            found.append(Derived("hubs", frame, words))
    return found


def _items(orders: TableRead, cost_share: float) -> Derived:
    frame = _stated(orders, "item", "items")
    words = ["the items of the orders"]
    assumed = []
    if "price" in orders.parsed:
        frame["price"] = _middle(orders, "item", "price", frame["item"])
        words.append("price: the median of what was paid")
        assumed.append("price")
    else:
        frame["price"] = np.nan
        words.append("price: not known, the orders have none")
    if "unit_cost" not in frame:
        frame["unit_cost"] = (frame["price"] * cost_share).round(4)
        words.append(f"unit_cost: {number(cost_share)} of the price")
        assumed.append("unit_cost")
    due = [each for each in INPUTS["items"].names if each in frame]
    frame = frame[due].assign(assumed=" ".join(assumed))
    return Derived("items", frame, "; ".join(words))


def _stated(orders: TableRead, key: str, table: str) -> pd.DataFrame:
    """Return the ids of a kind with what every line of the orders says of them."""
    ids = sorted(orders.names_of(key))
    frame = pd.DataFrame({key: pd.Series(ids, dtype=str)})
    for column in MORE[table]:
        if (name := f"{table}.{column}") in orders.parsed:
            kind = INPUTS[table].column(column)
            values = _usual_word if kind.kind in WORDED else _middle
            frame[column] = values(orders, key, name, frame[key])
    return frame


def _middle(orders: TableRead, key: str, column: str, ids: pd.Series[str]) -> pd.Series[float]:
    """Return the median of a column by id; for counts a value that occurs."""
    known = ~orders.parsed[column].blank & (orders.parsed[key].values >= 0)
    keys = orders.text(key, orders.parsed[key].values[known])
    values = pd.Series(orders.parsed[column].values[known])
    by = "lower" if values.dtype.kind == "i" else "linear"
    middle = values.groupby(keys).quantile(0.5, interpolation=by).round(4)
    if values.dtype.kind == "i":
        middle = middle.astype(np.int64)
    return ids.map(middle)


def _usual_word(orders: TableRead, key: str, column: str, ids: pd.Series[str]) -> pd.Series[str]:
    """Return the text that an id has in most lines, the first in order of letters of several."""
    known = ~orders.parsed[column].blank & (orders.parsed[key].values >= 0)
    frame = pd.DataFrame(
        {
            "id": orders.text(key, orders.parsed[key].values[known]),
            "text": orders.text(column, orders.parsed[column].values[known]),
        }
    )
    counts = frame.value_counts().rename("count").reset_index()
    counts = counts.sort_values(["id", "count", "text"], ascending=[True, False, True])
    texts = counts.drop_duplicates("id").set_index("id")["text"]
    return ids.map(texts).fillna("")


def _hubs(reads: Mapping[str, TableRead], regions: set[str]) -> list[str]:
    places: set[str] = set()
    for table, column in (("stock", "location"), ("lanes", "origin"), ("inbound", "location")):
        if table in reads and column in reads[table].parsed:
            places |= set(reads[table].names_of(column))
    return sorted(places - regions)


def write_derived(folder: Path, made: Derived) -> str:
    """Write a derived table, and return the name of its file.

    Rows that a planner may have edited before are kept.
    """
    path = folder / f"{made.table}.csv"
    frame = made.frame
    if path.exists():
        key = frame.columns[0]
        before = pd.read_csv(path, dtype=str, keep_default_na=False)
        if key in before:
            fresh = frame[~frame[key].isin(set(before[key]))]
            frame = pd.concat([before, fresh.astype(object)], ignore_index=True)
    write_csv(frame, path)
    return path.name
