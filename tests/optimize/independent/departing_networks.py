"""Random small networks whose lanes leave on days, by the vehicle, and arrive late."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from tests.optimize.independent.networks import AS_OF, Network, random_network

__all__ = ["random_departures", "random_waits"]

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FIRST_BASE = 10_000
"""seed of the network that the first one is drawn on"""


def random_departures(seed: int) -> Network:
    """Draw a network with departures; the same seed gives the same one.

    Where lanes are late nothing is on its way to a region: how late that is drawn is told by a
    rule, not by a law.
    """
    base = random_network(FIRST_BASE + seed, hubs_at_most=2, regions_at_most=3)
    draw = np.random.default_rng([seed, 2027])
    tables = dict(base.tables)
    tables["lanes"] = lanes = _lanes(draw, tables["lanes"])
    tables["hubs"] = _limited(draw, tables["hubs"], "picking_units")
    tables["regions"] = _limited(draw, tables["regions"], "receiving_units")
    places = [*tables["hubs"]["hub"], *tables["regions"]["region"]]
    if draw.random() < 0.4:
        tables["calendar"] = _calendar(draw, places)
    if "inbound" in tables and (lanes["lead_time_sd_days"] > 0).any():
        coming = tables["inbound"]
        tables["inbound"] = coming[coming["location"].isin(tables["hubs"]["hub"])]
    demand = base.demand
    if draw.random() < 0.35:
        tables["lanes"], demand = _peaked(draw, tables["lanes"], demand)
    return replace(base, tables=tables, demand=demand)


def random_waits(seed: int) -> Network:
    """Draw a network with departures whose buyers wait by the day, and whose hubs hold at a cost.

    The same seed gives the same one, and the departures of `random_departures`.
    """
    base = random_departures(seed)
    draw = np.random.default_rng([seed, 2029])
    tables = dict(base.tables)
    days = [_or_blank(draw, 0.8, float(draw.integers(1, 7))) for _ in range(len(tables["lanes"]))]
    tables["lanes"] = tables["lanes"].assign(direct_days=days)
    held = [
        _or_blank(draw, 0.4, float(draw.uniform(0.0, 0.2))) for _ in range(len(tables["items"]))
    ]
    tables["items"] = tables["items"].assign(hub_holding_cost_per_week=held)
    rates = [
        _or_blank(draw, 0.6, float(draw.uniform(0.0, 0.3))) for _ in range(len(tables["hubs"]))
    ]
    tables["hubs"] = tables["hubs"].assign(holding_rate_per_year=rates)
    per_day = float(draw.uniform(0.005, 0.08)) if draw.random() < 0.7 else None
    settings = replace(base.settings, lost_sale_share_per_day=per_day)
    return replace(base, tables=tables, settings=settings)


def _peaked(
    draw: np.random.Generator, lanes: pd.DataFrame, demand: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Let a later week want several times as much, over lanes that carry little."""
    weeks = demand["week"].unique()
    peak = demand["week"] == weeks[int(draw.integers(1, len(weeks)))]
    units = demand["units"].where(~peak, demand["units"] * int(draw.integers(3, 7)))
    scarce = draw.random(len(lanes)) < 0.7
    room = np.where(scarce, draw.integers(2, 13, len(lanes)), lanes["capacity"])
    return lanes.assign(capacity=room), demand.assign(units=units)


def _lanes(draw: np.random.Generator, lanes: pd.DataFrame) -> pd.DataFrame:
    """State how every row leaves, some of it left blank; in some networks nothing is late."""
    late = draw.random() < 0.4
    rows = [_departing(draw, late=late) for _ in range(len(lanes))]
    more = pd.DataFrame(rows, index=lanes.index)
    numbers = [name for name in more.columns if name != "departs"]
    return pd.concat([lanes, more.astype(dict.fromkeys(numbers, "float64"))], axis=1)


def _departing(draw: np.random.Generator, *, late: bool) -> dict[str, Any]:
    named = draw.choice(7, size=int(draw.integers(1, 4)), replace=False)
    return {
        "departs": " ".join(DAYS[day] for day in named) if draw.random() < 0.5 else None,
        "vehicle_cost": _or_blank(draw, 0.6, round(float(draw.uniform(0.5, 12.0)), 2)),
        "vehicle_capacity": _or_blank(draw, 0.7, float(draw.integers(2, 13))),
        "vehicle_kg": _or_blank(draw, 0.3, float(draw.integers(2, 21))),
        "line_cost": _or_blank(draw, 0.3, round(float(draw.uniform(0.05, 2.0)), 2)),
        "lead_time_sd_days": _or_blank(draw, 0.5 * late, float(draw.choice([0.5, 1.0, 2.0, 3.0]))),
    }


def _or_blank(draw: np.random.Generator, chance: float, value: float) -> float:
    return value if draw.random() < chance else np.nan


def _limited(draw: np.random.Generator, places: pd.DataFrame, name: str) -> pd.DataFrame:
    """State how many units some places may handle on one day."""
    most = [_or_blank(draw, 0.3, float(draw.integers(0, 11))) for _ in range(len(places))]
    return places.assign(**{name: most})


def _calendar(draw: np.random.Generator, places: list[str]) -> pd.DataFrame:
    """Close places, or all of them, on some days of the next weeks."""
    rows = [
        {
            "date": AS_OF + pd.Timedelta(days=int(draw.integers(0, 18))),
            "event": str(draw.choice(["closed", "Closure: stock count", "sale"])),
            "region": str(draw.choice([place for place in places if place.startswith("R")])),
        }
        for _ in range(int(draw.integers(1, 6)))
    ]
    for row in rows:
        if row["event"] != "sale":
            row["region"] = str(draw.choice([*places, ""])) or None
    return pd.DataFrame(rows).drop_duplicates(["date", "region"])
