"""Vehicles and item lines, recounted from the lines of a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.audit.departures import departed, freight_within_budget, vehicles_of
from foreship_optimize.audit.timetables import Lane
from foreship_optimize.params import OptimizeParams, PlanParams
from tests.optimize.audit_books import SHIP, books, line

TRUCK = Lane(
    1.0, 0.25, 2, 8.0, vehicle_cost=12.0, vehicle_capacity=3.0, vehicle_kg=4.0, line_cost=0.5
)
"""to R1: A costs 1.50 a unit, weighs 2 and fills 1; B costs 1.25, weighs 1 and fills 2"""


def ledger(*lanes: Lane):
    """Books in which H1 reaches R1 by some lanes."""
    return books(lanes={("H1", "R1"): list(lanes)})


@pytest.mark.parametrize(
    ("units", "vehicles"), [((2, 0), 1), ((0, 3), 2), ((3, 0), 2), ((0, 0), 0), ((1, 1), 1)]
)
def test_vehicles_carry_the_tighter_of_volume_and_weight(units, vehicles) -> None:
    """A is heavy and B is large: two of A, or one of each, are a vehicle; three of B are two."""
    lines = [line("ship", "H1", "R1", name, n) for name, n in zip("AB", units, strict=True) if n]
    assert vehicles_of(ledger(TRUCK), TRUCK, lines) == vehicles


def test_lines_are_freed_of_their_shares() -> None:
    """Two of A fill 2, two of B 4: two vehicles by volume, 24; two lines for 1."""
    lines = [
        line("ship", "H1", "R1", "A", 2, cost=3.0 + 24 * 2 / 6 + 0.5),
        line("ship", "H1", "R1", "B", 2, cost=2.5 + 24 * 4 / 6 + 0.5),
    ]
    found = departed(ledger(TRUCK), lines)
    assert (found.vehicles, found.handling) == (24.0, 1.0)
    assert [each.cost for each in found.lines] == pytest.approx([3.0, 2.5])


def test_a_vehicle_without_a_size_is_shared_by_units() -> None:
    """12 for three units, whatever they weigh."""
    boundless = replace(TRUCK, vehicle_capacity=np.inf, vehicle_kg=np.inf, line_cost=0.0)
    lines = [line("ship", "H1", "R1", "A", 2), line("ship", "H1", "R1", "B", 1)]
    found = departed(ledger(boundless), lines)
    assert found.vehicles == 12.0
    shares = [told.cost - each.cost for told, each in zip(lines, found.lines, strict=True)]
    assert shares == pytest.approx([8.0, 4.0])


def test_what_is_not_charged_stays() -> None:
    """Free lanes, and a line whose cost says that it is on the free one of two."""
    free = Lane(1.0, 0.25, 2, 8.0)
    assert departed(ledger(free), [SHIP]).lines == [SHIP]
    found = departed(ledger(free, TRUCK), [SHIP])
    assert (found.lines, found.vehicles) == ([SHIP], 0.0)


def test_where_two_lanes_charge_a_line_is_on_the_nearest() -> None:
    """It cannot be told which: its share is what it costs beyond the nearest, 1.75 a unit."""
    other = replace(TRUCK, cost_per_unit=1.25)
    found = departed(ledger(TRUCK, other), [replace(SHIP, cost=9.0)])
    assert [each.cost for each in found.lines] == [3.5]
    assert found.vehicles == 5.5


def test_vehicles_are_spent_from_the_freight_budget() -> None:
    """Units for 3, a vehicle for 12 and a line for .50: 15.50 is more than 15."""
    lines = [replace(SHIP, cost=15.5)]
    for budget, faults in ((15.0, 1), (15.5, 0), (None, 0)):
        params = OptimizeParams(plan=PlanParams(freight_budget=budget))
        known = replace(ledger(TRUCK), params=params)
        assert len(list(freight_within_budget(known, departed(known, lines)))) == faults
