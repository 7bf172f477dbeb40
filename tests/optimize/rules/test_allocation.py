"""Scarce stock and room go to the largest shortage first, each pack over its cheapest way."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.network.cells import choose_cells
from foreship_optimize.network.transport.places_and_lanes import read_network
from foreship_optimize.rules.allocation import allocate, ways
from foreship_optimize.tables import complete
from tests.optimize.small_network import day, demand_of, item, lane, tables_of
from tests.optimize.table_builder import MONDAY

LANES = [lane("H", "R", 1.0), lane("H", "S", 2.0), lane("J", "R", 3.0), lane("J", "S", 1.5)]


def network(*, room: float = np.inf, pack: int = 1, **rows):
    """Two hubs, two regions, one item: the cells R and S and the network they lie in."""
    tables = complete(tables_of(
        items=[item("I", pack=pack)],
        regions=[("R", room, 2.0, "", np.nan, np.nan), ("S", np.inf, 2.0, "", np.nan, np.nan)],
        hubs=[("H", np.nan, np.nan), ("J", np.nan, np.nan)],
        **({"lanes": LANES, "stock": [("H", "I", 3), ("J", "I", 1)]} | rows),
    ))  # fmt: skip
    found = read_network(tables, MONDAY)
    demand = demand_of({("R", "I"): [[1]], ("S", "I"): [[1]]})
    return choose_cells(tables, demand, found, MONDAY)[0], found


def sent(wanted: list[int], **about) -> list[list[int]]:
    """Packs by cell and hub."""
    cells, found = network(**about)
    cell, lane = allocate(cells, found, np.array(wanted))
    table = np.zeros((2, 2), dtype=int)
    np.add.at(table, (cell, found.lanes.origin[lane]), 1)
    return table.tolist()


def test_ways_and_their_cost():
    """A row a cell, a column a hub; a lane that is closed today is no way."""
    lane_of, cost = ways(*network())
    assert cost.tolist() == [[1.0, 3.0], [2.0, 1.5]]
    closed = [*LANES[:3], lane("J", "S", 1.5, start=day(1))]
    lane_of, cost = ways(*network(lanes=closed))
    assert lane_of[1].tolist()[1] == -1 and cost[1].tolist() == [2.0, np.inf]


@pytest.mark.parametrize(
    ("wanted", "packs"),
    [
        ([2, 1], [[2, 0], [0, 1]]),  # enough for all, each on its cheapest lane
        # in the first round R takes what H has and S what J has; R's fourth finds nothing left
        ([4, 1], [[3, 0], [0, 1]]),
        # S takes J's unit, R one of H's; in the second round S takes the other two of H at 2
        ([1, 4], [[1, 0], [2, 1]]),
        ([0, 0], [[0, 0], [0, 0]]),
    ],
)
def test_each_pack_asks_for_its_cheapest_way_left(wanted: list[int], packs: list[list[int]]):
    """H holds three, J one; R is nearer to H, S to J."""
    assert sent(wanted) == packs


@pytest.mark.parametrize(
    ("wanted", "packs"),
    [
        ([2, 3], [[1, 0], [2, 0]]),  # the order is S 3, R 2, S 2 and then R 1, S 1
        ([9, 3], [[3, 0], [0, 0]]),  # R 9, R 8, R 7
        ([1, 1], [[1, 0], [1, 0]]),
    ],
)
def test_the_larger_shortage_goes_first(wanted: list[int], packs: list[list[int]]):
    """H alone has stock, three units; the lack falls with each pack sent, and R wins a tie."""
    assert sent(wanted, stock=[("H", "I", 3)]) == packs


def test_packs_are_the_nearest_and_need_whole_stock():
    """Packs of two: five wanted are three packs, of which H's three units hold only one."""
    assert sent([5, 0], pack=2) == [[1, 0], [0, 0]]
    assert sent([2, 0], pack=5) == [[0, 0], [0, 0]]  # two fifths of a pack are none


def test_room_and_lanes_cut_what_stock_would_give():
    """R has room for two; then a lane that carries one lets the rest come from J at 3."""
    assert sent([4, 0], room=2.0) == [[2, 0], [0, 0]]
    narrow = [lane("H", "R", 1.0, capacity=1.0), *LANES[1:]]
    assert sent([4, 0], lanes=narrow) == [[1, 1], [0, 0]]


def test_of_two_lanes_of_a_hub_the_dearer_takes_what_the_cheaper_has_no_room_for():
    """H to R at 1 for one and at 1.5 for one more; the third comes from J at 3."""
    rows = [lane("H", "R", 1.0, 4, capacity=1.0), lane("H", "R", 1.5, 1, capacity=1.0), LANES[2]]
    for order in (rows, rows[::-1]):
        cells, found = network(lanes=order)
        assert sorted(ways(cells, found)[1][0])[:3] == [1.0, 1.5, 3.0]
        cell, used = allocate(cells, found, np.array([4, 0]))
        assert cell.tolist() == [0, 0, 0]
        assert sorted(found.lanes.cost_per_unit[used]) == [1.0, 1.5, 3.0]


def test_what_lies_in_a_region_takes_its_room():
    """Room for four, two there and one to come: one unit more."""
    stock = [("H", "I", 3), ("R", "I", 2)]
    assert sent([3, 0], room=4.0, stock=stock, inbound=[("R", "I", 1, day(9))]) == [[1, 0], [0, 0]]


def of_days(wanted: list[int], **columns: list) -> list[list[int]]:
    """Packs of R and S by day of leaving, where H alone has a lane to each and stock for all."""
    tables = tables_of(
        regions=[("R", np.inf, 2.0, "", np.nan, np.nan), ("S", np.inf, 2.0, "", np.nan, np.nan)],
        lanes=LANES[:2], stock=[("H", "I", 30)],
    )  # fmt: skip
    tables["hubs"]["picking_units"] = columns.get("picking", [np.inf])
    tables["regions"]["receiving_units"] = columns.get("receiving", [np.inf, np.inf])
    tables["lanes"] = tables["lanes"].assign(
        departs=columns.get("departs", ["", ""]), capacity=columns.get("capacity", [np.inf] * 2)
    )
    filled = complete(tables)
    found = read_network(filled, MONDAY)
    demand = demand_of({("R", "I"): [[1]], ("S", "I"): [[1]]})
    cells = choose_cells(filled, demand, found, MONDAY)[0]
    cell, by_lane = allocate(cells, found, np.array(wanted))
    table = np.zeros((2, 7), dtype=int)
    np.add.at(table, (cell, found.lanes.offset[by_lane]), 1)
    return table[:, :3].tolist()


def test_packs_wait_for_a_day_that_has_room():
    """Three a day are picked at H, the earliest day first; or R takes in one a day, S any."""
    assert of_days([4, 2], picking=[3.0]) == [[3, 1, 0], [0, 2, 0]]
    assert of_days([2, 3], receiving=[1.0, np.inf]) == [[1, 1, 0], [3, 0, 0]]


def test_departures_of_a_row_share_its_room():
    """Monday and Tuesday of a lane with room for three: all on Monday, and no more than three."""
    assert of_days([5, 0], departs=["Mon Tue", ""], capacity=[3.0, np.inf])[0] == [3, 0, 0]
