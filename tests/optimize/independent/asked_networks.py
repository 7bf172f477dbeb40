"""Random small networks with policies, a least gain of lines and a charge of changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from tests.optimize.independent.departing_networks import random_departures
from tests.optimize.independent.networks import AS_OF, Network, random_network

__all__ = ["random_asked"]

FIRST_BASE = 20_000
"""seed of the network that the first one is drawn on"""
VALUES = {
    "minimum": (0, 1, 2, 4, 7),
    "maximum": (0, 2, 5, 9),
    "presentation": (1, 2),
    "cover_weeks": (0.5, 1, 2.5, 9),
    "service": (0.5, 0.9, 0.99),
    "fair_share": (0.3, 0.8, 1.0),
}


def random_asked(seed: int) -> Network:
    """Draw a network in which something is asked; the same seed gives the same one.

    One in four has departures and vehicles.
    """
    base = (
        random_departures(FIRST_BASE + seed)
        if seed % 4 == 3
        else random_network(FIRST_BASE + seed, hubs_at_most=2, regions_at_most=3)
    )
    draw = np.random.default_rng([seed, 2031])
    tables = dict(base.tables)
    items, regions = tables["items"], list(tables["regions"]["region"])
    tables["items"] = items.assign(category=draw.choice(["a", "b", ""], len(items)))
    if draw.random() < 0.8:
        tables["policies"] = _policies(draw, regions, list(items["item"]))
    cost = 0.0
    if draw.random() < 0.5:
        tables["recent"] = _recent(draw, regions, list(items["item"]))
        cost = round(float(draw.uniform(0.2, 8.0)), 2)
    gain = round(float(draw.uniform(0.1, 6.0)), 2) if draw.random() < 0.5 else 0.0
    settings = replace(base.settings, minimum_line_gain=gain, change_cost=cost)
    return replace(base, tables=tables, settings=settings)


def _policies(draw: np.random.Generator, regions: list[str], items: list[str]) -> pd.DataFrame:
    """Two to six rows at different keys, some of them expired."""
    rows = {}
    for _ in range(int(draw.integers(2, 7))):
        kind = str(draw.choice(list(VALUES)))
        region = str(draw.choice(["", *regions]))
        item = str(draw.choice(["", *items]))
        category = str(draw.choice(["", "a", "b"])) if not item else ""
        expires = AS_OF + pd.Timedelta(days=int(draw.choice([-1, 0, 30])))
        rows[kind, region, item, category] = {
            "kind": kind,
            "value": float(draw.choice(VALUES[kind])),
            "region": region,
            "item": item,
            "category": category,
            "reason": "shelf",
            "author": "Anna",
            "expires": pd.NaT if draw.random() < 0.5 else expires,
        }
    for (kind, *scope), row in rows.items():
        ceiling = rows.get(("maximum", *scope))
        if kind in ("minimum", "presentation") and ceiling is not None:
            row["value"] = min(row["value"], ceiling["value"])  # more is refused
    return pd.DataFrame(list(rows.values())).astype({"expires": "datetime64[ns]"})


def _recent(draw: np.random.Generator, regions: list[str], items: list[str]) -> pd.DataFrame:
    """What plans of the last weeks moved in some cells."""
    rows = [
        (region, item, int(draw.choice([0, 3])), int(draw.choice([0, 0, 2])))
        for region in regions
        for item in items
        if draw.random() < 0.7
    ]
    frame = pd.DataFrame(rows, columns=["region", "item", "units_in", "units_out"])
    return frame.astype({"region": str, "item": str, "units_in": "int64", "units_out": "int64"})
