"""What the optimise room reads of the contract, and what it derives from it.

Types, defaults, ranges and keys are those of `foreship_foundation.tables.input_tables`; here stands
only which columns are read; `orders` and `returns` are read for the share of sales that comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from foreship_foundation.bounds import MOST_IN_CELL
from foreship_foundation.tables.asked_rows import (
    STATED,
    faults_in_frame,
    faults_of_policies,
    live_rows,
)
from foreship_foundation.tables.derived import (
    CUSTOMER_RETURN_SHARE,
    LATENESS,
    LOST_SALE_SHARE_STATED,
    RECENT,
    items_with_economics,
    lanes_with_further_units,
    lanes_with_parcel_cost,
    regions_with_further_units,
)
from foreship_foundation.tables.frames import CompleteTables, complete_frames, unknown_ids
from foreship_foundation.tables.input_tables import INPUTS, LEAVE_OUT, Table
from foreship_foundation.working_days import hubs_under_other_events
from foreship_optimize.customer_returns import return_shares
from foreship_optimize.errors import TableFault
from foreship_optimize.late_supply import lanes_with_shown_spread, shown_by_place
from foreship_optimize.params import EconomicsParams

__all__ = ["READS", "Tables", "complete"]

SHOWN: Final = 5

READS: Final[Mapping[str, Table]] = {
    "items": INPUTS["items"]
    .only(
        "item",
        "price",
        "unit_cost",
        "volume",
        "weight_kg",
        "category",
        "pack_size",
        "holding_cost_per_week",
        "lost_sale_share",
        "hub_holding_cost_per_week",
    )
    .and_also(CUSTOMER_RETURN_SHARE, LOST_SALE_SHARE_STATED),
    "regions": INPUTS["regions"].only(
        "region", "capacity", "receiving_units", "last_mile_cost", "last_mile_further"
    ),
    "hubs": INPUTS["hubs"].only("hub", "picking_units", "holding_rate_per_year"),
    "lanes": INPUTS["lanes"].only(
        "origin",
        "destination",
        "cost_per_unit",
        "lead_time_days",
        "lead_time_sd_days",
        "cost_per_kg",
        "capacity",
        "vehicle_cost",
        "vehicle_capacity",
        "vehicle_kg",
        "line_cost",
        "direct_cost",
        "direct_further",
        "direct_days",
        "departs",
        "from",
        "to",
    ),
    "stock": INPUTS["stock"].only("location", "item", "quantity"),
    "inbound": INPUTS["inbound"],
    "exits": INPUTS["exits"],
    "assortment": INPUTS["assortment"],
    "overrides": INPUTS["overrides"],
    "policies": INPUTS["policies"],
    "calendar": INPUTS["calendar"],
    "lateness": LATENESS,
    "recent": RECENT,
}
"""The tables this room reads, with the columns it reads of them."""


class Tables(CompleteTables):
    """What `complete` returns: the room's tables, checked and filled, with what it derives.

    **Invariants:** those of `CompleteTables`; `items` has `margin`, what the sale of a unit earns
    before its delivery, net of what customers send back; nothing of its economics is blank.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame], economics: EconomicsParams) -> None:
        super().__init__(frames)
        self.economics = economics

    def with_line_handling(self, cost: float) -> Tables:
        """Return the same tables with the handling of a line in `lanes.line_cost`.

        It is paid on lanes into regions: by ships and redirects.
        """
        if not cost:
            return self
        lanes = self["lanes"]
        into = lanes["destination"].isin(self["regions"]["region"])
        lanes = lanes.assign(line_cost=lanes["line_cost"] + np.where(into, cost, 0.0))
        return Tables({**self, "lanes": lanes}, self.economics)


