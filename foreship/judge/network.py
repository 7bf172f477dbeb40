"""The network as the judge sees it: ids, prices and lanes, straight from the tables.

Locations are numbered regions first, then hubs, each in sorted order, so that stock anywhere is
one matrix (locations, items).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from foreship.judge.assortment import Assortment
from foreship.judge.disposal import ExitPrices, ExitSettings
from foreship.judge.sent_back import ReturnSettings, lost_to_returns
from foreship_foundation.arrays import Bools, Days, Floats, Ints
from foreship_foundation.derived import lanes_with_further_units, regions_with_further_units
from foreship_foundation.tariffs import by_order

__all__ = ["Lanes", "Network", "ParcelRoutes", "positions"]


@dataclass(frozen=True)
class Lanes:
    """The `lanes` table in location numbers, a row a lane; open rows of a pair are alternatives."""

    origin: Ints
    destination: Ints
    cost_per_unit: Floats
    cost_per_kg: Floats
    lead_days: Ints
    capacity: Floats
    direct_cost: Floats
    direct_further: Floats
    """of each further unit of a parcel"""
    direct_days: Floats
    opens: Days
    closes: Days

    def open_on(self, day: np.datetime64) -> Bools:
        """Tell which lanes are open on `day`; `from` and `to` both count as open."""
        early = ~np.isnat(self.opens) & (self.opens > day)
        late = ~np.isnat(self.closes) & (self.closes < day)
        return np.asarray(~(early | late))

    def carried_by(self, day: np.datetime64) -> Ints:
        """Lane that carries what is sent on each lane that day; -1 where it is closed.

        Open rows of one pair with the same costs and days are one lane of their capacities
        together; the first of them stands for all.
        """
        is_open = np.flatnonzero(self.open_on(day))
        terms = (
            self.origin,
            self.destination,
            self.lead_days,
            self.cost_per_unit,
            self.cost_per_kg,
        )
        rows = np.stack([np.asarray(column[is_open], dtype=np.float64) for column in terms], axis=1)
        _, first, same = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        carrier = np.full(len(self.origin), -1, dtype=np.int64)
        carrier[is_open] = is_open[first][same.reshape(-1)]
        return carrier

    def room_on(self, day: np.datetime64) -> Floats:
        """Volume that each lane carries that day, with those it stands for; 0 of all others."""
        carrier = self.carried_by(day)
        is_open = carrier >= 0
        room = np.bincount(carrier[is_open], self.capacity[is_open], len(carrier))
        return np.asarray(room, dtype=np.float64)


@dataclass(frozen=True)
class ParcelRoutes:
    """Which hub sends parcels to which region on one day, and at what price."""

    cost: Floats
    """of a parcel's first unit, shape (regions, hubs), inf without a lane"""
    further: Floats
    """of each further unit of it, shape (regions, hubs), inf without a lane"""
    days: Floats
    """until it arrives, shape (regions, hubs), NaN where unknown"""
    nearest: Ints
    """hubs of each region by cost, ties in hub order, shape (regions, hubs)"""


