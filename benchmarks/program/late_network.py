"""Seeded networks whose lanes arrive on several days, written as tables: 3 hubs, 12 regions.

A dear lane at once and cheaper ones later, packs, storage and lanes that bind, a planner's minimum
on one item in one region of three; one item in ten lies in regions, from where it may be returned
or redirected. The laws of `tests/optimize/several_days.py` at any number of items.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from foreship_optimize.demand import DemandScenarios
from tests.optimize.small_network import item, lane, tables_of
from tests.optimize.table_builder import MONDAY

__all__ = ["MONDAY", "draw_late"]

HUBS, REGIONS, WEEKS, SCENARIOS = 3, 12, 6, 50
LYING = 0.1
"""share of items of which units lie in regions"""
SURE = 0.3
"""share of cells whose demand is the same on all paths"""


def draw_late(items: int, seed: int) -> tuple[dict[str, pd.DataFrame], DemandScenarios]:
    """Draw tables and demand."""
    rng = np.random.default_rng(seed)
    hubs = [f"H{place}" for place in range(HUBS)]
    places = [f"R{place:02d}" for place in range(REGIONS)]
    names = [f"I{place:05d}" for place in range(items)]
    packs = rng.choice([1, 1, 1, 1, 2], items).tolist()
    rate = rng.gamma(0.7, 1.6, (REGIONS, items))
    held = (rate.sum(axis=0) * rng.uniform(0.2, 0.9, (HUBS, items))).astype(int) + 1
    spread = (rng.random((REGIONS, items)) < 0.3) & (rng.random(items) < LYING)
    lies = np.where(spread, rng.integers(1, 4, (REGIONS, items)), 0)
    room = lies.sum(axis=1) + rate.sum(axis=1) * rng.uniform(0.6, 2.0, REGIONS)
    stock = [
        (place, name, int(units[row, at]))
        for some, units in ((hubs, held), (places, lies))
        for row, place in enumerate(some)
        for at, name in enumerate(names)
        if units[row, at]
    ]
    tables = tables_of(
        items=[item(name, pack=pack) for name, pack in zip(names, packs, strict=True)],
        hubs=[(hub, np.nan, np.nan) for hub in hubs],
        regions=[(place, float(most), 2.0, "", np.nan, np.nan)
                 for place, most in zip(places, room, strict=True)],
        lanes=_lanes(rng, hubs, places, rate.sum(axis=1)),
        stock=stock,
        overrides=[("at_least", float(int(rng.integers(1, 4))), "promotion", "Anna", pd.NaT,
                    place, name, "")
                   for place, name in zip(places[::3], names, strict=False)],
    )  # fmt: skip
    return tables, _demand(rng, places, names, rate)


def _lanes(
    rng: np.random.Generator, hubs: list[str], places: list[str], wanted: np.ndarray
) -> list[tuple[Any, ...]]:
    rows = []
    for place, units in zip(places, wanted.tolist(), strict=True):
        leads = rng.permutation([0, 2, 3, 5, 7])[: len(hubs)].tolist()
        for hub, lead in zip(hubs, leads, strict=True):
            cost = float(np.round(max(0.2, 2.4 - 0.3 * lead + rng.normal(0, 0.4)), 1))
            most = float(np.round(units * rng.uniform(0.2, 0.8))) if rng.random() < 0.3 else np.inf
            rows.append(lane(hub, place, cost, lead, capacity=most))
        rows.append(lane(place, hubs[0], 0.8))
    rows += [lane(one, other, 0.5, int(rng.integers(0, 4)))
             for one, other in zip(places[::2], places[1::2], strict=True)]  # fmt: skip
    return rows


def _demand(
    rng: np.random.Generator, places: list[str], names: list[str], rate: np.ndarray
) -> DemandScenarios:
    each = rate.ravel() / WEEKS
    units = rng.poisson(np.broadcast_to(each[:, None, None], (each.size, WEEKS, SCENARIOS)))
    sure = np.zeros_like(units)
    sure[:, 0] = np.round(rate.ravel())[:, None]
    units = np.where((rng.random(each.size) < SURE)[:, None, None], sure, units)
    weeks = np.datetime64(MONDAY, "D") + 7 * np.arange(WEEKS)
    region = np.repeat(np.array(places, dtype=object), len(names))
    name = np.tile(np.array(names, dtype=object), len(places))
    return DemandScenarios(region, name, weeks, units.astype(np.int32))
