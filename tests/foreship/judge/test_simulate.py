"""The judge: units balance, money is what the tables say, and nothing else matters."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship.judge import simulate
from foreship.judge.buyers import Buyers, patience
from foreship.judge.departures import PlanRefused, read_plan
from foreship.judge.ending_stock import left_over_value
from foreship.judge.network import Network
from foreship.judge.simulate import Morning, Refills, Sales, monday_morning, play_week, serve
from foreship.judge.state import State, opening_state
from foreship.judge.week_account import LedgerBroken, WeekLedger
from tests.foreship.slow_referee import Referee
from tests.foreship.small_world import MONDAY, date, frame, inbound, lane, orders, plan, world

WEEK = np.timedelta64(7, "D")
EXITS = SimpleNamespace(
    allowed=("redirect", "markdown", "return", "give_away"),
    markdown_share=0.3,
    return_handling=0.5,
    redirect_handling=0.2,
    recovery_share=0.25,
)


def replay(tables, plans, *, cover=0.0, trailing=4, seed=1):
    """Play one plan a week; returns ledgers, the last state and the network."""
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, seed)
    state = opening_state(network, tables)
    refills = Refills.like_stock(network, state, cover, trailing)
    ledgers = []
    for week, planned in enumerate(plans):
        morning = monday_morning(network, state, buyers, refills, MONDAY + week * WEEK)
        lines = planned(morning.state) if callable(planned) else planned
        state, ledger, _ = play_week(network, morning, buyers, lines)
        ledgers.append(ledger)
    return ledgers, state, network


def test_of_two_rows_of_a_lane_the_one_that_opened_last_is_used():
    """A tariff that rises every week: 1 at first, then 3, then 9, whatever was open before."""
    rows = [
        lane("H1", "R1", 1.0, 2),
        lane("H1", "R1", 9.0, 2, **{"from": date(7)}),
        lane("H1", "R1", 3.0, 2, **{"from": date(0)}),
    ]
    network = Network.from_tables(world(lanes=pd.DataFrame(rows)), EXITS)
    hub, region = (network.locations.get_indexer([name]) for name in ("H1", "R1"))
    for day, cost in ((-1, 1.0), (0, 3.0), (6, 3.0), (7, 9.0)):
        used = network.lane_of(hub, region, MONDAY + np.timedelta64(day, "D"))
        assert network.lanes.cost_per_unit[used].tolist() == [cost]


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


def test_sales_add_up_term_by_term():
    """Each of the seven with its like."""
    both = Sales(*range(7)) + Sales(*range(10, 80, 10))
    assert both == Sales(10, 21, 32, 43, 54, 65, 76)


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


@pytest.mark.parametrize(("less", "broken"), [(0.0, 0), (9e-7, 0), (1e-5, 2)])
def test_limits_are_kept_to_float_noise(less: float, broken: int):
    """Six of volume on a lane and in a region of six, less a millionth or more."""
    lanes = pd.DataFrame([lane("H1", "R1", 1.0, 1, capacity=6.0 - less)])
    regions = world()["regions"].assign(capacity=[6.0 - less, np.inf])
    stock = frame("location item quantity", [("H1", "L", 3), ("R1", "K", 1)])
    tables = world(lanes=lanes, regions=regions, stock=stock)
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    morning = Morning(MONDAY, opening_state(network, tables), 0)
    lines = plan(("ship", "H1", "R1", "L", 2), ("give_away", "R1", "", "K", 1))
    *_, said = play_week(network, morning, buyers, lines)
    assert len(said) == broken


def test_a_week_counts_every_action():
    """Each kind of line in its column, in units; refills and what is under way at the end too."""
    stock = frame("location item quantity", [("H1", "K", 8), ("R1", "K", 9), ("R1", "L", 5)])
    tables = world(stock=stock, orders=orders((-3, "R1", "K", 6)))
    lines = plan(
        ("ship", "H1", "R1", "K", 1), ("redirect", "R1", "R2", "K", 2),
        ("return", "R1", "H1", "K", 3), ("markdown", "R1", "", "K", 4),
        ("give_away", "R1", "", "L", 5),
    )  # fmt: skip
    (week,), state, _ = replay(tables, [lines], cover=2, trailing=1)
    assert (week.units_shipped, week.units_redirected, week.units_returned) == (1, 2, 3)
    assert (week.units_marked_down, week.units_given_away) == (4, 5)
    assert (week.units_at_start, week.units_refilled) == (22, 4)
    assert week.units_at_end == state.units == 22 + 4 - 9
    assert week.freight == pytest.approx(1.5 + 2 * 0.75 + 3 * 0.5)
    assert week.exits == pytest.approx(2 * 0.2 + 3 * 0.5 + 4 * 3.0 + 5 * 15.0)
    assert week.holding == pytest.approx(3 * 0.1)


def test_exits_cost_what_the_settings_say():
    """Markdown gives up its share of the price, a gift the unrecovered part of its cost."""
    tables = world(stock=frame("location item quantity", [("R1", "L", 4)]))
    lines = plan(("markdown", "R1", "", "L", 2), ("give_away", "R1", "", "L", 1))
    (ledger,), state, _ = replay(tables, [lines])
    assert ledger.exits == pytest.approx(2 * 0.3 * 30 + 0.75 * 20)
    assert ledger.holding == pytest.approx(0.25)
    assert (ledger.moved["markdown"], ledger.moved["give_away"]) == (2, 1)
    assert ledger.margin == 0
    assert state.units == 1


def test_exits_table_replaces_the_settings():
    """The most specific row holds, and an exit without a row does not exist."""
    rows = [
        ("markdown", "", "", 1.0, 0.0, np.inf, 0),
        ("markdown", "", "R1", 2.0, 0.0, np.inf, 0),
        ("markdown", "L", "", 3.0, 0.5, np.inf, 2),
        ("liquidate", "L", "R1", 0.0, 15.0, np.inf, 0),
        ("donate", "", "", 1.0, 0.0, np.inf, 0),
        ("redirect", "", "", 0.75, 0.0, np.inf, 0),
    ]
    exits = frame("exit item region cost recovery capacity delay_weeks", rows)
    network = Network.from_tables(world(exits=exits), EXITS)

    def price(kind, region, item):
        at = network.regions.get_indexer([region]), network.items.get_indexer([item])
        return network.exits.handling(kind, *at)[0]

    assert price("markdown", "R2", "K") == pytest.approx(0.3 * 10 + 1)
    assert price("markdown", "R1", "K") == pytest.approx(0.3 * 10 + 2)
    assert price("markdown", "R1", "L") == pytest.approx(0.3 * 30 + 3 - 0.5 + 2 * 0.25)
    assert price("liquidate", "R1", "L") == pytest.approx(20 - 15)
    assert np.isnan(price("liquidate", "R2", "L"))
    assert np.isnan(price("return", "R1", "K"))
    assert price("redirect", "R1", "K") == 0.75, "the table stands in for redirect_handling"
    gift = plan(("give_away", "R1", "", "L", 1))
    assert read_plan(network, gift, MONDAY).exit_cost == pytest.approx([5.0])
    named = gift.assign(exit="donate")
    assert read_plan(network, named, MONDAY).exit_cost == pytest.approx([21.0])
    with pytest.raises(PlanRefused, match="no such exit"):
        read_plan(network, plan(("return", "R1", "H1", "K", 1)), MONDAY)


def test_impossible_plans_are_refused_with_all_their_faults():
    """A plan that names what does not exist or is not there is refused line by line."""
    network = Network.from_tables(world(), EXITS)
    lines = plan(
        ("teleport", "H1", "R1", "K", 1),
        ("ship", "H9", "R1", "K", 1),
        ("ship", "H1", "R1", "X", 1),
        ("ship", "H1", "R1", "K", -1),
        ("ship", "R1", "R2", "K", 1),
        ("redirect", "R2", "R1", "K", 1),
    )
    with pytest.raises(PlanRefused) as refused:
        read_plan(network, lines, MONDAY)
    said = {fault.split(": ")[1] for fault in refused.value.faults}
    assert said == {
        "unknown action",
        "unknown origin",
        "unknown item",
        "quantity is not a whole number above 0",
        "goes the wrong way",
        "no open lane",
    }
    too_many = plan(("ship", "H1", "R1", "K", 9))
    with pytest.raises(PlanRefused, match="H1 has 8 of K, the plan moves 9"):
        opening_state(network, world()).depart(network, read_plan(network, too_many, MONDAY))


def test_closed_lanes_take_no_shipment_but_parcels_go():
    """Ships need a lane open that day, both ends counted; parcels take the open row's price."""
    tuesday, thursday = pd.Timestamp("2026-03-03"), pd.Timestamp("2026-03-05")
    season = {"from": tuesday, "to": thursday}
    lanes = pd.DataFrame(
        [
            lane("H1", "R1", 1.0, 1, direct_cost=9.0, **season),
            lane("H1", "R1", 2.0, 2, direct_cost=4.0, **{"from": thursday + pd.Timedelta(days=1)}),
        ]
    )
    buying = orders(*[(day, "R1", "K", 1) for day in range(5)])
    (ledger,), _, network = replay(world(lanes=lanes, orders=buying), [plan()])
    assert ledger.parcels == pytest.approx(4 + 9 + 9 + 9 + 4)
    lines = plan(("ship", "H1", "R1", "K", 1))
    with pytest.raises(PlanRefused, match="no open lane"):
        read_plan(network, lines, MONDAY)
    for day, freight in ((1, 1.0), (3, 1.0), (4, 2.0)):
        leaving = read_plan(network, lines, MONDAY + np.timedelta64(day, "D"))
        assert leaving.freight.tolist() == [freight]


