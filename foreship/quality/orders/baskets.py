"""Orders of several lines, and nothing that says what a parcel with several units costs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship.errors import Fault
from foreship.ingest.tables import TableRead
from foreship.quality.evidence import Evidence
from foreship_foundation.tables.keys import combined_codes
from foreship_foundation.telling.words import percent

__all__ = ["parcels_carry_orders"]

FEWEST = 20
"""order lines below which a shop tells nothing of its orders"""
MOST_OF_THEM = 0.5
"""share of lines in orders of several items from where money by the unit misleads"""
TARIFF = (("lanes", "direct_further"), ("regions", "last_mile_further"))


def parcels_carry_orders(seen: Evidence) -> Iterator[Fault]:
    """Most lines in orders of several items, and no cost of a further unit: each is a parcel."""
    if any(_states(seen.tables.get(table), column) for table, column in TARIFF):
        return
    share = _share_in_company(seen)
    if share < MOST_OF_THEM:
        return
    words = (
        f"missing, though {percent(share)} of order lines stand in orders of several items: "
        "money is counted as if every unit were a parcel of its own"
    )
    remedy = (
        "say what a further unit of an order costs, here and in regions.last_mile_further; the same"
        " as its first one where that is so"
    )
    yield Fault("lanes", words, remedy, "direct_further", severity="warning")


def _states(read: TableRead | None, column: str) -> bool:
    return read is not None and column in read.parsed and not read.parsed[column].blank.all()


def _share_in_company(seen: Evidence) -> float:
    """Return the share of lines whose order holds another item, 0 where orders are not known."""
    read, lines = seen.read("orders", "order_id"), seen.lines
    if read is None or lines is None or len(lines) < FEWEST:
        return 0.0
    order_id = read.parsed["order_id"]
    known = ~order_id.blank[lines.row]
    order = combined_codes((lines.day, lines.region, order_id.values[lines.row]), len(lines))
    order = np.unique(order, return_inverse=True)[1]
    line = combined_codes((order, lines.item), len(lines))
    items = np.bincount(order[np.unique(line, return_index=True)[1]])
    return float(np.mean(known & (items[order] > 1)))
