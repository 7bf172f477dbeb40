"""UCI Online Retail as a workspace: published orders of a gift wholesaler, a network assumed.

Countries are the regions. Everything that chooses or sizes something - which items are kept, what
depots hold, what hubs start with - looks only at the weeks before the first judged one. What is
assumed stands in `ASSUMPTIONS` and goes into the workspace's foreship.toml.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.forecast.record import shared_table
from benchmarks.money.network import (
    hub_stock,
    lane_table,
    newsvendor_use,
    trailing_rate,
    write_workspace,
)
from foreship.samples.places import distance_km
from foreship_foundation.arrays import Floats

__all__ = ["ASSUMPTIONS", "ITEMS", "build", "undone"]


LAST_MONDAY = pd.Timestamp("2011-11-28")
"""Monday of the last whole week"""
ITEMS = 100
NO_COUNTRY = ("European Community", "Unspecified")
CLOSED_WEEK = pd.Timestamp("2010-12-27")
"""no trade from 24 December 2010 to 3 January 2011"""
UNIT_COST_SHARE = 0.6
HUBS = {
    "HUB-UK": (52.26, -1.16),
    "HUB-FR": (45.76, 4.84),
    "HUB-NL": (51.37, 6.17),
    "HUB-SE": (57.78, 14.16),
}
HOME = {"HUB-UK": "United Kingdom", "HUB-FR": "France", "HUB-NL": "Netherlands", "HUB-SE": "Sweden"}
CAPITALS = {
    "Australia": (-35.3, 149.1), "Austria": (48.2, 16.4), "Bahrain": (26.2, 50.6),
    "Belgium": (50.9, 4.4), "Brazil": (-15.8, -47.9), "Canada": (45.4, -75.7),
    "Channel Islands": (49.2, -2.1), "Cyprus": (35.2, 33.4), "Czech Republic": (50.1, 14.4),
    "Denmark": (55.7, 12.6), "EIRE": (53.3, -6.3), "Finland": (60.2, 24.9),
    "France": (48.9, 2.4), "Germany": (52.5, 13.4), "Greece": (38.0, 23.7),
    "Hong Kong": (22.3, 114.2), "Iceland": (64.1, -21.9), "Israel": (31.8, 35.2),
    "Italy": (41.9, 12.5), "Japan": (35.7, 139.7), "Lebanon": (33.9, 35.5),
    "Lithuania": (54.7, 25.3), "Malta": (35.9, 14.5), "Netherlands": (52.4, 4.9),
    "Norway": (59.9, 10.8), "Poland": (52.2, 21.0), "Portugal": (38.7, -9.1),
    "RSA": (-25.7, 28.2), "Saudi Arabia": (24.7, 46.7), "Singapore": (1.3, 103.8),
    "Spain": (40.4, -3.7), "Sweden": (59.3, 18.1), "Switzerland": (46.9, 7.4),
    "USA": (38.9, -77.0), "United Arab Emirates": (24.5, 54.4), "United Kingdom": (51.5, -0.1),
}  # fmt: skip
OVERSEAS_KM = 4500
PARCEL_HOME, PARCEL_EUROPE, PARCEL_OVERSEAS = 0.40, 0.80, 1.60  # money a unit
LAST_MILE = 0.20  # money a unit
FIRST_UNIT, FURTHER_UNIT = 12.5, 1.25  # of those, in the order tariff
LANE_SHARE, LANE_PER_KM, SEA_PER_KM = 0.12, 0.00005, 0.00001  # of the parcel; money a unit
HOME_DAYS, ROAD_DAYS, SEA_DAYS = 1, 4, 28

ASSUMPTIONS = MappingProxyType(
    {
        "origin": "order lines and cancellations: UCI Online Retail (352), D. Chen 2015, CC BY 4.0;"
        " everything else is assumed as follows",
        "regions": "countries, at their capitals; 'Unspecified' and 'European Community' left out",
        "undone": "an order line and the cancellation of the same customer, item, quantity and day"
        " are both left out: those goods never left; all other cancellations are returns",
        "closed": "the week of 27 December 2010, without trade, is one in which nothing could be"
        " sold",
        "price": "as published, the median paid; unit_cost 60 % of it; volume 1",
        "hubs": "one in the United Kingdom, one each in France, the Netherlands and Sweden",
        "parcels": "a unit: 0.40 in a hub's own country, 0.80 in Europe (under 4,500 km from the"
        " hub), 1.60 overseas; the last mile from a depot 0.20",
        "lanes": "12 % of the parcel and 0.005 more for 100 km by road, 0.001 overseas; one day"
        " in a hub's own country, 4 in Europe, 28 overseas; the same back from a country to its"
        " cheapest hub",
        "storage": "80 % of what a newsvendor would hold, each cell alone, as in the"
        " complete-journey sample, at the rate of the 13 weeks before the first judged one and"
        " parcels and last mile by the unit",
        "stock": "each hub starts with four weeks, at that rate, of what the countries nearest to"
        " it bought; depots with nothing",
    }
)
EXITS = MappingProxyType(
    {"allowed": ["markdown", "return", "give_away"], "markdown_share": 0.3, "return_handling": 0.05}
)


BY_THE_ORDER = MappingProxyType(
    {
        "parcels": "an order: 5.00 and 0.50 for each further unit in a hub's own country, twice"
        " that in Europe (under 4,500 km from the hub), four times overseas; the last mile from a"
        " depot 2.50 and 0.25 for each further unit",
        "storage": ASSUMPTIONS["storage"] + " (0.40, 0.80, 1.60 and 0.20), lanes too: those of the"
        " workspace without this tariff",
    }
)
"""what is assumed instead where parcels carry orders"""


def build(
    folder: Path, weeks: int, most_items: int = ITEMS, *, order_tariff: bool = True
) -> pd.Timestamp:
    """Write the workspace into `folder`, for a replay of the last `weeks` whole weeks.

    Parameters
    ----------
    order_tariff
        Whether lines name their orders and a parcel carries one; otherwise each unit is a parcel.

    Returns
    -------
    The first judged Monday: nothing dated on or after it sizes the network.
    """
    first = LAST_MONDAY - pd.Timedelta(weeks=weeks - 1)
    lines, back = _published()
    lines, back = undone(lines, back)
    items = _items(lines, first, most_items)
    orders, back = (each[each["item"].isin(items["item"])] for each in (lines, back))
    region = np.array(sorted(set(orders["region"])), dtype=object)
    lanes, km = _lanes(region)
    rate = trailing_rate(orders, region, items["item"], first)
    there = lanes[lanes["direct_cost"].notna()]
    capacity = newsvendor_use(rate, items, there, region, LAST_MILE)
    tables = {
        "orders": orders[["date", "region", "item", "quantity", "price", "customer"]],
        "returns": back[["date", "region", "item", "quantity"]],
        "items": items,
        "regions": _regions(region, capacity),
        "hubs": pd.DataFrame(
            [(hub, lat, lon) for hub, (lat, lon) in HUBS.items()], columns=["hub", "lat", "lon"]
        ),
        "lanes": lanes,
        "stock": hub_stock(rate, items["item"], list(HUBS), km.argmin(axis=0)),
        "availability": _closed(orders),
    }
    kept = {"items": f"the {most_items} items with most order lines before the first judged week"}
    if order_tariff:
        tables |= _by_the_order(orders, tables["regions"], lanes)
        kept |= BY_THE_ORDER
    sections = {"exits": EXITS, "assumptions": ASSUMPTIONS | kept}
    write_workspace(
        folder, tables, sections, "UCI Online Retail: published orders, network assumed."
    )
    return first


def _by_the_order(
    orders: pd.DataFrame, regions: pd.DataFrame, lanes: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return `orders` with the order of each line, and the tariff in place of that by the unit."""
    columns = ["date", "region", "item", "quantity", "price", "order_id", "customer"]
    unit, last_mile = lanes["direct_cost"], regions["last_mile_cost"]
    return {
        "orders": orders[columns],
        "regions": regions.assign(
            last_mile_cost=FIRST_UNIT * last_mile, last_mile_further=FURTHER_UNIT * last_mile
        ),
        "lanes": lanes.assign(direct_cost=FIRST_UNIT * unit, direct_further=FURTHER_UNIT * unit),
    }


