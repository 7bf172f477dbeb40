"""How hubs run down: hand-computed slopes, and slopes against differences of the whole cost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize.valuation.hub_rundown.rundown import run_down

STEP = 1e-6


def test_the_last_parcels_come_from_the_far_hub():
    """One unit near (parcel 4), plenty far (9): an order less saves 9, a near unit more 5.

    With one order only, the near hub serves it: one less saves 4, and a unit more saves nothing,
    but one less would cost 5.
    """
    found = run_down(np.array([1.0, 99.0]), np.array([[20.0, 1.0]]), np.array([[4.0, 9.0]]), 20.0)
    assert found.order == pytest.approx(np.array([[9.0, 4.0]]))
    assert found.rent == pytest.approx(np.array([[5.0, 0.0], [0.0, 0.0]]))
    assert found.missed == pytest.approx(np.array([[5.0, 5.0], [0.0, 0.0]]))


def test_where_the_only_hub_runs_dry_an_order_costs_its_margin():
    """Ten units for twenty orders that earn 20: each of the last ten is lost."""
    found = run_down(np.array([10.0]), np.array([[20.0]]), np.array([[4.0]]), 20.0)
    assert (found.order[0, 0], found.rent[0, 0]) == pytest.approx((20.0, 16.0))


def test_an_order_that_no_hub_can_serve_is_lost():
    """No lane leads there, and its orders empty no hub."""
    found = run_down(np.array([1.0]), np.array([[5.0], [1.0]]), np.array([[np.inf], [4.0]]), 20.0)
    assert found.order == pytest.approx(np.array([[20.0], [4.0]]))


def test_an_empty_hub_has_the_rent_of_the_unit_it_lacks():
    """Five orders that only the far hub serves for 9: one unit near would save 5."""
    found = run_down(np.array([0.0, 9.0]), np.array([[5.0]]), np.array([[4.0, 9.0]]), 20.0)
    assert found.rent[0, 0] == pytest.approx(5.0)
    assert found.order[0, 0] == pytest.approx(9.0)


def whole_cost(stock, orders, cost, lost: float) -> float:
    """Cost of all orders of one path: time runs until a hub is empty, and again, in plain loops."""
    stock, left, total = list(stock), 1.0, 0.0
    while left > 1e-12:
        asks = []
        for row in cost:
            able = [
                hub for hub, units in enumerate(stock) if units > 1e-12 and np.isfinite(row[hub])
            ]
            asks.append(min(able, key=lambda hub, row=row: row[hub], default=None))
        load = [
            sum(o for o, a in zip(orders, asks, strict=True) if a == h) for h in range(len(stock))
        ]
        share = min([left] + [stock[h] / load[h] for h in range(len(stock)) if load[h] > 0])
        for order, hub, row in zip(orders, asks, cost, strict=True):
            total += share * order * (lost if hub is None else row[hub])
            if hub is not None:
                stock[hub] -= share * order
        left -= share
    return total


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_rents_and_orders_are_the_slopes_of_the_whole_cost(seed: int):
    """A little more stock, a little fewer orders: the cost moves as rent and order say."""
    draw = np.random.default_rng(seed)
    hubs, regions = int(draw.integers(1, 4)), int(draw.integers(1, 5))
    stock = draw.integers(0, 15, hubs) + draw.uniform(0.2, 0.4, hubs)
    orders = draw.poisson(5, regions) + draw.uniform(0.02, 0.1, regions)
    cost = draw.uniform(2, 9, (regions, hubs))
    cost[draw.random(cost.shape) < 0.2] = np.inf
    found = run_down(stock, orders[:, None], cost, 15.0)
    base = whole_cost(stock, orders, cost, 15.0)
    for hub in range(hubs):
        more = stock + STEP * (np.arange(hubs) == hub)
        slope = (base - whole_cost(more, orders, cost, 15.0)) / STEP
        assert found.rent[hub, 0] == pytest.approx(max(slope, 0.0), abs=1e-4)
    for region in range(regions):
        fewer = orders - STEP * (np.arange(regions) == region)
        slope = (base - whole_cost(stock, fewer, cost, 15.0)) / STEP
        assert found.order[region, 0] == pytest.approx(slope, abs=1e-4)