@dataclass(frozen=True)
class Network:
    """Everything that stays the same throughout a replay.

    **Invariants:** `regions`, `hubs`, `items` are sorted; no id is both a region and a hub.
    """

    regions: pd.Index
    hubs: pd.Index
    items: pd.Index
    margin: Floats
    """price - unit_cost less what customers' returns cost, by item [money a unit]"""
    holding: Floats
    """of a unit that lies in a region on a Sunday night, by item [money]"""
    weight: Floats
    volume: Floats
    lost_sale_share: Floats
    """chance that a buyer does not wait for a parcel, by item"""
    last_mile: Floats
    """of a unit served from its region, or of an order's first, by region [money]"""
    last_mile_further: Floats
    """of each further unit of an order, by region"""
    storage: Floats
    """volume, by region, inf = unlimited"""
    lanes: Lanes
    exits: ExitPrices
    assortment: Assortment
    by_order: bool = False
    """whether money is by order: orders are known, and a further unit costs another amount"""
    _routes: dict[bytes, ParcelRoutes] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_tables(
        cls,
        tables: Mapping[str, pd.DataFrame],
        exit_settings: ExitSettings,
        returns: ReturnSettings | None = None,
    ) -> Network:
        """Read the tables of a workspace; their row order does not matter."""
        items = tables["items"].sort_values("item", kind="stable")
        regions = regions_with_further_units(tables["regions"])
        regions = regions.sort_values("region", kind="stable")
        item_ids, region_ids = _index(items["item"]), _index(regions["region"])
        hub_ids = _index(tables["hubs"]["hub"].sort_values())
        if len(region_ids.intersection(hub_ids)):
            raise ValueError(f"both region and hub: {list(region_ids.intersection(hub_ids))}")
        price, unit_cost = _floats(items["price"]), _floats(items["unit_cost"])
        holding = _floats(items["holding_cost_per_week"])
        return cls(
            regions=region_ids,
            hubs=hub_ids,
            items=item_ids,
            margin=price - unit_cost - lost_to_returns(tables, item_ids, returns),
            holding=holding,
            weight=_floats(items["weight_kg"]),
            volume=_floats(items["volume"]),
            lost_sale_share=_floats(items["lost_sale_share"]),
            last_mile=_floats(regions["last_mile_cost"]),
            last_mile_further=_floats(regions["last_mile_further"]),
            storage=_floats(regions["capacity"]),
            lanes=_lanes(lanes_with_further_units(tables["lanes"]), region_ids.append(hub_ids)),
            exits=ExitPrices.from_tables(
                tables["exits"], exit_settings, region_ids, item_ids, (price, unit_cost, holding)
            ),
            assortment=Assortment.from_table(tables["assortment"]),
            by_order=by_order(tables),
        )

    @property
    def locations(self) -> pd.Index:
        """Ids of regions, then hubs."""
        return self.regions.append(self.hubs)

    def lane_of(
        self,
        origin: Ints,
        destination: Ints,
        item: Ints,
        day: np.datetime64,
        days: Floats | None = None,
        paid: Floats | None = None,
    ) -> Ints:
        """Return the open lane that each line means, -1 where its places have none.

        Parameters
        ----------
        days, paid
            Days until the line arrives and freight of its unit, as the line tells them, NaN where
            it does not: of several lanes those of its days come first, then the nearest freight,
            or else the cheapest.
        """
        unknown = np.full(len(origin), np.nan)
        days, paid = unknown if days is None else days, unknown if paid is None else paid
        carrier, width = self.lanes.carried_by(day), len(self.locations)
        used = np.flatnonzero(carrier == np.arange(len(carrier)))
        pairs = self.lanes.origin[used] * width + self.lanes.destination[used]
        order = np.argsort(pairs, kind="stable")
        used, pairs = used[order], pairs[order]
        first = np.searchsorted(pairs, origin * width + destination)
        count = np.searchsorted(pairs, origin * width + destination, side="right") - first
        line = np.repeat(np.arange(len(origin)), count)
        lane = used[np.repeat(first - (np.cumsum(count) - count), count) + np.arange(len(line))]
        freight = self.freight(lane, item[line])
        another_day = self.lanes.lead_days[lane] != days[line]
        off = np.where(np.isnan(paid[line]), freight, np.abs(freight - paid[line]))
        order = np.lexsort((lane, off, another_day, line))
        meant = np.full(len(origin), -1, dtype=np.int64)
        best = order[np.append(True, np.diff(line[order]) != 0)[: len(order)]]
        meant[line[best]] = lane[best]
        return meant

    def freight(self, lane: Ints, item: Ints) -> Floats:
        """Return what a unit of each item costs on its lane [money a unit]."""
        return self.lanes.cost_per_unit[lane] + self.lanes.cost_per_kg[lane] * self.weight[item]

    def cheapest_freight(self, day: np.datetime64, *, inward: bool) -> Floats:
        """Return the cheapest lane from any hub to each region, shape (regions, items).

        `inward` looks at hub -> region, else at region -> hub; inf without an open lane.
        """
        lanes, count = self.lanes, len(self.regions)
        start, end = lanes.origin, lanes.destination
        region, hub = (end, start) if inward else (start, end)
        best = np.full((count, len(self.items)), np.inf)
        for lane in np.flatnonzero(lanes.open_on(day) & (region < count) & (hub >= count)):
            cost = lanes.cost_per_unit[lane] + lanes.cost_per_kg[lane] * self.weight
            np.minimum(best[region[lane]], cost, out=best[region[lane]])
        return best

    def parcels(self, day: np.datetime64) -> ParcelRoutes:
        """Return the parcel routes of `day`.

        Parcels go whether or not their lane takes shipments that day; a lane open that day
        tells the price of its pair before one that is not.
        """
        is_open = self.lanes.open_on(day)
        key = is_open.tobytes()
        if key not in self._routes:
            self._routes[key] = self._parcel_routes(is_open)
        return self._routes[key]

    def _parcel_routes(self, is_open: Bools) -> ParcelRoutes:
        lanes, count = self.lanes, len(self.regions)
        cost, further = (np.full((count, len(self.hubs)), np.inf) for _ in range(2))
        days = np.full((count, len(self.hubs)), np.nan)
        serves = np.flatnonzero((lanes.origin >= count) & (lanes.destination < count))
        ranked = tuple(
            column[serves]
            for column in (lanes.direct_days, lanes.direct_further, lanes.direct_cost, ~is_open)
        )
        for lane in serves[np.lexsort(ranked)]:
            at = lanes.destination[lane], lanes.origin[lane] - count
            if np.isinf(cost[at]):
                cost[at], days[at] = lanes.direct_cost[lane], lanes.direct_days[lane]
                further[at] = lanes.direct_further[lane]
        nearest = np.argsort(cost, axis=1, kind="stable").astype(np.int64)
        return ParcelRoutes(cost, further, days, nearest)