def _published() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return order lines and cancellations of countries, dated by day."""
    tables = []
    for name in ("orders", "returns"):
        lines = shared_table(f"online_retail/{name}")
        lines = lines[~lines["region"].isin(NO_COUNTRY)].reset_index(drop=True)
        customer = lines["customer"].astype("string").fillna("")
        tables.append(lines.assign(date=lines["date"].dt.normalize(), customer=customer))
    return tables[0], tables[1]


def undone(lines: pd.DataFrame, back: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leave out each order line that its customer cancelled the same day, with the cancellation.

    The n-th cancellation of a customer, item, region, quantity and day undoes the n-th such line.
    """
    keys = ["customer", "region", "item", "quantity", "date"]
    ordered, cancelled = (
        pd.MultiIndex.from_frame(each[keys].assign(n=each.groupby(keys).cumcount()))
        for each in (lines, back)
    )
    unknown = [each["customer"].to_numpy(object) == "" for each in (lines, back)]
    kept = ~ordered.isin(cancelled) | unknown[0]
    still_back = ~cancelled.isin(ordered) | unknown[1]
    return lines[kept], back[still_back]


def _items(lines: pd.DataFrame, first: pd.Timestamp, most: int) -> pd.DataFrame:
    """Return the items with most order lines before the first judged week; ties by id."""
    earlier = lines[lines["date"] < first]
    tally = earlier.groupby("item").size().sort_values(ascending=False, kind="stable")
    price = earlier[earlier["price"] > 0].groupby("item")["price"].median()
    kept = sorted(set(tally.index[:most]) & set(price.index))
    paid = price.loc[kept].clip(lower=0.01).round(2).to_numpy()
    cost = (UNIT_COST_SHARE * paid).round(4)
    return pd.DataFrame({"item": kept, "price": paid, "unit_cost": cost, "volume": 1.0})


