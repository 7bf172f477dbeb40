"""What orders and the next plans' units cost as hubs run down."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.orders.order_credits import OrderCredits
from foreship_optimize.valuation.hub_rundown import parcels
from foreship_optimize.valuation.hub_rundown.parcels import refill_days, scarce_items
from foreship_optimize.valuation.inputs import read_inputs
from tests.optimize.small_network import STEADY, day, demand_of, item, lane, priced, read, tables_of
from tests.optimize.table_builder import MONDAY

HUBS = [("H", np.nan, np.nan), ("J", np.nan, np.nan)]


def test_refill_is_the_first_inbound_else_the_setting_else_the_horizon():
    """Due today it counts as stock; the next date is the refill; without any, the weeks stated."""
    demand = demand_of({("R", "I"): [[1]] * 4})
    network = read(tables_of(inbound=[("H", "I", 3, day(10)), ("H", "I", 3, day(0))]), demand)[0]
    assert refill_days(network, 1, 28).tolist() == [10]
    plain = read(tables_of(inbound=[("R", "I", 3, day(2))]), demand)[0]
    assert refill_days(plain, 2, 28).tolist() == [14]
    assert refill_days(plain, 9, 28).tolist() == [28]


def test_an_item_is_scarce_where_demand_may_exceed_its_hubs():
    """Demand of 6 in half the paths: scarce with 6 at the hub, not with 7, and never with none."""
    demand = demand_of({("R", "I"): [[6, 2]]})
    for units, scarce in ((5, True), (6, True), (7, False), (0, False)):
        network, cells = read(tables_of(stock=[("H", "I", units)]), demand)
        assert scarce_items(demand, cells, network, np.array([7])).tolist() == [scarce]


def two_hubs(near: int, **more):
    """Twenty orders a week; parcels from H cost 4, from J 9; H holds `near`, J plenty."""
    tables = tables_of(
        hubs=HUBS,
        lanes=[lane("H", "R", 2.5, direct=4.0), lane("J", "R", 2.5, direct=9.0)],
        stock=[("H", "I", near), ("J", "I", 999)],
        **more,
    )
    return priced(tables, demand_of({("R", "I"): [[20, 20]] * 4}))


@pytest.mark.parametrize(("near", "parcel"), [(0, 9.0), (1, 9.0), (19, 9.0), (21, 4.0)])
def test_a_few_units_at_a_near_hub_set_no_price(near: int, parcel: float):
    """An order less is one parcel less from the far hub, as long as the near one is used up."""
    assert two_hubs(near).direct_cost == pytest.approx([parcel])


def test_a_unit_of_the_next_plan_costs_what_the_marginal_hub_charges():
    """A lane of .5 from a hub with one unit does not make the twentieth unit of a week cheap."""
    tables = tables_of(
        hubs=HUBS,
        lanes=[lane("H", "R", 0.5, direct=9.0), lane("J", "R", 2.5, direct=9.0)],
        stock=[("H", "I", 1), ("J", "I", 999)],
    )
    found = priced(tables, demand_of({("R", "I"): [[20, 20]] * 4}))
    assert found.next_plans.periods[0].landed == pytest.approx([2.5])


def test_an_item_is_priced_anew_only_by_plans_that_find_other_costs(monkeypatch):
    """A lane that opens in two weeks makes K cheaper from then on; I's ways stay, and its price."""
    regions = [(name, np.inf, 2.0, "", np.nan, np.nan) for name in ("R", "S")]
    ways = [lane("H", "R", 0.5), lane("J", "R", 2.5), lane("H", "S", 2.0), lane("J", "S", 3.0)]
    tables = tables_of(
        hubs=HUBS,
        regions=regions,
        items=[item("I"), item("K")],
        lanes=[*ways, lane("J", "S", 2.4, start=day(14))],
        stock=[(hub, each, units) for hub, units in (("H", 1), ("J", 999)) for each in "IK"],
    )
    walked: list[float] = []
    real = parcels.run_down

    def counted(stock, orders, cost, lost):
        walked.append(lost)
        return real(stock, orders, cost, lost)

    monkeypatch.setattr(parcels, "run_down", counted)
    demand = demand_of({("R", "I"): [[20, 20]] * 5, ("S", "K"): [[20, 20]] * 5})
    periods = priced(tables, demand).next_plans.periods
    assert periods[0].landed == pytest.approx([2.5, 3.0])
    assert periods[1].landed == pytest.approx([2.5, 2.4])
    assert sorted(walked) == pytest.approx([2.4, 2.5, 3.0])


def test_a_hub_that_cannot_serve_the_region_does_not_make_it_plenty():
    """Five hundred units where no lane leads: H with six units for six orders is scarce."""
    demand = demand_of({("R", "I"): [[6, 6]] * 4})
    for stock in ([("H", "I", 6)], [("H", "I", 6), ("J", "I", 500)]):
        tables = tables_of(hubs=HUBS, lanes=[lane("H", "R", 1.0)], stock=stock)
        network, cells = read(tables, demand)
        assert scarce_items(demand, cells, network, np.array([7])).tolist() == [True]


@pytest.mark.parametrize(("near", "share", "lies", "parcel"), [
    (999, 1.0, 0, 2.25), (1, 1.0, 0, 5.0), (15, 0.0, 12, 5.0), (15, 1.0, 12, 2.25)
])  # fmt: skip
def test_by_order_a_unit_costs_its_part_of_the_parcel(near, share, lies, parcel):
    """Pairs: (4 + .5) / 2 from H, (9 + 1) / 2 from J, which serves when H is used up.

    Twelve lie in the region for 20 orders a week: they serve what the region may serve, else hubs
    are asked for all 20 and H runs dry.
    """
    tables = tables_of(
        hubs=HUBS,
        lanes=[lane("H", "R", 2.5, direct=4.0), lane("J", "R", 2.5, direct=9.0)],
        stock=[("H", "I", near), ("J", "I", 999), *([("R", "I", lies)] if lies else [])],
    )
    tables["lanes"] = tables["lanes"].assign(direct_further=pd.Series([0.5, 1.0]))
    told = OrderCredits(
        region=np.array(["R"]), item=np.array(["I"]), share=np.array([share]),
        net=np.array([1.0]), most=np.array([99]), further=np.array([0.5]),
        worth_serving=np.array([1.0]),
    )  # fmt: skip
    demand = demand_of({("R", "I"): [[20, 20]] * 4})
    found = read_inputs(tables, demand, MONDAY, STEADY, 0.0, told).economics
    assert found.direct_cost == pytest.approx([parcel])
