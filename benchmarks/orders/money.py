"""What an order saves where its region has it whole, and what a plan gains: in plain loops.

With n units, margin m and chance a that the buyer does not wait, an order that the region
serves earns m - l(n) there; by parcel it earns (1 - a) (m - h(n)). The region serves it only if
the difference exceeds what its units are worth there, the freight of their successors; what is
beyond that is its net saving.
"""

from __future__ import annotations

import numpy as np

from benchmarks.orders.instances import Instance
from benchmarks.orders.law import Floats, Ints, Orders

__all__ = ["gain", "net_savings", "worth_serving"]


def net_savings(instance: Instance, orders: Orders) -> Floats:
    """Return the net saving of each order if its region serves it whole, (O,); may be negative."""
    tariff, waits = instance.tariff, 1.0 - instance.lost_sale_share
    units = orders.units.sum(axis=1)
    margin = orders.units @ instance.margin
    parcel = tariff.parcel + tariff.parcel_further * (units - 1)
    delivery = tariff.delivery + tariff.delivery_further * (units - 1)
    saving = (margin - delivery) - waits * (margin - parcel)
    return np.asarray(saving - units * instance.lane[orders.region])


def worth_serving(instance: Instance, orders: Orders) -> tuple[Orders, Floats]:
    """Return the orders that regions serve where they can, and their net savings."""
    saving = net_savings(instance, orders)
    return orders.some(saving > 0.0), saving[saving > 0.0]


def gain(instance: Instance, orders: Orders, sent: Ints) -> float:
    """Return what sending (R, I) units gains a week over sending none, mean over the weeks.

    Each week begins with what lies there and what is sent; whole orders are served in order of
    arrival; a unit that lies there at its end costs its holding. Freight of what is sold stands in
    the net savings; what is left over is worth its freight to the week after.
    """
    with_units = _earned(instance, orders, instance.lying + sent)
    return with_units - _earned(instance, orders, instance.lying)


def _earned(instance: Instance, orders: Orders, stock: Ints) -> float:
    worth, saving = worth_serving(instance, orders)
    rows = zip(worth.week.tolist(), worth.region.tolist(), worth.units, saving, strict=True)
    weeks: list[list[tuple[int, Ints, float]]] = [[] for _ in range(orders.weeks)]
    for week, region, units, saved in rows:
        weeks[week].append((region, units, float(saved)))
    earned = 0.0
    for week_orders in weeks:
        left = stock.copy()
        for region, units, saved in week_orders:
            if (left[region] >= units).all():
                left[region] -= units
                earned += saved
        earned -= float((left @ instance.holding).sum())
    return earned / orders.weeks
