"""The network as the judge sees it: ids, prices and lanes, straight from the tables.

Locations are numbered regions first, then hubs, each in sorted order, so that stock anywhere is
one matrix (locations, items).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from foreship.judge.columns import floats, floats_or, index_of
from foreship.judge.draws import hashes
from foreship.judge.network.assortment import Assortment
from foreship.judge.network.disposal import ExitPrices, ExitSettings
from foreship.judge.network.regional_terms import Speed, held_at_hub
from foreship.judge.network.sent_back import ReturnSettings, lost_to_returns
from foreship.judge.transport.lanes import Lanes
from foreship.judge.transport.lateness import Roads
from foreship.judge.transport.parcel_routes import ParcelRoutes
from foreship.judge.transport.timetable import NO_DEPARTURE, Timetable
from foreship_foundation.arrays import Days, Floats, Ints
from foreship_foundation.orders.tariffs import by_order
from foreship_foundation.tables.derived import lanes_with_further_units, regions_with_further_units

__all__ = ["Network"]


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
    held_at_hub: Floats | None
    """part of it that a hub costs as well, shape (regions, items); None where none states it"""
    weight: Floats
    volume: Floats
    lost_sale_share: Floats
    """chance that a buyer does not wait for a parcel, by item, where days are not priced"""
    speed: Speed | None
    """what days of waiting cost; None where they are not priced"""
    last_mile: Floats
    """of a unit served from its region, or of an order's first, by region [money]"""
    last_mile_further: Floats
    """of each further unit of an order, by region"""
    storage: Floats
    """volume, by region, inf = unlimited"""
    receiving: Floats
    """units that a region takes in on a day, inf = unlimited"""
    picking: Floats
    """units that leave a hub on a day, inf = unlimited"""
    lanes: Lanes
    timetable: Timetable
    roads: Roads
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
        seed: int = 0,
        line_handling: float = 0.0,
    ) -> Network:
        """Read the tables of a workspace; their row order does not matter.

        Parameters
        ----------
        review_weeks
            From one plan to the next: a plan may use all departures until then.
        seed
            Of the days on which departures arrive, where lanes are sometimes late.
        line_handling
            Of a line into a region, beside what its lane charges a line [money].
        """
        items = tables["items"].sort_values("item", kind="stable")
        regions = regions_with_further_units(tables["regions"])
        regions = regions.sort_values("region", kind="stable")
        item_ids, region_ids = index_of(items["item"]), index_of(regions["region"])
        hubs = tables["hubs"].sort_values("hub", kind="stable")
        hub_ids = index_of(hubs["hub"])
        if len(region_ids.intersection(hub_ids)):
            raise ValueError(f"both region and hub: {list(region_ids.intersection(hub_ids))}")
        price, unit_cost = floats(items["price"]), floats(items["unit_cost"])
        holding = floats(items["holding_cost_per_week"])
        locations = region_ids.append(hub_ids)
        lanes = Lanes.from_table(lanes_with_further_units(tables["lanes"]), locations)
        if line_handling:
            into = np.where(lanes.destination < len(region_ids), line_handling, 0.0)
            lanes = replace(lanes, line_cost=lanes.line_cost + into)
        weight = floats(items["weight_kg"])
        usual = lanes.usual(len(region_ids), weight)
        at_hub = held_at_hub(tables, items, holding, usual, lanes)
        return cls(
            regions=region_ids,
            hubs=hub_ids,
            items=item_ids,
            margin=price - unit_cost - lost_to_returns(tables, item_ids, returns),
            holding=holding,
            held_at_hub=at_hub,
            weight=weight,
            volume=floats(items["volume"]),
            lost_sale_share=floats(items["lost_sale_share"]),
            speed=Speed.from_tables(items, returns),
            last_mile=floats(regions["last_mile_cost"]),
            last_mile_further=floats(regions["last_mile_further"]),
            storage=floats(regions["capacity"]),
            receiving=floats_or(regions, "receiving_units", np.inf),
            picking=floats_or(hubs, "picking_units", np.inf),
            lanes=lanes,
            timetable=Timetable.from_tables(tables, lanes, locations, review_weeks),
            roads=Roads(seed, hashes(locations)),
            exits=ExitPrices.from_tables(
                tables["exits"],
                exit_settings,
                region_ids,
                item_ids,
                (price, unit_cost, holding if at_hub is None else holding - at_hub),
            ),
            assortment=Assortment.from_table(tables["assortment"]),
            by_order=by_order(tables),
        )

    @property
    def locations(self) -> pd.Index:
        """Ids of regions, then hubs."""
        return self.regions.append(self.hubs)

    def lost_share_of(self, region: Ints, item: Ints, day: np.datetime64 | Days) -> Floats:
        """Return the chance that a buyer does not wait for a parcel (equation 28), shape (N,).

        `day` is one for all or one each.
        """
        constant = self.lost_sale_share[item]
        if self.speed is None:
            return constant
        dates, at = np.unique(np.broadcast_to(day, region.shape), return_inverse=True)
        by_date = [self.parcels(each).days_of_nearest for each in dates]
        days = np.stack(by_date)[at, region] if by_date else np.zeros(0)
        return self.speed.share(constant, item, days)

    def holding_of(self, region: Ints, item: Ints) -> Floats:
        """Return what a week there costs more than one at the hub (equation 29) [money]."""
        at_hub = 0.0 if self.held_at_hub is None else self.held_at_hub[region, item]
        return self.holding[item] - at_hub

    def saved_at_hubs(self, lying: Ints) -> float:
        """Return the part of the holding of units in regions that hubs would cost as well [money].

        `lying` has shape (regions, items).
        """
        return 0.0 if self.held_at_hub is None else float((lying * self.held_at_hub).sum())

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
            self._routes[key] = ParcelRoutes.of(
                self.lanes, len(self.regions), len(self.hubs), is_open
            )
        return self._routes[key]
