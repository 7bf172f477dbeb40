"""How much any plan could gain by the order: a bound on the sampled gain (section 12).

For a plan S and any set of orders that its stock can serve, the money of a period is the credit of
the orders served less what the stock costs, for an order's credit is its saving and the idle cost
of the units that it takes. Spread over its lines, credit adds up by cell; there it is at most
that of the units with most credit, as many as lie there. So the sum over cells of their best
stock bounds every plan; what breaks room or supply is charged at prices >= 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.orders.baskets import Baskets, Keeping
from foreship_optimize.orders.certification.branching import (
    PASSES,
    Parted,
    feasible,
    first_box,
    narrowed,
    parted,
)
from foreship_optimize.orders.certification.parts import Joining, Part, part_of_cells, taken_out
from foreship_optimize.orders.certification.spread import (
    Book,
    Reached,
    even_spread,
    improved,
    sweep,
)
from foreship_optimize.orders.walk import sampled_gain, sampled_money, walk

__all__ = ["Certificate", "sampled_bound"]

WORK = 10_000_000
"""line visits that parting may cost; what a pass costs beside its lines is `BESIDE` of them"""
BESIDE = 500
BOXES, FEW_BOXES = 400, 20
"""most boxes of a part; as many as it may have even if later ones have fewer"""
PART_PASSES = 30
"""passes over a part alone before it is parted"""
ROUNDS = 3
"""times that cells are parted: limits that the parts' plans break together join them"""
PRECISION = 0.001
"""parting ends where the bound is no further than this share above the best plan met"""


@dataclass(frozen=True)
class Certificate:
    """A bound on the sampled order gain, and how it came about."""

    bound: float
    """no plan gains more against sending nothing [money a period]"""
    any_service: float
    """the same whichever orders a stock is given to, not only the first to come; >= `bound`"""
    spread: Floats
    """(L,) credit of each line, idle cost of its units included, for `any_service` [money]"""
    room_price: Floats
    """(R,) >= 0 [money a volume and period]"""
    supply_price: Floats
    """(I,) >= 0 [money a unit and period]"""
    met: Ints
    """(C,) units sent by the best plan met on the way; it keeps room and supply"""
    met_gain: float
    """its sampled order gain, >= 0 [money a period]"""


def sampled_bound(
    baskets: Baskets, keeping: Keeping, gain_known: float, passes: int = 80
) -> Certificate:
    """Bound the sampled order gain of every plan in whole units (equations 20 and 21).

    Parameters
    ----------
    gain_known
        Sampled gain of the best plan known: the search aims at it. The bound holds for any number.
    passes
        Most passes over all lines, >= 1.

    Raises
    ------
    ValueError
        If `passes` is below 1 or `gain_known` is no number.
    """
    if passes < 1 or not np.isfinite(gain_known):
        raise ValueError(f"passes must be >= 1 ({passes}), gain_known a number ({gain_known})")
    nothing = np.zeros(len(keeping.lying), np.int64)
    start = sampled_money(baskets, keeping, nothing)
    book = Book.of(baskets, keeping)
    box = first_box(keeping, book)
    reached = improved(
        baskets, keeping, book, box, even_spread(baskets, keeping), start + gain_known, passes
    )
    saved, met, met_gain, work = 0.0, nothing, 0.0, float(WORK)
    joining = Joining.priced(reached.spread)
    for _ in range(ROUNDS):
        lower, sent, work = _by_part(baskets, keeping, reached, joining, work)
        saved = max(saved, lower)
        broken = Joining.broken(keeping, sent)
        whole = np.where(broken.room[keeping.region] | broken.supply[keeping.item], 0, sent)
        gain = sampled_gain(baskets, keeping, whole)
        if gain > met_gain:
            met, met_gain = whole, gain
        if not (broken.room.any() or broken.supply.any()) or work <= 0.0:
            break
        joining = joining.also(broken)
    money = float(baskets.weight[baskets.period] @ np.abs(baskets.saving))
    rounding = 1e-9 * max(1.0, abs(start), abs(reached.sweep.bound), money)
    any_service = reached.sweep.bound - start + rounding
    return Certificate(
        any_service - saved,
        any_service,
        reached.spread.credit,
        reached.spread.room_price,
        reached.spread.supply_price,
        met,
        met_gain,
    )


def _by_part(
    baskets: Baskets, keeping: Keeping, reached: Reached, joining: Joining, work: float
) -> tuple[float, Ints, float]:
    """How much lower parts are bounded than their shares of the whole; the plan met; work left.

    Small parts come first and leave what they do not need to larger ones; a part that is not
    looked at keeps its share of the bound and the stock found for the whole.
    """
    sent = reached.sweep.stock - keeping.lying
    part = part_of_cells(baskets, keeping, joining)
    part_of_order = part[baskets.cell[baskets.first[:-1]]]
    parts = int(part.max(initial=-1)) + 1
    lines = np.bincount(part[baskets.cell], minlength=parts)
    open_parts = np.flatnonzero(_is_open(baskets, keeping, reached, joining, part, parts))
    cells_of, orders_of = _runs(part, parts), _runs(part_of_order, parts)
    saved = 0.0
    for looked_at, each in enumerate(open_parts[np.argsort(lines[open_parts], kind="stable")]):
        if work <= 0.0:
            break
        cost = PASSES * float(lines[each] + BESIDE)
        share = max(work / (len(open_parts) - looked_at), min(work / 8, FEW_BOXES * cost))
        boxes = min(BOXES, int(share / cost))
        taken = taken_out(baskets, keeping, reached.spread, cells_of(each), orders_of(each))
        lower, found = _part_bound(taken, boxes)
        saved += lower
        sent[taken.cells] = found.sent
        work -= cost * (found.boxes + 1 + (PART_PASSES / PASSES if boxes else 1))
    return saved, sent, work


def _is_open(
    baskets: Baskets, keeping: Keeping, reached: Reached, joining: Joining, part: Ints, parts: int
) -> Bools:
    """Parts whose bound may be above the money of the stock found: its walk serves otherwise."""
    served = walk(baskets, reached.sweep.stock).served
    other = reached.sweep.taken != served[baskets.order]
    is_open = np.zeros(parts, np.bool_)
    is_open[part[baskets.cell[other]]] = True
    is_open[part[joining.room[keeping.region] | joining.supply[keeping.item]]] = True
    return is_open


def _runs(numbers: Ints, most: int) -> Callable[[int], Ints]:
    """Look up, in rising order, the places that bear a number below `most`."""
    places = np.argsort(numbers, kind="stable")
    ends = np.searchsorted(numbers[places], np.arange(most + 1))
    return lambda number: places[ends[number] : ends[number + 1]]


def _part_bound(part: Part, boxes: int) -> tuple[float, Parted]:
    """How much lower the bound of a part becomes, for the first to come, and the plan met."""
    _, baskets, keeping, spread = part
    book = Book.of(baskets, keeping)
    box = first_box(keeping, book)
    share = sweep(baskets, keeping, book, box, spread)
    first_come = narrowed(baskets, keeping, box.least, box.most)
    assert first_come is not None  # nothing sent keeps every limit
    sent = share.stock - keeping.lying
    known = sampled_money(baskets, keeping, sent if feasible(keeping, sent) else 0 * sent)
    passes = PART_PASSES if boxes else 1
    reached = improved(baskets, keeping, book, first_come, spread, known, passes)
    found = parted(baskets, keeping, book, first_come, reached, boxes, PRECISION)
    return max(share.bound - found.bound, 0.0), found
