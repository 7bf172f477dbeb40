"""Limits: those that cost most, those that gave way, and lines that hardly earn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship.exceptions.dear_locks import dear_lock, lock_place, locks_by_name
from foreship.exceptions.raised import Raised
from foreship.exceptions.seen import Seen
from foreship.reading.words.limits import unmet_words
from foreship_foundation.telling.words import money, percent, plural, sentence

__all__ = ["broken_locks", "dear_limits", "thin_lines"]

SHARE: Final = 0.10
"""part of a limit whose worth is told"""
FEW: Final = 1.0
THIN_GAIN, THIN_LINES = 0.01, 0.20
BUDGETS: Final = {
    "risk budget": "risk.budget",
    "freight budget": "plan.freight_budget",
    "stock value budget": "plan.stock_value_budget",
}


def dear_limits(seen: Seen) -> Iterator[Raised]:
    """Capacities and budgets that are scarce, and locks that cost.

    Money: the worth of a tenth more of the limit, by its shadow price; of one unit more where its
    size is not known.
    """
    prices = seen.view.shadow_prices()
    locks = locks_by_name(seen) if prices else {}
    for each in prices:
        if each.limit in locks:
            yield dear_lock(seen, each, locks[each.limit])
            continue
        if each.price <= 0.0:
            continue
        more = SHARE * _size(seen, each.limit)
        worth = each.price * (more if math.isfinite(more) and more > 0.0 else FEW)
        aside = f"; a tenth more of it is worth about {money(worth)}" if more > 0.0 else ""
        region, hub = _place(seen, each.limit)
        yield Raised("dear_limit", worth, sentence(f"{each.words}{aside}"), region=region, hub=hub)


def _size(seen: Seen, limit: str) -> float:
    """Return the size of a limit in its own unit, 0 where its words do not tell it."""
    if limit in BUDGETS:
        return seen.setting(BUDGETS[limit], 0.0)
    family, _, rest = limit.partition(" of ")
    if family == "storage":
        return _first(seen.table("regions"), "capacity", region=rest)
    if family == "hub stock":
        item, _, hub = rest.rpartition(" at ")
        return _first(seen.table("stock"), "quantity", item=item, location=hub)
    if limit.startswith("lane "):
        origin, _, destination = limit.removeprefix("lane ").partition(" -> ")
        destination = destination.split(" (")[0]
        return _first(seen.table("lanes"), "capacity", origin=origin, destination=destination)
    return 0.0


def _first(table: pd.DataFrame, column: str, **keys: str) -> float:
    if column not in table:
        return 0.0
    mine = np.ones(len(table), dtype=bool)
    for name, value in keys.items():
        mine &= (table[name] == value).to_numpy()
    found = table.loc[mine, column].dropna()
    return float(found.iloc[0]) if len(found) else 0.0


def _place(seen: Seen, limit: str) -> tuple[str, str]:
    """Return the region and the hub that a limit is about, '' where it is about none."""
    region = hub = ""
    if limit.startswith(("storage of ", "receiving at ")):
        place = limit.removeprefix("storage of ").removeprefix("receiving at ").split(" on ")[0]
        region = place if seen.knows("region", place) else ""
    elif limit.startswith("hub stock of "):
        hub = limit.rpartition(" at ")[2]
    return region, hub


def broken_locks(seen: Seen) -> Iterator[Raised]:
    """Locks, policies and limits that the plan does not keep.

    Money: units lacking, times the largest gain of a unit in the plan; of a budget, what it lacks.
    """
    summary: Any = seen.view.summary
    largest = max(0.0, float(seen.view.units["gain"].max())) if len(seen.view.units) else 0.0
    relaxed = summary.get("relaxed", ())
    locks = locks_by_name(seen) if relaxed else {}
    for each in relaxed:
        lacking = float(each.get("amount", 0.0))
        worth = lacking if each.get("unit") == "money" else lacking * largest
        lock = locks.get(str(each["limit"]))
        place = {} if lock is None else lock_place(seen, lock)
        yield Raised("broken_lock", worth, sentence(str(each["words"])), **place)
    for each in summary.get("unmet", ()):
        wanted, reached = float(each["wanted"]), float(each["reached"])
        lacking = max(0.0, wanted - reached)
        yield Raised("broken_lock", lacking * largest, unmet_words(each))


def thin_lines(seen: Seen) -> Iterator[Raised]:
    """Many lines that together hardly earn anything; lines that cost were asked for.

    Money: what they are expected to earn together.
    """
    gains = np.sort(seen.view.lines["expected_gain"].to_numpy(dtype=np.float64))
    lines, gains = len(gains), gains[gains >= 0.0]
    total = gains.sum()
    if total <= 0.0:
        return
    thin = int((np.cumsum(gains) < THIN_GAIN * total).sum())
    if thin <= THIN_LINES * lines:
        return
    sum_of_thin = float(gains[:thin].sum())
    words = (
        f"{plural(thin, 'line')} of {lines:,} are together expected to earn "
        f"{money(sum_of_thin)} of {money(float(total))}, {percent(sum_of_thin / total, 1)}: "
        f"plan.minimum_line_gain or plan.line_handling_cost leave such lines out."
    )
    yield Raised("thin_line", sum_of_thin, words)
