"""Credit spread over lines: groups of lines, sums kept, as low as the linear program."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from foreship_optimize.orders.certification.branching import first_box
from foreship_optimize.orders.certification.spread import (
    Book,
    credit_of_orders,
    even_spread,
    improved,
    sweep,
)
from tests.optimize.orders.drawn_baskets import Market, drawn_market


def relaxed(market: Market) -> float:
    """Most that parts of orders, on parts of units, earn: the linear program, by scipy."""
    kept, cells = market.keeping, len(market.keeping.lying)
    orders = [
        (w, *o) for w, period in zip(market.weight, market.periods, strict=True) for o in period
    ]
    served, upper = [], []
    box = first_box(kept, Book.of(market.baskets, kept))
    rows, right = [], []
    for weight, saving, lines in orders:
        idle = sum(float(kept.idle[c]) * q for c, q in lines.items())
        served.append(-weight * (saving + idle))
        upper.append(1.0 if all(q <= box.most[c] for c, q in lines.items()) else 0.0)
    place = 0
    for period in market.periods:
        for cell in range(cells):
            row = np.zeros(len(orders) + cells)
            for number, (_, lines) in enumerate(period):
                row[place + number] = lines.get(cell, 0)
            row[len(orders) + cell] = -1.0
            rows.append(row)
            right.append(float(kept.lying[cell]))
        place += len(period)
    for of, limit, each in (
        (kept.region, kept.room, kept.volume),
        (kept.item, kept.supply, np.ones(cells)),
    ):
        for number, most in enumerate(limit):
            if np.isfinite(most):
                rows.append(
                    np.concatenate([np.zeros(len(orders)), np.where(of == number, each, 0)])
                )
                right.append(float(most))
    cost = np.where(np.isfinite(kept.dearer), kept.dearer, 0.0) + kept.idle
    ends = [(0.0, u) for u in upper] + [(0.0, float(n)) for n in box.most - box.least]
    solved = linprog([*served, *cost], A_ub=np.array(rows), b_ub=right, bounds=ends)
    return float(-solved.fun - kept.idle @ kept.lying)


@pytest.mark.parametrize("scarce", [False, True])
def test_a_hundred_passes_come_down_to_the_linear_program(scarce: bool):
    """Never below it, and within 1 % of it on the whole of 20 drawn markets."""
    most, bounds = [], []
    for seed in range(20):
        market = drawn_market(seed, scarce=scarce, cells=6, periods=10)
        baskets, keeping = market.baskets, market.keeping
        book = Book.of(baskets, keeping)
        start = even_spread(baskets, keeping)
        most.append(relaxed(market))
        reached = improved(
            baskets, keeping, book, first_box(keeping, book), start, most[-1], passes=100
        )
        bounds.append(reached.sweep.bound)
        assert bounds[-1] >= most[-1] - 1e-6, seed
        whole = np.bincount(baskets.order, reached.spread.credit, len(baskets.period))
        assert whole == pytest.approx(credit_of_orders(baskets, keeping)), seed
        assert (reached.spread.credit >= 0).all() and (reached.spread.room_price >= 0).all()
    assert np.sum(np.subtract(bounds, most)) <= 0.01 * np.sum(np.abs(most))


def test_lines_stand_in_groups_by_cell_and_period():
    """Every line once; all of a group of one cell and period; the deepest want of a period."""
    market = drawn_market(5)
    baskets = market.baskets
    book = Book.of(baskets, market.keeping)
    assert sorted(book.sequence.tolist()) == list(range(len(baskets.cell)))
    for cell in range(4):
        wants = []
        for group in range(book.cell_groups[cell], book.cell_groups[cell + 1]):
            lines = book.sequence[book.groups[group] : book.groups[group + 1]]
            assert set(baskets.cell[lines].tolist()) == {cell}
            assert len(set(baskets.period[book.order[lines]].tolist())) == 1
            wants.append(int(baskets.units[lines].sum()))
        assert book.deepest[cell] == max(wants, default=0)


def test_a_pass_at_the_even_spread_by_hand():
    """One order of two cells, 2.00 and .10 idle a unit: each cell takes 1.10, keeps it for .10."""
    market = drawn_market(0)
    kept = market.keeping
    cells = len(kept.lying)
    one = Market([[(2.0, {0: 1, 1: 1})]], [1.0], kept.__class__(
        lying=np.zeros(cells, np.int64), idle=np.full(cells, 0.1), dearer=np.zeros(cells),
        region=np.zeros(cells, np.int64), item=np.arange(cells), volume=np.ones(cells),
        room=np.array([np.inf]), supply=np.full(cells, 9),
    ))  # fmt: skip
    book = Book.of(one.baskets, one.keeping)
    made = sweep(
        one.baskets, one.keeping, book, first_box(one.keeping, book),
        even_spread(one.baskets, one.keeping),
    )  # fmt: skip
    assert made.bound == pytest.approx(2.0)
    assert made.stock.tolist() == [1, 1, 0, 0]
    assert made.taken.tolist() == [1.0, 1.0]
