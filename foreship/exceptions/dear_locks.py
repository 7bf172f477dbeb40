"""Locks of planners that cost or give way: with the place and the item that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foreship.exceptions.raised import Raised
from foreship.exceptions.seen import Seen
from foreship.reading.views import ShadowPrice
from foreship_foundation.telling.words import money

__all__ = ["dear_lock", "lock_place", "locks_by_name"]

BLANK = dict.fromkeys(("region", "item", "origin", "action", "author", "reason"), "")
"""columns that a table may be without, and what that means"""


def locks_by_name(seen: Seen) -> dict[str, Mapping[Any, Any]]:
    """Return the row of `overrides` behind each lock, by what limits and prices call it."""
    from foreship_optimize.network.locks import lock_words

    rows = [{**BLANK, **row} for row in seen.table("overrides").to_dict("records")]
    return {lock_words(str(row["kind"]), float(row["value"]), row): row for row in rows}


def dear_lock(seen: Seen, price: ShadowPrice, row: Mapping[Any, Any]) -> Raised:
    """Say what a lock costs a unit: a unit that it keeps away, or one that it asks for.

    Money: the worth of one unit, by the lock's shadow price; `asked.parquet` has the cost of all.
    """
    worth = abs(price.price)
    why = "one unit more would bring that" if price.price > 0.0 else "one unit less would save that"
    words = f"The lock {price.limit} costs {money(worth)} a unit: {why}."
    return Raised("dear_limit", worth, words, **lock_place(seen, row))


def lock_place(seen: Seen, row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return region, item, hub and line that a lock is about, as far as it names them."""
    region = str(row["origin"] if row["action"] else row["region"])
    item, origin = str(row["item"]), str(row["origin"])
    at = seen.rows.get((region, item))
    return {
        "region": region,
        "item": item,
        "hub": origin if seen.knows("hub", origin) else "",
        "line": -1 if at is None else int(seen.cells["line"].iloc[at]),
    }
