"""The network as arrays: places, items, open lanes, stock and inbound.

Everything is an index into sorted ids, so that the order of rows in the tables never matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Floats, Ids, Ints
from foreship_foundation.declaration import NEVER
from foreship_optimize.params import EconomicsParams
from foreship_optimize.problem import Stated
from foreship_optimize.tables import Tables

__all__ = ["Inbound", "Lanes", "Network", "codes_of", "days_from", "read_network"]


@dataclass(frozen=True)
class Lanes:
    """Rows of the `lanes` table not over at `as_of`, sorted by (origin, destination, first day).

    Several rows of one pair that are open on the same day are alternatives. `origin` and
    `destination` are place codes: hubs first, then regions.
    """

    origin: Ints
    destination: Ints
    cost_per_unit: Floats
    cost_per_kg: Floats
    lead_days: Ints
    capacity: Floats
    first_day: Ints
    """first day the lane runs, counted from `as_of`"""
    last_day: Ints
    """last day the lane runs, counted from `as_of`"""

    def open_on(self, day: int) -> Bools:
        """Tell which lanes a shipment of that day may use."""
        return np.asarray((self.first_day <= day) & (day <= self.last_day))

    def carried_by(self, day: int) -> Ints:
        """Lane that carries what is sent on each lane that day; -1 where it is closed.

        Open rows of one pair with the same costs and lead time are one lane of their capacities
        together: the first of them carries for all.
        """
        carrier = np.full(len(self.origin), -1, dtype=np.int64)
        is_open = np.flatnonzero(self.open_on(day))
        terms = (
            self.lead_days,
            self.cost_per_kg,
            self.cost_per_unit,
            self.destination,
            self.origin,
        )
        order = is_open[np.lexsort([column[is_open] for column in terms])]
        other = np.ones(len(order), dtype=bool)
        other[1:] = np.any([column[order[1:]] != column[order[:-1]] for column in terms], axis=0)
        carrier[order] = order[other][np.cumsum(other) - 1]
        return carrier

    def room_on(self, day: int) -> Floats:
        """Volume that each lane carries that day, with those that it carries for; 0 of others."""
        carrier = self.carried_by(day)
        is_open = carrier >= 0
        return np.bincount(carrier[is_open], self.capacity[is_open], len(carrier)).astype(float)

    def told_apart(self, chosen: Ints) -> Ids:
        """Say how each of some lanes differs from the others of its pair; '' where it is alone."""
        pair = np.stack([self.origin[chosen], self.destination[chosen]])
        _, which, count = np.unique(pair, axis=1, return_inverse=True, return_counts=True)
        words = np.full(len(chosen), "", dtype=object)
        for place in np.flatnonzero(count[which.reshape(-1)] > 1).tolist():
            lane = chosen[place]
            by_weight = self.cost_per_kg[lane]
            words[place] = f"{self.lead_days[lane]} days at {self.cost_per_unit[lane]:g}"
            words[place] += f" and {by_weight:g} a kg" if by_weight else ""
        return words


@dataclass(frozen=True)
class Inbound:
    """Inbound units, one row a (place, item, day), summed and sorted."""

    place: Ints
    item: Ints
    day: Ints
    """day of arrival from `as_of`, never before 0"""
    quantity: Ints


@dataclass(frozen=True)
class Network(Stated):
    """Places, items and stock of one plan, in canonical order."""

    price: Floats
    margin: Floats
    """of a unit sold, before its delivery and net of what customers send back (equation 4a)"""
    weight_kg: Floats
    holding: Floats
    """holding cost of a unit and week in a region"""
    lost_share: Floats
    """share of orders lost when the item is not in the region"""
    capacity: Floats
    last_mile: Floats
    """of the first unit of an order delivered from the depot, by region"""
    last_mile_further: Floats
    """of each further unit of the same order"""
    lanes: Lanes
    parcel_cost: Floats
    """of the first unit of an order of each region from each hub, (regions, hubs); inf where no row
    of `lanes` has the pair"""
    parcel_further: Floats
    """of each further unit in the same parcel, (regions, hubs)"""
    parcel_days: Floats
    """days that the cheapest parcel into each region takes; NaN where no row says it"""
    lost_share_per_day: float
    """share of orders lost a day; NaN where the settings do not price days"""
    lost_share_stated: Bools
    """items that state `lost_share` themselves"""
    hub_holding: Floats
    """holding cost of a unit and week at a hub, by item; NaN where it is not stated"""
    hub_holding_rate: Floats
    """share of unit cost a year that holding costs at each hub; 0 where it is not stated"""
    hub_stock: Ints
    """units, shape (items, hubs)"""
    region_stock: Inbound
    """on hand in regions: rows of day 0"""
    inbound: Inbound
    notes: tuple[str, ...]

    @property
    def lane_ids(self) -> tuple[Ids, Ids]:
        """Origin and destination of every lane as text."""
        places = np.concatenate([self.hubs, self.regions])
        return places[self.lanes.origin], places[self.lanes.destination]

    def lanes_between(self, origin: str, destination: str, day: int = 0) -> Ints:
        """Positions of the lanes from one kind of place (`hub`, `region`) to another on `day`.

        Of rows that `Lanes.carried_by` holds for one lane, the one that carries.
        """
        from_hub = self.lanes.origin < len(self.hubs)
        to_hub = self.lanes.destination < len(self.hubs)
        kind = (from_hub == (origin == "hub")) & (to_hub == (destination == "hub"))
        carries = self.lanes.carried_by(day) == np.arange(len(kind))
        return np.flatnonzero(kind & carries)


def read_network(tables: Tables, as_of: pd.Timestamp) -> Network:
    """Read complete tables into arrays over sorted ids."""
    items = tables["items"].sort_values("item", kind="stable")
    regions = tables["regions"].sort_values("region", kind="stable")
    item_ids = items["item"].to_numpy(dtype=object)
    region_ids = regions["region"].to_numpy(dtype=object)
    hub_ids = np.sort(tables["hubs"]["hub"].to_numpy(dtype=object))
    places = np.concatenate([hub_ids, region_ids])
    on_hand = _stock_rows(tables["stock"], places, item_ids)
    inbound, notes = _inbound_rows(tables["inbound"], places, item_ids, as_of)
    hub_stock = _hub_stock(on_hand, inbound, len(item_ids), len(hub_ids))
    parcel_cost, parcel_further, days = _parcel_costs(tables["lanes"], hub_ids, region_ids, as_of)
    hubs = tables["hubs"].sort_values("hub", kind="stable")
    return Network(
        items=item_ids,
        regions=region_ids,
        hubs=hub_ids,
        price=items["price"].to_numpy(np.float64),
        unit_cost=items["unit_cost"].to_numpy(np.float64),
        margin=items["margin"].to_numpy(np.float64),
        volume=items["volume"].to_numpy(np.float64),
        weight_kg=items["weight_kg"].to_numpy(np.float64),
        pack_size=items["pack_size"].to_numpy(np.int64),
        holding=items["holding_cost_per_week"].to_numpy(np.float64),
        lost_share=items["lost_sale_share"].to_numpy(np.float64),
        capacity=regions["capacity"].to_numpy(np.float64),
        last_mile=regions["last_mile_cost"].to_numpy(np.float64),
        last_mile_further=regions["last_mile_further"].to_numpy(np.float64),
        lanes=_read_lanes(tables["lanes"], places, as_of),
        parcel_cost=parcel_cost,
        parcel_further=parcel_further,
        parcel_days=_cheapest_days(parcel_cost, days),
        lost_share_per_day=_per_day(tables.economics),
        lost_share_stated=_column(items, "lost_sale_share_stated", 1.0) > 0.0,
        hub_holding=_column(items, "hub_holding_cost_per_week", np.nan),
        hub_holding_rate=np.nan_to_num(_column(hubs, "holding_rate_per_year", 0.0)),
        hub_stock=hub_stock,
        region_stock=_at_regions(on_hand, len(hub_ids)),
        inbound=inbound,
        notes=notes,
    )


def codes_of(values: Any, ids: Ids) -> Ints:
    """Position of each value in `ids`; -1 where it is not there."""
    wanted = pd.Index(np.asarray(values, dtype=object), dtype=object)
    found = pd.Index(ids, dtype=object).get_indexer(wanted)
    return np.asarray(found, dtype=np.int64)


def days_from(as_of: pd.Timestamp, dates: Any, missing: int) -> Ints:
    """Count whole days from `as_of` to each date; `missing` where there is none."""
    days = pd.to_datetime(pd.Series(dates)).to_numpy(dtype="datetime64[ns]").astype("datetime64[D]")
    absent = np.isnat(days)
    start = np.datetime64(as_of, "D")
    counted = (np.where(absent, start, days) - start).astype(np.int64)
    return np.where(absent, missing, counted)


def _read_lanes(lanes: pd.DataFrame, places: Ids, as_of: pd.Timestamp) -> Lanes:
    """Lanes not yet over, sorted by all they are; a lane without dates always runs."""
    terms = ["cost_per_unit", "cost_per_kg", "lead_time_days", "capacity"]
    lanes = lanes.sort_values(terms, kind="stable")
    origin = codes_of(lanes["origin"], places)
    destination = codes_of(lanes["destination"], places)
    first = days_from(as_of, lanes["from"], -NEVER)
    last = days_from(as_of, lanes["to"], NEVER)
    order = np.lexsort((last, first, destination, origin))
    order = order[last[order] >= 0]
    return Lanes(
        origin=origin[order],
        destination=destination[order],
        cost_per_unit=lanes["cost_per_unit"].to_numpy(np.float64)[order],
        cost_per_kg=lanes["cost_per_kg"].to_numpy(np.float64)[order],
        lead_days=lanes["lead_time_days"].to_numpy(np.int64)[order],
        capacity=lanes["capacity"].to_numpy(np.float64)[order],
        first_day=first[order],
        last_day=last[order],
    )


def _parcel_costs(
    lanes: pd.DataFrame, hubs: Ids, regions: Ids, as_of: pd.Timestamp
) -> tuple[Floats, Floats, Floats]:
    """Cheapest parcel of each pair over its rows open at `as_of`, else over all its rows.

    Parcels go all the same where a lane is over or has not begun (docs/value.md, section 3).

    Returns
    -------
    What its first unit costs, what each further one, and the days it takes, (regions, hubs) each.
    """
    hub, region = codes_of(lanes["origin"], hubs), codes_of(lanes["destination"], regions)
    is_open = days_from(as_of, lanes["from"], -NEVER) <= 0
    is_open &= days_from(as_of, lanes["to"], NEVER) >= 0
    price, more = (lanes[name].to_numpy(np.float64) for name in ("direct_cost", "direct_further"))
    takes = _column(lanes, "direct_days", np.nan)
    soonest = -np.where(np.isnan(takes), np.inf, takes)
    first, further = np.full((2, len(regions), len(hubs)), np.inf)
    days = np.full((len(regions), len(hubs)), np.nan)
    parcel = np.flatnonzero((hub >= 0) & (region >= 0))
    ranked = (column[parcel] for column in (soonest, -more, -price, is_open))
    # the row that tells the price is written last: open before closed, then the cheapest
    for row in parcel[np.lexsort(tuple(ranked))]:
        first[region[row], hub[row]], further[region[row], hub[row]] = price[row], more[row]
        days[region[row], hub[row]] = takes[row]
    return first, further, days


def _cheapest_days(price: Floats, days: Floats) -> Floats:
    """Days of the cheapest parcel into each region, (regions,); NaN where none says it."""
    if not price.shape[1]:
        return np.full(len(price), np.nan)
    return np.asarray(days[np.arange(len(price)), price.argmin(axis=1)])


def _column(frame: pd.DataFrame, name: str, absent: float) -> Floats:
    """Read a column that frames may do without."""
    if name not in frame.columns:
        return np.full(len(frame), absent)
    return frame[name].to_numpy(np.float64)


def _per_day(economics: EconomicsParams) -> float:
    """Share of orders lost a day; NaN where the settings do not say."""
    stated = getattr(economics, "lost_sale_share_per_day", None)
    return float("nan") if stated is None else float(stated)


def _summed(place: Ints, item: Ints, day: Ints, quantity: Ints) -> Inbound:
    """Add up rows of the same place, item and day, and sort them."""
    rows = pd.DataFrame({"place": place, "item": item, "day": day, "quantity": quantity})
    rows = rows[rows["quantity"] > 0].groupby(["place", "item", "day"], sort=True).sum()
    keys = rows.index.to_frame(index=False)
    return Inbound(
        place=keys["place"].to_numpy(np.int64),
        item=keys["item"].to_numpy(np.int64),
        day=keys["day"].to_numpy(np.int64),
        quantity=rows["quantity"].to_numpy(np.int64),
    )


def _stock_rows(stock: pd.DataFrame, places: Ids, items: Ids) -> Inbound:
    """Units on hand at `as_of`, by place and item."""
    place = codes_of(stock["location"], places)
    item = codes_of(stock["item"], items)
    return _summed(place, item, np.zeros_like(place), stock["quantity"].to_numpy(np.int64))


def _inbound_rows(
    inbound: pd.DataFrame, places: Ids, items: Ids, as_of: pd.Timestamp
) -> tuple[Inbound, tuple[str, ...]]:
    """Inbound by place, item and day; what was due before `as_of` counts from `as_of` on."""
    place = codes_of(inbound["location"], places)
    item = codes_of(inbound["item"], items)
    day = days_from(as_of, inbound["arrival_date"], 0)
    quantity = inbound["quantity"].to_numpy(np.int64)
    due = (day <= 0) & (quantity > 0)
    notes: tuple[str, ...] = ()
    if due.any():
        notes = (
            f"{int(due.sum())} inbound rows ({int(quantity[due].sum())} units) were due by "
            f"{as_of.date()}; they count from that day",
        )
    return _summed(place, item, np.maximum(day, 0), quantity), notes


def _hub_stock(on_hand: Inbound, inbound: Inbound, items: int, hubs: int) -> Ints:
    """Units that each hub may send at `as_of`: on hand, and inbound due by then."""
    stock = np.zeros((items, hubs), dtype=np.int64)
    for rows in (on_hand, inbound):
        here = (rows.place < hubs) & (rows.day == 0)
        np.add.at(stock, (rows.item[here], rows.place[here]), rows.quantity[here])
    return stock


def _at_regions(rows: Inbound, hubs: int) -> Inbound:
    """Keep the rows of regions; their places become region codes."""
    here = rows.place >= hubs
    return Inbound(rows.place[here] - hubs, rows.item[here], rows.day[here], rows.quantity[here])