def test_broken_limits_are_named():
    """Lane and storage volumes beyond their limits are told; what lay there already is not."""
    lanes = pd.DataFrame([lane("H1", "R1", 1.0, 1, capacity=5.0)])
    regions = world()["regions"].assign(capacity=[5.0, 1.0])
    stock = frame("location item quantity", [("H1", "L", 3), ("R2", "L", 2)])
    tables = world(lanes=lanes, regions=regions, stock=stock)
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    morning = Morning(MONDAY, opening_state(network, tables), 0)
    lines = plan(("ship", "H1", "R1", "L", 2))
    *_, broken = play_week(network, morning, buyers, lines)
    assert broken == ["lane H1 -> R1 carries 6 of 5", "R1 stores 6 of 5"]


def test_plan_costs_are_not_believed():
    """Costs and dates written in a plan change nothing."""
    tables = world(orders=orders((3, "R1", "K", 1)))
    lines = plan(("ship", "H1", "R1", "K", 1))
    lies = lines.assign(cost=0.0, arrival_date=pd.Timestamp(MONDAY), expected_gain=1e9)
    assert replay(tables, [lines])[0] == replay(tables, [lies])[0]


def test_patience_depends_on_ids_and_seed_alone():
    """A draw is the same whatever other regions and items exist; its share is lost_sale_share."""
    items = world()["items"].assign(lost_sale_share=[0.25, 0.75])
    small = Network.from_tables(world(items=items[1:]), EXITS)
    large = Network.from_tables(world(items=items), EXITS)

    def draw(network, seed, count=4000):
        at = [MONDAY.astype("datetime64[D]").astype(int), network.regions.get_loc("R2")]
        cell = [np.array([each]) for each in (*at, network.items.get_loc("L"), count)]
        return patience(network, *cell, seed)

    assert (draw(small, 3) == draw(large, 3)).all()
    assert (draw(small, 3) != draw(small, 4)).any()
    assert (draw(small, 3)[:10] == draw(small, 3, count=10)).all()
    assert draw(small, 3).mean() == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / 4000))


