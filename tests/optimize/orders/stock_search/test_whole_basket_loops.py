"""The compiled search over whole baskets keeps its own books: room, supply and stock agree."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.orders.stock_search.whole_basket_loops import improve_region, walked
from tests.optimize.orders.drawn_baskets import drawn_market


def one_region(seed: int):
    """A drawn market of five cells as if all lay in one region."""
    market = drawn_market(seed, cells=5, periods=5)
    baskets = market.baskets
    order = np.repeat(np.arange(len(baskets.period)), np.diff(baskets.first))
    idle = np.bincount(
        order, market.keeping.idle[baskets.cell] * baskets.units, len(baskets.period)
    )
    return market, baskets, baskets.weight[baskets.period] * (baskets.saving + idle)


@pytest.mark.parametrize("exchanges", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_room_and_supply_left_are_those_of_the_stock_found(seed: int, exchanges: bool):
    """What was left at the start less what was sent, to the unit and the volume."""
    market, baskets, pays = one_region(seed)
    keeping, room = market.keeping, 3.5
    stock, supply = keeping.lying.copy(), np.full(5, 2)
    cost = keeping.idle + np.where(np.isfinite(keeping.dearer), keeping.dearer, 0.0)
    left = improve_region(
        np.arange(len(pays)), baskets.period, baskets.first, baskets.cell, baskets.units, pays,
        cost, keeping.dearer, keeping.volume, np.arange(5), stock, keeping.lying, room, supply,
        False, exchanges, 20, np.zeros(len(baskets.cell), np.int64), 5,
    )  # fmt: skip
    sent = stock - keeping.lying
    assert (sent >= 0).all() and (sent[np.isinf(keeping.dearer)] == 0).all()
    assert supply.tolist() == (2 - sent).tolist() and (supply >= 0).all()
    assert left == pytest.approx(room - sent @ keeping.volume) and left >= -1e-9


@pytest.mark.parametrize("seed", range(6))
def test_a_walk_says_what_each_period_earns_and_each_line_lacks(seed: int):
    """Against plain loops over the orders."""
    market, baskets, pays = one_region(seed)
    stock = np.random.default_rng(seed).integers(0, 3, 5)
    lacks, money = np.zeros(len(baskets.cell), np.int64), np.zeros(5)
    total, stamp = walked.py_func(
        np.arange(len(pays)), baskets.period, baskets.first, baskets.cell, baskets.units, pays,
        stock, np.zeros(5, np.int64), np.full(5, -1), 0, lacks, money,
    )  # fmt: skip
    told, short, order = np.zeros(5), [], 0
    for when, orders in enumerate(market.periods):
        left = stock.tolist()
        for _, lines in orders:
            missing = [max(0, q - left[cell]) for cell, q in lines.items()]
            short += missing
            if not any(missing):
                told[when] += pays[order]
                for cell, q in lines.items():
                    left[cell] -= q
            order += 1
    assert money == pytest.approx(told) and total == pytest.approx(told.sum())
    assert lacks.tolist() == short and stamp >= 1
