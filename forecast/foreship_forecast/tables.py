"""What the forecast room reads of the contract, and what it promises.

Types, defaults, ranges and keys are those of `foreship_foundation.input_tables`; here stands only
which columns are read. An analyst who brings frames straight to this room passes the required
columns and gets the optional ones filled.

==============  ==============================  =====================================
table           required columns                optional columns
==============  ==============================  =====================================
orders          date, region, item, quantity
items           item                            category, launch_date
regions         region                          parent
stock           location, item, quantity
assortment      region, item                    from, to
returns         date, region, item, quantity
availability    week, region, item, in_stock
calendar        date, event                     region
prices          week, region, item, price       promotion
signals         week, region, item              views, carts, wishlists
buyers          week, region, item, customers
==============  ==============================  =====================================

Only `orders` must be there. Promised in return: `DISTRIBUTION_COLUMNS`, `PATH_COLUMNS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from foreship_forecast.errors import TableFault
from foreship_foundation.derived import BUYERS
from foreship_foundation.frames import CompleteTables, complete_frames
from foreship_foundation.input_tables import INPUTS, Table
from foreship_foundation.output_files import DEMAND, FORECAST, QUANTILES

__all__ = ["DISTRIBUTION_COLUMNS", "PATH_COLUMNS", "QUANTILES", "READS", "Tables", "complete"]

DISTRIBUTION_COLUMNS = FORECAST.names
"""A row a cell and week: mean [units], P(D >= 1) [0, 1], quantiles [units]."""
PATH_COLUMNS = DEMAND.names
"""A row a cell, week and scenario with at least one unit."""

READS: Final[Mapping[str, Table]] = {
    "orders": INPUTS["orders"].only("date", "region", "item", "quantity"),
    "items": INPUTS["items"].only("item", "category", "launch_date"),
    "regions": INPUTS["regions"].only("region", "parent"),
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
    "buyers": BUYERS,
}
"""The tables this room reads, with the columns it reads of them."""


class Tables(CompleteTables):
    """What `complete` returns: the room's tables, checked and filled."""


def complete(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Return the tables of this room with every column present, typed and checked.

    Parameters
    ----------
    tables
        Table name -> frame; names this room does not read are left alone. Absent tables become
        empty ones. Tables that are complete already are returned as they are.

    Raises
    ------
    TableFault
        Naming every fault of every table.
    """
    if isinstance(tables, Tables):
        return tables
    frames, faults = complete_frames(tables, READS, ["orders"])
    if faults:
        raise TableFault(faults)
    return Tables(frames)
