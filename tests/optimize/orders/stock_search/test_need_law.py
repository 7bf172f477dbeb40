"""What windows want, by the numbers that occur: counted again in plain Python."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from foreship_optimize.orders.stock_search import need_law as module
from foreship_optimize.orders.stock_search.need_law import NeedLaw, need_law, sampled_law
from tests.optimize.orders.drawn_baskets import drawn_market
from tests.optimize.small_network import demand_of


def by_cell(law: NeedLaw) -> list[dict[int, float]]:
    parts = zip(law.first[:-1], law.first[1:], strict=True)
    return [
        dict(zip(law.units[a:b].tolist(), law.chance[a:b].tolist(), strict=True)) for a, b in parts
    ]


@pytest.mark.parametrize(("weeks", "length"), [(4, 1), (5, 2), (1, 1), (1, 2)])
@pytest.mark.parametrize("block", [1, 400_000])
def test_windows_of_the_horizon_are_counted_alike(monkeypatch, weeks: int, length: int, block: int):
    """Whole windows only; a horizon shorter than one is one; blocks of memory have no say."""
    monkeypatch.setattr(module, "BLOCK_PATHS", block)
    units = np.random.default_rng(weeks).poisson(1.5, (3, weeks, 5))
    units[1] = 0
    law = need_law(demand_of({("R", name): units[at] for at, name in enumerate("ABC")}), length)
    windows = max(1, weeks // length)
    for cell, found in enumerate(by_cell(law)):
        told = Counter(
            int(units[cell, window * length : (window + 1) * length, path].sum())
            for window in range(windows)
            for path in range(5)
        )
        told.pop(0, None)
        assert list(found) == sorted(told)
        assert found == pytest.approx({n: c / (5 * windows) for n, c in told.items()})


@pytest.mark.parametrize("seed", range(6))
def test_the_law_of_past_orders_is_that_of_their_periods(seed: int):
    """Units of each cell and period, with the weight of the period."""
    market = drawn_market(seed)
    for cell, found in enumerate(by_cell(sampled_law(market.baskets, 4))):
        told: dict[int, float] = {}
        for weight, orders in zip(market.weight, market.periods, strict=True):
            units = sum(lines.get(cell, 0) for _, lines in orders)
            told[units] = told.get(units, 0.0) + weight
        told.pop(0, None)
        assert list(found) == sorted(told)
        assert found == pytest.approx(told)