def complete(
    tables: Mapping[str, pd.DataFrame],
    economics: EconomicsParams | None = None,
    as_of: pd.Timestamp | None = None,
) -> Tables:
    """Return the tables of this room with every column present, typed and checked.

    Parameters
    ----------
    tables
        Frames by contract name; tables this room does not read are ignored. Tables that are
        complete already are returned as they are.
    economics
        Fills `holding_cost_per_week` and `lost_sale_share` where an item has none, and says what
        customers' returns cost the `margin` of a sale.
    as_of
        Up to when `orders` and `returns` say what share of an item's sales comes back, and
        `lateness` how punctual lanes are that do not state it; absent: none does but what `items`
        states as `customer_return_share`.

    Raises
    ------
    TableFault
        Naming every fault of every table.
    ValueError
        If complete tables were filled by other economics than those asked for.
    """
    if isinstance(tables, Tables):
        if economics not in (None, tables.economics):
            raise ValueError("these tables were completed with other economics")
        return tables
    needed = [name for name, table in READS.items() if table.required]
    frames, faults = complete_frames(tables, READS, needed)
    shares, more = (None, []) if as_of is None else return_shares(tables, as_of)
    faults = list(dict.fromkeys([*faults, *more]))
    if as_of is not None and not faults:
        shown = shown_by_place(frames["lateness"], as_of)
        frames["lanes"] = lanes_with_shown_spread(frames["lanes"], shown)
    if shares is not None:
        frames["items"] = frames["items"].assign(**{CUSTOMER_RETURN_SHARE.name: shares})
    faults = faults or [
        *_hubs_that_are_regions(frames),
        *_too_many_in_regions(frames),
        *hubs_under_other_events(frames["calendar"], frames["hubs"]["hub"]),
        *unknown_ids(frames, READS),
        *_faulty_policies(frames["policies"], as_of),
    ]
    if faults:
        raise TableFault(faults)
    return _with_economics(frames, economics or EconomicsParams())


def _hubs_that_are_regions(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    both = sorted(set(frames["regions"]["region"]) & set(frames["hubs"]["hub"]))
    words = "is also a region; a place needs one id of its own"
    return [f"table hubs: {each!r} {words}" for each in both[:SHOWN]]


def _too_many_in_regions(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    stock = frames["stock"]
    many = (stock["quantity"] > MOST_IN_CELL) & stock["location"].isin(frames["regions"]["region"])
    words = f"must be at most {MOST_IN_CELL:,} units of an item in a region"
    return [
        f"table stock, row {row + 1}, column quantity: {stock['quantity'].iloc[row]} {words}"
        for row in many.to_numpy().nonzero()[0][:SHOWN].tolist()
    ]


def _faulty_policies(table: pd.DataFrame, as_of: pd.Timestamp | None) -> list[str]:
    live = np.ones(len(table), dtype=bool) if as_of is None else live_rows(table["expires"], as_of)
    rows = {name: table[name].to_numpy() for name in STATED}
    return faults_in_frame("policies", faults_of_policies(rows, live))


def _with_economics(frames: Mapping[str, pd.DataFrame], economics: EconomicsParams) -> Tables:
    """Fill what an item's holding and losing cost, and the tariff; derive the margin."""
    rate, lost = economics.holding_rate_per_year, economics.lost_sale_share
    items = items_with_economics(frames["items"], rate, lost, economics.lost_sale_share_per_day)
    resold = economics.customer_return_resold_share * items["unit_cost"]
    refunded = items["price"] + economics.customer_return_handling - resold
    back = items["customer_return_share"] * refunded
    items = items.assign(margin=items["price"] - items["unit_cost"] - back)  # equation 4a
    lanes = lanes_with_further_units(lanes_with_parcel_cost(frames["lanes"]))
    regions = regions_with_further_units(frames["regions"])
    # what is left out of the history is no lock
    locks = frames["overrides"][frames["overrides"]["kind"] != LEAVE_OUT].reset_index(drop=True)
    whole = {**frames, "items": items, "regions": regions, "lanes": lanes, "overrides": locks}
    return Tables(whole, economics)
