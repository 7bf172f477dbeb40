"""The credit of orders spread over their lines, and the bound that it gives (equation 20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.orders.baskets import Baskets, Keeping

if TYPE_CHECKING:
    from foreship_optimize.structs import Struct

__all__ = [
    "Book",
    "Box",
    "Reached",
    "Spread",
    "Sweep",
    "credit_of_orders",
    "even_spread",
    "improved",
    "sweep",
]

KEEP = 0.7
"""share of the last direction that goes into the next one"""
FIRST = 2.0
"""length of the first steps, in those of Polyak"""
PATIENCE = 5
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
    """(L,)"""
    deepest: Ints
    """(C,) most units that orders want in a period"""
    idle: Floats
    """(C,)"""
    lying: Ints
    """(C,)"""

    @classmethod
    def of(cls, baskets: Baskets, keeping: Keeping) -> Book:
        """Sort the lines, once for all passes."""
        cells = len(keeping.lying)
        order = baskets.order
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
    """(C,) units in a cell, those lying there and those sent"""
    state: Ints
    """(O,) 1 served by all these plans, -1 by none, 0 open"""


@dataclass(frozen=True)
class Spread:
    """Credit by line, and prices of what is scarce."""

    credit: Floats
    """(L,) >= 0, in an order's sum what `credit_of_orders` says [money]"""
    room_price: Floats
    """(R,) >= 0 [money a volume and period], 0 where room has no limit"""
    supply_price: Floats
    """(I,) >= 0 [money a unit and period]"""


class Sweep(NamedTuple):
    """What one pass over all cells says."""

    bound: float
    """no plan in the box earns more [money a period]"""
    stock: Ints
    """(C,) best at the credits and prices"""
    taken: Floats
    """(L,) share of a line that this stock covers"""


class Reached(NamedTuple):
    """The best of some passes."""

    sweep: Sweep
    spread: Spread


def credit_of_orders(baskets: Baskets, keeping: Keeping) -> Floats:
    """(O,) what serving an order brings: its saving, and that its units no longer lie idle."""
    idle = keeping.idle[baskets.cell] * baskets.units
    brought = baskets.saving + np.bincount(baskets.order, idle, len(baskets.period))
    return np.maximum(brought, 0.0)


def even_spread(baskets: Baskets, keeping: Keeping) -> Spread:
    """Every unit of an order with the same credit, and no price."""
    order = baskets.order
    units = np.bincount(order, baskets.units, len(baskets.period))
    each = credit_of_orders(baskets, keeping) / np.maximum(units, 1)
    return Spread(
        each[order] * baskets.units, np.zeros(len(keeping.room)), np.zeros(len(keeping.supply))
    )


def sweep(
    baskets: Baskets, keeping: Keeping, book: Book | Struct, box: Box, spread: Spread
) -> Sweep:
    """Bound what the plans in a box can earn, at a spread (equation 20).

    Parameters
    ----------
    book
        As it is, or laid out for compiled code where it is asked often.
    """
    from foreship_optimize.orders.certification.certificate_loops import price_cells

    total = float(baskets.weight.sum())
    priced = keeping.volume * spread.room_price[keeping.region] + spread.supply_price[keeping.item]
    price = keeping.idle * total + keeping.dearer_where_sent + priced
    stock = np.empty(len(keeping.lying), np.int64)
    taken = np.empty(len(baskets.cell))
    earned = price_cells(
        book, spread.credit, box.state, box.least, box.most, price, total, stock, taken
    )
    room = np.where(np.isfinite(keeping.room), keeping.room, 0.0)
    earned += float(room @ spread.room_price + keeping.supply @ spread.supply_price)
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
) -> Reached:
    """Lower the bound by deflected subgradients with Polyak's steps, from a spread on.

    Parameters
    ----------
    known
        Money that a plan is known to earn: steps aim at it. Any number keeps the bound valid.
    passes
        Most passes, >= 1.
    enough
        The passes end when the bound is no further than this above `known`.
    """
    from foreship_optimize.structs import Struct

    way, laid_out = _Way.of(baskets, keeping, book, box), Struct(book)
    best: Reached | None = None
    scale, stalled = FIRST, 0
    for _ in range(passes):
        now = sweep(baskets, keeping, laid_out, box, spread)
        if best is None or now.bound < best.sweep.bound:
            best, stalled = Reached(now, spread), 0
        else:
            stalled += 1
            if stalled == PATIENCE:
                scale, stalled = scale / 2, 0
        square = way.turn(now, spread)
        if best.sweep.bound <= known + enough or square <= 0.0:
            break
        spread = way.step(spread, scale * (now.bound - known) / square)
    assert best is not None
    return best


@dataclass
class _Way:
    """The direction in which credit and prices move, and the scale of each.

    Credit is measured by the weight of its period, a price by the mean volume and by what of it
    is there or wanted, so that one step suits all.
    """

    baskets: Baskets
    keeping: Keeping
    state: Ints
    credit: Floats
    order_weight: Floats
    direction: Floats
    room: Floats
    supply: Floats
    room_scale: Floats
    supply_scale: Floats

    @classmethod
    def of(cls, baskets: Baskets, keeping: Keeping, book: Book, box: Box) -> _Way:
        """Start without a direction."""
        volume = keeping.volume * np.minimum(book.deepest, box.most)
        wanted = np.bincount(keeping.region, volume, len(keeping.room))
        units = np.bincount(keeping.item, np.minimum(book.deepest, box.most), len(keeping.supply))
        mean = float(keeping.volume.mean()) if len(keeping.volume) else 1.0
        room = np.where(np.isfinite(keeping.room), keeping.room, 0.0)
        return cls(
            baskets,
            keeping,
            box.state,
            credit_of_orders(baskets, keeping),
            baskets.weight[baskets.period],
            np.zeros(len(baskets.cell)),
            np.zeros(len(keeping.room)),
            np.zeros(len(keeping.supply)),
            np.maximum(np.minimum(room, wanted) * mean, 1e-9),
            np.maximum(np.minimum(keeping.supply, units), 1.0),
        )

    def turn(self, now: Sweep, spread: Spread) -> float:
        """Turn towards the last pass's subgradient; return the square of the direction."""
        from foreship_optimize.orders.certification.certificate_loops import turn_credit

        keeping, sent = self.keeping, now.stock - self.keeping.lying
        used = np.bincount(keeping.region, keeping.volume * sent, len(keeping.room))
        over = np.where(np.isfinite(keeping.room), used - keeping.room, 0.0)
        short = np.bincount(keeping.item, sent, len(keeping.supply)) - keeping.supply
        over[(over < 0) & (spread.room_price == 0)] = 0.0
        short[(short < 0) & (spread.supply_price == 0)] = 0.0
        self.room = KEEP * self.room + over
        self.supply = KEEP * self.supply + short
        square = turn_credit(
            self.baskets.first, self.order_weight, self.state, now.taken, KEEP, self.direction
        )
        prices = self.room**2 / self.room_scale, self.supply**2 / self.supply_scale
        return float(square + prices[0].sum() + prices[1].sum())

    def step(self, spread: Spread, length: float) -> Spread:
        """Go on from a spread, every order's credit kept whole and nothing below 0."""
        from foreship_optimize.orders.certification.certificate_loops import move_credit

        credit = spread.credit.copy()
        move_credit(self.baskets.first, self.credit, self.state, length, self.direction, credit)
        return Spread(
            credit,
            np.maximum(spread.room_price + length * self.room / self.room_scale, 0.0),
            np.maximum(spread.supply_price + length * self.supply / self.supply_scale, 0.0),
        )
