"""The network of a simulated retailer: lanes, depots, stock and what is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foreship.samples.places import ZONES, Places
from foreship.samples.randomness import stream
from foreship.samples.synthetic.history import History
from foreship.samples.synthetic.world import AS_OF, World
from foreship.samples.tablefile import Columns, coded, optional_dates
from foreship_foundation.arrays import Floats, Ints

__all__ = ["Supply", "draw_supply", "inbound_table", "lane_table", "region_table", "stock_table"]


HUB_COVER_WEEKS = 4
LEAST_LANE, DEAREST_LANE, LANE_PER_KM = 0.60, 2.00, 0.0014  # money a unit
COST_PER_KG = 0.02
LEAST_PARCEL, DEAREST_PARCEL, PARCEL_PER_KM = 5.00, 9.00, 0.004  # money a parcel
FURTHER_SHARE = 0.1  # what a further unit of an order costs, of the first
TIGHT_STORAGE_WEEKS, AMPLE_STORAGE_WEEKS = 1.5, 8.0  # of mean demand
LIMITED_LANES = 0.15  # share of hub lanes with a capacity
LIMITED_LANE_WEEKS = 0.5  # of the region's mean demand
DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Supply:
    """Units lying or coming at `AS_OF`; locations are regions first, then hubs."""

    on_hand: Ints
    """shape (I, R + G)"""
    coming: Ints
    """shape (I, R + G)"""
    coming_after: Ints
    """days from `AS_OF` to the arrival, shape (I, R + G)"""
    rate: Floats
    """units a week of each cell to be reckoned with, shape (I, R)"""


def draw_supply(world: World, history: History) -> Supply:
    """Draw stock and inbound around the rate of the last weeks; launches around their plan."""
    rng = stream(world.seed, "supply")
    rate = _rate_ahead(world, history)
    regions, hubs = world.size.regions, world.size.hubs
    on_hand = np.hstack([_regional_stock(world, rate, rng), _hub_stock(world, rate, rng)])
    items = len(rate)
    to_region = (rng.random((items, regions)) < 0.02) & world.listed
    to_hub = rng.random((items, hubs)) < 0.15
    lot = np.ceil(2 * rate.sum(axis=1) / hubs)[:, None].astype(np.int64)
    coming = np.hstack([rng.integers(1, 4, to_region.shape) * to_region, lot * to_hub])
    after = np.hstack([rng.integers(1, 6, to_region.shape), rng.integers(2, 17, to_hub.shape)])
    return Supply(on_hand, coming, after, rate)


def _rate_ahead(world: World, history: History) -> Floats:
    launch = world.catalogue.launch_week
    young = launch > world.history_weeks - 8
    planned = world.catalogue.rate[:, None] * world.places.weight * world.taste * world.listed
    ended = (world.catalogue.end_week <= world.history_weeks)[:, None]
    rate: Floats = np.where(young[:, None], planned, np.where(ended, 0.0, history.trailing))
    return rate


def _hub_stock(world: World, rate: Floats, rng: np.random.Generator) -> Ints:
    """Stock four weeks of each item in one hub or spread over all; some are scarce, few are out."""
    items, hubs = len(rate), world.size.hubs
    plenty = rng.choice([1.0, 0.15, 0.0], size=items, p=[0.89, 0.08, 0.03])
    units = HUB_COVER_WEEKS * rate.sum(axis=1) * plenty
    share = rng.dirichlet(np.full(hubs, 3.0), items)
    single = rng.random(items) < 0.4
    share[single] = np.eye(hubs)[rng.integers(0, hubs, int(single.sum()))]
    pack = world.catalogue.pack_size[:, None]
    stock: Ints = np.ceil(units[:, None] * share / pack).astype(np.int64) * pack
    return stock


def _regional_stock(world: World, rate: Floats, rng: np.random.Generator) -> Ints:
    """Leave a little in some cells, far too much in few, and remnants of ended items."""
    usual = rng.poisson(1.5 * rate + 0.3) * (rng.random(rate.shape) < 0.06)
    surplus = (np.ceil(10 * rate) + 5).astype(np.int64) * (rng.random(rate.shape) < 0.01)
    ended = (world.catalogue.end_week <= world.history_weeks)[:, None]
    remnants = rng.integers(1, 5, rate.shape) * (rng.random(rate.shape) < 0.5) * ended
    stock: Ints = (usual + surplus + remnants) * world.listed
    return stock


def stock_table(world: World, supply: Supply) -> Columns:
    """Return the table `stock`."""
    location, item = np.nonzero(supply.on_hand.T)
    return {
        "location": coded(location, _locations(world.places)),
        "item": coded(item, world.catalogue.item),
        "quantity": supply.on_hand[item, location],
    }


def inbound_table(world: World, supply: Supply) -> Columns:
    """Return the table `inbound`."""
    location, item = np.nonzero(supply.coming.T)
    return {
        "location": coded(location, _locations(world.places)),
        "item": coded(item, world.catalogue.item),
        "quantity": supply.coming[item, location],
        "arrival_date": AS_OF + DAY * supply.coming_after[item, location],
    }


def _locations(places: Places) -> npt.NDArray[np.str_]:
    return np.concatenate([places.region, places.hub])


def region_table(world: World, supply: Supply) -> Columns:
    """Return the table `regions`: every fourth depot is tight, the last one knows no limit."""
    places, regions = world.places, world.size.regions
    volume = world.catalogue.volume
    weekly = volume @ supply.rate
    taken = volume @ (supply.on_hand + supply.coming)[:, :regions]
    tight = np.arange(regions) % 4 == 1
    wanted = np.where(tight, TIGHT_STORAGE_WEEKS, AMPLE_STORAGE_WEEKS) * weekly
    capacity: Any = np.ceil(np.maximum(wanted, 1.1 * taken) / 10) * 10
    capacity[-1] = np.nan
    last_mile = stream(world.seed, "regions").uniform(2.0, 3.0, regions).round(2)
    return {
        "region": places.region,
        "capacity": capacity,
        "last_mile_cost": last_mile,
        "last_mile_further": (FURTHER_SHARE * last_mile).round(2),
        "parent": ZONES[places.zone],
        "lat": places.lat,
        "lon": places.lon,
    }


def lane_table(world: World, supply: Supply) -> Columns:
    """Return the table `lanes`: every hub to every region, back to the nearest, to neighbours."""
    parts = [_hub_lanes(world, supply), _return_lanes(world.places), _redirect_lanes(world.places)]
    lanes: dict[str, Any] = {
        name: np.concatenate([each[name] for each in parts]) for name in parts[0]
    }
    nothing = np.zeros(len(lanes["origin"]), bool)
    last_redirect = nothing.copy()
    last_redirect[-1] = True
    closed = np.full(len(nothing), AS_OF - 140 * DAY)
    return {
        **lanes,
        "from": optional_dates(closed, nothing),
        "to": optional_dates(closed, last_redirect),
    }


def _lanes(origin: Any, destination: Any, cost: Floats, days: Ints) -> dict[str, Any]:
    blank = np.full(len(cost), np.nan)
    return {
        "origin": origin,
        "destination": destination,
        "cost_per_unit": np.clip(cost, LEAST_LANE, DEAREST_LANE).round(2),
        "lead_time_days": days,
        "cost_per_kg": np.full(len(cost), COST_PER_KG),
        "capacity": blank,
        "direct_cost": blank,
        "direct_further": blank,
        "direct_days": blank,
    }


def _hub_lanes(world: World, supply: Supply) -> dict[str, Any]:
    places, hubs, regions = world.places, world.size.hubs, world.size.regions
    km = places.km.ravel()
    remote = np.tile(np.arange(regions) == places.km.min(axis=0).argmax(), hubs)
    weekly = np.tile(world.catalogue.volume @ supply.rate, hubs)
    limited = stream(world.seed, "lanes").random(len(km)) < LIMITED_LANES
    parcel = LEAST_PARCEL + PARCEL_PER_KM * km
    parcel = np.clip(parcel, LEAST_PARCEL, DEAREST_PARCEL).round(2)
    lanes = _lanes(
        np.repeat(places.hub, regions),
        np.tile(places.region, hubs),
        LEAST_LANE + LANE_PER_KM * km,
        1 + (km // 220).astype(np.int64) + 4 * remote,
    )
    return lanes | {
        "capacity": np.where(limited, np.ceil(LIMITED_LANE_WEEKS * weekly), np.nan),
        "direct_cost": parcel,
        "direct_further": (FURTHER_SHARE * parcel).round(2),
        "direct_days": 2.0 + km // 250 + 3 * remote,
    }


def _return_lanes(places: Places) -> dict[str, Any]:
    nearest = places.km.argmin(axis=0)
    km = places.km.min(axis=0)
    days = 2 + (km // 220).astype(np.int64)
    return _lanes(places.region, places.hub[nearest], LEAST_LANE + LANE_PER_KM * km, days)


def _redirect_lanes(places: Places) -> dict[str, Any]:
    """Link every region with its nearest neighbour."""
    km = places.km_between_regions + np.diag(np.full(len(places.region), np.inf))
    neighbour = km.argmin(axis=1)
    nearest = km.min(axis=1)
    days = 1 + (nearest // 300).astype(np.int64)
    return _lanes(places.region, places.region[neighbour], LEAST_LANE + LANE_PER_KM * nearest, days)
