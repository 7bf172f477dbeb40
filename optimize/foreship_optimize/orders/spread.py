"""The credit of orders spread over their lines, and the bound that it gives (equation 21)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.orders.baskets import Baskets, Keeping

__all__ = ["Book", "Box", "Spread", "Sweep", "even_spread", "improved", "sweep"]

KEEP = 0.7
"""share of the last direction that goes into the next one"""
PATIENCE = 6
"""passes without a better bound after which steps are halved"""


class Book(NamedTuple):
    """Lines by cell and period, as the compiled loops read them."""

    cell_groups: Ints
    """(C + 1,) groups of cell c are cell_groups[c] : cell_groups[c + 1]"""
    groups: Ints
    """(G + 1,) places in `sequence` of the lines of a cell and period"""
    weight: Floats
    """(G,) of the period"""
    sequence: Ints
    """(L,) lines by group, kept sorted by credit"""
    order: Ints
    """(L,) order of a line"""
    units: Ints
    deepest: Ints
    """(C,) most units that orders want in a period"""
    idle: Floats
    lying: Ints

    @classmethod
    def of(cls, baskets: Baskets, keeping: Keeping) -> Book:
        """Sort the lines once."""
        cells = len(keeping.lying)
        order = np.repeat(np.arange(len(baskets.period)), np.diff(baskets.first))
        period = baskets.period[order]
        sequence = np.lexsort((period, baskets.cell))
        cell, period = baskets.cell[sequence], period[sequence]
        begins = np.ones(len(cell), np.bool_)
        begins[1:] = (cell[1:] != cell[:-1]) | (period[1:] != period[:-1])
        at = np.flatnonzero(begins)
        deepest = np.zeros(cells, np.int64)
        if len(at):
            np.maximum.at(deepest, cell[at], np.add.reduceat(baskets.units[sequence], at))
        return cls(
            cell_groups=np.searchsorted(cell[at], np.arange(cells + 1)),
            groups=np.append(at, len(cell)),
            weight=baskets.weight[period[at]],
            sequence=sequence,
            order=order,
            units=baskets.units,
            deepest=deepest,
            idle=keeping.idle,
            lying=keeping.lying,
        )


@dataclass(frozen=True)
class Box:
    """Between which stocks the plans lie that a bound speaks of, and what that says of orders."""

    least: Ints
    most: Ints
    """(C,) units in a cell, sent ones and those lying there"""
    state: Ints
    """(O,) 1 served by all these plans, -1 by none, 0 open"""


@dataclass(frozen=True)
class Spread:
    """Credit by line and prices of what is scarce."""

    credit: Floats
    """(L,) >= 0, over an order its saving [money]"""
    room_price: Floats
    """(R,) >= 0 [money a volume]"""
    supply_price: Floats
    """(I,) >= 0 [money a unit]"""


class Sweep(NamedTuple):
    """What one pass over all cells says."""

    bound: float
    """no plan in the box earns more [money a period]"""
    stock: Ints
    """(C,) best at the credits and prices"""
    taken: Floats
    """(L,) share of a line that this stock covers"""


def credit_of_orders(baskets: Baskets, keeping: Keeping) -> Floats:
    """(O,) what an order saves when served: its saving, and that its units do not lie idle."""
    order = np.repeat(np.arange(len(baskets.period)), np.diff(baskets.first))
    idle = keeping.idle[baskets.cell] * baskets.units
    return baskets.saving + np.bincount(order, idle, len(baskets.period))


def even_spread(baskets: Baskets, keeping: Keeping) -> Spread:
    """Credit by unit, and no price."""
    order = np.repeat(np.arange(len(baskets.period)), np.diff(baskets.first))
    units = np.bincount(order, baskets.units, len(baskets.period))
    return Spread(
        credit_of_orders(baskets, keeping)[order] * baskets.units / units[order],
        np.zeros(len(keeping.room)),
        np.zeros(len(keeping.supply)),
    )


def sweep(baskets: Baskets, keeping: Keeping, book: Book, box: Box, spread: Spread) -> Sweep:
    """Bound what plans in the box can earn, at a spread (equation 21)."""
    from foreship_optimize.orders.certificate_loops import price_cells

    total = float(baskets.weight.sum())
    dearer = np.where(np.isfinite(keeping.dearer), keeping.dearer, 0.0)
    price = (
        keeping.idle * total
        + dearer
        + keeping.volume * spread.room_price[keeping.region]
        + spread.supply_price[keeping.item]
    )
    stock = np.empty(len(keeping.lying), np.int64)
    taken = np.empty(len(baskets.cell))
    earned = price_cells(
        book, spread.credit, box.state, box.least, box.most, price, total, stock, taken
    )
    scarce = np.isfinite(keeping.room)
    earned += float(keeping.room[scarce] @ spread.room_price[scarce])
    earned += float(keeping.supply @ spread.supply_price)
    return Sweep(earned, stock, taken)


def improved(
    baskets: Baskets,
    keeping: Keeping,
    book: Book,
    box: Box,
    spread: Spread,
    known: float,
    passes: int,
    enough: float = 0.0,
):
    """Best bound of some passes, by deflected subgradients with steps of Polyak."""
    from foreship_optimize.orders.certificate_loops import shift_credit

    credit = spread.credit.copy()
    room_price, supply_price = spread.room_price.copy(), spread.supply_price.copy()
    direction = np.zeros(len(credit))
    room_way, supply_way = np.zeros(len(room_price)), np.zeros(len(supply_price))
    weight = baskets.weight[baskets.period]
    whole = credit_of_orders(baskets, keeping)
    scarce = np.isfinite(keeping.room)
    mean_volume = max(float(keeping.volume.mean()), 1e-12)
    best, best_sweep, best_spread = np.inf, None, spread
    scale, stalled = 1.0, 0
    for _ in range(passes):
        now = sweep(baskets, keeping, book, box, Spread(credit, room_price, supply_price))
        if now.bound < best:
            best, best_sweep, stalled = now.bound, now, 0
            best_spread = Spread(credit.copy(), room_price.copy(), supply_price.copy())
        else:
            stalled += 1
            if stalled >= PATIENCE:
                scale, stalled = scale / 2, 0
        if best <= known + enough:
            break
        sent = now.stock - keeping.lying
        room_use = np.bincount(keeping.region, keeping.volume * sent, len(room_price))
        supply_use = np.bincount(keeping.item, sent, len(supply_price))
        room_over = np.where(scarce, room_use - np.where(scarce, keeping.room, 0.0), 0.0)
        supply_over = supply_use - keeping.supply
        room_over[(room_over < 0) & (room_price == 0)] = 0.0
        supply_over[(supply_over < 0) & (supply_price == 0)] = 0.0
        room_way = KEEP * room_way + room_over
        supply_way = KEEP * supply_way + supply_over
        square = shift_credit(
            baskets.first, whole, weight, box.state, now.taken, KEEP, -1.0, direction, credit
        )
        room_scale = np.maximum(np.maximum(room_use, np.where(scarce, keeping.room, 0)), 1e-9) * mean_volume
        supply_scale = np.maximum(np.maximum(supply_use, keeping.supply), 1.0)
        square += float(np.sum(room_way**2 / room_scale) + np.sum(supply_way**2 / supply_scale))
        if square <= 1e-15:
            break
        step = scale * max(now.bound - known, 0.0) / square
        shift_credit(
            baskets.first, whole, weight, box.state, now.taken, KEEP, step, direction, credit
        )
        room_price = np.maximum(room_price + step * room_way / room_scale, 0.0)
        supply_price = np.maximum(supply_price + step * supply_way / supply_scale, 0.0)
    return best, best_sweep, best_spread
