"""How many units are worth valuing where a sale saves others an order at the hubs."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.valuation.hold_back import scarce_hubs
from foreship_optimize.valuation.hub_credit import HubCredit, hub_credit
from foreship_optimize.valuation.inputs import possible_moves, reach_of, read_inputs
from tests.optimize.small_network import STEADY, demand_of, lane, tables_of
from tests.optimize.table_builder import MONDAY, draw_tables


def test_a_unit_is_credited_on_the_paths_that_want_it():
    """Four paths want 0, 1, 1 and 3 units: the first saves on three of them, the third on one."""
    credit = HubCredit(
        most=np.array([0.0, 8.0]),
        wanted=np.array([0, 3]),
        first=np.array([0, 0]),
        share=np.array([0.75, 0.25, 0.25]),
    )
    cell, unit = np.array([0, 1, 1, 1, 1]), np.array([1, 1, 2, 3, 4])
    assert credit.of(cell, unit).tolist() == [0.0, 6.0, 2.0, 2.0, 0.0]


def test_shares_are_counted_from_the_arrival_to_the_refill():
    """R wants 2 or 0 units in the first week, S 1 or 1; two at the hub are soon used up."""
    demand = demand_of({("R", "I"): [[2, 0]] * 4, ("S", "I"): [[1, 1]] * 4})
    tables = tables_of(
        regions=[(name, np.inf, 2.0, "", np.nan, np.nan) for name in ("R", "S")],
        lanes=[lane("H", "R", 1.0), lane("H", "S", 1.0)],
        stock=[("H", "I", 2)],
    )
    inputs = read_inputs(tables, demand, MONDAY, STEADY, 0.0)
    hubs = scarce_hubs(inputs, reach_of(inputs, possible_moves(inputs)).day)
    credit, (until,) = hub_credit(inputs, hubs), (each.until_refill for each in hubs.values())
    assert credit.wanted.tolist() == until.max(axis=1).tolist()
    for cell in range(2):
        units = np.arange(1, credit.wanted[cell] + 2)
        share = (until[cell] >= units[:, None]).mean(axis=1)
        most = credit.most[cell]
        assert credit.of(0 * units + cell, units) == pytest.approx(most * share)


@pytest.mark.sweep
def test_no_unit_that_pays_is_left_out(monkeypatch: pytest.MonkeyPatch):
    """With every unit credited on every path more are valued, and none of these pays."""
    more = 0
    for seed in range(12):
        tables, demand, params = draw_tables(seed)
        lean = _worth(assemble(tables, demand, MONDAY, params))
        with monkeypatch.context() as patch:
            patch.setattr(HubCredit, "of", lambda self, cell, unit: self.most[cell] + 0 * unit)
            fat = _worth(assemble(tables, demand, MONDAY, params))
        paying = {unit: worth for unit, worth in fat.items() if worth > 1e-9}
        assert paying.keys() <= lean.keys(), seed
        assert {unit: lean[unit] for unit in paying} == pytest.approx(paying, abs=1e-9), seed
        more += len(fat) - len(lean)
    assert more > 0


def _worth(problem) -> dict[tuple[int, int, int], float]:
    """What each unit that may arrive earns by the cheapest ship into its cell."""
    moves, units = problem.moves, problem.units
    ships = np.flatnonzero(moves.from_hub)
    cost = np.full(len(problem.cell_item), np.inf)
    np.minimum.at(cost, moves.destination_cell[ships], (moves.cost + moves.rent)[ships])
    place = problem.cell_region[units.cell], problem.cell_item[units.cell], units.rank
    worth = (units.value - cost[units.cell])[~units.on_hand]
    keys = zip(*(each[~units.on_hand].tolist() for each in place), strict=True)
    return dict(zip(keys, worth.tolist(), strict=True))
