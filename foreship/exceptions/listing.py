"""The list of exceptions: every kind together, the most money first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

import pandas as pd

from foreship.exceptions.demands import forecasts_far, unused_plans
from foreship.exceptions.doubtful_input import late_supply, stale_input, suspicious_input
from foreship.exceptions.hub_needs import hubs_short
from foreship.exceptions.limits import broken_locks, dear_limits, thin_lines
from foreship.exceptions.raised import Raised
from foreship.exceptions.region_stock import dead_stock, exits_due, stock_outs
from foreship.exceptions.seen import Seen
from foreship_foundation.tables.output_files import EXCEPTIONS

__all__ = ["KINDS", "MOST", "Listing", "listed"]

Kind = Callable[[Seen], Iterator[Raised]]
KINDS: Mapping[str, Kind] = {
    "stock_out": stock_outs,
    "hub_short": hubs_short,
    "dead_stock": dead_stock,
    "exit_due": exits_due,
    "suspicious_input": suspicious_input,
    "stale_input": stale_input,
    "broken_lock": broken_locks,
    "forecast_far": forecasts_far,
    "dear_limit": dear_limits,
    "late_supply": late_supply,
    "unused_plan": unused_plans,
    "thin_line": thin_lines,
}
"""What is looked for, by name"""
ALWAYS: Final = frozenset(
    {"suspicious_input", "stale_input", "broken_lock", "unused_plan", "thin_line"}
)
"""kinds that are listed whatever they come to: a doubt is answered, not weighed"""
MINOR: Final = 0.01
"""share of what the plan earns below which others are only counted"""
MOST: Final = 200


class Listing(NamedTuple):
    """The list, and what is only counted."""

    frame: pd.DataFrame
    """`exceptions.parquet`: `rank` from 1, most money first"""
    minor: int
    """exceptions of less than a hundredth of the plan's expected gain"""
    further: int
    """exceptions beyond the longest list"""


def listed(seen: Seen) -> Listing:
    """List all exceptions, most money first; ties by kind, region, item, hub and words."""
    found = [each for kind in KINDS.values() for each in kind(seen)]
    least = MINOR * _earned(seen)
    kept = [each for each in found if each.kind in ALWAYS or each.money >= max(least, 0.01)]
    order = sorted(_dearest(kept), key=lambda e: (-e.money, *_named(e), e.words))
    rows = [
        (rank, e.kind, e.money, e.region, e.item, e.hub, e.week, e.line, e.words)
        for rank, e in enumerate(order[:MOST], start=1)
    ]
    frame = pd.DataFrame(rows, columns=list(EXCEPTIONS.names))
    types = {"rank": "int64", "money": "float64", "line": "int64", "week": "datetime64[us]"}
    types |= dict.fromkeys(("kind", "region", "item", "hub", "words"), "str")
    return Listing(frame.astype(types), len(found) - len(kept), max(0, len(kept) - MOST))


def _dearest(kept: list[Raised]) -> list[Raised]:
    """Return the exceptions that may be among the listed ones: words are made of no other."""
    if len(kept) <= MOST:
        return kept
    least = sorted((each.money for each in kept), reverse=True)[MOST - 1]
    return [each for each in kept if each.money >= least]


def _named(each: Raised) -> tuple[str, str, str, str]:
    return each.kind, each.region, each.item, each.hub


def _earned(seen: Seen) -> float:
    """Return what a plan is expected to gain; what its lines do where all in all it costs.

    What was asked for may cost any amount, which makes nothing else small.
    """
    gain = seen.view.expected_gain() or 0.0
    return gain if gain > 0.0 else float(seen.view.lines["expected_gain"].clip(lower=0.0).sum())
