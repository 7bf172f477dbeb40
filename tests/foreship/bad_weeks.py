"""A shop planned every Monday, and ways in which a week goes wrong, each with its gate."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import foreship
from tests.foreship.good_workspace import write_workspace

__all__ = ["BAD", "CLEAN_WEEKS", "KINDS", "Bad", "Frames", "plan_week", "week"]

Frames = dict[str, pd.DataFrame]
FIRST = pd.Timestamp("2026-03-02")
"""Monday of the first plan"""
PAST_WEEKS = 40
REGIONS = ("R1", "R2", "R3")
ITEMS = tuple(f"I{n}" for n in range(6))
CLEAN_WEEKS = 5
"""plans of which each goes out as it is; a bad week comes after them"""
A_WEEK = 5.0
"""mean demand of each cell"""
HOLD = """
[plan]
hold = ["gap", "stale", "relaxed", "empty", "inputs", "forecast", "money", "units", "lines"]
"""


def _monday(number: int) -> pd.Timestamp:
    return FIRST + pd.Timedelta(weeks=number)


def _orders(number: int) -> pd.DataFrame:
    """Return all lines before a Monday, the same of a week whenever it is read."""
    cells = list(itertools.product(REGIONS, ITEMS))
    parts = []
    for weeks in range(number - PAST_WEEKS, number):
        draw = np.random.default_rng([7, weeks + PAST_WEEKS])
        cell = np.repeat(np.arange(len(cells)), draw.poisson(A_WEEK, len(cells)))
        days = pd.to_timedelta(draw.integers(0, 7, len(cell)), unit="D")
        frame = pd.DataFrame([cells[each] for each in cell], columns=["region", "item"])
        parts.append(frame.assign(date=_monday(weeks) + days))
    orders = pd.concat(parts, ignore_index=True).assign(quantity=1)
    return orders[["date", "region", "item", "quantity"]]


def _demand(number: int) -> pd.DataFrame:
    """Return thirty scenarios of three weeks for every cell."""
    weeks = [_monday(number + each) for each in range(3)]
    rows = list(itertools.product(REGIONS, ITEMS, weeks, range(30)))
    frame = pd.DataFrame(rows, columns=["region", "item", "week", "scenario"])
    return frame.assign(units=np.random.default_rng(number).poisson(A_WEEK, len(frame)))


def _stock(number: int) -> pd.DataFrame:
    """Return some two hundred units of each item at the hub, six in each cell."""
    hub = [("H1", item, 200 + number) for item in ITEMS]
    cells = [(*cell, 6) for cell in itertools.product(REGIONS, ITEMS)]
    frame = pd.DataFrame([*hub, *cells], columns=["location", "item", "quantity"])
    return frame.assign(date=_monday(number))


def week(number: int) -> Frames:
    """Return the tables of a clean Monday, `demand` with them; the hub was refilled otherwise."""
    price = np.arange(20.0, 20.0 + len(ITEMS))
    return {
        "orders": _orders(number),
        "items": pd.DataFrame({"item": ITEMS, "price": price, "unit_cost": price / 2}),
        "regions": pd.DataFrame({"region": REGIONS, "capacity": 400.0}),
        "hubs": pd.DataFrame({"hub": ["H1"]}),
        "lanes": pd.DataFrame(
            {"origin": "H1", "destination": REGIONS, "cost_per_unit": 1.0, "lead_time_days": 2}
        ).assign(direct_cost=6.0),
        "stock": _stock(number),
        "demand": _demand(number),
    }


def plan_week(folder: Path, number: int, frames: Frames) -> foreship.Run:
    """Write the tables of a Monday and plan it, with every gate that a plan can be held by."""
    tables = {name: frame for name, frame in frames.items() if name != "demand"}
    write_workspace(folder, tables, "parquet", HOLD)
    shop = foreship.open(folder, _monday(number))
    return foreship.plan(shop, demand=frames["demand"])


@dataclass(frozen=True)
class Bad:
    """A way in which a week goes wrong."""

    kind: str
    gate: str
    seed: int
    spoil: Callable[[Frames, Frames, np.random.Generator], Frames]

    def frames(self, number: int) -> Frames:
        """Return the tables of that Monday, spoilt."""
        draw = np.random.default_rng([self.seed, *self.kind.encode()])
        return week(number) | self.spoil(week(number), week(number - 1), draw)


def _in_last_week(orders: pd.DataFrame) -> pd.Series:
    return orders["date"] >= orders["date"].max().to_period("W").start_time


def _doubled(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """The export of the last weeks was appended twice."""
    orders, weeks = now["orders"], pd.Timedelta(weeks=int(draw.integers(2, 8)))
    again = orders[orders["date"] >= orders["date"].max() - weeks]
    return {"orders": pd.concat([orders, again], ignore_index=True)}


def _silent(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """A region's orders were not loaded for some weeks."""
    orders, weeks = now["orders"], pd.Timedelta(weeks=int(draw.integers(6, 12)))
    late = orders["date"] >= orders["date"].max() - weeks
    return {"orders": orders[~(late & (orders["region"] == draw.choice(REGIONS)))]}


