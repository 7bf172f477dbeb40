"""Scarce hub stock in two tiers."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.plan import Plan
from foreship_optimize.planning import make_plan
from foreship_optimize.valuation.assembly import assemble
from tests.optimize.small_network import STEADY, day, demand_of, lane, tables_of
from tests.optimize.table_builder import MONDAY

HUBS = [(name, np.nan, np.nan) for name in ("H", "J")]


def tables(near: int, *, overrides: list[tuple] = ()):
    """R asks H (parcel 4, `near` units) before J (9, plenty); lanes 1.0 and 1.5."""
    return tables_of(
        hubs=HUBS,
        lanes=[lane("H", "R", 1.0, direct=4.0), lane("J", "R", 1.5, direct=9.0)],
        stock=[("H", "I", near), ("J", "I", 99)],
        overrides=list(overrides),
    )


DEMAND = demand_of({("R", "I"): [[20, 20]] * 4})


def planned(near: int, **more) -> tuple[Plan, dict[str, int]]:
    """The plan, and the units from each hub."""
    plan = make_plan(tables(near, **more), DEMAND, MONDAY, STEADY)
    return plan, plan.lines.groupby("origin")["quantity"].sum().to_dict()


def test_a_scarce_near_hub_keeps_its_units_for_parcels():
    """Its lane is .50 cheaper, but each unit there saves 5 as a parcel.

    Fifteen units from J save parcels of 9; the last five orders H serves for 4, which a staged
    unit beats by one (4 - 2 - 1): it may as well leave H.
    """
    plan, sent = planned(5)
    assert sent == {"H": 5, "J": 15}
    assert -plan.summary["objective"] == pytest.approx(15 * (9 - 2 - 1.5) + 5 * (4 - 2 - 1.0))


def test_the_second_tier_is_a_hub_of_the_same_name():
    """The walk takes all of H and fifteen of J; one more of J would be missed no more."""
    problem = assemble(tables(5), DEMAND, MONDAY, STEADY)
    assert problem.supply_units.sum() == 5 + 99
    assert set(problem.hubs) == {"H", "J"}
    assert (problem.moves.rent >= 0).all()


def test_a_lock_on_a_hub_covers_both_tiers():
    """At most two from J, whatever tier they come from."""
    lock = ("at_most", 2.0, "few trucks", "Anna", day(9), "R", "I", "J")
    _, sent = planned(5, overrides=[lock])
    assert sent["J"] == 2


def test_with_plenty_nothing_is_charged():
    """Forty at the near hub: no rent, one tier."""
    problem = assemble(tables(40), DEMAND, MONDAY, STEADY)
    assert not problem.moves.rent.any()
    assert problem.hubs.tolist() == ["H", "J"]
