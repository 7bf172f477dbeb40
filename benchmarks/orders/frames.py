"""The small instances as the tables and the demand that `make_plan` reads.

The past weeks are the orders of the history, and the scenarios of the demand: every path begins
with the units of one of them, and goes on with others in a drawn order.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks.orders.instances import Instance
from benchmarks.orders.law import Ints, Orders

__all__ = ["AS_OF", "demand_of", "sent_by", "tables_of"]

AS_OF: Final = pd.Timestamp("2026-06-01")
HUB: Final = "hub"
UNIT_COST: Final = 10.0
HORIZON: Final = 6
"""weeks ahead that the demand covers"""


def tables_of(instance: Instance, orders: Orders, *, by_order: bool) -> dict[str, pd.DataFrame]:
    """Return the tables of an instance whose history are these orders, up to `AS_OF`.

    Parameters
    ----------
    by_order
        Whether lines name their order; else the same lines stand there one by one.
    """
    tariff, (regions, items) = instance.tariff, _names(instance)
    lines = _order_lines(instance, orders)
    return {
        "items": pd.DataFrame(
            {
                "item": items,
                "price": UNIT_COST + instance.margin,
                "unit_cost": UNIT_COST,
                "volume": instance.volume,
                "holding_cost_per_week": instance.holding,
                "lost_sale_share": instance.lost_sale_share,
            }
        ),
        "regions": pd.DataFrame(
            {
                "region": regions,
                "capacity": instance.capacity,
                "last_mile_cost": tariff.delivery,
                "last_mile_further": tariff.delivery_further,
            }
        ),
        "hubs": pd.DataFrame({"hub": [HUB]}),
        "lanes": pd.DataFrame(
            {
                "origin": HUB,
                "destination": regions,
                "cost_per_unit": instance.lane,
                "lead_time_days": 0,
                "direct_cost": tariff.parcel,
                "direct_further": tariff.parcel_further,
            }
        ),
        "stock": _stock(instance),
        "orders": lines if by_order else lines.drop(columns="order_id"),
    }


def _names(instance: Instance) -> tuple[list[str], list[str]]:
    regions, items = instance.lying.shape
    return [f"r{place}" for place in range(regions)], [f"i{place}" for place in range(items)]


def _order_lines(instance: Instance, orders: Orders) -> pd.DataFrame:
    regions, items = (np.array(each, dtype=object) for each in _names(instance))
    order, item = np.nonzero(orders.units)
    days = 7 * (orders.week - orders.weeks) + orders.day
    return pd.DataFrame(
        {
            "date": AS_OF + pd.to_timedelta(days[order], unit="D"),
            "region": regions[orders.region[order]],
            "item": items[item],
            "quantity": orders.units[order, item],
            "order_id": [f"o{each}" for each in order],
        }
    )


def _stock(instance: Instance) -> pd.DataFrame:
    regions, items = _names(instance)
    lies = [
        (regions[place], items[item], int(instance.lying[place, item]))
        for place, item in np.argwhere(instance.lying).tolist()
    ]
    held = [(HUB, item, int(units)) for item, units in zip(items, instance.supply, strict=True)]
    return pd.DataFrame([*lies, *held], columns=["location", "item", "quantity"])


def demand_of(instance: Instance, orders: Orders, rng: np.random.Generator) -> pd.DataFrame:
    """Return scenarios as a frame: as many as weeks, each week once at every week ahead."""
    regions, items = _names(instance)
    units = np.zeros((orders.weeks, *instance.lying.shape), dtype=np.int64)
    np.add.at(units, (orders.week, orders.region), orders.units)
    follow = [np.arange(orders.weeks), *(rng.permutation(orders.weeks) for _ in range(HORIZON - 1))]
    index = pd.MultiIndex.from_product(
        [[AS_OF + pd.Timedelta(weeks=week) for week in range(HORIZON)],
         range(orders.weeks), regions, items],
        names=["week", "scenario", "region", "item"],
    )  # fmt: skip
    paths = np.concatenate([units[each] for each in follow])
    return pd.DataFrame({"units": paths.ravel()}, index=index).reset_index()


def sent_by(instance: Instance, lines: pd.DataFrame) -> Ints:
    """Return the units (R, I) that the lines of a plan send.

    Raises
    ------
    AssertionError
        If a line does anything but ship.
    """
    if (lines["action"] != "ship").any():
        raise AssertionError(f"{instance.name}: a plan without exits and redirects has some")
    sent: dict[tuple[Any, Any], int] = {}
    for row in lines.itertuples():
        way = row.destination, row.item
        sent[way] = sent.get(way, 0) + int(row.quantity)
    regions, items = _names(instance)
    return np.array([[sent.get((region, item), 0) for item in items] for region in regions])
