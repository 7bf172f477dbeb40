"""What the audit says an order earns: tariffs, hubs, and the worth of units in regions."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.audit.order_money import OrderMoney, read_order_money
from foreship_optimize.audit.past_orders import PastOrder
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


def money(*rows: dict, obsolescence: float = 0.0, inbound: pd.DataFrame = INBOUND) -> OrderMoney:
    """H1 holds A and B, H2 A alone; A has margin 8 and weighs 2, B 4 and 1."""
    tables = {"lanes": lanes(*(rows or (FROM_H1, FROM_H2))), "inbound": inbound}
    about = books(items=PRICED, regions=REGIONS, hubs={"H1": {}, "H2": {}})
    return read_order_money(about, tables, obsolescence)


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


def test_a_hub_has_what_comes_before_the_next_review():
    """B comes to H2 on the seventh day, or on a day that is not known: too late; on the sixth."""
    assert money().holds == {"H1": {"A", "B"}, "H2": {"A"}}
    soon = INBOUND.assign(arrival_date=MONDAY + pd.Timedelta(days=6))
    assert money(inbound=soon).holds["H2"] == {"A", "B"}


def test_parcels_cost_what_the_cheapest_open_row_says_and_go_where_none_is_open():
    """Over: 3.00; open: 4.50 and 5.00. Alone the row that is over tells the price."""
    over = FROM_H1 | {"direct_cost": 3.0, "to": MONDAY - pd.Timedelta(days=1)}
    rows = over, FROM_H1, FROM_H1 | {"direct_cost": 4.5}
    assert money(*rows).parcels == {("H1", "R1"): (4.5, 0.5)}
    assert money(over).parcels == {("H1", "R1"): (3.0, 0.5)}


def test_a_unit_is_worth_the_cheapest_lane_of_the_next_review():
    """1 + .25 a kg; a lane that ends before it does not count; without any a unit is kept."""
    ends = FROM_H2 | {"cost_per_unit": 0.1, "to": MONDAY + pd.Timedelta(days=6)}
    assert money(FROM_H1, ends).worth(("R1", "A")) == pytest.approx(1.5)
    begins = FROM_H2 | {"cost_per_unit": 0.1, "from": MONDAY + pd.Timedelta(days=7)}
    assert money(FROM_H1, begins).worth(("R1", "A")) == pytest.approx(0.6)
    assert money(ends).worth(("R1", "A")) == math.inf
    assert money(begins).worth(("R1", "B")) == math.inf, "H2 holds A alone"


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
