"""Random small networks: everything that the tables can say, a little of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tests.optimize.independent.market import USUAL_EXITS, Settings

__all__ = ["AS_OF", "Network", "random_network"]

AS_OF = pd.Timestamp("2026-10-05")
LATER = pd.Timestamp("2030-01-01")


@dataclass(frozen=True)
class Network:
    """Tables, demand and settings of one small network."""

    tables: dict[str, pd.DataFrame]
    demand: pd.DataFrame
    settings: Settings


def random_network(seed: int, hubs_at_most: int = 3, regions_at_most: int = 4) -> Network:
    """Draw a network; the same seed gives the same one."""
    draw = np.random.default_rng([seed, 2026])
    hubs = [f"H{i}" for i in range(draw.integers(1, hubs_at_most + 1))]
    regions = [f"R{i}" for i in range(draw.integers(1, regions_at_most + 1))]
    items = [f"I{i}" for i in range(draw.integers(1, 4))]
    weeks, scenarios = int(draw.integers(2, 7)), int(draw.integers(4, 13))
    demand = _demand(draw, regions, items, weeks, scenarios)
    tables = {
        "items": _items(draw, items),
        "regions": _regions(draw, regions),
        "hubs": pd.DataFrame({"hub": hubs}),
        "lanes": _lanes(draw, hubs, regions),
        "stock": _stock(draw, hubs, regions, items),
    }
    options = {
        "inbound": (0.5, _inbound(draw, hubs, regions, items)),
        "exits": (0.5, _exits(draw, regions, items)),
        "assortment": (0.3, _assortment(draw, regions, items)),
        "overrides": (0.4, _overrides(draw, hubs, regions, items)),
    }
    for name, (chance, table) in options.items():
        if draw.random() < chance and len(table):
            tables[name] = table
    return Network(tables, demand, _settings(draw))


def _money(draw: np.random.Generator, low: float, high: float) -> float:
    return round(float(draw.uniform(low, high)), 2)


def _maybe(draw: np.random.Generator, chance: float, value: Any) -> Any:
    """Return a value, or a blank."""
    return value if draw.random() < chance else None


def _demand(
    draw: np.random.Generator, regions: list[str], items: list[str], weeks: int, scenarios: int
) -> pd.DataFrame:
    """Weekly units that vary from path to path, some cells slow and some lumpy."""
    rows = []
    for region in regions:
        for item in items:
            mean = float(draw.choice([0.1, 0.4, 1.0, 2.5, 4.0]))
            lump = int(draw.choice([1, 1, 1, 3]))
            level = draw.gamma(2.0, 0.5, size=scenarios)
            units = lump * draw.poisson(level * mean / lump, size=(weeks, scenarios))
            rows += [
                (
                    region,
                    item,
                    AS_OF + pd.Timedelta(weeks=week),
                    scenario,
                    int(units[week, scenario]),
                )
                for week in range(weeks)
                for scenario in range(scenarios)
            ]
    return pd.DataFrame(rows, columns=["region", "item", "week", "scenario", "units"])


def _items(draw: np.random.Generator, items: list[str]) -> pd.DataFrame:
    rows = []
    for item in items:
        cost = _money(draw, 2, 20)
        rows.append(
            {
                "item": item,
                "price": round(cost * float(draw.uniform(1.1, 3.0)), 2),
                "unit_cost": cost,
                "volume": float(draw.choice([0.0, 0.5, 1.0, 1.0, 3.0])),
                "weight_kg": float(draw.choice([0.0, 0.0, 2.0])),
                "pack_size": int(draw.choice([1, 1, 1, 2, 3, 6])),
                "holding_cost_per_week": _maybe(draw, 0.5, _money(draw, 0.01, 0.6)),
                "lost_sale_share": _maybe(draw, 0.5, _money(draw, 0.0, 0.6)),
                "customer_return_share": float(draw.choice([0.0, 0.0, 0.1])),
            }
        )
    frame = pd.DataFrame(rows)
    blank = ["holding_cost_per_week", "lost_sale_share"]
    return frame.astype(dict.fromkeys(blank, "float64"))


def _regions(draw: np.random.Generator, regions: list[str]) -> pd.DataFrame:
    rows = [
        {
            "region": region,
            "capacity": _maybe(draw, 0.6, float(draw.integers(0, 25))),
            "last_mile_cost": _money(draw, 0, 2),
        }
        for region in regions
    ]
    return pd.DataFrame(rows).astype({"capacity": "float64"})


def _lead(draw: np.random.Generator) -> int:
    return int(draw.choice([0, 1, 2, 3, 5, 7, 7, 8, 10]))


def _lanes(draw: np.random.Generator, hubs: list[str], regions: list[str]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for hub in hubs:
        for region in regions:
            if draw.random() < 0.85:
                rows += _windows_of_lane(draw, _lane(draw, hub, region))
            if draw.random() < 0.5:
                rows.append(_lane(draw, region, hub))
    for origin in regions:
        for destination in regions:
            if origin != destination and draw.random() < 0.4:
                rows.append(_lane(draw, origin, destination))
    if not rows:
        rows.append(_lane(draw, hubs[0], regions[0]))
    frame = pd.DataFrame(rows)
    frame = frame.astype(
        {"capacity": "float64", "direct_cost": "float64", "cost_per_kg": "float64"}
    )
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in ("from", "to")})


def _lane(draw: np.random.Generator, origin: str, destination: str) -> dict[str, Any]:
    return {
        "origin": origin,
        "destination": destination,
        "cost_per_unit": _money(draw, 0.2, 4),
        "lead_time_days": _lead(draw),
        "cost_per_kg": _maybe(draw, 0.3, _money(draw, 0, 0.5)),
        "capacity": _maybe(draw, 0.25, float(draw.integers(0, 20))),
        "direct_cost": _maybe(draw, 0.9, _money(draw, 2, 14)),
        "from": None,
        "to": None,
    }


def _windows_of_lane(draw: np.random.Generator, lane: dict[str, Any]) -> list[dict[str, Any]]:
    """One row for ever, one that ends, one that begins later, or one after the other."""
    kind = draw.random()
    day = AS_OF + pd.Timedelta(days=int(draw.integers(1, 21)))
    if kind < 0.7:
        return [lane]
    if kind < 0.8:
        return [lane | {"to": day}]
    if kind < 0.85:
        return [lane | {"from": day}]
    other = lane | {"from": day + pd.Timedelta(days=1), "cost_per_unit": _money(draw, 0.2, 4)}
    return [lane | {"to": day}, other]


def _stock(
    draw: np.random.Generator, hubs: list[str], regions: list[str], items: list[str]
) -> pd.DataFrame:
    rows = [(hub, item, int(draw.choice([0, 1, 4, 12, 25]))) for hub in hubs for item in items]
    rows += [
        (region, item, int(draw.choice([1, 2, 5, 9])))
        for region in regions
        for item in items
        if draw.random() < 0.4
    ]
    return pd.DataFrame(rows, columns=["location", "item", "quantity"])


def _inbound(
    draw: np.random.Generator, hubs: list[str], regions: list[str], items: list[str]
) -> pd.DataFrame:
    rows = [
        (
            place,
            item,
            int(draw.integers(1, 8)),
            AS_OF + pd.Timedelta(days=int(draw.integers(-2, 16))),
        )
        for place in [*hubs, *regions]
        for item in items
        if draw.random() < 0.3
    ]
    return pd.DataFrame(rows, columns=["location", "item", "quantity", "arrival_date"])


def _exits(draw: np.random.Generator, regions: list[str], items: list[str]) -> pd.DataFrame:
    rows = []
    for kind in ("redirect", "markdown", "return", "give_away", "liquidate"):
        for item, region in (("", ""), (items[0], ""), ("", regions[0])):
            if draw.random() < 0.35:
                rows.append(
                    {
                        "exit": kind,
                        "item": item or None,
                        "region": region or None,
                        "cost": _money(draw, 0, 2),
                        "recovery": _money(draw, 0, 1.5),
                        "capacity": _maybe(draw, 0.3, float(draw.integers(0, 6))),
                        "delay_weeks": float(draw.choice([0, 0, 2])),
                    }
                )
    frame = pd.DataFrame(rows)
    return frame.astype({"capacity": "float64"}) if len(frame) else frame


def _assortment(draw: np.random.Generator, regions: list[str], items: list[str]) -> pd.DataFrame:
    rows = []
    for region in regions:
        for item in items:
            kind = draw.random()
            start = AS_OF + pd.Timedelta(days=int(draw.integers(-10, 15)))
            end = AS_OF + pd.Timedelta(days=int(draw.integers(-3, 60)))
            if kind < 0.5:
                rows.append((region, item, None, None))
            elif kind < 0.7:
                rows.append((region, item, None, end))
            elif kind < 0.85:
                rows.append((region, item, start, None))
    frame = pd.DataFrame(rows, columns=["region", "item", "from", "to"])
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in ("from", "to")})


def _overrides(
    draw: np.random.Generator, hubs: list[str], regions: list[str], items: list[str]
) -> pd.DataFrame:
    rows = [
        {
            "kind": str(draw.choice(["fix", "forbid", "at_least", "at_most"])),
            "value": float(draw.integers(0, 9)),
            "reason": "promotion",
            "author": "Anna",
            "expires": LATER,
            "region": _maybe(draw, 0.7, str(draw.choice(regions))),
            "item": _maybe(draw, 0.7, str(draw.choice(items))),
            "origin": _maybe(draw, 0.2, str(draw.choice([*hubs, *regions]))),
        }
        for _ in range(int(draw.integers(1, 4)))
    ]
    return pd.DataFrame(rows)


def _settings(draw: np.random.Generator) -> Settings:
    allowed = tuple(name for name in USUAL_EXITS if draw.random() < 0.8)
    return Settings(
        lost_sale_share=_money(draw, 0, 0.3),
        obsolescence_per_year=float(draw.choice([0.0, 0.1, 0.5])),
        allowed=allowed,
        recovery_share=_money(draw, 0, 0.5),
        risk_level=float(draw.choice([0.5, 0.75, 0.95])),
        risk_budget=_maybe(draw, 0.3, _money(draw, 0, 30)),
        risk_horizon_weeks=int(draw.integers(1, 5)),
        review_weeks=int(draw.choice([1, 1, 1, 2])),
        hub_refill_weeks=int(draw.choice([1, 1, 2, 3])),
        minimum_line_quantity=int(draw.choice([1, 1, 1, 4])),
        freight_budget=_maybe(draw, 0.25, _money(draw, 0, 60)),
        stock_value_budget=_maybe(draw, 0.15, _money(draw, 0, 200)),
        integer_program_units=int(draw.choice([2000, 2000, 2000, 0])),
    )
