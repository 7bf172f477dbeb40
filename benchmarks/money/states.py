"""A shop whose weeks cannot be told apart, as a workspace: 45 states, 47 items, 6 warehouses.

The set states orders, warehouses, distances, unit costs and some lead times; the rest is assumed
in `ASSUMPTIONS`. Nobody can know which cell buys next week: a plan that stages much here is wrong.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.forecast.record import shared_table
from benchmarks.money.network import hub_stock, lane_table, trailing_rate, write_workspace

__all__ = ["ASSUMPTIONS", "build"]

LAST_MONDAY = pd.Timestamp("2020-12-21")
"""Monday of the last whole week"""
PARCEL_LANES = 3.0  # lane costs a parcel
LAST_MILE_SHARE = 0.5  # of the region's cheapest parcel

ASSUMPTIONS = MappingProxyType(
    {
        "origin": "orders, warehouses, distances and unit costs: us_regional, licence not stated;"
        " not for publication",
        "hubs": "the warehouses, at the order-weighted centre of the states they served",
        "lanes": "2.00 and 0.40 more for 100 km, as the set states (its own synthetic figure); the"
        " median of the observed days from order to delivery, and where none was observed their"
        " median over all lanes; the same back to the cheapest warehouse",
        "customers": "a parcel costs three times its lane; the last mile half the cheapest parcel",
        "storage": "without limit, so that nothing but judgement keeps a policy from staging",
        "stock": "each warehouse starts with four weeks, at the rate of the 13 weeks before the"
        " first judged one, of what the states nearest to it bought; depots with nothing",
    }
)
EXITS = MappingProxyType({"allowed": ["redirect", "markdown", "return", "give_away"]})


def build(folder: Path, weeks: int) -> pd.Timestamp:
    """Write the workspace into `folder`, for a replay of the last `weeks` whole weeks.

    Returns
    -------
    The first judged Monday: nothing dated on or after it sizes the network.
    """
    first = LAST_MONDAY - pd.Timedelta(weeks=weeks - 1)
    orders = shared_table("us_regional/orders")
    orders = orders.assign(**{name: orders[name].astype(str) for name in ("item", "customer")})
    columns = ["item", "price", "unit_cost"]
    items = shared_table("us_regional/items")[columns].assign(volume=1.0)
    items = items.assign(item=items["item"].astype(str)).round(2)
    places = shared_table("us_regional/regions").sort_values("region", ignore_index=True)
    hubs = shared_table("us_regional/hubs")[["hub", "lat", "lon"]]
    region = places["region"].to_numpy(object)
    cost, days = _distances(hubs["hub"].to_list(), region)
    parcel = (PARCEL_LANES * cost).round(2)
    rate = trailing_rate(orders, region, items["item"], first)
    last_mile = (LAST_MILE_SHARE * parcel.min(axis=0)).round(2)
    tables = {
        "orders": orders[["date", "region", "item", "quantity", "price", "customer"]],
        "items": items,
        "regions": places[["region", "parent", "lat", "lon"]].assign(last_mile_cost=last_mile),
        "hubs": hubs,
        "lanes": lane_table(hubs["hub"].to_list(), region, cost, days, parcel),
        "stock": hub_stock(rate, items["item"], hubs["hub"].to_list(), cost.argmin(axis=0)),
    }
    sections = {"exits": EXITS, "assumptions": ASSUMPTIONS}
    heading = "us_regional: given orders and warehouses, parcels and stock assumed."
    write_workspace(folder, tables, sections, heading)
    return first


def _distances(
    hubs: list[str], region: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return cost a unit and lead time in days of every lane, shape (hubs, regions) each."""
    lanes = shared_table("us_regional/lanes")
    unknown = lanes["lead_time_days"].median()
    lanes = lanes.assign(days=lanes["lead_time_days"].fillna(unknown))
    cost, days = (
        lanes.pivot_table(index="origin", columns="destination", values=name)
        .loc[hubs, list(region)]
        .to_numpy(np.float64)
        for name in ("cost_per_unit_synthetic", "days")
    )
    return cost.round(2), np.ceil(days).astype(np.int64)
