"""What a parcel or a delivery costs that carries an order, and whether money is counted by it.

A parcel of n units costs the first unit's price and that of n - 1 further ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from foreship_foundation.tables.derived import lanes_with_further_units, regions_with_further_units

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from foreship_foundation.arrays import Floats

__all__ = ["by_order", "further_unit_costs_another", "knows_orders", "parcel_cost"]


def parcel_cost(first: npt.ArrayLike, further: npt.ArrayLike, units: npt.ArrayLike) -> Floats:
    """Return what parcels of so many units cost: `first + further (units - 1)`, 0 for no unit.

    Parameters
    ----------
    first, further
        Of the first unit and of each further one, >= 0, inf where there is no way [money].
    units
        >= 0; the three are broadcast against each other.
    """
    first, further, units = np.broadcast_arrays(
        np.asarray(first, dtype=np.float64), np.asarray(further, dtype=np.float64), units
    )
    more = np.maximum(units - 1, 0)
    added = np.multiply(further, more, out=np.zeros(more.shape), where=more > 0)  # no inf x 0
    return np.where(units > 0, first + added, 0.0)


def by_order(tables: Mapping[str, pd.DataFrame], before: pd.Timestamp | None = None) -> bool:
    """Whether money is counted by the order: some line names one, and that makes a difference.

    Parameters
    ----------
    tables
        By contract name, filled or not; absent tables and columns say nothing.
    before
        Only orders dated before that day are looked at; all of them if left out.
    """
    return further_unit_costs_another(tables) and knows_orders(tables.get("orders"), before)


def knows_orders(orders: pd.DataFrame | None, before: pd.Timestamp | None = None) -> bool:
    """Whether some order line, dated `before` that day if one is given, has an `order_id`."""
    if orders is None or "order_id" not in orders.columns:
        return False
    known = orders["order_id"].notna() & (orders["order_id"] != "")
    if before is not None:
        known &= orders["date"] < before
    return bool(known.any())


def further_unit_costs_another(tables: Mapping[str, pd.DataFrame]) -> bool:
    """Whether a further unit costs another amount than the first, by parcel or from a depot.

    Parcels go from hubs to regions: what other lanes say of them means nothing.
    """
    return _parcels_do(tables) or _deliveries_do(tables.get("regions"))


def _parcels_do(tables: Mapping[str, pd.DataFrame]) -> bool:
    lanes, hubs, regions = (tables.get(name) for name in ("lanes", "hubs", "regions"))
    if lanes is None or hubs is None or regions is None or "direct_further" not in lanes.columns:
        return False
    serves = lanes["origin"].isin(hubs["hub"]) & lanes["destination"].isin(regions["region"])
    ways = lanes.loc[serves]
    first = ways["cost_per_unit"]
    if "direct_cost" in ways.columns:
        first = ways["direct_cost"].fillna(first)
    tariff = lanes_with_further_units(ways.assign(direct_cost=first))
    return bool((tariff["direct_further"] != tariff["direct_cost"]).any())


def _deliveries_do(regions: pd.DataFrame | None) -> bool:
    if regions is None or "last_mile_further" not in regions.columns:
        return False
    first = regions["last_mile_cost"].fillna(0.0) if "last_mile_cost" in regions.columns else 0.0
    tariff = regions_with_further_units(regions.assign(last_mile_cost=first))
    return bool((tariff["last_mile_further"] != tariff["last_mile_cost"]).any())
