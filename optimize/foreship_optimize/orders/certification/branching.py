"""Plans parted into boxes of stocks, each bounded on its own (docs/program.md, section 12)."""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_optimize.orders.baskets import Baskets, Keeping
from foreship_optimize.orders.certification.spread import (
    Book,
    Box,
    Reached,
    Spread,
    improved,
    sweep,
)
from foreship_optimize.orders.walk import sampled_money

__all__ = ["Parted", "feasible", "first_box", "narrowed", "parted"]

DEARER = (1.0, 1.01, 1.03, 1.1, 1.3, 2.0)
"""prices of room and supply, of those found, at which a plan is looked for that keeps to them"""
PASSES = 6
"""passes over a box, from the spread of the box that it was parted from"""


class Parted(NamedTuple):
    """What is known after parting."""

    bound: float
    """no plan earns more [money a period]"""
    money: float
    """of the best plan met [money a period]"""
    sent: Ints
    """(C,) this plan"""
    boxes: int
    """how many were bounded"""


def first_box(keeping: Keeping, book: Book) -> Box:
    """Box of all plans that could be best: no unit more than orders of a period want.

    The state of orders is that of any service, whoever comes first.
    """
    can = np.isfinite(keeping.dearer)
    wanted = np.where(can, np.maximum(keeping.lying, book.deepest), keeping.lying)
    most = _kept_to_limits(keeping, keeping.lying, wanted)
    assert most is not None  # nothing sent keeps every limit
    state = np.zeros(0 if not len(book.order) else book.order[-1] + 1, np.int64)
    cell = np.empty(len(book.order), np.int64)
    cell[book.sequence] = np.repeat(
        np.repeat(np.arange(len(most)), np.diff(book.cell_groups)), np.diff(book.groups)
    )
    state[book.order[book.units > most[cell]]] = -1
    return Box(keeping.lying, most, state)


def narrowed(baskets: Baskets, keeping: Keeping, least: Ints, most: Ints) -> Box | None:
    """Box between two stocks, with what the walk says of orders; None if `least` breaks a limit."""
    from foreship_optimize.orders.certification.certificate_loops import certain_orders

    kept = _kept_to_limits(keeping, least, most)
    if kept is None:
        return None
    state = np.zeros(len(baskets.period), np.int64)
    certain_orders(baskets.period, baskets.first, baskets.cell, baskets.units, least, kept, state)
    return Box(least, kept, state)


def feasible(keeping: Keeping, sent: Ints) -> bool:
    """Whether units sent keep to room and supply, and go only where units can be sent."""
    stock = keeping.lying + sent
    here = bool(np.isfinite(keeping.dearer[sent > 0]).all())
    return here and _kept_to_limits(keeping, stock, stock) is not None


def _kept_to_limits(keeping: Keeping, least: Ints, most: Ints) -> Ints | None:
    """`most` kept to the room and supply that `least` leaves; None if it leaves too little."""
    sent = least - keeping.lying
    slack = 1e-9 * np.maximum(1.0, np.where(np.isfinite(keeping.room), keeping.room, 0.0))
    room = keeping.room - np.bincount(keeping.region, keeping.volume * sent, len(keeping.room))
    supply = keeping.supply - np.bincount(keeping.item, sent, len(keeping.supply))
    if (room < -slack).any() or (supply < 0).any():
        return None
    room = np.maximum(room, 0.0) + slack
    fits = np.full(len(least), np.inf)
    has = keeping.volume > 0
    fits[has] = np.floor(room[keeping.region[has]] / keeping.volume[has])
    fits = np.minimum(np.minimum(fits, supply[keeping.item]), most - least)
    kept: Ints = least + fits.astype(np.int64)
    return kept


def parted(
    baskets: Baskets,
    keeping: Keeping,
    book: Book,
    box: Box,
    reached: Reached,
    boxes: int,
    precision: float,
) -> Parted:
    """Part the box with the highest bound in two, until the best plan met is as good.

    A box is parted at the cell where the credit of orders hangs most on lines that go apart. In
    a box many orders are certain to be served, or not to be, and a box of one plan is walked.

    Parameters
    ----------
    boxes
        Most boxes that are bounded.
    precision
        Boxes no further than this share of the gain above the best plan met are left.
    """
    nothing = np.zeros(len(keeping.lying), np.int64)
    start = money = sampled_money(baskets, keeping, nothing)
    sent, closed, count = nothing, -np.inf, 0
    heap: list[tuple[float, int, Box, Reached]] = [(-reached.sweep.bound, 0, box, reached)]

    def meet(stock: Ints) -> float:
        nonlocal money, sent
        if not feasible(keeping, stock - keeping.lying):
            return -np.inf
        earned = sampled_money(baskets, keeping, stock - keeping.lying)
        if earned > money:
            money, sent = earned, stock - keeping.lying
        return earned

    for dearer in DEARER:
        spread = Spread(
            reached.spread.credit,
            reached.spread.room_price * dearer,
            reached.spread.supply_price * dearer,
        )
        meet(sweep(baskets, keeping, book, box, spread).stock)
    while heap and -heap[0][0] > money + precision * (money - start) and count < boxes:
        above, _, box, reached = heapq.heappop(heap)
        if (box.least == box.most).all():
            closed = max(closed, meet(box.least))
            continue
        for least, most in _halves(baskets, book, box, reached):
            half = narrowed(baskets, keeping, least, most)
            if half is None:
                continue
            count += 1
            enough = precision * (money - start)
            below = improved(baskets, keeping, book, half, reached.spread, money, PASSES, enough)
            meet(below.sweep.stock)
            heapq.heappush(heap, (max(above, -below.sweep.bound), count, half, below))
    bound = max([closed, *(-each[0] for each in heap)])
    return Parted(bound, money, sent, count)


def _halves(baskets: Baskets, book: Book, box: Box, reached: Reached) -> list[tuple[Ints, Ints]]:
    """Ends of the two boxes, parted at the best stock of the cell that matters most."""
    cell = _cell_to_part(baskets, book, box, reached)
    at = min(int(reached.sweep.stock[cell]), int(box.most[cell]) - 1)
    below, above = box.most.copy(), box.least.copy()
    below[cell], above[cell] = at, at + 1
    return [(box.least, below), (above, box.most)]


def _cell_to_part(baskets: Baskets, book: Book, box: Box, reached: Reached) -> int:
    """Cell whose lines go most apart from their orders, by credit; the first of equals."""
    lines = np.diff(baskets.first)
    taken = np.where(box.state[book.order] == 0, reached.sweep.taken, 0.0)
    mean = np.bincount(book.order, taken, len(lines)) / lines
    apart = np.abs(taken - mean[book.order]) * reached.spread.credit
    weight = baskets.weight[baskets.period[book.order]]
    score = np.bincount(baskets.cell, weight * apart, len(box.least))
    free = box.most - box.least
    return int(np.argmax(np.where(free > 0, score + 1e-9 * free, -1.0)))
