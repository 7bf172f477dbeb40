"""The judge: units balance, money is what the tables say, and nothing else matters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge import simulate
from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.state import State, opening_state
from foreship.judge.network.network import Network
from foreship.judge.simulate import Refills, serve
from tests.foreship.played_weeks import EXITS, replay
from tests.foreship.small_world import MONDAY, lane, orders, plan, world


def test_two_weeks_by_hand():
    """Every term of two weeks equals the sum written out by hand, to the cent."""
    tables = world(
        orders=orders(
            (-5, "R1", "K", 4),  # 4 kettles in the one trailing week: hubs refill to 2 x 4 = 8
            (1, "R1", "K", 2),  # Tuesday: nothing there yet, two parcels from H1
            (3, "R1", "K", 3),  # Thursday: the 4 shipped have landed, all local
            (4, "R2", "L", 4),  # H1 has 3 lamps, H2 none: three parcels, one buyer lost
            (9, "R1", "K", 2),  # second week: one local, one parcel
            (12, "R2", "K", 1),  # redirected kettle is there
        )
    )
    plans = [
        plan(("ship", "H1", "R1", "K", 6)),
        plan(("redirect", "R1", "R2", "K", 1), ("return", "R1", "H1", "K", 1)),
    ]
    ledgers, state, network = replay(tables, plans, cover=2, trailing=1)
    first, second = ledgers

    # H1 : H2 held 8 : 4 kettles; the target 8 splits 5.33 : 2.67 -> 5 : 3, nothing to send.
    # No lamp was ordered in the trailing week, so none is sent.
    assert first.units_refilled == 0
    # Six shipped at 1 + 0.25 x 2 kg = 1.5; Thursday sells 3, three lie there on Sunday.
    assert first.freight == pytest.approx(6 * 1.5)
    assert first.margin == pytest.approx(5 * 4 + 3 * 10)
    assert first.parcels == pytest.approx(2 * 5 + 3 * 7)
    assert first.last_mile == pytest.approx(3 * 1.0)
    assert first.holding == pytest.approx(3 * 0.10)
    assert first.exits == 0
    assert (first.served_locally, first.served_from_hub, first.lost) == (3, 5, 1)
    assert first.days_saved == pytest.approx(3 * 4.0)
    assert first.profit == pytest.approx(50 - 31 - 3 - 9 - 0.3)

    # The last week saw 5 kettles and 4 lamps: targets 10 (7 : 3) and 8 lamps (all at H1).
    # H1 holds 8 - 6 - 2 = 0 kettles -> 7 sent; H2 holds 4 -> none; 8 lamps.
    assert second.units_refilled == 7 + 8
    assert second.freight == pytest.approx(0.75 + 0.50)
    assert second.exits == pytest.approx(0.2 + 0.5)
    assert (second.served_locally, second.served_from_hub, second.lost) == (2, 1, 0)
    assert second.margin == pytest.approx(3 * 4)
    assert second.parcels == pytest.approx(5)
    assert second.last_mile == pytest.approx(1.0 + 1.5)
    assert second.holding == 0
    assert second.days_saved == pytest.approx(4 + 3)
    # H1: 7 - 1 parcel + 1 returned = 7 kettles and 8 lamps, H2: 4 kettles.
    assert state.on_hand.tolist() == [[0, 0], [0, 0], [7, 8], [4, 0]]
    assert network.locations.to_list() == ["R1", "R2", "H1", "H2"]


@pytest.mark.parametrize(
    ("target", "shares", "split"),
    [
        (5, [0.5, 0.5], [3, 2]),  # a tie goes to the first hub
        (5, [1 / 3, 1 / 3, 1 / 3], [2, 2, 1]),
        (2, [0.2, 0.3, 0.5], [0, 1, 1]),  # the largest remainder, .6, is rounded up
        (10, [0.1, 0.2, 0.7], [1, 2, 7]),  # .1 x 10 is not a little more than 1
        (0, [0.5, 0.5], [0, 0]),
    ],
)
def test_targets_are_split_in_whole_units(target, shares, split):
    """Largest remainders first; all of the target is split and no more."""
    found = simulate._in_whole_units(np.array([target]), np.array(shares)[:, None])
    assert found[:, 0].tolist() == split


def test_hubs_are_filled_up_to_whole_weeks_of_what_sells():
    """1.5 weeks of 3 are 4.5, so 5; .1 weeks of 30 are 3 and not 4; what lies there is enough."""
    shares = np.array([[1.0, 0.5], [0.0, 0.5]])
    refills = Refills(shares, 1.5, 4)
    assert refills.due(np.array([3.0, 2.0]), np.array([[2, 9], [7, 0]])).tolist() == [
        [3, 0],
        [0, 1],
    ]
    some = Refills(np.ones((1, 1)), 0.1, 4)
    assert some.due(np.array([30.0]), np.array([[0]])).tolist() == [[3]]


def one_day(rows, on_hand, **changes):
    """Serve Monday's buyers from (R1, R2, H1, H2) x (K, L) units; return sales and what is left."""
    tables = world(orders=orders(*[(0, *row) for row in rows]), **changes)
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    left = np.array(on_hand)
    return serve(network, left, buyers.on(MONDAY), network.parcels(MONDAY)), left