def _in_dozens(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """From some day on quantities are in another unit."""
    orders, factor = now["orders"], int(draw.integers(8, 25))
    late = orders["date"] >= orders["date"].max() - pd.Timedelta(weeks=int(draw.integers(8, 20)))
    return {"orders": orders.assign(quantity=orders["quantity"].where(~late, factor))}


def _in_cents(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """Costs are in another currency unit than prices."""
    items, some = now["items"].copy(), draw.choice(len(ITEMS), 2, replace=False)
    items["unit_cost"] = items["unit_cost"].where(~items.index.isin(some), items["price"] / 100)
    return {"items": items}


def _bulk(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """One line is a wholesale order, or a slip of the keyboard."""
    orders = now["orders"].copy()
    row = draw.integers(len(orders) - 50, len(orders))
    orders.loc[row, "quantity"] = int(draw.integers(4000, 90000))
    return {"orders": orders}


def _old_stock(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """The stock is last week's file, without or with a few rows in another order."""
    return {"stock": before["stock"].sample(frac=1, random_state=int(draw.integers(99)))}


def _counted_before(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """The stock was counted weeks ago, as its own dates say."""
    days = pd.Timedelta(days=int(draw.integers(8, 60)))
    return {"stock": now["stock"].assign(date=now["stock"]["date"] - days)}


def _many(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """Demand was multiplied."""
    demand = now["demand"]
    return {"demand": demand.assign(units=demand["units"] * int(draw.integers(3, 9)))}


def _few(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """A region's demand is a part of what it sells."""
    demand, part = now["demand"], draw.uniform(0.0, 0.4)
    here = demand["region"] == draw.choice(REGIONS)
    return {
        "demand": demand.assign(units=demand["units"].where(~here, demand["units"] * part // 1))
    }


def _empty_hub(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """The hub's stock arrived as a few units of each item."""
    stock, few = now["stock"], int(draw.integers(2, 5))
    return {"stock": stock.assign(quantity=stock["quantity"].where(stock["location"] != "H1", few))}


def _lost_rows(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """All rows of the hub but one were cut off."""
    stock, kept = now["stock"], draw.integers(len(ITEMS))
    return {"stock": stock[(stock["location"] != "H1") | (stock.index == kept)]}


def _impossible(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """A lock asks for more than the hub has."""
    more = 1000 + int(draw.integers(9000))
    row = {
        "kind": "at_least", "value": more, "region": draw.choice(REGIONS),
        "item": draw.choice(ITEMS), "reason": "order", "author": "Ada",
        "expires": pd.Timestamp("2027-01-01"),
    }  # fmt: skip
    return {"overrides": pd.DataFrame([row])}


def _shut(now: Frames, before: Frames, draw: np.random.Generator) -> Frames:
    """No lane is open: contracts ended."""
    ended = now["lanes"].assign(to=FIRST - pd.Timedelta(days=int(draw.integers(1, 300))))
    return {"lanes": ended}


KINDS: dict[str, tuple[str, Callable[[Frames, Frames, np.random.Generator], Frames]]] = {
    "orders loaded twice": ("inputs", _doubled),
    "a region not loaded": ("forecast", _silent),
    "another unit": ("inputs", _in_dozens),
    "costs in cents": ("inputs", _in_cents),
    "one wild line": ("inputs", _bulk),
    "stock of last week": ("stale", _old_stock),
    "stock counted long ago": ("stale", _counted_before),
    "demand multiplied": ("forecast", _many),
    "demand of a region lost": ("forecast", _few),
    "a hub nearly empty": ("units", _empty_hub),
    "rows of stock cut off": ("lines", _lost_rows),
    "a lock nobody can keep": ("relaxed", _impossible),
    "every lane shut": ("empty", _shut),
}
BAD = [Bad(kind, gate, seed, spoil) for seed in range(5) for kind, (gate, spoil) in KINDS.items()]
"""sixty-five bad weeks, five of each kind"""