def _lanes(lanes: pd.DataFrame, locations: pd.Index) -> Lanes:
    ends = ["origin", "destination", "from", "cost_per_unit", "lead_time_days", "direct_cost"]
    ties = ["cost_per_kg", "capacity", "direct_days", "to", "direct_further"]
    lanes = lanes.sort_values([*ends, *ties], kind="stable")
    return Lanes(
        origin=_known_positions(lanes["origin"], locations, "lanes.origin"),
        destination=_known_positions(lanes["destination"], locations, "lanes.destination"),
        cost_per_unit=_floats(lanes["cost_per_unit"]),
        cost_per_kg=_floats(lanes["cost_per_kg"]),
        lead_days=lanes["lead_time_days"].to_numpy(dtype=np.int64),
        capacity=_floats(lanes["capacity"]),
        direct_cost=_floats(lanes["direct_cost"]),
        direct_further=_floats(lanes["direct_further"]),
        direct_days=_floats(lanes["direct_days"]),
        opens=_days(lanes["from"]),
        closes=_days(lanes["to"]),
    )


def positions(ids: pd.Series, known: pd.Index) -> Ints:
    """Return the position of each id in `known`, -1 where it is not there."""
    return known.get_indexer(_index(ids)).astype(np.int64)


def _index(ids: pd.Series) -> pd.Index:
    index: pd.Index = pd.Index(ids.to_numpy(dtype=object), dtype=object)
    return index


def _floats(column: pd.Series) -> Floats:
    return column.to_numpy(dtype=np.float64)


def _days(column: pd.Series) -> Days:
    return pd.to_datetime(column).to_numpy().astype("datetime64[D]")


def _known_positions(ids: pd.Series, known: pd.Index, name: str) -> Ints:
    """Return the position of each id; raise ValueError naming ids that are not known."""
    at = positions(ids, known)
    if (at < 0).any():
        raise ValueError(f"{name}: unknown {sorted(set(ids[at < 0]))[:5]}")
    return at
