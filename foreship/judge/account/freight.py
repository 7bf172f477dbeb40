"""What a plan pays its carriers: by the unit, by the whole vehicle and by the item line."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from foreship.judge.carried_out.departures import Departures
from foreship.judge.network.network import Network
from foreship_foundation.arrays import Ints

__all__ = ["BILL", "Bill", "beside_units", "bill_of", "freight_of"]

ROUNDING = 1e-9
"""of a vehicle: a load that exceeds whole vehicles by less fits into them"""


class Bill(NamedTuple):
    """What departures cost beside their units."""

    vehicles: int
    """whole ones, on lanes that state what one costs or carries"""
    vehicle_cost: float
    line_cost: float


BILL = Bill._fields
"""names of the figures, as columns"""


def freight_of(network: Network, leaving: Departures) -> float:
    """Return all freight of a plan [money] (docs/replay.md, equations 4 and 25)."""
    return float((leaving.freight * leaving.quantity).sum()) + beside_units(network, leaving)


def beside_units(network: Network, leaving: Departures) -> float:
    """Return what its vehicles and item lines cost [money]; 0 where no lane states any."""
    if not network.lanes.charged:
        return 0.0
    bill = bill_of(network, leaving)
    return bill.vehicle_cost + bill.line_cost


def bill_of(network: Network, leaving: Departures) -> Bill:
    """Return the vehicles and item lines of a plan (docs/replay.md, equation 25).

    A departure is a lane, with the rows that it stands for, on a day. All that travels on it
    counts, whatever the action; volumes add up, nothing is packed.
    """
    lanes, moved = network.lanes, np.flatnonzero(leaving.lane >= 0)
    day = leaving.ships[moved].astype("datetime64[D]").astype(np.int64)
    departures, at = np.unique(
        np.stack([leaving.lane[moved], day], axis=1), axis=0, return_inverse=True
    )
    lane, at = departures[:, 0], at.reshape(-1)
    loads = [
        np.bincount(at, leaving.quantity[moved] * each[leaving.item[moved]], len(lane))
        for each in (network.volume, network.weight)
    ]
    filled = np.maximum(loads[0] / lanes.vehicle_volume[lane], loads[1] / lanes.vehicle_kg[lane])
    vehicles = np.where(lanes.by_vehicle[lane], np.maximum(np.ceil(filled - ROUNDING), 1.0), 0.0)
    return Bill(
        vehicles=int(vehicles.sum()),
        vehicle_cost=float((vehicles * lanes.vehicle_cost[lane]).sum()),
        line_cost=float(lanes.line_cost[lane[_lines(at, leaving.item[moved])]].sum()),
    )


def _lines(departure: Ints, item: Ints) -> Ints:
    """Return the departure of each item line: an item on a departure, however many units."""
    if not len(item):
        return departure
    return np.unique(np.stack([departure, item], axis=1), axis=0)[:, 0]
