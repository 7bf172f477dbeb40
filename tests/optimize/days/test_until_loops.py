"""Demand until several days in compiled loops: to the bit what arrays deal day by day."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.days import orders_on_days, until_loops
from foreship_optimize.demand import DemandScenarios
from tests.optimize.plain_loops import plain

WEEKS = np.datetime64("2026-11-16") + 7 * np.arange(3)
DAYS = [0, 3, 7, 9, 10, 20, 21, 30]


def some_demand(seed: int) -> DemandScenarios:
    rng = np.random.default_rng(seed)
    units = rng.poisson(rng.gamma(0.5, 3.0, (6, 1, 1)), (6, 3, 20)).astype(np.uint16)
    units[3] *= 200
    region = np.repeat(np.array(["R", "S"], dtype=object), 3)
    item = np.tile(np.array(["I", "J", "K"], dtype=object), 2)
    return DemandScenarios(region, item, WEEKS, units)


@pytest.mark.filterwarnings("ignore:overflow encountered")
def test_loops_and_arrays_deal_alike(monkeypatch: pytest.MonkeyPatch):
    """Cells in any order, weeks left out, a cell without demand, sizes from one to hundreds."""
    for seed in range(2):
        demand = some_demand(seed)
        laid = demand.of_cells(demand.region, demand.item, np.array([0, -1, 2, 3, 4, 5]), 1)
        rows = np.array([5, 0, 3, 1])
        arrays = [each.until_days(rows, DAYS) for each in (demand, laid)]
        with monkeypatch.context() as patch:
            patch.setattr(orders_on_days, "FEW_CELLS", 0)
            patch.setattr(until_loops, "add_until", plain(until_loops).add_until)
            loops = [each.until_days(rows, DAYS) for each in (demand, laid)]
        assert all(np.array_equal(one, other) for one, other in zip(arrays, loops, strict=True))
        assert arrays[0].any()


def test_a_block_of_cells_has_their_demand_and_nothing_else():
    """Weeks are cut in a block as they are among all cells."""
    demand = some_demand(7)
    rows = np.array([1, 3, 4])
    block = demand.block(rows)
    assert (block.until_days(np.arange(3), DAYS) == demand.until_days(rows, DAYS)).all()
    assert (block.units == demand.units[rows]).all()
    assert block.region.tolist() == demand.region[rows].tolist()
