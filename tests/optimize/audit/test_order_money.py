"""What the audit says an order earns: tariffs, hubs, and the worth of units in regions."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.audit.order_money import OrderMoney, read_order_money
from foreship_optimize.audit.past_orders import PastOrder
from foreship_optimize.audit.timetables import lanes_ahead, read_timetables
from tests.optimize.audit_books import ITEMS, MONDAY, books

PRICED = {
    name: row | {"margin": margin, "lost_sale_share": lost}
    for (name, row), margin, lost in zip(ITEMS.items(), (8.0, 4.0), (0.1, 0.4), strict=True)
}
REGIONS = {
    name: {"capacity": np.inf, "last_mile_cost": 2.5, "last_mile_further": 0.25}
    for name in ("R1", "R2")
}
LANE = {"cost_per_unit": 1.0, "cost_per_kg": 0.25, "lead_time_days": 7, "direct_cost": 5.0,
        "direct_further": 0.5, "from": pd.NaT, "to": pd.NaT}  # fmt: skip
INBOUND = pd.DataFrame(
    {"location": ["H2", "H2"], "item": ["B", "B"], "quantity": [1, 1],
     "arrival_date": [MONDAY + pd.Timedelta(days=7), pd.NaT]}
)  # fmt: skip


def lanes(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame([LANE | row for row in rows])


FROM_H1 = {"origin": "H1", "destination": "R1"}
FROM_H2 = {"origin": "H2", "destination": "R1", "direct_cost": 4.0, "direct_further": 1.0}


CELLS = SimpleNamespace(region=["R1", "R1", "R2"], item=["A", "B", "A"])


def money(
    *rows: dict,
    obsolescence: float = 0.0,
    inbound: pd.DataFrame = INBOUND,
    rows_of_assortment: tuple[tuple[str, str], ...] = (),
    **changes,
) -> OrderMoney:
    """H1 holds A and B, H2 A alone; A has margin 8 and weighs 2, B 4 and 1."""
    tables = {
        "lanes": lanes(*(rows or (FROM_H1, FROM_H2))),
        "inbound": inbound,
        "assortment": pd.DataFrame(list(rows_of_assortment), columns=["region", "item"]),
    }
    hubs = {"H1": {}, "H2": {}}
    ahead = lanes_ahead(read_timetables(tables, hubs, REGIONS, MONDAY, 7), hubs)
    about = books(items=PRICED, regions=REGIONS, hubs=hubs, ahead=ahead, **changes)
    return read_order_money(about, tables, CELLS, obsolescence)


def order(**units: int) -> PastOrder:
    return PastOrder("R1", units)


def test_one_hub_that_has_all_sends_one_parcel_and_the_cheaper_of_two_sends_it():
    """Two A: 4 + 1 from H2, 5.50 from H1; four A: 7 and 6.50; A and B: H1 alone has both."""
    assert money().earned_from_hubs(order(A=2)) == pytest.approx(16 - 5.0)
    assert money().earned_from_hubs(order(A=4)) == pytest.approx(32 - 6.5)
    assert money().earned_from_hubs(order(A=1, B=1)) == pytest.approx(12 - 5.5)


def test_what_no_hub_has_whole_comes_in_parcels_and_what_none_has_is_lost():
    """H2 has the most of what is left and goes first; where no hub has B its margin is lost."""
    rows = FROM_H1, FROM_H2
    split = money(*rows)
    split.holds["H1"] = {"B"}
    assert split.earned_from_hubs(order(A=3, B=1)) == pytest.approx(28 - (4 + 2) - 5.0)
    split.holds["H1"] = set()
    assert split.earned_from_hubs(order(A=3, B=1)) == pytest.approx(24 - 6)
    assert split.earned_from_hubs(order(B=1)) == 0.0


def test_a_hub_has_what_comes_before_the_next_review_if_no_hub_has_it():
    """B comes to H2 on the sixth day: too late on the seventh, or where H1 holds it."""
    soon = INBOUND.assign(arrival_date=MONDAY + pd.Timedelta(days=6))
    none = {("H1", "A"): 5, ("H1", "B"): 0, ("H2", "A"): 2}
    assert money().holds == money(inbound=soon).holds == {"H1": {"A", "B"}, "H2": {"A"}}
    assert money(inbound=soon, hub_stock=none).holds == {"H1": {"A"}, "H2": {"A", "B"}}
    dated = INBOUND.iloc[:1]
    assert money(inbound=dated, hub_stock=none).holds == {"H1": {"A"}, "H2": {"A"}}


def test_cells_are_those_of_the_demand_or_the_assortment_and_those_with_units():
    """One whose time in the assortment is over has units and gets none."""
    assert money().cells == {("R1", "A"): True, ("R1", "B"): True, ("R2", "A"): True}
    rows = ("R1", "B"), ("R2", "B")
    found = money(rows_of_assortment=rows, assortment={("R2", "B"): [(0.0, 9.0)]})
    assert found.cells == {("R1", "A"): False, ("R1", "B"): False, ("R2", "B"): True}
    assert found.net_saving(PastOrder("R2", {"A": 1})) == -math.inf, "R2 has no cell of A"


def test_a_unit_is_dearer_by_what_its_lane_costs_more_than_the_next_one():
    """A from H1 for 1.50 now, H2 for 1.75; at the next review 1.50, or .60; B has no worth."""
    assert money().dearer(("R1", "A")) == pytest.approx(0.0)
    begins = FROM_H2 | {"cost_per_unit": 0.1, "from": MONDAY + pd.Timedelta(days=7)}
    assert money(begins).dearer(("R1", "A")) == pytest.approx(1.5 - 0.6)
    assert money(begins).dearer(("R1", "B")) == pytest.approx(1.25)
    assert money().dearer(("R2", "B")) == math.inf, "no cell"


def test_parcels_cost_what_the_cheapest_open_row_says_and_go_where_none_is_open():
    """Over: 3.00; open: 4.50 and 5.00. Alone the row that is over tells the price."""
    over = FROM_H1 | {"direct_cost": 3.0, "to": MONDAY - pd.Timedelta(days=1)}
    rows = over, FROM_H1, FROM_H1 | {"direct_cost": 4.5}
    assert money(*rows).parcels == {("H1", "R1"): (4.5, 0.5)}
    assert money(over).parcels == {("H1", "R1"): (3.0, 0.5)}


def test_a_unit_is_worth_the_cheapest_lane_of_the_next_review():
    """1 + .25 a kg; a lane that ends before it does not count; without any it is 0."""
    ends = FROM_H2 | {"cost_per_unit": 0.1, "to": MONDAY + pd.Timedelta(days=6)}
    assert money(FROM_H1, ends).worth(("R1", "A")) == pytest.approx(1.5)
    begins = FROM_H2 | {"cost_per_unit": 0.1, "from": MONDAY + pd.Timedelta(days=7)}
    assert money(FROM_H1, begins).worth(("R1", "A")) == pytest.approx(0.6)
    assert money(ends).worth(("R1", "A")) == 0.0
    assert money(begins).worth(("R1", "B")) == 0.0, "H2 holds A alone"


def test_a_cell_that_may_close_makes_units_dearer():
    """Equation 7 over a lead time of a week: D is the chance of a week, e a return for 1.00."""
    closes = 1.0 - 0.5 ** (1 / 52)
    found = money(obsolescence=0.5)
    assert found.exit_cost(("R1", "A")) == pytest.approx(0.5 + 0.5)
    assert found.worth(("R1", "A")) == pytest.approx((1.5 + closes) / (1.0 - closes))


def test_the_cheapest_exit_is_one_that_exists():
    """From R2 no lane goes back: a markdown of .3 x 20, or a gift of 10 less 1."""
    assert money().exit_cost(("R2", "A")) == pytest.approx(6.0)
    assert money().exit_cost(("R2", "B")) == pytest.approx(9.0)


def test_the_net_saving_of_an_order_by_hand():
    """A and two B: margin 16, delivery 3.00, parcel 6.00, impatience .3, units worth 4.00."""
    found = money().net_saving(order(A=1, B=2))
    assert found == pytest.approx((16 - 3.0) - 0.7 * (16 - 6.0) - (1.5 + 2 * 1.25))


def test_who_does_not_wait_is_told_by_the_days_of_the_cheapest_parcel():
    """H2's is cheaper and takes two days: 1 - .9 x .9; B states .4 itself."""
    rows = FROM_H1 | {"direct_days": 5.0}, FROM_H2 | {"direct_days": 2.0}
    found = money(*rows)
    assert found.days_saved == {"R1": 2.0}
    about = {
        name: row | {"lost_sale_share_stated": stated}
        for (name, row), stated in zip(PRICED.items(), (0.0, 1.0), strict=True)
    }
    economics = SimpleNamespace(lost_sale_share_per_day=0.1)
    params = SimpleNamespace(economics=economics)
    told = replace(found, books=replace(found.books, items=about, params=params))
    assert told._impatience(order(A=1)) == pytest.approx(0.19)
    assert told._impatience(order(A=1, B=1)) == pytest.approx((0.19 + 0.4) / 2)
    assert found._impatience(order(A=1)) == pytest.approx(0.1), "days have no worth"


def test_a_unit_of_the_next_plan_is_charged_for_the_wait_until_it_leaves():
    """A lane of seven days that leaves on Thursdays: three days more to close in."""
    early, late = (
        money(FROM_H1 | {"departs": when}, obsolescence=0.5).worth(("R1", "A"))
        for when in ("Mon", "Thu")
    )
    assert money(FROM_H1, obsolescence=0.5).worth(("R1", "A")) == early < late


def test_a_unit_of_the_next_plan_is_worth_its_part_of_a_full_vehicle_too():
    """A is 1 large and weighs 2: of a vehicle for 50 a hundredth by volume, a tenth by weight."""
    by_room = FROM_H1 | {"vehicle_cost": 50.0, "vehicle_capacity": 100.0, "vehicle_kg": np.inf}
    by_weight = by_room | {"vehicle_kg": 20.0}
    assert money(by_room).worth(("R1", "A")) == pytest.approx(1.5 + 0.5)
    assert money(by_weight).worth(("R1", "A")) == pytest.approx(1.5 + 5.0)
