"""Storage of regions in the weeks after: what has room, and what lies there pays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.ahead import pricing
from foreship_optimize.ahead.pricing import price_ahead
from foreship_optimize.ahead.storage import Storage, resting_cells, volume_of, with_storage
from foreship_optimize.ahead.unpriced import levels_of, unpriced_flows
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.planning import make_plan
from foreship_optimize.valuation.inputs import read_inputs
from tests.optimize.ahead.drawn_horizon import PLANS, drawn
from tests.optimize.small_network import STEADY, demand_of, item, lane, read, tables_of
from tests.optimize.table_builder import MONDAY

PEAK = (2, 2, 12, 2, 2)
LOOKS_AT_THIS_WEEK = replace(STEADY, plan=replace(STEADY.plan, weeks_ahead=0))


def market(fits: float, there: int = 0) -> dict[str, pd.DataFrame]:
    """One cell whose buyers do not wait, in a region that holds so much."""
    lying = [("R", "I", there)] if there else []
    return tables_of(
        items=[item(lost=1.0)],
        regions=[("R", fits, 2.0, "", np.nan, np.nan)],
        stock=[("H", "I", 500), *lying],
    )


def coming(weekly: tuple[int, ...]) -> DemandScenarios:
    return demand_of({("R", "I"): np.array(weekly)[:, None]})


def test_storage_that_is_too_small_for_a_peak_is_worth_what_a_sale_adds_to_its_freight():
    """Ten fit where twelve are wanted: 8 of a sale less 1 of freight; other weeks have room."""
    ahead = price_ahead(market(10.0), coming(PEAK), MONDAY, STEADY, 0.0)
    assert ahead.prices.storage[:, 0].tolist() == pytest.approx([0.0, 0.0, 7.0, 0.0, 0.0])
    assert [each["limit"] for each in ahead.figures["prices"]] == ["storage of R"]
    assert abs(ahead.figures["gap"]) <= 1e-9
    assert not ahead.prices.lanes.any()


@pytest.mark.parametrize("fits", [np.inf, 12.0])
def test_where_all_fits_nothing_is_priced_and_the_plan_is_the_same(fits: float):
    """No capacity, and one that is just enough."""
    assert price_ahead(market(fits), coming(PEAK), MONDAY, STEADY, 0.0) is None
    found, plain = (
        make_plan(market(fits), coming(PEAK), MONDAY, params)
        for params in (STEADY, LOOKS_AT_THIS_WEEK)
    )
    pd.testing.assert_frame_equal(found.units, plain.units)


def test_a_unit_pays_for_every_plan_through_which_it_lies_there_and_not_in_its_freight():
    """7 in the week of the peak, nothing before and after it."""
    money = read_inputs(
        market(10.0), coming(PEAK), MONDAY, STEADY, 0.0, None,
        price_ahead(market(10.0), coming(PEAK), MONDAY, STEADY, 0.0).prices,
    ).economics.next_plans  # fmt: skip
    one = np.array([0])
    assert [float(money.lying(one, plan, 1)[0]) for plan in (1, 2, 3)] == pytest.approx([0, 7, 0])
    assert float(money.lying(one, 1, 3)[0]) == pytest.approx(7.0), "two reviews later: all three"
    assert money.landed(one, np.array([2])).tolist() == [1.0], "freight pays for no storage"


def test_what_lies_there_whatever_plans_do_is_no_fault_of_theirs():
    """Thirty lie where ten fit: there is room for what is left of them, and nothing is forced."""
    ahead = price_ahead(market(10.0, there=30), coming(PEAK), MONDAY, STEADY, 0.0)
    assert ahead is None


def test_flows_and_resting_units_fill_a_region_by_their_volume():
    """By hand from the flows of a drawn market; plan 0 is not asked."""
    horizon = drawn(3).horizon
    flows = unpriced_flows(horizon, levels_of(horizon))
    lies = volume_of(flows, horizon.region, (PLANS, 2))
    for region in range(2):
        mine = horizon.region == region
        by_hand = (flows.there[mine] * horizon.volume[mine][:, None]).sum(axis=0)
        assert lies[:, region] == pytest.approx(by_hand)
    full = Storage(lies - 1.0, np.zeros_like(lies)).full(flows, horizon.region)
    assert full[1:].all() and not full[0].any()
    assert not Storage(lies, np.zeros_like(lies)).full(flows, horizon.region).any()
    left = Storage(lies, np.ones_like(lies)).left(flows, horizon.region, 0.0 * lies + 0.25)
    assert (left == 0.25).all(), "no less than what lies there idle"


def test_each_region_and_window_with_a_capacity_has_a_row():
    """Of a region without one there is none; rows of ways stay as they are."""
    case = drawn(3)
    left = np.full((PLANS, 2), np.inf)
    left[:, 1] = 5.0
    room = with_storage(case.room, case.horizon, left)
    assert room.most[len(case.room.most) :].tolist() == [5.0] * PLANS
    assert room.way.tolist() == case.room.way.tolist()
    inside = case.horizon.region == 1
    assert (room.kept[~inside] == -1).all()
    assert (room.region[room.kept[inside]] == 1).all()
    assert (room.plan[room.kept[inside]] == np.arange(PLANS)).all()


def test_units_rest_where_a_region_has_a_capacity_and_no_plan_is_looked_at():
    """The cell holds three: it rests unless it is among those looked at."""
    for fits, expected in ((10.0, [0]), (np.inf, [])):
        network, cells = read(market(fits, there=3), coming(PEAK))
        assert resting_cells(network, cells, np.empty(0, dtype=np.int64)).tolist() == expected
        assert resting_cells(network, cells, np.array([0])).tolist() == []


def test_where_storage_is_scarce_in_too_many_cells_lanes_have_their_prices_still(monkeypatch):
    """Two cells lie in the full region, one of them behind a scarce lane; one may be priced."""
    tables = tables_of(
        items=[item(lost=1.0), item("K", lost=1.0)],
        regions=[("R", 15.0, 2.0, "", np.nan, np.nan)],
        hubs=[("G", np.nan, np.nan), ("H", np.nan, np.nan)],
        lanes=[lane("H", "R", capacity=6.0), lane("G", "R")],
        stock=[("H", "I", 500), ("G", "K", 500)],
    )
    demand = demand_of({("R", each): np.array(PEAK)[:, None] for each in ("I", "K")})
    both = price_ahead(tables, demand, MONDAY, STEADY, 0.0)
    assert both.prices.storage.any() and both.notes == ()
    monkeypatch.setattr(pricing, "MOST_TIERS", 30)
    alone = price_ahead(tables, demand, MONDAY, STEADY, 0.0)
    assert not alone.prices.storage.any() and alone.prices.lanes.any()
    assert alone.notes == (pricing.WITHOUT_STORAGE,)
    notes = make_plan(tables, demand, MONDAY, STEADY).notes
    assert [each for each in notes if pricing.WITHOUT_STORAGE[1:] in each]
