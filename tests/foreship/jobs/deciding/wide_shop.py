"""A shop with over fifty lines to edit, and a limit for every way in which an edit can fail."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd

import foreship
from foreship.runs import Run
from tests.foreship.good_workspace import write_workspace
from tests.foreship.planned_shop import DEMAND, RULES, open_shop
from tests.foreship.small_variants import AS_OF

__all__ = ["wide_shop"]

REGIONS = ("R1", "R2", "R3", "R4", "R5")
ITEMS = tuple(f"I{number:02}" for number in range(11))
RETURNED = "I99"
"""lies in R5 where nobody wants it, and goes back"""
PACK, LEAST = 4, 3
CELLS = list(itertools.product(REGIONS, ITEMS))


def wide_shop(folder: Path) -> Run:
    """Write the shop and its scenarios into a folder and plan; return the run."""
    write_workspace(folder, _frames(), settings=f"{RULES}minimum_line_quantity = {LEAST}\n")
    _demand().to_csv(folder / DEMAND, index=False)
    return foreship.plan(open_shop(folder), demand=folder / DEMAND)


def _demand() -> pd.DataFrame:
    """Every cell wants nine or twelve units in each of two weeks."""
    weeks = [AS_OF + pd.Timedelta(weeks=week) for week in range(2)]
    rows = list(itertools.product(weeks, (("s", 12), ("t", 9)), CELLS))
    return pd.DataFrame(
        [(week, *cell, scenario, units) for week, (scenario, units), cell in rows],
        columns=["week", "region", "item", "scenario", "units"],
    )


def _frames() -> dict[str, pd.DataFrame]:
    items = pd.DataFrame({"item": [*ITEMS, RETURNED], "price": 40.0, "unit_cost": 15.0})
    items["volume"], items["pack_size"] = 1.0, 1
    items.loc[items["item"] == "I02", "pack_size"] = PACK
    lanes = pd.DataFrame([("H", region) for region in REGIONS], columns=["origin", "destination"])
    lanes = lanes.assign(cost_per_unit=1.0, lead_time_days=2, direct_cost=6.0)
    lanes["capacity"] = np.where(lanes["destination"] == "R2", 250.0, np.nan)
    back = {"origin": "R5", "destination": "H", "cost_per_unit": 0.5, "lead_time_days": 2}
    return {
        "orders": _orders(),
        "items": items,
        "regions": pd.DataFrame(
            {
                "region": REGIONS,
                "capacity": [260.0, *[None] * 4],
                "receiving_units": [*[None] * 3, 300.0, None],
            }
        ),
        "hubs": pd.DataFrame({"hub": ["H"], "picking_units": [900.0]}),
        "lanes": pd.concat([lanes, pd.DataFrame([back])], ignore_index=True),
        "stock": _stock(),
        "inbound": pd.DataFrame(columns=["location", "item", "quantity", "arrival_date"]),
        "exits": pd.DataFrame(
            {"exit": ["return"], "item": [RETURNED], "cost": 0.1, "capacity": [120.0]}
        ),
        "overrides": _overrides(),
    }


def _orders() -> pd.DataFrame:
    cells = pd.DataFrame(CELLS, columns=["region", "item"])
    weeks = [AS_OF - pd.Timedelta(days=7 * week + 3) for week in range(16)]
    return pd.concat([cells.assign(date=week, quantity=10) for week in weeks], ignore_index=True)


def _stock() -> pd.DataFrame:
    """Return much in the hub but of I00, and what goes back."""
    rows = [("H", item, 150 if item == "I00" else 8000) for item in ITEMS]
    return pd.DataFrame([*rows, ("R5", RETURNED, 200)], columns=["location", "item", "quantity"])


def _overrides() -> pd.DataFrame:
    rows = [
        ("at_most", 30, "R3", "I04", ""),
        ("at_least", 5, "R3", "I05", "H"),
        ("at_least", 5, "R4", "I06", ""),
    ]
    frame = pd.DataFrame(rows, columns=["kind", "value", "region", "item", "origin"])
    return frame.assign(reason="fair", author="Anna", expires=AS_OF + pd.Timedelta(days=30))
