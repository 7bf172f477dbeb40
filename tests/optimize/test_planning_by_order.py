"""Plans by order from tables to the audit: by the unit as before, the future, rows, limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.demand import DemandScenarios
from foreship_optimize.orders.past_orders import PERIOD, BelievedOrders
from foreship_optimize.plan import Plan
from foreship_optimize.planning import make_plan
from tests.optimize.orders.order_world import drawn_orders, orders_of, settings, wanted, world
from tests.optimize.table_builder import MONDAY, draw_tables, frame

ORDERS = drawn_orders(0)


def plan_of(tables: dict[str, pd.DataFrame], baskets: BelievedOrders | None = None, **plan) -> Plan:
    return make_plan(tables, wanted(), MONDAY, settings(**plan), obsolescence=0.0, baskets=baskets)


def told(plan: Plan) -> list:
    """Everything of a plan that is not a time."""
    summary = {name: each for name, each in plan.summary.items() if "second" not in name}
    return [plan.lines.to_csv(), plan.units.to_csv(), repr(summary), plan.notes]


@pytest.fixture(scope="module")
def by_order() -> Plan:
    """The plan of the drawn orders."""
    return plan_of(world(ORDERS))


@pytest.mark.parametrize(
    "tables",
    [
        world(ORDERS, further=5.0, mile=2.0),
        world(ORDERS.drop(columns="order_id")),
        world(ORDERS.assign(order_id="")),
        world(ORDERS.assign(date=MONDAY)),
    ],
    ids=["equal tariff", "no column", "no id", "orders of the future"],
)
def test_without_ids_or_a_tariff_the_plan_is_as_it_was(tables: dict[str, pd.DataFrame]):
    """To the last byte that of tables that know of neither."""
    plain = world(ORDERS.drop(columns="order_id"), further=None, mile=None)
    plan = plan_of(tables)
    assert told(plan) == told(plan_of(plain))
    assert "orders" not in plan.summary and plan.order_credits is None


def test_a_plan_by_order_ships_within_the_room_and_says_what_orders_make_of_it(by_order: Plan):
    """Something goes, S holds 12 at most, hubs send what they have."""
    lines = by_order.lines
    assert len(lines) and lines[lines["destination"] == "S"]["quantity"].sum() <= 12
    assert lines[lines["origin"] == "G"]["quantity"].sum() <= 30
    figures = by_order.summary["orders"]
    assert figures["periods"] == 6 and 0 < figures["whole"] <= figures["worth_serving_there"]
    assert figures["gain"] <= figures["bound"]
    assert by_order.order_credits is not None


def test_neither_rows_nor_the_future_have_a_say_in_it(by_order: Plan):
    """All tables shuffled, an order line split in two, later orders poisoned: the same bytes."""
    two = ORDERS["quantity"] == 2
    split = pd.concat([ORDERS.assign(quantity=1), ORDERS[two].assign(quantity=1)])
    later = ORDERS.assign(date=MONDAY + pd.Timedelta(days=1), quantity=70)
    tables = world(pd.concat([split, later]))
    mixed = {name: each.sample(frac=1.0, random_state=1) for name, each in tables.items()}
    assert told(plan_of(mixed)) == told(by_order)


def test_a_column_period_in_past_orders_opens_no_door_to_the_future(by_order: Plan):
    """Only `baskets` tells windows: a past table's own column of that name is not read."""
    later = ORDERS.assign(date=MONDAY + pd.Timedelta(days=1), quantity=70)
    tables = world(pd.concat([ORDERS, later]).assign(**{PERIOD: 0}))
    assert told(plan_of(tables)) == told(by_order)


def test_lines_without_a_known_id_are_orders_of_their_own_however_they_are_blank():
    """'' or nothing at all in the table: the same plan."""
    blank = np.random.default_rng(0).random(len(ORDERS)) < 0.3
    empty = world(ORDERS.assign(order_id=ORDERS["order_id"].mask(blank, "")))
    absent = world(ORDERS.assign(order_id=ORDERS["order_id"].mask(blank, None)))
    assert told(plan_of(empty)) == told(plan_of(absent))


def test_named_scenarios_given_in_another_sequence_give_the_same_plan(by_order: Plan):
    """Demand as a frame whose rows are shuffled."""
    demand = wanted()
    cells, weeks, paths = (axis.ravel() for axis in np.indices(demand.units.shape))
    frame = pd.DataFrame(
        {
            "region": demand.region[cells],
            "item": demand.item[cells],
            "week": demand.weeks[weeks].astype("datetime64[ns]"),
            "scenario": paths,
            "units": demand.units.ravel(),
        }
    )
    plans = [
        make_plan(world(ORDERS), each, MONDAY, settings(), obsolescence=0.0)
        for each in (frame, frame.sample(frac=1.0, random_state=2))
    ]
    assert told(plans[0]) == told(plans[1])


def test_given_windows_are_believed_in_the_place_of_past_orders(by_order: Plan):
    """Six windows, all but the fourth without an order; past orders of the table say nothing."""
    rows = [(1, "R", name, 1, f"x{at}") for at in range(3) for name in "AB"]
    baskets = BelievedOrders(orders_of(*rows).assign(**{PERIOD: 3}), 6)
    plan = plan_of(world(ORDERS), baskets)
    assert plan.summary["orders"]["periods"] == 6 and plan.summary["orders"]["orders_seen"] == 3
    assert told(plan) == told(plan_of(world(orders_of()), baskets))


def test_one_certain_path_makes_a_plan():
    """S = 1: whole orders take part as evenly as they can, and the audit agrees."""
    plan = make_plan(world(ORDERS), wanted(paths=1), MONDAY, settings(), obsolescence=0.0)
    assert plan.summary["orders"]["orders_seen"] > 0


