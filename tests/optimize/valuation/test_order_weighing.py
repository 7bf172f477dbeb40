"""When money is by the order, and what past orders make of a plan's lines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.orders.past_orders import PERIOD
from foreship_optimize.valuation.order_weighing import ByOrder, weigh_orders
from tests.optimize.orders.order_world import drawn_orders, orders_of, settings, wanted, world
from tests.optimize.table_builder import MONDAY


def weighed(tables: dict[str, pd.DataFrame], orders: pd.DataFrame | None) -> ByOrder | None:
    return weigh_orders(tables, wanted(), MONDAY, settings(), 0.0, orders)


def lines(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["action", "origin", "destination", "item", "quantity"])


def test_money_is_by_the_unit_without_orders_ids_or_a_tariff():
    """No table, no id, ids from the plan's day on alone, further units as dear as first ones."""
    orders = drawn_orders(0)
    tables = world(orders)
    assert weighed(tables, None) is None
    assert weighed(tables, orders.assign(order_id="")) is None
    assert weighed(tables, orders.drop(columns="order_id")) is None
    assert weighed(tables, orders.assign(date=MONDAY)) is None
    assert weighed(world(orders, further=5.0, mile=2.0), orders) is None
    assert weighed(world(orders, further=None, mile=None), orders) is None
    assert weighed(tables, orders) is not None
    assert weighed(tables, orders.assign(**{PERIOD: 0, "date": MONDAY})) is not None


def test_figures_by_hand():
    """Two orders of A and B in R and one of A in S, alike in weight; the plan serves the first two.

    Gross 20 - 2.25 - (20 - 5.50) = 3.25 for the pairs, nothing idle, worth .80 or a little more.
    """
    rows = [(1, "R", name, 1, order) for name in "AB" for order in ("x", "y")]
    found = weighed(world(orders_of(*rows)), orders_of(*rows, (2, "S", "A", 1, "z")))
    assert found is not None
    plan = lines(("ship", "H", "R", "A", 2), ("ship", "H", "R", "B", 3), ("ship", "G", "S", "B", 1))
    told = found.figures(plan)
    worth = found.read.settling.stocking.retained
    assert told["periods"] == 1 and told["orders_seen"] == 3
    assert told["worth_serving_there"] == pytest.approx(1.0)
    assert told["whole"] == pytest.approx(2 / 3)
    assert told["units_there"] == pytest.approx(4 / 5)
    dearer = found.read.settling.keeping.dearer
    spent = dearer[[0, 1, 4]] @ [2, 3, 1] + 2 * 0.1
    assert told["gain"] == pytest.approx(2 * (20 - 2.25 - 14.5 - worth[0] - worth[1]) - spent)
    assert told["bound"] >= told["gain"]
    assert told["gap"] == pytest.approx((told["bound"] - told["gain"]) / max(1, told["bound"]))


def test_units_that_leave_a_region_are_taken_off():
    """A return out of R and units moved from S to R, cell by cell."""
    found = weighed(world(drawn_orders(0)), drawn_orders(0))
    assert found is not None
    moved = found._moved(
        lines(
            ("ship", "H", "R", "A", 5), ("return", "R", "H", "A", 2), ("redirect", "S", "R", "C", 1)
        )
    )  # fmt: skip
    assert moved.tolist() == [3, 0, 1, 0, 0, -1]


def test_the_plan_that_credits_belong_to_gains_and_its_bound_is_near():
    """On drawn orders: its own lines, told back, gain something below the bound."""
    found = weighed(world(drawn_orders(1)), drawn_orders(1))
    assert found is not None and found.sent.any()
    read = found.read
    cells = np.flatnonzero(found.sent)
    names = zip(read.cells.region[cells], read.cells.item[cells], found.sent[cells], strict=True)
    plan = lines(
        *(("ship", "H", read.network.regions[r], read.network.items[i], n) for r, i, n in names)
    )
    told = found.figures(plan)
    assert 0 < told["whole"] <= told["worth_serving_there"] <= 1
    assert 0 < told["gain"] <= told["bound"]
