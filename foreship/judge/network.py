"""The network as the judge sees it: ids, prices and lanes, straight from the tables.

Locations are numbered regions first, then hubs, each in sorted order, so that stock anywhere is
one matrix (locations, items).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from foreship.judge.assortment import Assortment
from foreship.judge.columns import floats, index_of
from foreship.judge.disposal import ExitPrices, ExitSettings
from foreship.judge.sent_back import ReturnSettings, lost_to_returns
from foreship.judge.transport.lanes import Lanes
from foreship.judge.transport.timetable import NO_DEPARTURE, Timetable
from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.derived import lanes_with_further_units, regions_with_further_units
from foreship_foundation.tariffs import by_order

__all__ = ["Network", "ParcelRoutes", "Told"]


class Told(NamedTuple):
    """What lines say of their way, NaN where one does not, shape (N,) each."""

    ships: Floats
    """day on which it leaves, from the Monday of the plan"""
    days: Floats
    """day of its arrival, from the Monday of the plan"""
    paid: Floats
    """freight of a unit, with its part of vehicle and line [money]"""
    units: Floats
    """of the line, never NaN"""


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
    timetable: Timetable
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
        review_weeks: int = 1,
    ) -> Network:
        """Read the tables of a workspace; their row order does not matter.

        Parameters
        ----------
        review_weeks
            From one plan to the next: a plan may use all departures until then.
        """
        items = tables["items"].sort_values("item", kind="stable")
        regions = regions_with_further_units(tables["regions"])
        regions = regions.sort_values("region", kind="stable")
        item_ids, region_ids = index_of(items["item"]), index_of(regions["region"])
        hub_ids = index_of(tables["hubs"]["hub"].sort_values())
        if len(region_ids.intersection(hub_ids)):
            raise ValueError(f"both region and hub: {list(region_ids.intersection(hub_ids))}")
        price, unit_cost = floats(items["price"]), floats(items["unit_cost"])
        holding = floats(items["holding_cost_per_week"])
        locations = region_ids.append(hub_ids)
        lanes = Lanes.from_table(lanes_with_further_units(tables["lanes"]), locations)
        return cls(
            regions=region_ids,
            hubs=hub_ids,
            items=item_ids,
            margin=price - unit_cost - lost_to_returns(tables, item_ids, returns),
            holding=holding,
            weight=floats(items["weight_kg"]),
            volume=floats(items["volume"]),
            lost_sale_share=floats(items["lost_sale_share"]),
            last_mile=floats(regions["last_mile_cost"]),
            last_mile_further=floats(regions["last_mile_further"]),
            storage=floats(regions["capacity"]),
            lanes=lanes,
            timetable=Timetable.from_tables(tables, lanes, locations, review_weeks),
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

    def departure_of(
        self, origin: Ints, destination: Ints, item: Ints, monday: np.datetime64, told: Told
    ) -> tuple[Ints, Ints]:
        """Return lane and day of the departure that each line means, -1 where there is none.

        Of the departures between its places on the day on which it ships, or on any if it says
        none, those of its day of arrival come first; then, in full vehicles, the nearest freight if
        it tells one, or else the cheapest; then the first.
        """
        departing, width = self.timetable.of(monday), len(self.locations)
        stands = self._standing(monday)
        lanes, day, lands = (column[stands] for column in departing)
        pairs = self.lanes.origin[lanes] * width + self.lanes.destination[lanes]
        order = np.argsort(pairs, kind="stable")
        lanes, day, lands, pairs = lanes[order], day[order], lands[order], pairs[order]
        first = np.searchsorted(pairs, origin * width + destination)
        count = np.searchsorted(pairs, origin * width + destination, side="right") - first
        line = np.repeat(np.arange(len(origin)), count)
        at = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(len(line))
        another = ~np.isnan(told.ships[line]) & (day[at] != told.ships[line])
        line, at = line[~another], at[~another]
        freight = self.freight(lanes[at], item[line]) + self.vehicle_share(lanes[at], item[line])
        freight = freight + self.lanes.line_cost[lanes[at]] / told.units[line]
        late = lands[at] != told.days[line]
        off = np.where(np.isnan(told.paid[line]), freight, np.abs(freight - told.paid[line]))
        order = np.lexsort((day[at], lanes[at], off, late, line))
        best = order[np.append(True, np.diff(line[order]) != 0)[: len(order)]]
        lane, ships = (np.full(len(origin), -1, dtype=np.int64) for _ in range(2))
        lane[line[best]], ships[line[best]] = lanes[at[best]], day[at[best]]
        return lane, ships

    def _standing(self, monday: np.datetime64) -> Bools:
        """Tell which departures of a plan stand for the rows of their terms that leave that day."""
        departing = self.timetable.of(monday)
        stands = np.zeros(len(departing.lane), dtype=np.bool_)
        every = np.arange(len(self.lanes.origin))
        for day in np.unique(departing.day):
            today = departing.day == day
            leaves = np.zeros(len(every), dtype=np.bool_)
            leaves[departing.lane[today]] = True
            stands[today] = (self.lanes.carried_by(leaves) == every)[departing.lane[today]]
        return stands

    def freight(self, lane: Ints, item: Ints) -> Floats:
        """Return what a unit of each item costs on its lane [money a unit]."""
        return self.lanes.cost_per_unit[lane] + self.lanes.cost_per_kg[lane] * self.weight[item]

    def vehicle_share(self, lane: Ints, item: Ints) -> Floats:
        """Return what a unit of each item adds in a full vehicle of its lane [money]."""
        volume = self.volume[item] / self.lanes.vehicle_volume[lane]
        part = np.maximum(volume, self.weight[item] / self.lanes.vehicle_kg[lane])
        return np.asarray(self.lanes.vehicle_cost[lane] * part)

    def cheapest_freight(self, day: np.datetime64, *, inward: bool) -> Floats:
        """Return the cheapest lane of a plan between each region and any hub, (regions, items).

        `inward` looks at hub -> region, in full vehicles, else at region -> hub, without them; inf
        where no lane leaves from `day` until the next review.
        """
        lanes, count = self.lanes, len(self.regions)
        start, end = lanes.origin, lanes.destination
        region, hub = (end, start) if inward else (start, end)
        best, every = np.full((count, len(self.items)), np.inf), np.arange(len(self.items))
        leaves = self.timetable.first_arrival(day) != NO_DEPARTURE
        for lane in np.flatnonzero(leaves & (region < count) & (hub >= count)):
            cost = lanes.cost_per_unit[lane] + lanes.cost_per_kg[lane] * self.weight
            if inward:
                cost = cost + self.vehicle_share(np.full_like(every, lane), every)
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