def test_left_over_units_save_the_landed_cost_less_their_wait():
    """Units are worth c - h j / m each, never less than being rid of them costs."""
    stock = frame("location item quantity", [("R1", "K", 3), ("R2", "L", 1), ("H1", "K", 9)])
    tables = world(stock=stock, inbound=inbound(("R1", "K", 1, 30)))
    network = Network.from_tables(tables, EXITS)
    state = opening_state(network, tables)
    mean = np.array([[0.2, 0.0], [0.0, 0.0]])  # kettles in R1; nobody buys lamps in R2
    # Kettles in R1: 1.5 landed, 0.10 a week, five weeks a unit; its exit (lane 0.5 + 0.5) is 1.
    kettles = (1.5 - 0.5) + (1.5 - 1.0) + (1.5 - 1.5) + (1.5 - 2.0)
    # The lamp in R2 has no lane back: markdown 0.3 x 30 = 9 beats a gift at 15.
    value = left_over_value(network, state, mean, MONDAY)
    assert value == pytest.approx(kettles - 9)


def test_means_look_at_the_trailing_weeks_only():
    """Refills see the last weeks before Monday, fewer where the history is shorter."""
    tables = world(orders=orders((-30, "R1", "K", 5), (-7, "R2", "K", 6), (0, "R1", "K", 99)))
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    assert buyers.mean_by_item(MONDAY, 2, 2).tolist() == [3.0, 0.0]
    assert buyers.mean_by_item(MONDAY, 52, 2).tolist() == [11 / 5, 0.0]
    assert buyers.mean_by_cell(MONDAY, 1, (2, 2)).tolist() == [[0.0, 0.0], [6.0, 0.0]]


