"""Orders that are known to come: dealt what lies there, and what this plan has to send for them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.demand import DemandScenarios
from foreship_optimize.orders.baskets import Baskets
from foreship_optimize.orders.coming_orders import (
    Dealt,
    coming_orders,
    deal_units,
    needed_now,
    units_by_day,
)
from foreship_optimize.orders.reading import keeping_of, retained_worth
from foreship_optimize.valuation.inputs import Ground, read_ground
from tests.optimize.orders.order_world import network_of, orders_of, settings, wanted, world
from tests.optimize.small_network import day
from tests.optimize.table_builder import MONDAY, frame

R_A, R_B, R_C = 0, 1, 2


def ground_of(lying: list[tuple], due: list[tuple]) -> Ground:
    """Three items in R; its units take two days, and the next plan's are there on day nine."""
    tables = world(orders_of())
    tables["lanes"]["lead_time_days"] = 2
    tables["stock"] = pd.concat([tables["stock"], frame("stock", lying)])
    tables["inbound"] = frame("inbound", due)
    return read_ground(tables, wanted(), MONDAY, settings(), 0.0)


def baskets(*orders: tuple[int, dict[int, int]]) -> Baskets:
    """Orders as (day, units by cell), each worth 1."""
    sizes = [len(units) for _, units in orders]
    return Baskets(
        period=np.array([when for when, _ in orders]),
        first=np.append(0, np.cumsum(sizes)),
        cell=np.array([cell for _, units in orders for cell in units]),
        units=np.array([count for _, units in orders for count in units.values()]),
        saving=np.ones(len(orders)),
        weight=np.ones(21) / 21,
    )


def dealt(ground: Ground, orders: Baskets) -> Dealt:
    money = ground.economics()
    worth = retained_worth(money, len(ground.cells))
    keeping = keeping_of(ground.network, ground.cells, money, worth, 1)
    return deal_units(orders, ground.cells, money, keeping)


def test_what_lies_there_goes_to_the_first_and_the_rest_is_sent_or_comes_later():
    """One A lies there. Day 1: the A serves. Day 1 again: none, and nothing can be there in time.

    Day 3 and 8 ask this plan, day 9 the next one: it sends its units before that day's orders.
    """
    orders = baskets((1, {R_A: 1}), (1, {R_A: 1}), (3, {R_A: 2}), (8, {R_B: 1}), (9, {R_B: 1}))
    found = dealt(ground_of([("R", "A", 1)], []), orders)
    assert found.served.tolist() == [True, False, True, True, True]
    assert found.missing.tolist() == [0, 0, 2, 1, 0]
    wants, order = needed_now(orders, found)
    assert order.tolist() == [2, 3] and wants.period.tolist() == [0, 0]
    assert (wants.cell.tolist(), wants.units.tolist()) == ([R_A, R_B], [2, 1])


def test_an_order_that_comes_too_early_for_one_line_takes_nothing():
    """Day 0 lacks B: the A is left for the order of day 1."""
    found = dealt(ground_of([("R", "A", 1)], []), baskets((0, {R_A: 1, R_B: 1}), (1, {R_A: 1})))
    assert found.served.tolist() == [False, True] and found.left[R_A] == 0


def test_units_that_are_due_serve_from_their_day_on():
    """Three A of which one lands on day 4: an order of day 3 asks for what is missing."""
    ground = ground_of([], [("R", "A", 1, day(4)), ("R", "A", 2, day(40))])
    found = dealt(ground, baskets((3, {R_A: 1}), (4, {R_A: 1}), (5, {R_A: 1})))
    assert found.missing.tolist() == [1, 0, 1]


def test_an_order_that_needs_units_of_this_plan_waits_for_no_later_one():
    """B lies there, A and C are missing on day 3: both are this plan's to send, B is not."""
    orders = baskets((3, {R_A: 1, R_B: 1, R_C: 2}))
    wants, _ = needed_now(orders, dealt(ground_of([("R", "B", 1)], []), orders))
    assert (wants.cell.tolist(), wants.units.tolist()) == ([R_A, R_C], [1, 2])


def test_units_of_served_orders_fall_on_their_days():
    """Two of three orders."""
    ground = ground_of([], [])
    orders = baskets((3, {R_A: 2}), (4, {R_A: 1}), (8, {R_B: 1}))
    path = units_by_day(
        ground.network, ground.cells, np.datetime64(MONDAY, "D"), 14, orders,
        np.array([True, False, True]),
    )  # fmt: skip
    assert path.demand_until(np.arange(3), 7)[:, 0].tolist() == [2, 0, 0]
    assert path.demand_until(np.arange(3), 3)[:, 0].tolist() == [0, 0, 0]
    assert path.demand_until(np.arange(3), 9)[:, 0].tolist() == [2, 1, 0]


def path_of(days: int, units: int) -> DemandScenarios:
    daily = np.zeros((1, days), dtype=np.int64)
    daily[0, 2] = units
    one = (np.array([name], dtype=object) for name in ("R", "A"))
    return DemandScenarios.on_days(*one, np.datetime64(MONDAY, "D"), daily)


def test_orders_that_come_are_read_day_by_day_within_the_horizon_of_their_path():
    """Yesterday's and that of day 20 are not looked at; a demand of other orders is refused."""
    orders = orders_of((1, "R", "A", 9, "x"), (-2, "R", "A", 3, "y"), (-20, "R", "A", 9, "z"))
    network, _ = network_of(world(orders))
    coming = coming_orders(orders, network, path_of(14, 3), MONDAY)
    assert coming.period.tolist() == [2] and coming.units.tolist() == [3]
    with pytest.raises(ValueError, match="single path"):
        coming_orders(orders, network, path_of(14, 2), MONDAY)
    with pytest.raises(ValueError, match="single path"):
        coming_orders(orders, network, wanted(), MONDAY)
