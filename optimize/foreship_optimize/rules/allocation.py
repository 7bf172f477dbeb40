"""Allocate scarce stock and room to cells that lack units, the largest shortage first.

Order decides, not the sequence of rows: packs are taken by what their cell lacks, each over the
cheapest lane that still has stock and room.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.transport.hub_lanes import lane_cost, lanes_by_region
from foreship_optimize.network.transport.places_and_lanes import Network

__all__ = ["allocate", "held_by_way", "ways"]


def allocate(cells: Cells, network: Network, wanted: Ints) -> tuple[Ints, Ints]:
    """Send each cell the packs it lacks on its cheapest lane with stock and room.

    A round asks every open pack for its cheapest way left and takes, in order, what fits. The
    first open pack always fits, so that rounds end; packs without a way left go empty.

    Parameters
    ----------
    wanted
        Units each cell lacks, shape (C,); rounded to the nearest whole packs.

    Returns
    -------
    Cell and lane of each pack sent.
    """
    taken: list[tuple[Ints, Ints]] = []
    opened = _packs(cells, network, wanted)
    lane, cost = ways(cells, network)
    if cost.shape[1]:
        room = _Room(cells, network)
        while len(opened):
            left = np.where(room.open_ways(cost[opened], opened), cost[opened], np.inf)
            possible = np.isfinite(left.min(axis=1))
            opened, way = opened[possible], left.argmin(axis=1)[possible]
            fits = room.take(opened, way)
            taken.append((opened[fits], lane[opened[fits], way[fits]]))
            opened = opened[~fits]
    none = np.empty(0, dtype=np.int64)
    cell, by_lane = (np.concatenate([none, *(part[at] for part in taken)]) for at in (0, 1))
    return cell, by_lane


def _packs(cells: Cells, network: Network, wanted: Ints) -> Ints:
    """Cell of every wanted pack, the largest shortage first; packs are rounded to the nearest."""
    pack = network.pack_size[cells.item]
    count = np.floor(wanted / pack + 0.5).astype(np.int64)
    cell = np.repeat(np.arange(len(cells)), count)
    ordinal = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    lacking = (count[cell] - ordinal) * pack[cell]
    return cell[np.lexsort((cell, -lacking))]


def ways(cells: Cells, network: Network) -> tuple[Ints, Floats]:
    """Open lanes into each cell and their cost, shape (cells, ways); -1 and inf without.

    Hub by hub; a hub with several lanes to one region takes as many places in the rows of all.
    """
    lanes, hubs = network.lanes, len(network.hubs)
    mine = network.lanes_between("hub", "region")
    if not len(mine):
        return np.empty((len(cells), 0), dtype=np.int64), np.empty((len(cells), 0))
    tables = lanes_by_region(network, mine, lanes.origin[mine], lanes.destination[mine] - hubs)
    lane = np.stack([table[cells.region] for _, table in tables], axis=1)
    cost = np.stack([lane_cost(network, each, cells.item) for each in lane.T], axis=1)
    in_time = (lane >= 0) & (lanes.lead_days[lane] <= cells.windows.end[:, None])
    return np.where(in_time, lane, -1), np.where(in_time, cost, np.inf)


def held_by_way(network: Network, lane: Ints, item: Ints, stock: Ints) -> Ints:
    """Units of each row's item at the hub where each of its ways begins, 0 of no lane, as `lane`.

    Parameters
    ----------
    lane, item
        Rows of `ways`, and the item of each.
    stock
        Units by item and hub.
    """
    hub = network.lanes.origin[lane]
    return np.where(lane >= 0, stock[item[:, None], np.where(lane >= 0, hub, 0)], 0)


class _Room:
    """What is still free of hub stock, lane and region volume, and of what a day picks or takes."""

    def __init__(self, cells: Cells, network: Network) -> None:
        self._cells, self._network = cells, network
        self._stock = network.hub_stock.copy()
        self._lane, _ = ways(cells, network)
        lanes = network.lanes
        self._row = lanes.group_on(0)
        self._volume = lanes.room_on(0)
        days = int(max(lanes.offset.max(initial=0), lanes.lead_days.max(initial=0))) + 1
        self._picking = np.repeat(network.picking, days)
        self._receiving = network.receiving_left(days).reshape(-1)
        hubs = len(network.hubs)
        # of each lane: its day at the hub that picks, and at the region that takes in
        self._picked = np.where(lanes.origin < hubs, lanes.origin * days + lanes.offset, 0)
        region = np.maximum(lanes.destination - hubs, 0)
        self._taken_in = region * days + lanes.lead_days
        lying = np.zeros(len(network.regions))
        np.add.at(lying, cells.region, cells.on_hand * network.volume[cells.item])
        volume = cells.inbound_units * network.volume[cells.item[cells.inbound_cell]]
        np.add.at(lying, cells.region[cells.inbound_cell], volume)
        self._storage = np.maximum(network.capacity - lying, 0.0)
        self._pack = network.pack_size[cells.item]
        self._size = self._pack * network.volume[cells.item]

    def open_ways(self, cost: Floats, cell: Ints) -> npt.NDArray[np.bool_]:
        """Tell which ways can still bring a pack to each of some cells, (packs, ways)."""
        lane, size = self._lane[cell], self._size[cell] * (1.0 - 1e-9)
        held = held_by_way(self._network, lane, self._cells.item[cell], self._stock)
        stock = held >= self._pack[cell][:, None]
        carried = self._volume[self._row[lane]] >= size[:, None]
        pack = self._pack[cell][:, None]
        carried &= self._picking[self._picked[lane]] >= pack
        carried &= self._receiving[self._taken_in[lane]] >= pack
        stored = self._storage[self._cells.region[cell]] >= size
        return np.asarray(np.isfinite(cost) & stock & carried & stored[:, None])

    def take(self, cell: Ints, way: Ints) -> npt.NDArray[np.bool_]:
        """Take packs, in order, as far as each limit allows; tell which were taken."""
        item, lane, region = self._cells.item[cell], self._lane[cell, way], self._cells.region[cell]
        hub = self._network.lanes.origin[lane]
        pack, size = self._pack[cell], self._size[cell]
        fits = np.ones(len(cell), dtype=bool)
        key = item * len(self._network.hubs) + hub
        picked, taken_in = self._picked[lane], self._taken_in[lane]
        row, units = self._row[lane], pack.astype(np.float64)
        for group, amount, limit in (
            (key, units, self._stock.reshape(-1).astype(np.float64)),
            (row, size, self._volume),
            (region, size, self._storage),
            (picked, units, self._picking),
            (taken_in, units, self._receiving),
        ):
            mine = np.flatnonzero(fits)
            used = pd.Series(amount[mine]).groupby(group[mine]).cumsum().to_numpy()
            most = limit[group[mine]]
            fits[mine[used > most + 1e-9 * np.maximum(1.0, np.abs(used))]] = False
        np.subtract.at(self._stock, (item[fits], hub[fits]), pack[fits])
        np.subtract.at(self._volume, row[fits], size[fits])
        np.subtract.at(self._storage, region[fits], size[fits])
        np.subtract.at(self._picking, picked[fits], units[fits])
        np.subtract.at(self._receiving, taken_in[fits], units[fits])
        return fits
