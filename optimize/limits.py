"""Every limit of a problem as a row over its moves, one function a family of limits.

A row reads: at_least <= sum of coefficient x quantity over moves <= at_most. The program, the
bound and the rounding all read these rows, so that no limit is written down twice. Cells and
outcomes (docs/program.md, equations 2 and 8) are not rows of this kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from optimize.problem import Bools, Floats, Ids, Ints, ShippingProblem

__all__ = ["FAMILIES", "SLACK", "CellUnits", "Limits", "cell_units", "limits_of", "packs_of"]

FAMILIES = ("hub stock", "on hand", "storage", "lane", "budget", "lock")
SLACK = 1e-9
"""float noise allowed on a limit, relative to its size: 3 x 0.1 may fill 0.3"""


@dataclass(frozen=True)
class Limits:
    """Rows over moves, shape (R,), and their coefficients sorted by row, shape (N,)."""

    family: Ids
    """one of `FAMILIES`"""
    words: Ids
    """how the row is named to a planner"""
    unit: Ids
    """`units`, `volume` or `money`"""
    at_least: Floats
    at_most: Floats
    index: Ints
    """position in its family: supply row, cell, region, lane, budget or lock"""
    row: Ints
    move: Ints
    coefficient: Floats

    def use(self, quantity: Floats | Ints) -> Floats:
        """Left-hand side of every row for quantities of all moves, shape (R,)."""
        weight = self.coefficient * np.asarray(quantity, dtype=float)[self.move]
        return added(self.row, weight, len(self.words))

    def tolerance(self) -> Floats:
        """Float noise allowed on each row, shape (R,)."""
        sides = np.abs(np.stack([self.at_most, self.at_least]))
        size = np.where(np.isfinite(sides), sides, 0.0).max(axis=0, initial=1.0)
        return SLACK * np.asarray(size, dtype=float)


@dataclass(frozen=True)
class CellUnits:
    """Where each cell's units lie in `problem.units`: rank k at `start + k - 1`."""

    start: Ints
    count: Ints
    on_hand: Ints


def added(place: Ints, weight: Floats, size: int) -> Floats:
    """Add weights up by place, floats even where there are none, shape (size,)."""
    return np.bincount(place, weights=weight, minlength=size).astype(np.float64)


def cell_units(problem: ShippingProblem) -> CellUnits:
    """Count each cell's candidate units and those on hand, shape (C,)."""
    cells = len(problem.cell_item)
    count = np.bincount(problem.units.cell, minlength=cells).astype(np.int64)
    on_hand = np.bincount(problem.units.cell[problem.units.on_hand], minlength=cells)
    return CellUnits(np.cumsum(count) - count, count, on_hand.astype(np.int64))


def packs_of(problem: ShippingProblem) -> Ints:
    """Units in one step of each move: a pack for ships from hubs, else one, shape (M,)."""
    moves = problem.moves
    return np.where(moves.action == 0, problem.pack_size[moves.item], 1).astype(np.int64)


def limits_of(problem: ShippingProblem) -> Limits:
    """Collect the rows of all families."""
    blocks = [
        *hub_stock(problem),
        *on_hand(problem),
        *region_storage(problem),
        *lane_capacity(problem),
        *spending(problem),
        *locks_and_exits(problem),
    ]
    return _stack(blocks)


@dataclass(frozen=True)
class _Row:
    family: str
    words: str
    unit: str
    at_least: float
    at_most: float
    index: int
    moves: Ints
    coefficient: Floats


def hub_stock(problem: ShippingProblem) -> Iterable[_Row]:
    """Yield rows: what leaves a hub lies there (equation 3)."""
    moves = problem.moves
    ships = np.flatnonzero(moves.action == 0)
    hubs = max(1, len(problem.hubs))
    place = moves.item[ships] * hubs + moves.origin_hub[ships]
    shelf = problem.supply_item * hubs + problem.supply_hub
    for index, mine in _groups(place, ships, shelf):
        item = problem.items[problem.supply_item[index]]
        words = f"hub stock of {item} at {problem.hubs[problem.supply_hub[index]]}"
        stock = float(problem.supply_units[index])
        yield _Row("hub stock", words, "units", -np.inf, stock, index, mine, np.ones(len(mine)))


def on_hand(problem: ShippingProblem) -> Iterable[_Row]:
    """Yield rows: what is moved away from a region lies there at `as_of` (equation 4)."""
    moves, lies = problem.moves, cell_units(problem).on_hand
    away = np.flatnonzero(moves.origin_cell >= 0)
    cells = np.arange(len(problem.cell_item))
    for index, mine in _groups(moves.origin_cell[away], away, cells):
        item = problem.items[problem.cell_item[index]]
        words = f"stock of {item} in {problem.regions[problem.cell_region[index]]}"
        stock = float(lies[index])
        yield _Row("on hand", words, "units", -np.inf, stock, index, mine, np.ones(len(mine)))