def _regions(region: npt.NDArray[np.object_], capacity: Floats) -> pd.DataFrame:
    lat, lon = np.array([CAPITALS[each] for each in region]).T
    return pd.DataFrame(
        {
            "region": region, "capacity": capacity, "last_mile_cost": LAST_MILE,
            "lat": lat, "lon": lon,
        }
    )  # fmt: skip


def _lanes(region: npt.NDArray[np.object_]) -> tuple[pd.DataFrame, Floats]:
    """Return lanes with parcels, and the distances from hubs to countries, shape (G, R) [km]."""
    lat, lon = np.array([CAPITALS[each] for each in region]).T
    hub_lat, hub_lon = np.array(list(HUBS.values())).T
    km = distance_km(hub_lat, hub_lon, lat, lon)
    overseas = km >= OVERSEAS_KM
    home = np.array([[HOME[hub] == each for each in region] for hub in HUBS])
    parcel = np.where(home, PARCEL_HOME, np.where(overseas, PARCEL_OVERSEAS, PARCEL_EUROPE))
    cost = LANE_SHARE * parcel + km * np.where(overseas, SEA_PER_KM, LANE_PER_KM)
    days = np.where(home, HOME_DAYS, np.where(overseas, SEA_DAYS, ROAD_DAYS))
    return lane_table(list(HUBS), region, cost.round(4), days, parcel), km


def _closed(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the closed week of every cell that had sold before."""
    cells = orders.loc[orders["date"] < CLOSED_WEEK, ["region", "item"]].drop_duplicates()
    cells = cells.sort_values(["region", "item"], ignore_index=True)
    return cells.assign(week=CLOSED_WEEK, in_stock=0)
