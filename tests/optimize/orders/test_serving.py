"""Parcels of orders and the gate, by hand and against the rules written again in plain Python."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.orders.past_orders import past_orders
from foreship_optimize.orders.serving import from_hubs, through_the_gate
from foreship_optimize.params import PlanParams
from tests.optimize.orders.order_world import ITEMS, drawn_orders, network_of, orders_of, world
from tests.optimize.table_builder import MONDAY


def setting(orders: pd.DataFrame, **tariff):
    network, cells = network_of(world(orders, **tariff))
    return past_orders(orders, network, MONDAY, PlanParams()), network, cells


def plain_parcels(
    units: dict[int, int], held: np.ndarray, first, further
) -> tuple[set[int], float]:
    """Items that come, and what their parcels cost: the hub that has most sends first."""
    left, paid, came = dict(units), 0.0, set()
    while True:
        offers = []
        for hub in range(held.shape[1]):
            has = {i: q for i, q in left.items() if held[i, hub]}
            n = sum(has.values())
            if n and np.isfinite(first[hub]):
                offers.append((-n, first[hub] + further[hub] * (n - 1), hub, has))
        if not offers:
            return came, paid
        _, cost, _, has = min(offers, key=lambda each: each[:3])
        paid += cost
        came |= set(has)
        left = {i: q for i, q in left.items() if i not in has}


@pytest.mark.parametrize("seed", range(8))
def test_parcels_are_those_of_the_rules_in_words(seed: int):
    """Drawn hubs that hold some items, drawn tariffs, a way that is closed, an item none has."""
    draw = np.random.default_rng(seed)
    past, network, _ = setting(drawn_orders(seed))
    held = draw.random((3, 2)) < 0.6
    first, further = draw.choice([3.0, 4.0, 5.0, np.inf], (2, 2)), draw.random((2, 2))
    network = replace(network, parcel_cost=first, parcel_further=further)
    found = from_hubs(past, network, held)
    for order in range(len(past)):
        lines = range(past.first[order], past.first[order + 1])
        units = {int(past.item[at]): int(past.units[at]) for at in lines}
        where = past.region[order]
        came, paid = plain_parcels(units, held, first[where], further[where])
        assert found.parcels[order] == pytest.approx(paid)
        margin = sum(units[i] * network.margin[i] for i in came)
        assert found.margin[order] == pytest.approx(margin)


def test_the_saving_of_an_order_by_hand():
    """A and B, margin 10 each: a parcel of two 5.50, from there 2.25; nobody is lost.

    Gross 20 - 2.25 - (20 - 5.50) = 3.25, less 1.00 and .50 of worth: 1.75.
    """
    past, network, cells = setting(orders_of((1, "R", "A", 1, "x"), (1, "R", "B", 1, "x")))
    network = replace(network, lost_share=np.zeros(3))
    held = np.array([[True, True], [False, True], [False, True]])
    retained = np.array([1.0, 0.5, 9.0, 9.0, 9.0, 9.0])
    gated = through_the_gate(past, network, cells, held, retained)
    assert gated.saving == pytest.approx([1.75])
    assert gated.baskets.saving == pytest.approx([1.75])
    assert gated.baskets.cell.tolist() == [0, 1] and gated.baskets.units.tolist() == [1, 1]
    dear = through_the_gate(past, network, cells, held, np.full(6, 3.25 / 2))
    assert len(dear.order) == 0 and dear.baskets.first.tolist() == [0]


def test_who_does_not_wait_is_lost_without_the_region():
    """A quarter of A's buyers and half of B's: of two A and one B a third do not wait.

    Margin 30 - 2.50 there; hubs earn 30 - 6.00 of those who wait: 27.5 - 2/3 x 24 = 11.5.
    """
    past, network, cells = setting(orders_of((1, "R", "A", 2, "x"), (1, "R", "B", 1, "x")))
    network = replace(network, lost_share=np.array([0.25, 0.5, 0.0]))
    held = np.array([[False, True]] * 3)
    found = through_the_gate(past, network, cells, held, np.zeros(6))
    assert found.saving == pytest.approx([11.5])


def test_an_order_that_no_hub_has_earns_its_whole_margin_there():
    """Nothing comes by parcel: 10 - 2."""
    past, network, cells = setting(orders_of((1, "S", "C", 1, "x")))
    found = through_the_gate(past, network, cells, np.zeros((3, 2), bool), np.zeros(6))
    assert found.saving == pytest.approx([8.0])


def test_an_order_with_a_line_that_is_no_cell_is_never_whole_there():
    """An item that no table knows, in the second region, is not the last item of the first."""
    rows = (1, "S", "A", 1, "x"), (1, "S", "unknown", 1, "x"), (2, "S", "A", 1, "y")
    past, network, cells = setting(orders_of(*rows))
    held = np.ones((3, 2), bool)
    found = through_the_gate(past, network, cells, held, np.zeros(6))
    assert min(found.saving.tolist()) == -np.inf
    assert len(found.order) == 1
    assert cells.find(np.array([1, -1, 1]), np.array([-1, 0, 2]), len(ITEMS)).tolist() == [
        -1,
        -1,
        5,
    ]


def test_what_is_worth_serving_keeps_its_place_and_its_lines():
    """The baskets are the orders of positive saving, line by line."""
    past, network, cells = setting(drawn_orders(5))
    found = through_the_gate(past, network, cells, np.ones((3, 2), bool), np.full(6, 1.2))
    assert found.order.tolist() == np.flatnonzero(found.saving > 0).tolist()
    assert 0 < len(found.order) < len(past)
    baskets = found.baskets
    for place, order in enumerate(found.order.tolist()):
        mine = slice(past.first[order], past.first[order + 1])
        its = slice(baskets.first[place], baskets.first[place + 1])
        assert baskets.units[its].tolist() == past.units[mine].tolist()
        assert cells.item[baskets.cell[its]].tolist() == past.item[mine].tolist()
        assert set(cells.region[baskets.cell[its]].tolist()) == {int(past.region[order])}
