"""Hold-back: who is charged for emptying a hub, and how much."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize.orders.order_credits import OrderCredits
from foreship_optimize.params import PlanParams
from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.valuation.hold_back import ItemHubs, walk
from tests.optimize.small_network import STEADY, day, demand_of, lane, tables_of


def hubs_of(cost, until_refill, orders, stock, margin=8.0, **more) -> ItemHubs:
    """One hub, whose parcels cost nothing, and cells whose orders are credited with nothing."""
    cells = len(cost)
    about = {
        "stock": np.array([stock]),
        "freight": np.array(cost, float)[:, None],
        "parcel": np.zeros((cells, 1)),
        "lost": margin,
        "credited": np.zeros(cells),
        "orders": np.array(orders, float),
        "until_refill": np.array(until_refill, dtype=np.int64),
    }
    return ItemHubs(**(about | more))


def charges(value, cost, until_refill, orders, stock, margin=8.0):
    """o_k of the units of some cells, lists in, lists out."""
    hubs = hubs_of(cost, until_refill, orders, stock, margin)
    return walk(np.array(value, float), hubs).charge.tolist()


def test_a_unit_that_lies_idle_while_its_hub_is_empty_pays_the_margin_elsewhere():
    """One unit at the hub; half the paths want none here and one elsewhere: .5 x 8 = 4.

    In the other half it serves one of two orders, and the hub would have served one too.
    """
    found = charges([[6.0], [-9.0]], [1.0, 0.0], [[1, 0], [0, 0]], [[1, 0], [0, 1]], stock=1)
    assert found[0] == [4.0]


def test_no_order_is_lost_while_the_hub_has_stock_left():
    """Ten units at the hub and one order elsewhere: staging one of them costs nobody anything."""
    assert charges([[6.0]], [1.0], [[1, 0]], [[1, 0]], stock=10) == [[0.0]]


def test_a_unit_always_needed_is_never_idle():
    """Wanted in every path, a staged unit serves as well as one kept back."""
    assert charges([[6.0]], [1.0], [[1, 1]], [[5, 5]], stock=1) == [[0.0]]


def test_the_walk_takes_the_best_first_and_charges_the_rest_at_the_plan_reached():
    """Two cells, two units: the first takes one (gain 5), which serves its order of path 1.

    In path 2 it lies idle while the hub's last unit serves S: nobody is lost. The second cell's
    unit would lie idle in path 2 too, with the hub empty then: .5 x 8 = 4, no gain is left.
    """
    found = charges(
        [[6.0], [4.0], [-9.0]], [1.0, 1.0, 0.0], [[1, 0], [1, 0], [0, 0]],
        [[1, 0], [1, 0], [0, 1]], stock=2,
    )  # fmt: skip
    assert found[0] == [0.0]
    assert found[1] == [4.0]


def near_and_far(stock: tuple[int, int], orders: int) -> ItemHubs:
    """One cell, one path; parcels of the near hub cost 4, of the far one 9; lanes 1 from both."""
    return ItemHubs(
        stock=np.array(stock),
        freight=np.array([[1.0, 1.0]]),
        parcel=np.array([[4.0, 9.0]]),
        lost=20.0,
        credited=np.array([9.0]),
        orders=np.array([[float(orders)]]),
        until_refill=np.array([[orders]]),
    )


def test_units_leave_the_hub_that_others_miss_least():
    """Three orders, one unit near, plenty far: what is staged comes from far, two units of it.

    Each saves a parcel of 9, and the third only the near hub's parcel of 4: its credit of 9 is 5
    too much, and it is staged only if it earns more.
    """
    found = walk(np.array([[8.0, 8.0, 5.5]]), near_and_far((1, 9), 3))
    assert found.taken.tolist() == [0, 2]
    assert found.charge[0] == pytest.approx([0.0, 0.0, 5.0])
    assert found.first == pytest.approx([0.0, 0.0])
    assert found.beyond == pytest.approx([5.0, 0.0])
    more = walk(np.array([[8.0, 8.0, 6.5]]), near_and_far((1, 9), 3))
    assert more.taken.sum() == 3
    assert more.charge[0] == pytest.approx([0.0, 0.0, 5.0])


@pytest.mark.parametrize(("weeks", "charge"), [(1, 0.0), (2, 0.0)])
def test_what_sells_before_the_refill_is_not_idle(weeks: int, charge: float):
    """R buys a unit in week 1 or in week 2, S one in week 2; one unit at the hub.

    Refilled after a week, nobody is lost. After two, the unit serves R in either case, as it would
    from the hub: that its window ends before week 2 does not make it idle.
    """
    tables = tables_of(
        regions=[("R", np.inf, 2.0, "", 0, 0), ("S", np.inf, 2.0, "", 0, 0)],
        lanes=[lane("H", "R", 0.1), lane("H", "S", 9.0), lane("R", "H")],
        stock=[("H", "I", 1)],
    )
    nobody = [[0, 0]] * 4
    demand = demand_of(
        {("R", "I"): [[1, 0], [0, 1], *nobody], ("S", "I"): [[0, 0], [1, 1], *nobody]}
    )
    params = replace(STEADY, plan=PlanParams(hub_refill_weeks=weeks))
    units = assemble(tables, demand, day(0), params).units
    assert units.probability[0] == pytest.approx(0.5)
    assert units.hold_back[0] == charge


@settings(max_examples=80)
@given(st.integers(0, 10**6))
def test_charges_lie_between_nothing_and_the_margin(seed: int):
    """0 <= o_k <= margin, and a unit behind another in its cell is idle at least as often."""
    rng = np.random.default_rng(seed)
    cells, ranks, paths = (int(rng.integers(1, top)) for top in (4, 4, 6))
    need = rng.integers(0, 4, (cells, paths))
    value = -np.sort(-rng.uniform(0, 9, (cells, ranks)), axis=1)
    found = np.array(charges(value, rng.uniform(0, 3, cells), need, need, int(rng.integers(5))))
    assert (found >= 0).all() and (found <= 8.0 + 1e-9).all()


def test_the_long_tail_stays_central():
    """Ten regions that want a unit in a tenth of the paths each, one unit at the hub: none leaves.

    Each week wants one unit somewhere, so that one staged in vain loses that order. With thirty
    at the hub every first unit is worth its lane.
    """
    regions = [(f"R{place}", np.inf, 2.0, "", 0, 0) for place in range(10)]
    lanes = [lane("H", name, 0.05) for name, *_ in regions]
    lanes += [lane(name, "H", 0.05) for name, *_ in regions]
    turns = [np.roll(np.arange(10), 3 * week) for week in range(6)]
    paths = {f"R{place}": [(turn == place).astype(int) for turn in turns] for place in range(10)}
    demand = demand_of({(name, "I"): each for name, each in paths.items()})
    for units, leaves in ((1, False), (30, True)):
        tables = tables_of(regions=regions, lanes=lanes, stock=[("H", "I", units)])
        found = assemble(tables, demand, day(0), STEADY).units
        first = found.value[found.rank == 1]
        assert (first > 0.05).any() == leaves, units


def test_the_charge_is_taken_off_the_value_once():
    """Half the paths want a unit here and one in S, else only S does; one unit at the hub.

    Staged here it idles in half the paths while S asks in vain: o = .5 x (20 - 10 - 5) = 2.5.
    """
    tables = tables_of(
        regions=[("R", np.inf, 2.0, "", 0, 0), ("S", np.inf, 2.0, "", 0, 0)],
        lanes=[lane("H", "R", 0.1), lane("H", "S", 9.0), lane("R", "H")],
        stock=[("H", "I", 1)],
    )
    demand = demand_of({("R", "I"): [[1, 0]] * 6, ("S", "I"): [[1, 1]] * 6})
    units = assemble(tables, demand, day(0), STEADY).units
    assert units.hold_back[0] == pytest.approx(2.5)
    kept = units.unsold_worth[0] - 0.1
    assert units.value[0] == pytest.approx(0.5 * 3.0 + 0.5 * kept - 2.5)


@pytest.mark.parametrize(("share", "charge"), [(1.0, 0.0), (0.0, 3.5)])
def test_by_order_all_that_regions_do_not_serve_misses_a_unit(share, charge):
    """R wants a unit in half the paths, S one in all; one lies in S, one at the hub, for a week.

    Where S serves its orders from what lies there nobody misses the hub's unit. Where it may serve
    none, its order asks the hub, in half the paths in vain: it would earn 10 less its part of a
    parcel for two, (5 + 1) / 2.
    """
    tables = tables_of(
        regions=[("R", np.inf, 2.0, "", 0, 0), ("S", np.inf, 2.0, "", 0, 0)],
        lanes=[lane("H", "R", 0.1), lane("H", "S", 9.0), lane("R", "H")],
        stock=[("H", "I", 1), ("S", "I", 1)],
    )
    tables["lanes"] = tables["lanes"].assign(direct_further=1.0)
    told = OrderCredits(
        region=np.array(["R", "S"]), item=np.array(["I", "I"]), share=np.array([1.0, share]),
        net=np.array([3.0, 0.0]), most=np.array([9, 0]), further=np.array([0.5, 0.5]),
        worth_serving=np.array([1.0, 1.0]),
    )  # fmt: skip
    demand = demand_of({("R", "I"): [[1, 0]] * 6, ("S", "I"): [[1, 1]] * 6})
    params = replace(STEADY, plan=PlanParams(hub_refill_weeks=1))
    problem = assemble(tables, demand, day(0), params, order_credits=told)
    first = (problem.units.rank == 1) & ~problem.units.on_hand & (problem.units.cell == 0)
    assert problem.units.hold_back[first] == pytest.approx([charge])
