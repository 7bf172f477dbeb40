"""The cells of a plan: chosen by assortment, demand and stock; paths laid out for them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.demand import DemandScenarios
from foreship_optimize.errors import TableFault
from foreship_optimize.network.cells import Cells, align_demand, choose_cells
from foreship_optimize.network.transport.places_and_lanes import Network, read_network
from foreship_optimize.tables import complete
from tests.optimize.small_network import day, demand_of, item, tables_of
from tests.optimize.table_builder import MONDAY


def chosen(demand: DemandScenarios, **rows) -> tuple[Cells, list[str], Network]:
    """Choose cells among regions R and S and items A and B."""
    tables = complete(tables_of(
        items=[item("A"), item("B")],
        regions=[(name, np.inf, 2.0, "", np.nan, np.nan) for name in ("R", "S")],
        **({"stock": [("H", "A", 9)], "lanes": []} | rows),
    ))  # fmt: skip
    network = read_network(tables, MONDAY)
    return (*choose_cells(tables, demand, network, MONDAY), network)


def named(cells: Cells, network: Network) -> list[tuple[str, str]]:
    """Region and item of every cell."""
    return list(zip(network.regions[cells.region], network.items[cells.item], strict=True))


ONE = demand_of({("S", "A"): [[1, 3]]})
"""one week, one or three units in S"""


def test_without_an_assortment_demand_chooses_and_stock_joins():
    """S sells A; two B lie in R and three A come to R on Thursday: cells, but not to be stocked."""
    cells, notes, network = chosen(
        ONE, stock=[("H", "A", 9), ("R", "B", 2)], inbound=[("R", "A", 3, day(3))]
    )
    assert named(cells, network) == [("R", "A"), ("R", "B"), ("S", "A")]
    assert cells.stocked.tolist() == [False, False, True]
    assert cells.on_hand.tolist() == [0, 2, 0]
    assert (cells.inbound_cell.tolist(), cells.inbound_day.tolist()) == ([0], [3])
    assert cells.inbound_units.tolist() == [3]
    assert notes == []


def test_demand_outside_the_assortment_is_counted_and_gets_nothing():
    """S wants two A on average, but the assortment has R alone, and R's season is over."""
    rows = [("R", "A", pd.NaT, pd.NaT), ("R", "B", day(-9), day(-1))]
    cells, notes, network = chosen(ONE, assortment=rows)
    assert named(cells, network) == [("R", "A"), ("R", "B")]
    assert cells.stocked.tolist() == [True, False]
    assert notes == [
        "1 cell with demand (2 units expected) outside the assortment: nothing is sent there"
    ]


def test_a_demand_cell_of_unknown_ids_is_a_fault_of_its_own():
    """Region and item are each named."""
    with pytest.raises(TableFault) as caught:
        chosen(demand_of({("?", "Z"): [[1]]}))
    assert caught.value.faults == [
        "demand cell (?, Z): region is not in its table",
        "demand cell (?, Z): item is not in its table",
    ]


def test_cells_are_found_and_picked():
    """(R, B) is the second of three; (S, B) is none; picked cells leave their inbound behind."""
    cells, _, _ = chosen(ONE, stock=[("R", "B", 2)], inbound=[("R", "A", 3, day(3))])
    found = cells.find(np.array([0, 1, 1]), np.array([1, 1, 0]), 2)
    assert found.tolist() == [1, -1, 2]
    some = cells.rows(np.array([1]))
    assert len(some) == 1 and some.on_hand.tolist() == [2] and len(some.inbound_cell) == 0


def test_paths_are_laid_out_for_the_cells_and_earlier_weeks_left_out():
    """Of two weeks of demand the plan begins with the second; R has none and is told."""
    demand = demand_of({("S", "A"): [[1, 3], [4, 5]]})
    demand = DemandScenarios(
        demand.region, demand.item, demand.weeks - np.timedelta64(7, "D"), demand.units
    )
    cells, _, network = chosen(ONE, stock=[("R", "B", 2)])
    aligned, notes = align_demand(demand, cells, network, MONDAY)
    assert aligned.units.tolist() == [[[0, 0]], [[4, 5]]]
    assert aligned.weeks.tolist() == [MONDAY.date()]
    assert notes == [
        "1 week of demand before 2026-11-16 left out",
        "1 cell has no forecast: no demand is taken there",
    ]


def test_demand_that_is_over_before_the_plan_is_refused():
    """Its one week is the week before."""
    demand = DemandScenarios(ONE.region, ONE.item, ONE.weeks - np.timedelta64(7, "D"), ONE.units)
    cells, _, network = chosen(ONE)
    with pytest.raises(TableFault, match="covers 2026-11-09 to 2026-11-09; it must hold 2026-11-1"):
        align_demand(demand, cells, network, MONDAY)
