"""The compiled walk that credits lines, against the same in plain Python."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.orders.credit_loops import credit_through
from tests.optimize.orders.drawn_baskets import Market, drawn_market


def plain(market: Market, share: list[float], count: list[float], stock: list[int]) -> np.ndarray:
    """Served units, what they are credited with, single missing units and what they missed."""
    found, line = np.zeros((4, len(stock))), 0
    for when, orders in enumerate(market.periods):
        left = list(stock)
        for saving, lines in orders:
            short = [cell for cell, q in lines.items() if left[cell] < q]
            for cell, q in lines.items():
                if not short:
                    left[cell] -= q
                    found[:2, cell] += np.array([q, share[line] * saving]) * count[when]
                line += 1
            if len(short) == 1 and not 0 < stock[short[0]] < lines[short[0]]:
                found[2:, short[0]] += np.array([lines[short[0]], saving]) * count[when]
    return found


@pytest.mark.parametrize("seed", range(12))
def test_credits_are_those_of_plain_loops(seed: int):
    """Drawn markets, stocks, shares and weights of periods."""
    market, draw = drawn_market(seed, cells=5, periods=7), np.random.default_rng(seed)
    baskets, stock = market.baskets, draw.integers(0, 4, 5)
    share, count = draw.random(len(baskets.cell)), draw.random(7)
    found = np.zeros((4, 5))
    credit_through(
        baskets.period, baskets.first, baskets.cell, baskets.units, baskets.saving, share, count,
        stock, *found,
    )  # fmt: skip
    told = plain(market, share.tolist(), count.tolist(), stock.tolist())
    assert found == pytest.approx(told, abs=1e-12)
