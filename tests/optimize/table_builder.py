"""Small sets of input tables, drawn at random, with every optional table on or off."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from foreship_optimize.demand import DemandScenarios
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.plan import Plan
from foreship_optimize.planning import make_plan

MONDAY = pd.Timestamp("2026-11-16")
FAR = MONDAY + pd.Timedelta(days=3650)
COLUMNS = {
    "orders": ["date", "region", "item", "quantity", "price", "order_id"],
    "items": ["item", "price", "unit_cost", "volume", "weight_kg", "category", "pack_size",
              "holding_cost_per_week", "lost_sale_share", "launch_date"],
    "regions": ["region", "capacity", "last_mile_cost", "parent", "lat", "lon"],
    "hubs": ["hub", "lat", "lon"],
    "lanes": ["origin", "destination", "cost_per_unit", "lead_time_days", "cost_per_kg", "capacity",
              "direct_cost", "direct_days", "from", "to"],
    "stock": ["location", "item", "quantity"],
    "inbound": ["location", "item", "quantity", "arrival_date"],
    "exits": ["exit", "item", "region", "cost", "recovery", "capacity", "delay_weeks"],
    "assortment": ["region", "item", "from", "to"],
    "overrides": ["kind", "value", "reason", "author", "expires", "region", "item", "origin"],
}  # fmt: skip
DATES = {"date", "launch_date", "from", "to", "arrival_date", "expires"}
WHOLE = {"quantity", "pack_size", "lead_time_days"}
TEXT = {"region", "item", "category", "parent", "hub", "origin", "destination", "location", "exit",
        "order_id", "kind", "reason", "author"}  # fmt: skip


def frame(name: str, rows: list[tuple] = ()) -> pd.DataFrame:
    """Build a typed table of the contract from rows in its column order."""
    columns = COLUMNS[name]
    data = {}
    for place, column in enumerate(columns):
        values = [row[place] for row in rows]
        if column in DATES:
            dates = pd.to_datetime(pd.Series(values, dtype="datetime64[ns]"))
            # a lock has an end; NaT in a test's row stands for one that no plan reaches
            data[column] = dates.fillna(FAR) if column == "expires" else dates
        elif column in WHOLE:
            data[column] = pd.Series(values, dtype=np.int64)
        elif column in TEXT:
            data[column] = pd.Series(values, dtype=object)
        else:
            data[column] = pd.Series(values, dtype=float)
    return pd.DataFrame(data, columns=columns)


def draw_tables(
    seed: int, *, sizes: tuple[int, int, int] = (2, 3, 4)
) -> tuple[dict[str, pd.DataFrame], DemandScenarios, OptimizeParams]:
    """Hubs, regions and items with lanes both ways, stock, and limits that often bind."""
    rng = np.random.default_rng(seed)
    hubs = [f"H{place}" for place in range(sizes[0])]
    regions = [f"R{place}" for place in range(sizes[1])]
    items = [f"I{place}" for place in range(sizes[2])]
    tables = {name: frame(name) for name in COLUMNS}
    tables["items"] = frame("items", [_item(rng, name) for name in items])
    capacity = [float(rng.integers(2, 25)) if rng.random() < 0.6 else np.inf for _ in regions]
    tables["regions"] = frame(
        "regions",
        [(name, room, 1.0, "", 0, 0) for name, room in zip(regions, capacity, strict=True)],
    )
    tables["hubs"] = frame("hubs", [(name, 0, 0) for name in hubs])
    tables["lanes"] = frame("lanes", _lanes(rng, hubs, regions))
    tables["stock"] = frame("stock", _stock(rng, hubs, regions, items))
    if rng.random() < 0.5:
        tables["inbound"] = frame("inbound", _inbound(rng, hubs, regions, items))
    if rng.random() < 0.4:
        tables["exits"] = frame("exits", _exits(rng, regions, items))
    if rng.random() < 0.4:
        tables["assortment"] = frame("assortment", _assortment(rng, regions, items))
    if rng.random() < 0.5:
        tables["overrides"] = frame("overrides", _overrides(rng, hubs, regions, items))
    return tables, _demand(rng, regions, items), _settings(rng)


@cache
def plan_of(seed: int) -> Plan:
    """Return the plan of the tables of a seed, made once: copy what is to be changed."""
    tables, demand, params = draw_tables(seed)
    return make_plan(tables, demand, MONDAY, params)


def _item(rng, name: str) -> tuple:
    price = float(np.round(rng.uniform(8, 40), 1))
    cost = float(np.round(price * rng.uniform(0.3, 0.7), 1))
    volume = float(rng.choice([0.5, 1.0, 1.0, 2.0]))
    pack = int(rng.choice([1, 1, 1, 2, 4]))
    return (name, price, cost, volume, 0.5, "", pack, 0.01 * cost, 0.3, pd.NaT)


def _lanes(rng, hubs: list[str], regions: list[str]) -> list[tuple]:
    rows = []
    pairs = [(hub, region) for hub in hubs for region in regions if rng.random() < 0.85]
    pairs += [(a, b) for a in regions for b in regions if a != b and rng.random() < 0.4]
    pairs += [(region, hub) for region in regions for hub in hubs if rng.random() < 0.4]
    for origin, destination in pairs:
        cost = float(np.round(rng.uniform(0.5, 2.0), 1))
        lead = int(rng.choice([0, 2, 5, 7, 9]))
        room = float(rng.integers(1, 12)) if rng.random() < 0.25 else np.inf
        until = pd.Timestamp("2026-01-01") if rng.random() < 0.05 else pd.NaT
        rows.append((origin, destination, cost, lead, 0.2, room, 6.0, np.nan, pd.NaT, until))
    return rows


def _stock(rng, hubs: list[str], regions: list[str], items: list[str]) -> list[tuple]:
    rows = [(hub, item, int(rng.integers(0, 15))) for hub in hubs for item in items]
    lying = [(region, item) for region in regions for item in items if rng.random() < 0.3]
    return rows + [(region, item, int(rng.integers(1, 9))) for region, item in lying]


def _inbound(rng, hubs: list[str], regions: list[str], items: list[str]) -> list[tuple]:
    places = hubs + regions
    return [
        (rng.choice(places), rng.choice(items), int(rng.integers(1, 5)),
         MONDAY + pd.Timedelta(days=int(rng.integers(-3, 20))))
        for _ in range(int(rng.integers(1, 5)))
    ]  # fmt: skip


def _exits(rng, regions: list[str], items: list[str]) -> list[tuple]:
    rows = [("markdown", "", "", 0.5, 0.0, np.inf, 0.0), ("return", "", "", 0.3, 0.0, np.inf, 1.0)]
    rows += [("redirect", "", "", 0.2, 0.0, float(rng.integers(1, 9)), 0.0)]
    rows += [("donate", rng.choice(items), "", 0.1, 0.5, 3.0, 0.0)]
    return [*rows, ("markdown", rng.choice(items), rng.choice(regions), 0.1, 0.2, 2.0, 0.0)]


def _assortment(rng, regions: list[str], items: list[str]) -> list[tuple]:
    ends = [pd.NaT, pd.NaT, MONDAY + pd.Timedelta(days=20)]
    return [
        (region, item, pd.NaT, ends[int(rng.integers(0, 3))])
        for region in regions for item in items if rng.random() < 0.8
    ]  # fmt: skip


def _overrides(rng, hubs: list[str], regions: list[str], items: list[str]) -> list[tuple]:
    rows = []
    for kind in rng.permutation(["fix", "forbid", "at_least", "at_most"])[:2]:
        value = 0.0 if kind == "forbid" else float(rng.integers(1, 6))
        origin = str(rng.choice([*hubs, "", ""]))
        where = (str(rng.choice(regions)), str(rng.choice(items)), origin)
        rows.append((str(kind), value, "promotion", "Anna", pd.NaT, *where))
    return rows


def draw_locks(seed: int) -> pd.DataFrame:
    """Draw up to four overrides of any kind on the regions, items and hubs of `draw_tables`."""
    rng = np.random.default_rng(seed + 5_000)
    rows = []
    for number in range(int(rng.integers(1, 5))):
        kind = str(rng.choice(["at_least", "at_least", "at_most", "fix", "forbid"]))
        value = float(rng.integers(1, 12))
        region = f"R{rng.integers(0, 3)}" if rng.random() < 0.8 else ""
        item = f"I{rng.integers(0, 4)}" if rng.random() < 0.7 else ""
        origin = f"H{rng.integers(0, 2)}" if rng.random() < 0.2 else ""
        rows.append((kind, value, f"r{number}", f"a{number}", pd.NaT, region, item, origin))
    return frame("overrides", rows)


def _demand(rng, regions: list[str], items: list[str]) -> DemandScenarios:
    cells = [(region, item) for region in regions for item in items]
    rate = rng.gamma(1.5, 1.5, len(cells))
    units = rng.poisson(rate[:, None, None] * rng.gamma(4, 0.25, (1, 1, 40)), (len(cells), 6, 40))
    weeks = np.datetime64(MONDAY, "D") + 7 * np.arange(6)
    names = [np.array(each, dtype=object) for each in zip(*cells, strict=True)]
    return DemandScenarios(*names, weeks, units.astype(np.int32))


def _settings(rng) -> OptimizeParams:
    budget = float(rng.integers(2, 30)) if rng.random() < 0.4 else None
    risk = RiskParams(level=float(rng.choice([0.5, 0.9])), budget=budget, horizon_weeks=3)
    return OptimizeParams(
        risk=risk, plan=PlanParams(minimum_line_quantity=int(rng.choice([1, 1, 3])))
    )
