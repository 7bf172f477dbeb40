"""Hubs run down path by path, compiled, against all paths at once in arrays."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.valuation.hub_rundown.rundown import run_down
from foreship_optimize.valuation.hub_rundown.rundown_loops import (
    item_paths,
    run_down_compiled,
    run_down_item,
)


@pytest.mark.sweep
def test_both_find_the_same_rents_and_orders_to_the_last_bit():
    """150 items: equal costs, equal stock, empty hubs, regions no hub reaches, whole units."""
    dry = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        regions, hubs, paths = (
            int(rng.integers(low, top)) for low, top in ((1, 9), (1, 5), (2, 9))
        )
        cost = rng.choice([3.0, 4.0, 9.0], (regions, hubs)) + 0.1 * rng.integers(0, 2, (regions, 1))
        cost[rng.random(cost.shape) < 0.2] = np.inf
        stock, orders = rng.integers(0, 10, hubs), rng.poisson(2.0, (regions, paths)).astype(float)
        plain = run_down(stock.astype(float), orders, cost, 15.0)
        found = run_down_compiled(stock.astype(float), orders, cost, 15.0)
        for name in plain._fields:
            one, other = getattr(found, name), getattr(plain, name)
            assert one.tolist() == other.tolist(), (seed, name)
            # means over paths, too: they hang on how the numbers lie
            assert one.mean(axis=1).tolist() == other.mean(axis=1).tolist(), (seed, name)
        dry += int((plain.rent > 0.0).sum())
    assert dry > 300


def test_orders_that_nobody_asks_for_are_not_priced():
    """Two regions, one asked for: the other's orders still empty the hub."""
    orders = np.array([[3.0, 3.0], [4.0, 0.0]])
    item = item_paths(np.array([5]), orders, np.array([[4.0], [4.0]]), 20.0)
    item.asked[:, 1] = False
    run_down_item(item)
    assert item.rent[:, 0].tolist() == [16.0, 0.0]
    assert item.order[:, 0].tolist() == [20.0, 4.0]
    assert item.order[:, 1].tolist() == [0.0, 0.0]
