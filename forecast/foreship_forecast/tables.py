"""What the forecast room reads of the contract, and what it promises.

Types, defaults, ranges and keys are those of `foreship_foundation.tables.input_tables`; here stands
only which columns are read. An analyst who brings frames straight to this room passes the required
columns and gets the optional ones filled.

==============  ==============================  =====================================
table           required columns                optional columns
==============  ==============================  =====================================
orders          date, region, item, quantity    order_id, customer
items           item                            category, launch_date
regions         region                          parent
hubs            hub
stock           location, item, quantity
assortment      region, item                    from, to
returns         date, region, item, quantity
availability    week, region, item, in_stock
calendar        date, event                     region
prices          week, region, item, price       promotion
signals         week, region, item              views, carts, wishlists
overrides       kind, value                     expires, region, item
adjustments     kind, value                     expires, week, region, item, category
buyers          week, region, item, customers
==============  ==============================  =====================================

Only `orders` must be there. Rows of `calendar` that close a hub are read and left out: nobody buys
there. A `customer` column of theirs is counted into `buyers`, where there are
none, and dropped: a cell of few buyers shares its forecast (`PrivacyParams`). Promised in return:
`DISTRIBUTION_COLUMNS`, `PATH_COLUMNS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from foreship_forecast.errors import TableFault
from foreship_foundation.orders.buyers import CUSTOMER, buyers_of
from foreship_foundation.orders.order_lines import one_line_an_order
from foreship_foundation.tables.asked_rows import (
    STATED,
    faults_in_frame,
    faults_of_adjustments,
)
from foreship_foundation.tables.derived import BUYERS
from foreship_foundation.tables.frames import CompleteTables, complete_frames, unknown_ids
from foreship_foundation.tables.input_tables import INPUTS, Table
from foreship_foundation.tables.output_files import DEMAND, FORECAST, QUANTILES
from foreship_foundation.working_days import hubs_under_other_events

__all__ = ["DISTRIBUTION_COLUMNS", "PATH_COLUMNS", "QUANTILES", "READS", "Tables", "complete"]

DISTRIBUTION_COLUMNS = FORECAST.names
"""A row a cell and week: mean [units], P(D >= 1) [0, 1], quantiles [units]."""
PATH_COLUMNS = tuple(each.name for each in DEMAND.columns if each.required)
"""A row a cell, week and scenario with at least one unit, and where one would not occur at all."""

READS: Final[Mapping[str, Table]] = {
    "orders": INPUTS["orders"].only("date", "region", "item", "quantity", "order_id"),
    "items": INPUTS["items"].only("item", "category", "launch_date"),
    "regions": INPUTS["regions"].only("region", "parent"),
    "hubs": INPUTS["hubs"].only("hub"),
    "stock": INPUTS["stock"].only("location", "item", "quantity"),
    **{
        name: INPUTS[name]
        for name in (
            "assortment",
            "returns",
            "availability",
            "calendar",
            "prices",
            "signals",
        )
    },
    "overrides": INPUTS["overrides"].only("kind", "value", "expires", "region", "item"),
    "adjustments": INPUTS["adjustments"].only(
        "kind", "value", "expires", "week", "region", "item", "category"
    ),
    "buyers": BUYERS,
}
"""The tables this room reads, with the columns it reads of them."""


class Tables(CompleteTables):
    """What `complete` returns: the room's tables, checked and filled, a line an order and item."""


def complete(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Return the tables of this room with every column present, typed and checked.

    Parameters
    ----------
    tables
        Table name -> frame; names this room does not read are left alone. Absent tables become
        empty ones, and what they would declare may be any id. Tables that are complete already are
        returned as they are.

    Raises
    ------
    TableFault
        Naming every fault of every table.
    """
    if isinstance(tables, Tables):
        return tables
    frames, faults = complete_frames(tables, READS, ["orders"])
    hubs = frames["hubs"]["hub"]
    faults = faults or [
        *_unknown_ids(tables, frames),
        *hubs_under_other_events(frames["calendar"], hubs),
        *_faulty_adjustments(frames["adjustments"]),
    ]
    if faults:
        raise TableFault(faults)
    at_hubs = frames["calendar"]["region"].isin(hubs)
    frames["calendar"] = frames["calendar"][~at_hubs].reset_index(drop=True)
    frames = _with_buyers(frames, tables["orders"])
    return Tables({**frames, "orders": one_line_an_order(frames["orders"])})


def _with_buyers(frames: dict[str, pd.DataFrame], given: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Count the buyers of orders that name their customers, unless they were counted before."""
    if len(frames["buyers"]) or CUSTOMER not in given:
        return frames
    customers = given[CUSTOMER].to_numpy(dtype=object)
    buyers = buyers_of(frames["orders"].assign(**{CUSTOMER: customers}))
    return {**frames, "buyers": buyers}


def _faulty_adjustments(table: pd.DataFrame) -> list[str]:
    """Name factors and units nobody can mean."""
    rows = {name: table[name].to_numpy() for name in STATED}
    return faults_in_frame("adjustments", faults_of_adjustments(rows))


def _unknown_ids(
    given: Mapping[str, pd.DataFrame], frames: Mapping[str, pd.DataFrame]
) -> list[str]:
    """Name ids that a table which was handed in should declare and does not."""
    here = [name for name in READS if name != "hubs" and given.get(name) is not None]
    # what is not sold any more may still come back; a place of the calendar may be a hub
    asked = {name: READS[name] for name in here if name not in ("returns", "calendar")}
    faults = unknown_ids({name: frames[name] for name in here}, asked)
    if not {"regions", "calendar"} <= set(here):
        return faults
    return faults + unknown_ids(frames, {"calendar": READS["calendar"]})
