"""Passing orders: which of the past a region would serve, and what a unit saves in them.

A unit leaves a region only in an order that passes the gate, so what is left over is worth what
such orders are worth, as often as they come (docs/replay.md, equations 22 to 22b). The gate is that
of equation 20 for all past orders at once, as if the region had the whole order and nothing else,
and each hub plenty of what it usually holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from foreship.judge.network.network import Network
from foreship.judge.orders.book import PastOrders
from foreship.judge.orders.retained import retained_in
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["HALF_A_UNIT", "Passing", "passing_orders"]


HALF_A_UNIT = 0.5
"""Jeffreys' prior for the rate of a Poisson law: a cell without an order may yet sell"""


class Passing(NamedTuple):
    """The past orders that would pass the gate, by cell."""

    units: Floats
    """that left in them, shape (regions, items)"""
    saving: Floats
    """their parts of the gross saving (equation 22a), shape (regions, items) [money]"""

    def earns(self, cells: tuple[Ints, Ints], alone: Floats, worth: Floats) -> Floats:
        """Return what a unit adds to the order that takes it, by cell, shape (N,) (equation 22b).

        Parameters
        ----------
        cells
            Region and item of each cell.
        alone
            What an order of one unit saves, by cell.
        worth
            Retained value of a unit, by cell (equation 19).

        Returns
        -------
        At least `worth` where some order of the region passes or one of one unit would; -inf
        where none takes a unit.
        """
        units = self.units.sum(axis=1)[cells[0]]
        mean = self.saving.sum(axis=1)[cells[0]] / np.where(units > 0, units, 1.0)
        single = np.where(alone > worth, alone, -np.inf)
        usual = np.where(units > 0, np.maximum(mean, worth), single)
        saved = self.saving[cells] + HALF_A_UNIT * usual
        return np.asarray(saved / (self.units[cells] + HALF_A_UNIT))


def passing_orders(
    network: Network, past: PastOrders, hubs: Bools, mean_by_cell: Floats, day: np.datetime64
) -> Passing:
    """Return which past orders the regions would serve on a day, had they all of each order.

    Parameters
    ----------
    hubs
        Where parcels may come from, shape (hubs, items).
    mean_by_cell
        Trailing mean of weekly units, shape (regions, items).
    """
    width, size = len(network.items), past.size
    key = past.line_region * width + past.item
    cells = np.unique(key)
    retained = retained_in(network, np.divmod(cells, width), mean_by_cell, day)
    worth = retained.worth(key, past.units)
    needed = past.total(past.units * worth)
    further = network.last_mile_further[past.region] * (size - 1.0)
    delivery = network.last_mile[past.region] + further
    by_hubs = (1.0 - past.impatience) * _hubs_earn(network, past, hubs, day)
    saving = past.total(past.units * network.margin[past.item]) - delivery - by_hubs
    passes = (saving > needed)[past.line_order]
    part = worth + ((saving - needed) / size)[past.line_order]
    units = np.where(passes, past.units, 0.0)
    shape = (len(network.regions), width)
    by_cell = [np.bincount(key, each, shape[0] * width) for each in (units, units * part)]
    return Passing(*(each.astype(np.float64).reshape(shape) for each in by_cell))


def _hubs_earn(network: Network, past: PastOrders, holds: Bools, day: np.datetime64) -> Floats:
    """Return the margin of what hubs send less their parcels, A, shape (orders,) (equation 18a).

    The hub that has most of what is left sends a parcel, of equal ones the cheapest, as in
    `parcels_of`, where hubs run out.
    """
    routes = network.parcels(day)
    first, further = routes.cost[past.region], routes.further[past.region]
    sends = np.isfinite(first)
    first, further = np.where(sends, first, 0.0), np.where(sends, further, 0.0)
    left, earned = past.units.astype(np.float64), np.zeros(len(past.region))
    orders = np.arange(len(earned))
    for _ in range(len(network.hubs)):
        has = np.stack([past.total(left * held[past.item]) for held in holds], axis=1)
        has = np.where(sends, has, 0.0)
        most = has.max(axis=1)
        if not most.any():
            break
        asks = np.where(has == most[:, None], first + further * (has - 1.0), np.inf)
        sender = asks.argmin(axis=1)
        taken = np.where(most > 0, asks[orders, sender], 0.0)
        sent = left * holds[sender[past.line_order], past.item] * (most > 0)[past.line_order]
        sent *= sends[orders, sender][past.line_order]
        earned += past.total(sent * network.margin[past.item]) - taken
        left -= sent
        sends[orders, sender] = False
    return earned