def test_buyers_are_served_from_their_region_then_from_the_nearest_hub_that_has_it():
    """R1 wants 5 kettles: 1 there, 2 from H1 at 5, 1 from H2 at 8, one is lost; R2's find none.

    Its lamp is there. R1's buyers come first; 5 kettles and lamps are sold, 4 x 4 + 10 earned.
    """
    rows = [("R1", "K", 5), ("R2", "K", 1), ("R2", "L", 1)]
    sales, left = one_day(rows, [[1, 0], [0, 2], [2, 5], [1, 0]])
    assert left.tolist() == [[0, 0], [0, 1], [0, 5], [0, 0]]
    assert (sales.ordered, sales.locally, sales.from_hub) == (7, 2, 3)
    assert sales.margin == pytest.approx(4 * 4 + 10)
    assert sales.parcels == pytest.approx(5 + 5 + 8)
    assert sales.last_mile == pytest.approx(1.0 + 1.5)
    assert sales.days_saved == pytest.approx(4 + 3)


def test_a_hub_without_a_lane_sends_no_parcel():
    """H2 has kettles but no way to R1; several items of a region each find their own shelf."""
    lanes = pd.DataFrame([lane("H1", "R1", 1.0, 2, direct_cost=5.0)])
    rows = [("R1", "K", 3), ("R1", "L", 2)]
    sales, left = one_day(rows, [[0, 0], [0, 0], [1, 3], [9, 9]], lanes=lanes)
    assert left.tolist() == [[0, 0], [0, 0], [0, 1], [9, 9]]
    assert (sales.from_hub, sales.parcels) == (3, 15.0)
    assert np.isnan(sales.days_saved)


def test_days_saved_count_where_they_are_known():
    """R1's nearest hub takes 4 days; nobody knows how long R2's takes."""
    lanes = pd.DataFrame(
        [lane("H1", "R1", 1.0, 2, direct_days=4.0), lane("H1", "R2", 1.0, 2, direct_cost=1.0)]
    )
    rows = [("R1", "K", 2), ("R2", "K", 1)]
    sales, _ = one_day(rows, [[2, 0], [1, 0], [0, 0], [0, 0]], lanes=lanes)
    assert sales.days_saved == pytest.approx(8.0)


def test_a_day_without_buyers_is_a_day():
    """Nothing is wanted, nothing is moved."""
    sales, left = one_day([], [[2, 0], [1, 0], [0, 0], [0, 0]])
    assert (sales.ordered, sales.margin, sales.days_saved) == (0, 0.0, 0.0)
    assert left.tolist() == [[2, 0], [1, 0], [0, 0], [0, 0]]
    assert simulate._by_region(np.zeros(0, dtype=int), np.zeros(0, dtype=int)) == []


def test_hubs_refill_in_proportion_of_their_opening_stock():
    """An item nobody holds is split as all stock is, and evenly without any stock."""
    network = Network.from_tables(world(), EXITS)
    state = opening_state(network, world())
    shares = Refills.like_stock(network, state, 4, 13).shares
    assert shares.T.tolist() == [[8 / 12, 4 / 12], [1.0, 0.0]]
    days = np.zeros(0, "datetime64[D]")
    bare = State(state.on_hand * 0, *(np.zeros(0, dtype=int),) * 3, days, days)
    refills = Refills.like_stock(network, bare, 3, 13)
    assert refills.due(np.array([1.0, 0.4]), bare.on_hand[2:]).T.tolist() == [[2, 1], [1, 1]]
