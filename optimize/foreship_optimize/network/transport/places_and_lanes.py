"""The network as arrays: places, items, open lanes, stock and inbound.

Everything is an index into sorted ids, so that the order of rows in the tables never matters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Floats, Ids, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_foundation.telling.words import plural
from foreship_optimize.network.transport.codes import codes_of, days_from
from foreship_optimize.network.transport.lanes import Lanes, numbers_of, read_lanes
from foreship_optimize.params import EconomicsParams
from foreship_optimize.problem import Stated
from foreship_optimize.tables import Tables

__all__ = ["Inbound", "Lanes", "Network", "codes_of", "days_from", "read_network"]


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
    picking: Floats
    """units that each hub may send on one day, inf = unlimited"""
    receiving: Floats
    """units that each region may take in on one day, inf = unlimited"""

    def receiving_left(self, days: int) -> Floats:
        """Units that each region may still take in on each day beside its inbound, (G, days)."""
        hubs, rows = len(self.hubs), self.inbound
        here = (rows.place >= hubs) & (rows.day < days)
        taken = np.zeros((len(self.regions), days))
        np.add.at(taken, (rows.place[here] - hubs, rows.day[here]), rows.quantity[here])
        return np.maximum(self.receiving[:, None] - taken, 0.0)

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


def read_network(tables: Tables, as_of: pd.Timestamp, review_weeks: int = 1) -> Network:
    """Read complete tables into arrays over sorted ids.

    Parameters
    ----------
    as_of
        The Monday of the plan.
    review_weeks
        Weeks until the next plan: until then lanes of this one may leave.
    """
    items = tables["items"].sort_values("item", kind="stable")
    regions = tables["regions"].sort_values("region", kind="stable")
    item_ids = items["item"].to_numpy(dtype=object)
    region_ids = regions["region"].to_numpy(dtype=object)
    hubs = tables["hubs"].sort_values("hub", kind="stable")
    hub_ids = hubs["hub"].to_numpy(dtype=object)
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
        lanes=read_lanes(tables, hubs, regions, as_of, review_weeks),
        parcel_cost=parcel_cost,
        parcel_further=parcel_further,
        parcel_days=_cheapest_days(parcel_cost, days),
        lost_share_per_day=_per_day(tables.economics),
        lost_share_stated=numbers_of(items, "lost_sale_share_stated", 1.0) > 0.0,
        hub_holding=numbers_of(items, "hub_holding_cost_per_week", np.nan),
        hub_holding_rate=np.nan_to_num(numbers_of(hubs, "holding_rate_per_year", 0.0)),
        hub_stock=hub_stock,
        region_stock=_at_regions(on_hand, len(hub_ids)),
        inbound=inbound,
        notes=notes,
        picking=numbers_of(hubs, "picking_units", np.inf),
        receiving=numbers_of(regions, "receiving_units", np.inf),
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
    takes = numbers_of(lanes, "direct_days", np.nan)
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
            f"{plural(int(due.sum()), 'inbound row was', 'inbound rows were')} due by "
            f"{as_of.date()} and counted from that day "
            f"({plural(int(quantity[due].sum()), 'unit')})",
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
