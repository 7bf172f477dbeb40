"""Splitting the plans into boxes, so that few cells are bounded more closely (section 12)."""

from __future__ import annotations

import heapq
from dataclasses import replace

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.orders.baskets import Baskets, Keeping
from foreship_optimize.orders.spread import Book, Box, Spread, Sweep, improved
from foreship_optimize.orders.walk import sampled_money

BRANCH_PASSES = 6


def narrowed(baskets, keeping, least, most):
    """Box whose upper ends keep to room and supply beside the lower ones; None if nothing does."""
    from foreship_optimize.orders.certificate_loops import certain_orders

    sent = least - keeping.lying
    room = keeping.room - np.bincount(keeping.region, keeping.volume * sent, len(keeping.room))
    supply = keeping.supply - np.bincount(keeping.item, sent, len(keeping.supply)).astype(np.int64)
    slack = 1e-9 * np.maximum(1.0, np.where(np.isfinite(keeping.room), keeping.room, 0.0))
    if (room < -slack).any() or (supply < 0).any():
        return None
    room = np.maximum(room, 0) + slack
    with np.errstate(divide="ignore"):
        fits = np.where(keeping.volume > 0, room[keeping.region] / keeping.volume, np.inf)
    fits = np.minimum(np.floor(fits), supply[keeping.item])
    most = np.minimum(most, least + np.minimum(fits, most - least).astype(np.int64))
    state = np.zeros(len(baskets.period), np.int64)
    certain_orders(baskets.period, baskets.first, baskets.cell, baskets.units, least, most, state)
    return Box(least, most, state)


def split_cell(baskets, book, box, spread, now):
    order = book.order
    lines = np.diff(baskets.first)
    taken = np.where(box.state[order] == 0, now.taken, 0.0)
    mean = np.bincount(order, taken, len(lines)) / lines
    apart = baskets.weight[baskets.period[order]] * np.abs(taken - mean[order]) * spread.credit
    score = np.bincount(baskets.cell, apart, len(box.least))
    score += 1e-9 * (box.most - box.least)
    score[box.most == box.least] = -1.0
    return int(np.argmax(score))


def branched(baskets, keeping, book, box, spread, now, bound, known, nodes, enough):
    """Return bound, best money met, its stock."""
    best, plan = known, None
    heap = [(-bound, 0, box, spread, now)]
    count = 0
    closed = -np.inf
    while heap:
        bound, _, box, spread, now = heapq.heappop(heap)
        bound = -bound
        if bound <= best + enough or count >= nodes:
            heap.append((-bound, 0, box, spread, now))
            break
        if (box.least == box.most).all():
            money = sampled_money(baskets, keeping, box.least - keeping.lying)
            closed = max(closed, money)
            if money > best:
                best, plan = money, box.least
            continue
        cell = split_cell(baskets, book, box, spread, now)
        at = min(int(now.stock[cell]), int(box.most[cell]) - 1)
        for low, high in ((box.least[cell], at), (at + 1, box.most[cell])):
            least, most = box.least.copy(), box.most.copy()
            least[cell], most[cell] = low, high
            child = narrowed(baskets, keeping, least, most)
            if child is None:
                continue
            count += 1
            value, then, shifted = improved(
                baskets, keeping, book, child, spread, best, BRANCH_PASSES, enough
            )
            value = min(value, bound)
            feasible = narrowed(baskets, keeping, then.stock, then.stock)
            if feasible is not None:
                money = sampled_money(baskets, keeping, then.stock - keeping.lying)
                if money > best:
                    best, plan = money, then.stock
            if value <= best + enough:
                closed = max(closed, value)
            else:
                heapq.heappush(heap, (-value, count, child, shifted, then))
    return max([closed, *(-each[0] for each in heap)]), best, plan, count