@pytest.mark.parametrize(("further", "mile"), [(0.0, 0.0), (0.5, 0.25), (9.0, 9.0)])
def test_orders_of_one_unit_make_the_plan_by_the_unit(further: float, mile: float):
    """Whatever a further unit costs: every order is worth it there, so f = 1 and e = b - w.

    Of 2.2 each: a parcel of 5 saved, 2 from the depot, .80 of worth. Lines and money are the same.
    """
    single = ORDERS.assign(quantity=1, order_id=[f"o{at}" for at in range(len(ORDERS))])
    unit = plan_of(world(single.drop(columns="order_id"), further=further, mile=mile))
    plan = plan_of(world(single, further=further, mile=mile), order_prior_units=0.0)
    found = plan.order_credits
    assert found is not None and plan.summary["orders"]["worth_serving_there"] == 1.0
    assert found.share == pytest.approx(np.ones(6)) and found.net == pytest.approx([2.2] * 6)
    assert not found.further.any()
    moves = ["action", "origin", "destination", "item", "quantity"]
    assert plan.lines[moves].equals(unit.lines[moves])
    assert plan.summary["objective"] == pytest.approx(unit.summary["objective"])


def test_orders_of_items_and_regions_that_no_table_knows_are_seen_and_stop_nothing(by_order: Plan):
    """Ten of each among the past orders: the audit passes, and the same units go."""
    odd = pd.concat([ORDERS.head(10).assign(item="?"), ORDERS.head(10).assign(region="?")])
    odd = odd.assign(order_id=[f"odd{at}" for at in range(20)])
    plan = plan_of(world(pd.concat([ORDERS, odd])))
    seen = by_order.summary["orders"]["orders_seen"]
    assert plan.summary["orders"]["orders_seen"] == seen + 20
    assert plan.lines.equals(by_order.lines)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(5))
def test_wild_tables_pass_the_audit_by_order(seed: int):
    """Drawn limits, locks, exits, inbound and tariffs; the audit tells limits and figures again."""
    tables, demand, params = draw_tables(seed)
    draw, rows = np.random.default_rng(seed), []
    for back in range(1, 40):
        region = f"R{int(draw.integers(3))}"
        for name in draw.choice(5, int(draw.integers(0, 4)), replace=False):
            units = int(draw.integers(1, 4))
            rows.append((MONDAY - pd.Timedelta(days=back), region, f"I{name}", units, 20.0, "x"))
    tables["orders"] = frame("orders", rows)
    tables["lanes"]["direct_further"] = draw.choice([0.0, 0.5, 8.0], len(tables["lanes"]))
    plan = make_plan(tables, demand, MONDAY, params, obsolescence=0.3)
    figures = plan.summary["orders"]
    assert figures["gain"] <= figures["bound"] and figures["gap"] >= 0.0
    assert 0.0 <= figures["whole"] <= figures["worth_serving_there"] <= 1.0


def coming(lane_capacity: float = np.inf) -> tuple[dict[str, pd.DataFrame], BelievedOrders, Plan]:
    """Two orders of A and B come to R tomorrow, one of three units of C alone to S in a week."""
    rows = [(-1, "R", name, 1, f"o{at}") for at in range(2) for name in "AB"]
    orders = orders_of(*rows, (-9, "S", "C", 3, "late"))
    tables = world(orders_of())
    tables["lanes"]["capacity"] = lane_capacity
    daily = np.zeros((6, 14), dtype=np.int64)
    daily[[0, 1], 1], daily[5, 9] = 2, 3
    region, item = (np.repeat(["R", "S"], 3), np.tile(["A", "B", "C"], 2))
    demand = DemandScenarios.on_days(
        region.astype(object), item.astype(object), MONDAY.to_datetime64().astype("M8[D]"), daily
    )
    believed = BelievedOrders(orders, None)
    plan = make_plan(tables, demand, MONDAY, settings(), obsolescence=0.0, baskets=believed)
    return tables, believed, plan


def test_of_orders_that_come_the_units_are_sent_that_only_this_plan_can_send():
    """Two A and two B; the C of next week can wait. Nothing may be lost of what is known."""
    _, _, plan = coming()
    sent = plan.lines.groupby(["destination", "item"])["quantity"].sum().to_dict()
    assert sent == {("R", "A"): 2, ("R", "B"): 2}
    assert plan.summary["cvar"] == 0.0
    orders = plan.summary["orders"]
    assert orders["orders_seen"] == 2 and orders["whole"] == 1.0
    # 5.50 a parcel of two, 2.25 from the depot, .80 a unit to bring it there
    assert orders["promised"] == pytest.approx(2 * (5.5 - 2.25 - 2 * 0.8))


def test_an_order_that_comes_and_that_limits_leave_incomplete_is_sent_nothing():
    """Lanes carry one unit from each hub: A and B of one order, and no unit of the other one."""
    _, _, plan = coming(lane_capacity=1.0)
    sent = plan.lines.groupby("item")["quantity"].sum().to_dict()
    assert sent == {"A": 1, "B": 1} and plan.summary["orders"]["whole"] == 1.0
    assert plan.summary["cvar"] == 0.0


def test_a_tariff_under_a_wrong_name_is_said_in_the_notes():
    """Money is then by the unit, which nobody may have wanted; other columns are one's own."""
    tables = world(ORDERS, mile=None)
    tables["lanes"] = tables["lanes"].rename(columns={"direct_further": "direct_furter"})
    plan = plan_of(tables)
    assert (
        "lanes: columns not used: 'direct_furter'; 'direct_furter': did you mean 'direct_further'?"
        in plan.notes
    )
    assert "orders" not in plan.summary
    others = world(ORDERS)
    others["lanes"]["owner"] = "Jane"
    assert not any("not used" in note for note in plan_of(others).notes)