def region_storage(problem: ShippingProblem) -> Iterable[_Row]:
    """Yield rows: arrivals less what is moved away fit beside what lies there (equation 5)."""
    moves = problem.moves
    arrive = np.flatnonzero(moves.destination_cell >= 0)
    leave = np.flatnonzero(moves.origin_cell >= 0)
    region = problem.cell_region[
        np.concatenate([moves.destination_cell[arrive], moves.origin_cell[leave]])
    ]
    which = np.concatenate([arrive, leave])
    sign = np.repeat([1.0, -1.0], [len(arrive), len(leave)])
    free = free_storage(problem)
    order = np.argsort(region, kind="stable")
    edges = np.searchsorted(region[order], np.arange(len(problem.regions) + 1))
    for index in np.flatnonzero(np.isfinite(free)).tolist():
        chosen = order[edges[index] : edges[index + 1]]
        if len(chosen) == 0:
            continue
        moved = which[chosen]
        mine, volume = _merge(moved, sign[chosen] * problem.volume[moves.item[moved]])
        words = f"storage of {problem.regions[index]}"
        yield _Row("storage", words, "volume", -np.inf, float(free[index]), index, mine, volume)


def free_storage(problem: ShippingProblem) -> Floats:
    """Volume left in each region beside what lies and comes there, never below 0, shape (G,).

    A region already over its capacity takes nothing new, but is not asked to empty itself.
    """
    return np.maximum(problem.storage - volume_before(problem), 0.0)


def volume_before(problem: ShippingProblem) -> Floats:
    """Volume that lies in or comes to each region before the plan, shape (G,)."""
    lies = cell_units(problem).on_hand * problem.volume[problem.cell_item]
    held = np.bincount(problem.cell_region, weights=lies, minlength=len(problem.regions))
    return held + problem.storage_inbound


def lane_capacity(problem: ShippingProblem) -> Iterable[_Row]:
    """Yield rows: what travels on a lane fits on it (equation 6)."""
    moves = problem.moves
    travel = np.flatnonzero(moves.lane >= 0)
    capped = np.flatnonzero(np.isfinite(problem.lane_capacity))
    for place, mine in _groups(moves.lane[travel], travel, capped):
        index = int(capped[place])
        words = f"lane {problem.lane_origin[index]} -> {problem.lane_destination[index]}"
        capacity = float(problem.lane_capacity[index])
        volume = problem.volume[moves.item[mine]]
        yield _Row("lane", words, "volume", -np.inf, capacity, index, mine, volume)


def spending(problem: ShippingProblem) -> Iterable[_Row]:
    """Yield rows: what is sent ahead keeps the budgets of freight and stock value (equation 7a).

    Units that leave their region without going to another one spend none of either.
    """
    moves = problem.moves
    sent = np.flatnonzero(moves.destination_cell >= 0)
    spends = {
        "freight budget": (problem.freight_budget, np.maximum(moves.cost[sent], 0.0)),
        "stock value budget": (problem.stock_value_budget, problem.unit_cost[moves.item[sent]]),
    }
    for index, (words, (most, money)) in enumerate(spends.items()):
        spent = np.flatnonzero(money)
        if np.isfinite(most) and len(spent):
            yield _Row("budget", words, "money", -np.inf, most, index, sent[spent], money[spent])


def locks_and_exits(problem: ShippingProblem) -> Iterable[_Row]:
    """Yield rows: planner's locks and the capacities of exits (equation 7)."""
    for index, lock in enumerate(problem.locks):
        least = lock.at_least if lock.at_least > 0 else -np.inf
        mine = np.unique(lock.moves)
        ones = np.ones(len(mine))
        yield _Row("lock", lock.name, "units", least, lock.at_most, index, mine, ones)


def _groups(key: Ints, member: Ints, wanted: Ints) -> Iterable[tuple[int, Ints]]:
    """Yield (position in `wanted`, its members in order) for each wanted key that has any."""
    order = np.argsort(key, kind="stable")
    low = np.searchsorted(key[order], wanted, side="left")
    high = np.searchsorted(key[order], wanted, side="right")
    ranked = member[order]
    for index in np.flatnonzero(high > low).tolist():
        yield index, ranked[low[index] : high[index]]


def _merge(moves: Ints, weight: Floats) -> tuple[Ints, Floats]:
    """Add the weights of a move named twice (a redirect inside one region) and drop zeros."""
    unique, where = np.unique(moves, return_inverse=True)
    total = added(where, weight, len(unique))
    keep: Bools = total != 0.0
    return unique[keep], total[keep]


def _stack(rows: list[_Row]) -> Limits:
    """Lay the rows end to end."""
    sizes = [len(row.moves) for row in rows]
    nothing, none = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Limits(
        family=np.array([row.family for row in rows], dtype=object),
        words=np.array([row.words for row in rows], dtype=object),
        unit=np.array([row.unit for row in rows], dtype=object),
        at_least=np.array([row.at_least for row in rows], dtype=float),
        at_most=np.array([row.at_most for row in rows], dtype=float),
        index=np.array([row.index for row in rows], dtype=np.int64),
        row=np.repeat(np.arange(len(rows), dtype=np.int64), sizes),
        move=np.concatenate([row.moves for row in rows] or [nothing]),
        coefficient=np.concatenate([row.coefficient for row in rows] or [none]),
    )
