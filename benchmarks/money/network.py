"""What the builders of workspaces share: lanes, rates, storage and stock around given orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from foreship.config import Config
from foreship.samples.tablefile import write_config, write_table
from foreship_foundation.arrays import Floats, Ids, Ints

__all__ = ["hub_stock", "lane_table", "newsvendor_use", "trailing_rate", "write_workspace"]


TRAILING_WEEKS = 13
HUB_COVER_WEEKS = 4
STORAGE_SHARE = 0.8
HOLDING_RATE = Config().economics.holding_rate_per_year
LOST_SALE_SHARE = Config().economics.lost_sale_share


def lane_table(
    hubs: Sequence[str], region: Ids, cost: Floats, days: Ints, parcel: Floats
) -> pd.DataFrame:
    """Return a lane from each hub to each region, and one back to the cheapest hub.

    Parameters
    ----------
    cost, days, parcel
        Of a unit and a lane, shape (hubs, regions); parcels end at the customer's door.
    """
    there = pd.DataFrame(
        {
            "origin": np.repeat(np.array(hubs, object), len(region)),
            "destination": np.tile(region, len(hubs)),
            "cost_per_unit": cost.ravel(),
            "lead_time_days": days.ravel(),
            "direct_cost": parcel.ravel(),
        }
    )
    nearest, every = cost.argmin(axis=0), np.arange(len(region))
    back = pd.DataFrame(
        {
            "origin": region,
            "destination": np.array(hubs, object)[nearest],
            "cost_per_unit": cost[nearest, every],
            "lead_time_days": days[nearest, every],
            "direct_cost": np.nan,
        }
    )
    return pd.concat([there, back], ignore_index=True)


def trailing_rate(
    orders: pd.DataFrame, region: Ids, item: pd.Series[str], first: pd.Timestamp
) -> Floats:
    """Return units a week of each cell over the 13 weeks before `first`, shape (R, I)."""
    start = first - pd.Timedelta(weeks=TRAILING_WEEKS)
    recent = orders[(orders["date"] >= start) & (orders["date"] < first)]
    table = recent.pivot_table(
        index="region", columns="item", values="quantity", aggfunc="sum", fill_value=0
    ).reindex(index=region, columns=item.to_list(), fill_value=0)
    rate: Floats = table.to_numpy(np.float64) / TRAILING_WEEKS
    return rate


def newsvendor_use(
    rate: Floats, items: pd.DataFrame, lanes: pd.DataFrame, region: Ids, last_mile: float
) -> Floats:
    """Return 80 % of the volume each region would hold, every cell a newsvendor alone, shape (R,).

    The Poisson quantile (b - c) / (b - c + h) of demand over lead time and a week: b the benefit
    of staging a unit, c its cheapest lane, h its holding cost a week.
    """
    parcel, cost, days = (
        lanes.groupby("destination")[name].min().loc[region].to_numpy(np.float64)[:, None]
        for name in ("direct_cost", "cost_per_unit", "lead_time_days")
    )
    price, unit_cost, volume = (
        items[name].to_numpy(np.float64) for name in ("price", "unit_cost", "volume")
    )
    saved = (1.0 - LOST_SALE_SHARE) * (parcel - last_mile)
    gain = np.maximum(saved + LOST_SALE_SHARE * (price - unit_cost - last_mile) - cost, 0.0)
    ratio = gain / (gain + unit_cost * HOLDING_RATE / 52)
    use: Floats = stats.poisson.ppf(ratio, rate * (1.0 + days / 7.0)) @ volume
    return np.asarray(np.ceil(STORAGE_SHARE * use))


def hub_stock(
    rate: Floats, item: pd.Series[str], hubs: Sequence[str], hub_of: Ints
) -> pd.DataFrame:
    """Return four weeks, in each hub, of what the regions it serves buy; whole units, rounded up.

    Parameters
    ----------
    rate
        Units a week, shape (R, I).
    hub_of
        The hub that serves each region, shape (R,).
    """
    each = [rate[hub_of == number].sum(axis=0) for number in range(len(hubs))]
    units = np.ceil(HUB_COVER_WEEKS * np.stack(each)).astype(np.int64)
    stock = pd.DataFrame(
        {
            "location": np.repeat(np.array(hubs, object), len(item)),
            "item": np.tile(item.to_numpy(object), len(hubs)),
            "quantity": units.ravel(),
        }
    )
    return stock[stock["quantity"] > 0]


def write_workspace(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    sections: Mapping[str, Mapping[str, Any]],
    heading: str,
) -> None:
    """Write tables and foreship.toml into a new folder."""
    folder.mkdir(parents=True)
    for name, frame in tables.items():
        write_table(folder, name, {column: _plain(frame[column]) for column in frame})
    write_config(folder, tables, sections, heading)


def _plain(values: pd.Series[Any]) -> npt.NDArray[Any]:
    return values.to_numpy(object if pd.api.types.is_string_dtype(values) else None)
