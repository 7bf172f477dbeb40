"""Limits: those that cost most, those that gave way, and lines that hardly earn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    if not prices:
        return
    locks, sizes = locks_by_name(seen), _Sizes.of(seen)
    for each in prices:
        if each.limit in locks:
            yield dear_lock(seen, each, locks[each.limit])
            continue
        if each.price <= 0.0:
            continue
        more = SHARE * sizes.size(each.limit)
        worth = each.price * (more if math.isfinite(more) and more > 0.0 else FEW)
        aside = f"; a tenth more of it is worth about {money(worth)}" if more > 0.0 else ""
        region, hub = _place(seen, each.limit)
        yield Raised("dear_limit", worth, sentence(f"{each.words}{aside}"), region=region, hub=hub)


@dataclass(frozen=True)
class _Sizes:
    """How large limits are, by what their words name: a plan may have thousands of them."""

    budgets: Mapping[str, float]
    storage: Mapping[tuple[str, ...], float]
    """by region"""
    stock: Mapping[tuple[str, ...], float]
    """by item and hub"""
    lanes: Mapping[tuple[str, ...], float]
    """by origin and destination"""

    @classmethod
    def of(cls, seen: Seen) -> _Sizes:
        """Read the tables of a plan."""
        return cls(
            {name: seen.setting(key, 0.0) for name, key in BUDGETS.items()},
            _firsts(seen.table("regions"), "capacity", ["region"]),
            _firsts(seen.table("stock"), "quantity", ["item", "location"]),
            _firsts(seen.table("lanes"), "capacity", ["origin", "destination"]),
        )

    def size(self, limit: str) -> float:
        """Return the size of a limit in its own unit, 0 where its words do not tell it."""
        if limit in self.budgets:
            return self.budgets[limit]
        family, _, rest = limit.partition(" of ")
        if family == "storage":
            return self.storage.get((rest,), 0.0)
        if family == "hub stock":
            item, _, hub = rest.rpartition(" at ")
            return self.stock.get((item, hub), 0.0)
        if limit.startswith("lane "):
            origin, _, destination = limit.removeprefix("lane ").partition(" -> ")
            return self.lanes.get((origin, destination.split(" (")[0]), 0.0)
        return 0.0


def _firsts(table: pd.DataFrame, column: str, keys: Sequence[str]) -> dict[tuple[str, ...], float]:
    """Return the first known value of a column by the ids of its row."""
    if column not in table:
        return {}
    known = table.dropna(subset=[column]).drop_duplicates(list(keys))
    ids = zip(*(known[name].tolist() for name in keys), strict=True)
    return dict(zip(ids, known[column].astype(float).tolist(), strict=True))


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
