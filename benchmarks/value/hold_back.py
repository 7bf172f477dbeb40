"""Judge the walk of docs/value.md, section 5, against the best plan found by search.

`python -m benchmarks.value.hold_back` draws items that one hub sends to 10, 15 or 20 regions, with
hub stock for half a week to four weeks of their demand, a refill after one, two or four weeks and
lanes of no or one week. Staging n_r units in each region now earns, over the paths s,

    mean_s[ sum_r b min(n_r, N_r) + (R - h w)(n_r - N_r)^+ - c n_r ] - m mean_s (U(n) - S + sum n)^+

N_r the demand of the window, U(n) the orders of all regions until the refill that find no unit
there, m the margin of an order by parcel. Three plans are judged on 10,000 paths that none of them
but the search has seen: the walk's and the one that ignores hold-back, both made on 1,000 paths,
and the best found by steepest steps (one unit more, one less, one moved) from both and from
nothing.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.results import append, today, versions
from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.valuation.hold_back import ItemHubs, walk

RESULTS = Path(__file__).parent / "results_hold_back.csv"
REGIONS = (10, 15, 20)
COVER = (0.5, 1.0, 2.0, 4.0)
"""weeks of demand that lie at the hub"""
REFILL = (1, 2, 4)
"""weeks until the hub's next arrival"""
LEAD = (0, 1)
"""weeks until what is sent arrives"""
WEEKLY = (0.3, 1.0, 4.0)
"""mean units a week and region, before regions differ"""
PLANNED, JUDGED = 1_000, 10_000
"""paths"""
MOST = 40
"""units weighed a region"""


@dataclass(frozen=True)
class Money:
    """Money of one unit, the same in every region."""

    benefit: float = 4.36
    """b: .96 (6 - 2) + .04 (15 - 2)"""
    kept: float = 0.9
    """R - h w: a unit left over saves next week's lane of 1"""
    lane: float = 1.0
    margin: float = 9.0
    """m: 30 - 15 - 6"""


@dataclass(frozen=True)
class Paths:
    """Demand of the window and from the arrival to the refill, shape (regions, paths)."""

    window: Ints
    until_refill: Ints
    orders: Ints
    """demand from now to the refill, shape (regions, paths)"""

    @property
    def total(self) -> Ints:
        """Orders of all regions, shape (paths,)."""
        return np.asarray(self.orders.sum(axis=0))


