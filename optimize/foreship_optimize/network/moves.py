"""Every way in which units may move: ships, redirects, returns, and exits where they lie."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from foreship_foundation.actions import ACTIONS, action_names, exit_named, exit_names
from foreship_foundation.arrays import Bools, Floats, Ids, Ints
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.exits import ExitBook
from foreship_optimize.network.transport.hub_lanes import lane_cost, lanes_by_region
from foreship_optimize.network.transport.places_and_lanes import Network
from foreship_optimize.problem import Directed, Moves

__all__ = ["MoveRows", "as_moves", "join_moves", "local_moves", "redirects", "returns", "ships"]


@dataclass(frozen=True)
class MoveRows(Directed):
    """Some moves, before their lateness is known; -1 where an index does not apply."""

    action: Ints
    origin_hub: Ints
    origin_cell: Ints
    destination_hub: Ints
    destination_cell: Ints
    item: Ints
    cost: Floats
    lead_days: Ints
    lane: Ints
    exit: Ids
    exit_row: Ints
    """row of the exit in its kind"""

    def __len__(self) -> int:
        return len(self.action)

    def rows(self, index: Ints | Bools) -> MoveRows:
        """Return the same columns of some moves."""
        return MoveRows(*(getattr(self, each.name)[index] for each in fields(self)))


def _code_of(action: str) -> int:
    """Return the position of an action in the table of actions."""
    return [each.name for each in ACTIONS].index(action)


def _rows(action: str, count: int, **columns: Any) -> MoveRows:
    """Fill the columns that a kind of move does not have."""
    none = np.full(count, -1, dtype=np.int64)
    zero = np.zeros(count, dtype=np.int64)
    filled = dict.fromkeys(("origin_hub", "origin_cell", "destination_hub"), none)
    filled |= {"destination_cell": none, "lane": none, "lead_days": zero, "exit_row": none}
    words = np.full(count, columns.pop("exit", ""), dtype=object)
    return MoveRows(
        action=np.full(count, _code_of(action), dtype=np.int64), exit=words, **{**filled, **columns}
    )


def ships(cells: Cells, network: Network, horizon: int, window: int) -> MoveRows:
    """Moves from hub to region, over every open lane from a hub that holds the item, in time."""
    parts = []
    (ship,) = action_names(origin="hub", destination="region")
    lanes = network.lanes
    mine = network.lanes_between("hub", "region")
    mine = mine[lanes.lead_days[mine] < horizon]
    ends = lanes.origin[mine], lanes.destination[mine] - len(network.hubs)
    for hub, table in lanes_by_region(network, mine, *ends):
        stock = network.hub_stock[cells.item, hub] > 0
        cell = np.flatnonzero(cells.stocked & stock & (table[cells.region] >= 0))
        lane = table[cells.region[cell]]
        good = cells.windows.admit(cell, lanes.lead_days[lane], window)
        cell, lane = cell[good], lane[good]
        parts.append(
            _rows(
                ship,
                len(cell),
                origin_hub=np.full(len(cell), hub, dtype=np.int64),
                destination_cell=cell,
                item=cells.item[cell],
                cost=lane_cost(network, lane, cells.item[cell]),
                lead_days=lanes.lead_days[lane],
                lane=lane,
            )
        )
    return join_moves(parts)


def redirects(
    cells: Cells, network: Network, exits: ExitBook, horizon: int, window: int
) -> MoveRows:
    """Moves from region to region, from cells with stock to cells of the assortment, in time."""
    lanes, hubs = network.lanes, len(network.hubs)
    mine = network.lanes_between("region", "region")
    mine = mine[lanes.lead_days[mine] < horizon]
    origin, lane = _pairs(cells, lanes.origin[mine] - hubs, mine)
    target = cells.find(lanes.destination[lane] - hubs, cells.item[origin], len(network.items))
    good = target >= 0
    good &= cells.stocked[target] & cells.windows.admit(target, lanes.lead_days[lane], window)
    origin, lane, target = origin[good], lane[good], target[good]
    return join_moves(
        [
            _over_lanes(kind, cells, network, exits, origin, lane, destination_cell=target)
            for kind in exit_names(destination="region")
        ]
    )


def returns(cells: Cells, network: Network, exits: ExitBook) -> MoveRows:
    """Moves from region to hub, from cells with stock."""
    lanes, hubs = network.lanes, len(network.hubs)
    mine = network.lanes_between("region", "hub")
    origin, lane = _pairs(cells, lanes.origin[mine] - hubs, mine)
    hub = lanes.destination[lane]
    return join_moves(
        [
            _over_lanes(kind, cells, network, exits, origin, lane, destination_hub=hub)
            for kind in exit_names(destination="hub")
        ]
    )


def _over_lanes(
    kind: str,
    cells: Cells,
    network: Network,
    exits: ExitBook,
    origin: Ints,
    lane: Ints,
    **destination: Ints,
) -> MoveRows:
    """Moves of one exit over lanes out of cells, where the exit exists there."""
    item = cells.item[origin]
    handling, row = exits.cost_of(kind, cells.region[origin], item)
    good = np.flatnonzero(row >= 0)
    return _rows(
        exit_named(kind).action,
        len(good),
        origin_cell=origin[good],
        item=item[good],
        cost=lane_cost(network, lane[good], item[good]) + handling[good],
        lead_days=network.lanes.lead_days[lane[good]],
        lane=lane[good],
        exit=kind,
        exit_row=row[good],
        **{name: place[good] for name, place in destination.items()},
    )


def local_moves(cells: Cells, exits: ExitBook) -> MoveRows:
    """Exits of units where they lie: they leave the network."""
    parts = []
    lying = np.flatnonzero(cells.on_hand > 0)
    for kind in exit_names(destination=""):
        cost, row = exits.cost_of(kind, cells.region[lying], cells.item[lying])
        good = row >= 0
        parts.append(
            _rows(
                exit_named(kind).action,
                int(good.sum()),
                origin_cell=lying[good],
                item=cells.item[lying][good],
                cost=cost[good],
                exit=kind,
                exit_row=row[good],
            )
        )
    return join_moves(parts)


def join_moves(parts: list[MoveRows]) -> MoveRows:
    """Join moves in canonical order: action, origin, destination, item, exit, lane."""
    if not parts:
        empty = np.empty(0, dtype=np.int64)
        return _rows(ACTIONS[0].name, 0, item=empty, cost=np.empty(0))
    joined = MoveRows(
        *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(MoveRows))
    )
    exit_code = np.unique(joined.exit.astype(str), return_inverse=True)[1]
    order = np.lexsort(
        (
            joined.lane,
            exit_code,
            joined.item,
            joined.destination_cell,
            joined.destination_hub,
            joined.origin_cell,
            joined.origin_hub,
            joined.action,
        )
    )
    return joined.rows(order)


def as_moves(
    rows: MoveRows, lateness: Floats, rent: Floats, lane_place: Ints, cell_place: Ints
) -> Moves:
    """Return the problem's moves: lanes and cells by their place in the problem."""
    return Moves(
        action=rows.action,
        item=rows.item,
        origin_hub=rows.origin_hub,
        origin_cell=_placed(rows.origin_cell, cell_place),
        destination_hub=rows.destination_hub,
        destination_cell=_placed(rows.destination_cell, cell_place),
        cost=rows.cost,
        lateness=lateness,
        lead_days=rows.lead_days,
        lane=_placed(rows.lane, lane_place),
        exit=rows.exit,
        rent=rent,
    )


def _placed(index: Ints, place: Ints) -> Ints:
    """Translate positions; -1 stays -1."""
    if not len(place):
        return index
    return np.where(index >= 0, place[index], -1)


def _pairs(cells: Cells, lane_region: Ints, lanes: Ints) -> tuple[Ints, Ints]:
    """Return every pair of a cell with stock and a lane out of its region."""
    order = np.argsort(lane_region, kind="stable")
    lying = np.flatnonzero(cells.on_hand > 0)
    start = np.searchsorted(lane_region[order], cells.region[lying], side="left")
    count = np.searchsorted(lane_region[order], cells.region[lying], side="right") - start
    origin = np.repeat(lying, count)
    within = np.arange(len(origin)) - np.repeat(np.cumsum(count) - count, count)
    return origin, lanes[order][np.repeat(start, count) + within]
