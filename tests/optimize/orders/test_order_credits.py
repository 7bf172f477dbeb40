"""What orders tell the program, found by the names of region and item."""

from __future__ import annotations

import numpy as np

from foreship_optimize.orders.order_credits import OrderCredits
from tests.optimize.small_network import demand_of

CREDITS = OrderCredits(
    np.array(["R", "R", "S"], object), np.array(["A", "B", "A"], object),
    np.array([0.0, 0.5, 1.0]), np.array([1.0, 2.0, 3.0]), np.array([4, 5, 6]),
    np.array([0.1, 0.2, 0.3]), np.array([0.25, 0.75, 1.0]),
)  # fmt: skip


def ids(*names: str) -> np.ndarray:
    return np.array(names, object)


def test_cells_are_found_by_name_and_unknown_ones_earn_nothing():
    """Another sequence, as many rows with other names, none at all."""
    asked = ids("S", "R", "X"), ids("A", "B", "A")
    assert CREDITS.net_of(*asked).tolist() == [3.0, 2.0, 0.0]
    assert CREDITS.most_of(*asked).tolist() == [6, 5, 0]
    assert CREDITS.most_of(*asked).dtype == np.int64
    assert CREDITS.further_of(*asked).tolist() == [0.3, 0.2, 0.0]
    assert CREDITS.net_of(ids("S", "S"), ids("A", "B")).tolist() == [3.0, 0.0]
    assert CREDITS.net_of(CREDITS.region, CREDITS.item).tolist() == [1.0, 2.0, 3.0]
    assert CREDITS.net_of(ids(), ids()).tolist() == []


def test_demand_takes_part_by_the_share_of_its_cell():
    """All of (S, A), nothing of (R, A) and of a cell that orders never named, half of (R, B)."""
    paths = np.full((2, 500), 4)
    cells = dict.fromkeys((("S", "A"), ("R", "B"), ("R", "A"), ("S", "B")), paths)
    demand = demand_of(cells)
    served = CREDITS.effective(demand)
    assert (served.region == demand.region).all() and (served.item == demand.item).all()
    units = dict(zip(zip(served.region, served.item, strict=True), served.units, strict=True))
    assert (units["S", "A"] == 4).all()
    assert not units["R", "A"].any() and not units["S", "B"].any()
    assert abs(units["R", "B"].mean() - 2.0) < 0.05
    assert (demand.units == 4).all()


def test_what_some_plan_may_serve_holds_what_this_one_serves():
    """Path by path and week by week; three quarters of (R, B), a quarter of (R, A)."""
    cells = dict.fromkeys((("S", "A"), ("R", "B"), ("R", "A")), np.full((2, 500), 4))
    demand = demand_of(cells)
    servable, served = CREDITS.servable(demand), CREDITS.effective(demand)
    assert (servable.units >= served.units).all() and (servable.units <= demand.units).all()
    means = dict(zip(zip(demand.region, demand.item, strict=True),
                     servable.units.mean(axis=(1, 2)), strict=True))  # fmt: skip
    assert means["S", "A"] == 4 and abs(means["R", "B"] - 3) < 0.05
    assert abs(means["R", "A"] - 1) < 0.05