def test_hubs_refill_in_proportion_of_their_opening_stock():
    """An item nobody holds is split as all stock is, and evenly without any stock."""
    network = Network.from_tables(world(), EXITS)
    state = opening_state(network, world())
    shares = Refills.like_stock(network, state, 4, 13).shares
    assert shares.T.tolist() == [[8 / 12, 4 / 12], [1.0, 0.0]]
    bare = State(state.on_hand * 0, *(np.zeros(0, dtype=int),) * 3, np.zeros(0, "datetime64[D]"))
    refills = Refills.like_stock(network, bare, 3, 13)
    assert refills.due(np.array([1.0, 0.4]), bare.on_hand[2:]).T.tolist() == [[2, 1], [1, 1]]


def test_a_ledger_that_does_not_balance_is_refused():
    """Units cannot vanish unnoticed."""
    (ledger,), _, _ = replay(world(), [plan()])
    with pytest.raises(LedgerBroken):
        WeekLedger(**{**vars(ledger), "units_at_end": ledger.units_at_end - 1})
    with pytest.raises(LedgerBroken):
        WeekLedger(**{**vars(ledger), "lost": 1})


quantities = st.integers(0, 4)
order_rows = st.lists(
    st.tuples(
        st.integers(-14, 20), st.sampled_from(["R1", "R2"]), st.sampled_from(["K", "L"]), quantities
    ),
    max_size=25,
).map(lambda rows: [row for row in rows if row[3]])
stock_rows = st.lists(
    st.tuples(
        st.sampled_from(["R1", "R2", "H1", "H2"]), st.sampled_from(["K", "L"]), st.integers(1, 9)
    ),
    max_size=6,
    unique_by=lambda row: row[:2],
)
inbound_rows = st.lists(
    st.tuples(
        st.sampled_from(["R1", "R2", "H1", "H2"]),
        st.sampled_from(["K", "L"]),
        st.integers(1, 5),
        st.integers(-3, 25),
    ),
    max_size=3,
)
moves = st.lists(
    st.tuples(
        st.sampled_from(
            [
                ("ship", "H1", "R1"),
                ("ship", "H1", "R2"),
                ("ship", "H2", "R1"),
                ("ship", "H2", "R2"),
                ("redirect", "R1", "R2"),
                ("return", "R1", "H1"),
                ("markdown", "R2", ""),
                ("give_away", "R1", ""),
            ]
        ),
        st.sampled_from(["K", "L"]),
        st.integers(1, 6),
    ),
    max_size=6,
)


