"""Every way in which units may move: ships, redirects, returns, and exits where they lie."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from foreship_optimize.network.cells import Cells
from foreship_optimize.network.economics import lane_cost
from foreship_optimize.network.exits import LOCAL_EXITS, ExitBook
from foreship_optimize.network.places_and_lanes import Network
from foreship_optimize.problem import ACTIONS, Moves

__all__ = ["MoveRows", "as_moves", "join_moves", "local_moves", "redirects", "returns", "ships"]

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Ids: TypeAlias = npt.NDArray[np.object_]

SHIP, REDIRECT, RETURN = (ACTIONS.index(name) for name in ("ship", "redirect", "return"))
ACTION_OF: Final = {
    "markdown": ACTIONS.index("markdown"),
    **dict.fromkeys(("give_away", "donate", "liquidate"), ACTIONS.index("give_away")),
}


@dataclass(frozen=True)
class MoveRows:
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


def _rows(action: int, count: int, **columns: Any) -> MoveRows:
    """Fill the columns that a kind of move does not have."""
    none = np.full(count, -1, dtype=np.int64)
    zero = np.zeros(count, dtype=np.int64)
    filled = dict.fromkeys(("origin_hub", "origin_cell", "destination_hub"), none)
    filled |= {"destination_cell": none, "lane": none, "lead_days": zero, "exit_row": none}
    words = np.full(count, columns.pop("exit", ""), dtype=object)
    return MoveRows(
        action=np.full(count, action, dtype=np.int64), exit=words, **{**filled, **columns}
    )


def ships(cells: Cells, network: Network, horizon: int, window: int) -> MoveRows:
    """Moves from hub to region, over every open lane from a hub that holds the item, in time."""
    parts = []
    hubs, lanes = len(network.hubs), network.lanes
    every = network.lanes_between("hub", "region")
    for hub in range(hubs):
        mine = every[(lanes.origin[every] == hub) & (lanes.lead_days[every] < horizon)]
        table = np.full(len(network.regions), -1, dtype=np.int64)
        table[lanes.destination[mine] - hubs] = mine
        stock = network.hub_stock[cells.item, hub] > 0
        cell = np.flatnonzero(cells.stocked & stock & (table[cells.region] >= 0))
        lane = table[cells.region[cell]]
        good = _in_time(cells, cell, lanes.lead_days[lane], window)
        cell, lane = cell[good], lane[good]
        parts.append(
            _rows(
                SHIP,
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
    item = cells.item[origin]
    target = cells.find(lanes.destination[lane] - hubs, item, len(network.items))
    handling, row = exits.cost_of("redirect", cells.region[origin], item)
    good = (target >= 0) & (row >= 0)
    good &= cells.stocked[target] & _in_time(cells, target, lanes.lead_days[lane], window)
    origin, lane, item, target = origin[good], lane[good], item[good], target[good]
    return _rows(
        REDIRECT,
        len(origin),
        origin_cell=origin,
        destination_cell=target,
        item=item,
        cost=lane_cost(network, lane, item) + handling[good],
        lead_days=lanes.lead_days[lane],
        lane=lane,
        exit="redirect",
        exit_row=row[good],
    )


def returns(cells: Cells, network: Network, exits: ExitBook) -> MoveRows:
    """Moves from region to hub, from cells with stock."""
    lanes, hubs = network.lanes, len(network.hubs)
    mine = network.lanes_between("region", "hub")
    origin, lane = _pairs(cells, lanes.origin[mine] - hubs, mine)
    handling, row = exits.cost_of("return", cells.region[origin], cells.item[origin])
    good = row >= 0
    origin, lane = origin[good], lane[good]
    return _rows(
        RETURN,
        len(origin),
        origin_cell=origin,
        destination_hub=lanes.destination[lane],
        item=cells.item[origin],
        cost=lane_cost(network, lane, cells.item[origin]) + handling[good],
        lead_days=lanes.lead_days[lane],
        lane=lane,
        exit="return",
        exit_row=row[good],
    )


def local_moves(cells: Cells, exits: ExitBook) -> MoveRows:
    """Markdowns and give-aways in cells with stock."""
    parts = []
    lying = np.flatnonzero(cells.on_hand > 0)
    for kind in LOCAL_EXITS:
        cost, row = exits.cost_of(kind, cells.region[lying], cells.item[lying])
        good = row >= 0
        parts.append(
            _rows(
                ACTION_OF[kind],
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
    """Join moves in canonical order: action, origin, destination, item, exit."""
    if not parts:
        empty = np.empty(0, dtype=np.int64)
        return _rows(SHIP, 0, item=empty, cost=np.empty(0))
    joined = MoveRows(
        *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(MoveRows))
    )
    exit_code = np.unique(joined.exit.astype(str), return_inverse=True)[1]
    order = np.lexsort(
        (
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


def as_moves(rows: MoveRows, lateness: Floats, lane_place: Ints, cell_place: Ints) -> Moves:
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
    )


def _in_time(cells: Cells, cell: Ints, lead_days: Ints, window: int) -> Bools:
    """Mark arrivals that find their cell open on that day or within their window."""
    begun = cells.first_day[cell] < lead_days + window
    return np.asarray(begun & (lead_days <= cells.last_day[cell]))


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