def main() -> None:
    """Judge the three plans of every case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="draws of regions a case")
    seeds = parser.parse_args().seeds
    rows = list(_judged(seeds))
    append(RESULTS, rows)
    found = pd.DataFrame(rows)
    table = found.groupby(["refill_weeks", "lead_weeks", "cover"])
    sums = table[["best", "walk_lost", "ignored_lost"]].sum()
    shares = sums[["walk_lost", "ignored_lost"]].div(sums["best"], axis=0)
    worst = (found["walk_lost"] / found["best"]).groupby([found[n] for n in table.keys]).max()
    print(shares.assign(walk_worst=worst).to_string(float_format=lambda value: f"{value:.4f}"))


def _judged(seeds: int) -> Iterator[dict[str, Any]]:
    money = Money()
    cases = itertools.product(REGIONS, REFILL, LEAD, COVER, WEEKLY, range(seeds))
    for regions, refill, lead, cover, weekly, seed in cases:
        started = time.process_time()
        rng = np.random.default_rng(
            [regions, refill, lead, int(10 * cover), int(10 * weekly), seed]
        )
        mean = weekly * rng.gamma(2.0, 0.5, regions)
        known, judged = (_draw(rng, mean, refill, lead, count) for count in (PLANNED, JUDGED))
        stock = round(cover * mean.sum())
        plans = {
            "walk": planned(known, money, stock),
            "ignored": planned(known, replace(money, margin=0.0), stock),
        }
        starts = [*plans.values(), np.zeros(regions, dtype=np.int64)]
        best = max(gain(searched(judged, money, stock, n), judged, money, stock) for n in starts)
        lost = {name: best - gain(n, judged, money, stock) for name, n in plans.items()}
        yield {
            "date": today(), "regions": regions, "refill_weeks": refill, "lead_weeks": lead,
            "cover": cover, "weekly": weekly, "seed": seed, "stock": stock, "best": round(best, 4),
            **{f"{name}_lost": round(each, 4) for name, each in lost.items()},
            "cpu_seconds": round(time.process_time() - started, 2), **versions(("numpy",)),
        }  # fmt: skip


def _draw(rng: np.random.Generator, mean: Floats, refill: int, lead: int, paths: int) -> Paths:
    """Negative binomial weeks of size 2 under one lognormal shock of all regions a week."""
    weeks = max(refill, lead + 1)
    shock = rng.lognormal(-0.02, 0.2, (weeks, paths))
    demand = rng.poisson(rng.gamma(2.0, mean[:, None, None] * shock / 2.0))
    here = demand[:, lead:refill].sum(axis=1)
    return Paths(demand[:, lead], here, demand[:, :refill].sum(axis=1))


def planned(paths: Paths, money: Money, stock: int) -> Ints:
    """Return the units sent by the values of `walk`: those above their lane, best first."""
    rank = np.arange(1, MOST + 1)
    chance = (paths.window[:, :, None] >= rank).mean(axis=1)
    value = chance * money.benefit + (1.0 - chance) * money.kept
    charge = np.zeros_like(value)
    if money.margin > 0:
        charge = walk(value, _one_hub(paths, money, stock)).charge
    net = np.minimum.accumulate(value - charge, axis=1) - money.lane
    order = np.argsort(-net, axis=None, kind="stable")[:stock]
    taken = order[net.ravel()[order] > 0]
    return np.bincount(taken // MOST, minlength=len(value)).astype(np.int64)


def _one_hub(paths: Paths, money: Money, stock: int) -> ItemHubs:
    """Lay the case out for `walk`: parcels cost nothing, an order not served its margin."""
    regions = len(paths.orders)
    return ItemHubs(
        stock=np.array([stock]),
        freight=np.full((regions, 1), money.lane),
        parcel=np.zeros((regions, 1)),
        lost=money.margin,
        credited=np.zeros(regions),
        orders=paths.orders.astype(np.float64),
        until_refill=paths.until_refill,
    )


def gain(units: Ints, paths: Paths, money: Money, stock: int) -> float:
    """Return what staging `units` earns over staging nothing, on the paths."""
    local = np.minimum(units[:, None], paths.window)
    sold = float(local.sum(axis=0).mean())
    left = float(units.sum()) - sold
    earned = money.benefit * sold + money.kept * left - money.lane * float(units.sum())
    return earned - money.margin * (_lost(units, paths, stock) - _lost(0 * units, paths, stock))


def _lost(units: Ints, paths: Paths, stock: int) -> float:
    unserved = paths.total - np.minimum(units[:, None], paths.until_refill).sum(axis=0)
    return float(np.maximum(unserved - (stock - units.sum()), 0).mean())


def searched(paths: Paths, money: Money, stock: int, start: Ints) -> Ints:
    """Return the plan that no single unit more, less or moved betters, from a start."""
    units, best = start.copy(), gain(start, paths, money, stock)
    while True:
        steps = [(into, -1) for into in range(len(units))] if units.sum() < stock else []
        steps += [(-1, out) for out in np.flatnonzero(units).tolist()]
        tried = [(gain(_stepped(units, step), paths, money, stock), step) for step in steps]
        value, step = max(tried, default=(-np.inf, (-1, -1)))
        if value <= best + 1e-9:
            outs = np.flatnonzero(units).tolist()
            swaps = [(into, out) for into in range(len(units)) for out in outs if into != out]
            tried = [(gain(_stepped(units, step), paths, money, stock), step) for step in swaps]
            value, step = max(tried, default=(-np.inf, (-1, -1)))
            if value <= best + 1e-9:
                return units
        units, best = _stepped(units, step), value


def _stepped(units: Ints, step: tuple[int, int]) -> Ints:
    """Return the plan with one unit more in one region and one less in another; -1 is none."""
    moved = units.copy()
    for place, change in zip(step, (1, -1), strict=True):
        if place >= 0:
            moved[place] += change
    return moved


if __name__ == "__main__":
    main()
