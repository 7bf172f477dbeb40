"""The search for the cheapest whole-unit plan of an item, as plain Python: by hand, and by trying.

The items are written down as arrays, so that nothing but the search is tested.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from foreship_optimize.whole_units import pack_bound_loops
from foreship_optimize.whole_units.pack_bound_loops import PackItems
from tests.optimize.plain_loops import plain

LOOPS = plain(pack_bound_loops)


def pairs(stock: int, *, pack: int = 2, price: float = 0.0) -> PackItems:
    """One hub's item, two cells that each take two units worth 10 and 9, lanes at 1."""
    two = np.array([1, 1])
    return PackItems(
        item_cells=np.array([0, 2]), item_rows=np.array([0, 1]), row_most=np.array([stock]),
        row_equal=np.array([False]), row_price=np.array([price]), cell_ways=np.array([0, 1, 2]),
        way_row=np.array([0, 0]), way_cost=np.array([1.0, 1.0]), way_pack=two * pack,
        way_least=two * pack, way_most=two * 2, cell_row=-two, cell_exit=np.full(2, np.inf),
        cell_lies=0 * two, cell_units=np.array([0, 2, 4]), worth=np.array([10.0, 9.0, 10.0, 9.0]),
        risk=np.zeros(4),
    )  # fmt: skip


def searched(items: PackItems, nodes: int = 1000) -> tuple[float, bool, list[int]]:
    """Bound of the only item, whether a plan costs it, and the plan."""
    bound, solved = np.zeros(1), np.zeros(1, dtype=bool)
    ways, cells = len(items.way_cost), len(items.cell_exit)
    plan, gone = np.zeros(ways, np.int64), np.zeros(cells, np.int64)
    LOOPS.bound_items(items, nodes, 100, bound, solved, plan, gone)
    return float(bound[0]), bool(solved[0]), plan.tolist()


@pytest.mark.parametrize("price", [1.0, 4.0, 8.5, 20.0])
def test_three_units_are_one_pair_whatever_their_price(price: float):
    """A pair earns 10 + 9 - 2 = 17; half a pair more, which prices alone allow, is none."""
    bound, solved, plan = searched(pairs(3, price=price))
    assert bound == pytest.approx(-17.0)
    assert solved and sorted(plan) == [0, 2]


@pytest.mark.parametrize(("stock", "least"), [(0, 0.0), (1, 0.0), (2, -17.0), (4, -34.0)])
def test_stock_for_so_many_pairs(stock: int, least: float):
    """None, none, one, both."""
    bound, solved, plan = searched(pairs(stock, price=5.0))
    assert (bound, solved) == (pytest.approx(least), True)
    assert sum(plan) == stock // 2 * 2


def test_single_units_take_the_best_of_both_cells():
    """Three single units: 10 and 10, then 9, each less its lane."""
    bound, solved, plan = searched(pairs(3, pack=1, price=5.0))
    assert bound == pytest.approx(-(9 + 9 + 8))
    assert solved and sorted(plan) == [1, 2]


@pytest.mark.parametrize(("price", "nodes"), [(5.0, 0), (5.0, 1), (0.0, 1000)])
def test_a_search_that_does_not_get_there_still_tells_a_bound(price: float, nodes: int):
    """Cut short, or with rows that are worth nothing and so give it no reach: no plan is claimed.

    The bound is at most the pair's -17, and no worse than both cells full, at -34.
    """
    bound, solved, _ = searched(pairs(3, price=price), nodes)
    assert not solved
    assert -34.0 - 1e-9 <= bound < -17.0


@pytest.mark.parametrize("seed", range(8))
def test_the_search_is_as_good_as_trying_every_plan(seed: int):
    """Two hubs, two cells, random packs, lanes, worth and stock: the enumerated least cost."""
    rng = np.random.default_rng(seed)
    stock, pack = rng.integers(0, 6, 2), int(rng.integers(1, 4))
    worth = np.concatenate([np.sort(rng.uniform(0, 9, 4))[::-1] for _ in range(2)])
    cost = rng.uniform(0, 3, 4)
    items = PackItems(
        item_cells=np.array([0, 2]), item_rows=np.array([0, 2]), row_most=stock,
        row_equal=np.zeros(2, dtype=bool), row_price=rng.uniform(0, 4, 2),
        cell_ways=np.array([0, 2, 4]), way_row=np.array([0, 1, 0, 1]), way_cost=cost,
        way_pack=np.full(4, pack), way_least=np.full(4, pack),
        way_most=stock[[0, 1, 0, 1]] // pack * pack,
        cell_row=np.array([-1, -1]), cell_exit=np.full(2, np.inf),
        cell_lies=np.zeros(2, dtype=np.int64), cell_units=np.array([0, 4, 8]), worth=worth,
        risk=np.zeros(8),
    )  # fmt: skip
    best = np.inf
    for plan in product(range(0, 5, pack), repeat=4):
        into = (plan[0] + plan[1], plan[2] + plan[3])
        if max(into) > 4 or plan[0] + plan[2] > stock[0] or plan[1] + plan[3] > stock[1]:
            continue
        earned = worth[: into[0]].sum() + worth[4 : 4 + into[1]].sum()
        best = min(best, float(np.dot(plan, cost) - earned))
    bound, solved, plan = searched(items, nodes=10_000)
    assert solved
    assert bound == pytest.approx(best)
