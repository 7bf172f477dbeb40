"""By the order, units beyond the settled plan earn no more than they cost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.planning import solve
from foreship_optimize.tables import complete
from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.valuation.order_weighing import weigh_orders
from foreship_optimize.valuation.unit_worth.believed import Believed
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues
from tests.optimize.orders.order_world import drawn_orders, settings, wanted, world
from tests.optimize.table_builder import MONDAY, frame

LATER = MONDAY + pd.Timedelta(days=30)
LOCKS = (
    ("at_least", 1.0, "S", "", ""),
    ("at_least", 8.0, "R", "", "H"),
    ("at_least", 3.0, "", "A", "H"),
    ("fix", 9.0, "R", "A", ""),
)
"""on a market whose settled plan these went beyond, because it earned more by the credits"""


def test_only_units_beyond_the_plan_are_bounded() -> None:
    """Two are believed of the first cell, none of the second, into which nothing can come."""
    cell, unit = np.array([0, 0, 0, 1]), np.array([1, 2, 3, 1])
    value = np.array([9.0, 8.0, 7.0, 6.0])
    worth = UnitValues(cell, unit, value, value, value, value)
    found = Believed(np.array([2, 0]), np.array([4.0, np.inf])).of(worth)
    assert found.value.tolist() == [9.0, 8.0, 4.0, 6.0]
    assert found.benefit.tolist() == value.tolist()


@pytest.fixture(scope="module")
def objectives() -> list[float]:
    """What plans cost of a drawn market: without a lock, and with each of some."""
    tables, demand, params = world(drawn_orders(1)), wanted(1), settings()
    filled = complete(tables, params.economics, MONDAY)
    weighed = weigh_orders(filled, demand, MONDAY, params, 0.0, tables["orders"])
    assert weighed is not None
    found = []
    for lock in (None, *LOCKS):
        locks = [] if lock is None else [(*lock[:2], "shelf", "Anna", LATER, *lock[2:])]
        locked = tables | {"overrides": frame("overrides", locks)}
        problem = assemble(locked, demand, MONDAY, params, order_credits=weighed.credits)
        plan = solve(problem, params, as_of=MONDAY)
        assert not plan.summary["relaxed"]
        found.append(float(plan.summary["objective"]))
    return found


def test_no_lock_brings_money(objectives: list[float]) -> None:
    """A plan that keeps a lock is a plan without it too; the last lock asks for what loses."""
    free, *locked = objectives
    assert min(locked) >= free - 1e-9
    assert locked[-1] > free + 0.01
