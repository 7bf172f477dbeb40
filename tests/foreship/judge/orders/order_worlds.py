"""The small world with whole orders: a parcel costs by the order, and so does a delivery."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from tests.foreship.small_world import lane, orders, world

__all__ = ["named", "order_world"]

PARCEL = {"H1": (5.13, 0.47), "H2": (6.31, 0.83)}


def named(*rows: tuple[int, str, str, str, int]) -> pd.DataFrame:
    """Return orders given as (day, order id, region, item, quantity)."""
    table = orders(*[(day, *rest) for day, _, *rest in rows])
    return table.assign(order_id=[row[1] for row in rows])


def order_world(
    parcels: dict[str, tuple[float, float]] | None = None,
    there: tuple[float, float] = (2.51, 0.23),
    freight: float = 0.89,
    lost: Iterable[float] = (0.3, 0.6),
    **changes: Any,
) -> dict[str, pd.DataFrame]:
    """Return the small world with an order tariff of (first, further) unit.

    Parameters
    ----------
    parcels
        By hub; hubs that are left out send neither parcels nor units.
    there
        Of a delivery from either region.
    freight
        Of a unit from any hub to any region.
    """
    parcels = PARCEL if parcels is None else parcels
    lanes = [
        lane(hub, region, freight, 2, direct_cost=first, direct_further=further, direct_days=3.0)
        for hub, (first, further) in parcels.items()
        for region in ("R1", "R2")
    ]
    back = lane("R1", "H1", 0.5, 2, direct_further=0.5)
    plain = world()
    return world(
        items=plain["items"].assign(lost_sale_share=list(lost)),
        regions=plain["regions"].assign(last_mile_cost=there[0], last_mile_further=there[1]),
        lanes=pd.DataFrame([*lanes, back]),
        **changes,
    )
