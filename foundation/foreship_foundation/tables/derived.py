"""What is derived from the tables of the contract: columns and tables no file holds, defaults.

A Python user who brings frames straight to a room may bring these too.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from foreship_foundation.bounds import MOST_UNITS
from foreship_foundation.tables.declaration import Column, Table
from foreship_foundation.tables.input_tables import AVAILABILITY, INPUTS

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "BUYERS",
    "CUSTOMER_RETURN_SHARE",
    "DERIVED",
    "LATENESS",
    "LOST_SALE_SHARE_STATED",
    "RECENT",
    "items_with_economics",
    "lanes_with_further_units",
    "lanes_with_parcel_cost",
    "regions_with_further_units",
]

WEEKS_PER_YEAR: Final = 52.0

CUSTOMER_RETURN_SHARE = Column(
    "customer_return_share",
    "number",
    "sold units of an item that customers send back, from `orders` and `returns`",
    "share",
    default=0.0,
    low=0.0,
    high=1.0,
    derived=True,
)
"""A further column of `items`, which the optimise room reads."""

LOST_SALE_SHARE_STATED = Column(
    "lost_sale_share_stated",
    "number",
    "1: `lost_sale_share` was stated for the item; 0: it was blank; only where "
    "economics.lost_sale_share_per_day is given",
    "0 or 1",
    default=math.nan,
    default_words="1 where `lost_sale_share` is not blank",
    low=0.0,
    high=1.0,
    derived=True,
)
"""A further column of `items`: a stated share goes before the days that a customer waits."""

LATENESS = Table(
    "lateness",
    "what was announced and what came, a row an announced arrival, from `receipts` and past runs",
    (
        *INPUTS["inbound"].only("location", "item").columns,
        Column("promised", "date", "day it was announced for", "day", required=True, derived=True),
        Column("came", "date", "day it came", "day", default_words="never", derived=True),
        Column(
            "quantity",
            "units",
            "units announced",
            "units",
            required=True,
            low=0.0,
            high=MOST_UNITS,
            derived=True,
        ),
        Column(
            "received",
            "units",
            "units of these that came",
            "units",
            required=True,
            low=0.0,
            high=MOST_UNITS,
            derived=True,
        ),
    ),
)
"""A further table, which the optimise room reads."""

RECENT = Table(
    "recent",
    "what plans of the last `plan.calm_weeks` weeks sent into each cell and took out of it",
    (
        *INPUTS["assortment"].only("region", "item").columns,
        *(
            Column(
                name,
                "units",
                words,
                "units",
                required=True,
                low=0.0,
                high=MOST_UNITS,
                derived=True,
            )
            for name, words in (("units_in", "units sent in"), ("units_out", "units taken out"))
        ),
    ),
    key=("region", "item"),
)
"""A further table, which the optimise room reads where `plan.change_cost` asks for calm."""

BUYERS = Table(
    "buyers",
    "how many customers first bought in a cell, week by week, from `orders`; nobody is named",
    (
        *AVAILABILITY.only("week", "region", "item").columns,
        Column(
            "customers",
            "number",
            "who bought there for the first time",
            "count",
            required=True,
            low=0.0,
            high=MOST_UNITS,
            derived=True,
        ),
    ),
    key=("week", "region", "item"),
)
"""A further table, which the forecast room reads."""


DERIVED: dict[str, Table] = {
    "items": Table(
        "items",
        "further columns beside those of a file",
        (CUSTOMER_RETURN_SHARE, LOST_SALE_SHARE_STATED),
    ),
    "buyers": BUYERS,
    "lateness": LATENESS,
    "recent": RECENT,
}
"""Every derived column by its table."""


def items_with_economics(
    items: pd.DataFrame,
    holding_rate_per_year: float,
    lost_sale_share: float,
    lost_sale_share_per_day: float | None = None,
) -> pd.DataFrame:
    """Return `items` with what holding and losing a unit costs, where a blank meant the settings.

    Parameters
    ----------
    holding_rate_per_year
        Holding cost as a share of `unit_cost` a year.
    lost_sale_share
        Share of orders lost when the item is not in the region, in [0, 1].
    lost_sale_share_per_day
        Share lost a day of waiting, in [0, 1]. Where it is given, `lost_sale_share_stated` tells
        which items had a share of their own, which goes before it; without it the column is left
        out.
    """
    weekly = items["unit_cost"] * (holding_rate_per_year / WEEKS_PER_YEAR)
    whole = items.assign(
        holding_cost_per_week=items["holding_cost_per_week"].fillna(weekly),
        lost_sale_share=items["lost_sale_share"].fillna(lost_sale_share),
    )
    name = LOST_SALE_SHARE_STATED.name
    if lost_sale_share_per_day is None:
        return whole.drop(columns=name, errors="ignore")
    stated = items["lost_sale_share"].notna().astype("float64")
    known = whole[name].fillna(stated) if name in whole else stated
    return whole.assign(**{name: known})


def lanes_with_parcel_cost(lanes: pd.DataFrame) -> pd.DataFrame:
    """Return `lanes` with `direct_cost` = `cost_per_unit` where it was blank."""
    return lanes.assign(direct_cost=lanes["direct_cost"].fillna(lanes["cost_per_unit"]))


def lanes_with_further_units(lanes: pd.DataFrame) -> pd.DataFrame:
    """Return `lanes` with `direct_further` = `direct_cost` where it was blank or absent.

    An open workspace keeps the blank: whoever gives its lanes another `direct_cost` means that of
    every unit. The tariff is filled where it is read.
    """
    return _filled_by(lanes, "direct_further", "direct_cost")


def regions_with_further_units(regions: pd.DataFrame) -> pd.DataFrame:
    """Return `regions` with `last_mile_further` = `last_mile_cost` where it was blank or absent."""
    return _filled_by(regions, "last_mile_further", "last_mile_cost")


def _filled_by(frame: pd.DataFrame, name: str, other: str) -> pd.DataFrame:
    if name not in frame.columns:
        return frame.assign(**{name: frame[other]})
    return frame.assign(**{name: frame[name].astype("float64").fillna(frame[other])})