def affordable(wishes, shelf):
    """Cut wishes to what is there, so that any random plan can be carried out."""
    left, lines = dict(shelf), []
    for (action, origin, destination), item, quantity in wishes:
        units = min(quantity, left.get((origin, item), 0))
        left[origin, item] = left.get((origin, item), 0) - units
        if units:
            lines.append((action, origin, destination, item, units))
    return lines


@settings(max_examples=120)
@given(
    order_rows, stock_rows, inbound_rows, st.lists(moves, min_size=3, max_size=3), st.integers(0, 3)
)
def test_the_judge_agrees_with_a_unit_by_unit_referee(buying, stock, coming, wishes, cover):
    """Money and units of random worlds and plans equal a plain unit-by-unit replay."""
    items = world()["items"].assign(lost_sale_share=[0.3, 0.6])
    tables = world(
        items=items,
        orders=orders(*buying),
        stock=frame("location item quantity", stock).astype({"quantity": np.int64}),
        inbound=inbound(*coming),
    )
    network = Network.from_tables(tables, EXITS)

    def fast(week):
        def lines(state):
            on_hand = {
                (network.locations[at], network.items[item]): int(state.on_hand[at, item])
                for at, item in np.argwhere(state.on_hand)
            }
            return plan(*affordable(wishes[week], on_hand))

        return lines

    ledgers, state, _ = replay(tables, [fast(week) for week in range(3)], cover=cover, trailing=2)
    referee = Referee(tables, EXITS, draws(network, tables["orders"]))
    planned = iter(wishes)
    mondays = [pd.Timestamp(MONDAY + week * WEEK) for week in range(3)]
    money = referee.play(mondays, lambda shelf, _: affordable(next(planned), shelf), cover, 2)

    for name in ("margin", "parcels", "last_mile", "freight", "holding", "exits"):
        assert sum(getattr(each, name) for each in ledgers) == pytest.approx(money.get(name, 0.0))
    for name in ("served_locally", "served_from_hub", "lost"):
        assert sum(getattr(each, name) for each in ledgers) == money.get(name, 0)
    left = {
        (network.locations[at], network.items[item]): int(state.on_hand[at, item])
        for at, item in np.argwhere(state.on_hand)
    }
    assert left == {key: units for key, units in referee.shelf.items() if units}
    assert state.units - state.on_hand.sum() == sum(lot[3] for lot in referee.road)


def draws(network, table):
    """Return who waits, keyed by (day, region, item, running number)."""
    totals = table.groupby(["date", "region", "item"])["quantity"].sum()
    answer = {}
    for (day, region, item), units in totals.to_dict().items():
        number = np.datetime64(day, "D").astype(np.int64)
        at = [number, network.regions.get_loc(region), network.items.get_loc(item), units]
        waits = patience(network, *[np.array([each], dtype=np.int64) for each in at], 1)
        answer |= {(day, region, item, n): bool(wait) for n, wait in enumerate(waits)}
    return answer


@settings(max_examples=25)
@given(order_rows, stock_rows, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(buying, stock, random):
    """Shuffled tables give the same ledgers, to the bit."""
    lines = plan(("ship", "H1", "R1", "K", 2), ("ship", "H2", "R2", "K", 1))
    opening = [("H1", "K", 3), ("H2", "K", 2), *[row for row in stock if row[0] in ("R1", "R2")]]
    items = world()["items"].assign(lost_sale_share=[0.3, 0.6])
    tables = world(
        items=items, orders=orders(*buying), stock=frame("location item quantity", opening)
    )
    shuffled = {
        name: table.sample(frac=1, random_state=random.randrange(2**32)).reset_index(drop=True)
        for name, table in tables.items()
    }
    assert replay(tables, [lines], cover=2)[0] == replay(shuffled, [lines], cover=2)[0]
