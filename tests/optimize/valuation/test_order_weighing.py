"""When money is by the order, and what past orders make of a plan's lines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.orders.frames import AS_OF, demand_of, tables_of
from benchmarks.orders.instances import SETS, draw_instance
from foreship_foundation.tables.output_files import CELL_ORDERS
from foreship_optimize.audit.books import read_books
from foreship_optimize.audit.order_money import read_order_money
from foreship_optimize.audit.orders import lying_of
from foreship_optimize.audit.past_orders import read_sample
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.orders.past_orders import PERIOD, BelievedOrders
from foreship_optimize.params import ExitParams, OptimizeParams
from foreship_optimize.plan import Plan
from foreship_optimize.planning import make_plan
from foreship_optimize.tables import complete
from foreship_optimize.valuation.order_weighing import ByOrder, weigh_orders
from tests.optimize.orders.order_world import drawn_orders, orders_of, settings, wanted, world
from tests.optimize.table_builder import MONDAY, frame

PARAMS = replace(OptimizeParams(), exits=ExitParams(allowed=()))
Cell = tuple[str, str]


def planned(kind: str, number: int, *, by_order: bool = True) -> tuple[dict, DemandScenarios, Plan]:
    """Tables and demand of a drawn instance, and its plan."""
    case = draw_instance(kind, number)
    tables = tables_of(case, case.past, by_order=by_order)
    drawn = demand_of(case, case.past, np.random.default_rng(number))
    demand = DemandScenarios.from_frame(drawn, AS_OF)
    return tables, demand, make_plan(tables, demand, AS_OF, PARAMS, obsolescence=0.0)


def told_again(tables: dict, demand: DemandScenarios, plan: Plan) -> dict[Cell, list]:
    """By cell whether the rest of each of its past orders was there, and pays; None or a saving."""
    filled = complete(tables, as_of=AS_OF)
    books = read_books(filled, demand, AS_OF, PARAMS, plan.summary)
    money = read_order_money(books, filled, demand, 0.0)
    sample = read_sample(tables["orders"], AS_OF, PARAMS.plan)
    cells = {(o.region, item) for orders in sample.periods for o in orders for item in o.units}
    stock = lying_of(books, cells)
    for line in plan.lines.to_dict("records"):
        stock[line["destination"], line["item"]] += line["quantity"]
    found = defaultdict(list)
    for orders in sample.periods:
        left = dict(stock)
        for order in orders:
            saving = money.net_saving(order)
            there = {item: left[order.region, item] >= n for item, n in order.units.items()}
            for item in order.units:
                rest = all(lies for other, lies in there.items() if other != item)
                pays = saving > 0.0 and rest
                found[order.region, item].append(saving if pays else None)
            if saving > 0.0 and all(there.values()):
                for item, n in order.units.items():
                    left[order.region, item] -= n
    return found


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("kind", SETS)
def test_the_orders_of_each_cell_are_counted_as_they_came(kind: str, number: int):
    """How many held it, in which share the rest was there and paid, and what these save."""
    tables, demand, plan = planned(kind, number)
    table = plan.orders
    assert table is not None and list(table.columns) == list(CELL_ORDERS.names)
    found = told_again(tables, demand, plan)
    assert set(found) <= set(zip(table["region"], table["item"], strict=True))
    for row in table.to_dict("records"):
        savings = found[row["region"], row["item"]]
        there = [each for each in savings if each is not None]
        assert row["orders"] == len(savings)
        if savings:
            assert row["there"] == pytest.approx(len(there) / len(savings))
        else:
            assert np.isnan(row["there"])
        if there:
            assert row["saving"] == pytest.approx(sum(there) / len(there))
        else:
            assert np.isnan(row["saving"])


def test_share_and_credit_are_those_that_the_plan_was_made_with():
    """Nothing is told that the program was not; sorted by cell, a row each."""
    _, _, plan = planned(SETS[0], 1)
    table, told = plan.orders, plan.order_credits
    assert table is not None and told is not None
    assert table["served_share"].tolist() == told.share.tolist()
    assert table["credit"].tolist() == told.net.tolist()
    assert table["most"].tolist() == told.most.tolist()
    keys = table[list(CELL_ORDERS.key)]
    pd.testing.assert_frame_equal(keys, keys.sort_values([*keys], ignore_index=True))
    assert not keys.duplicated().any()


@pytest.mark.parametrize(("kind", "number"), [("full", 1), ("scarce", 1007)])
def test_no_cell_is_sent_more_than_the_settled_plan_sends(kind: str, number: int):
    """A unit more pays at its cell's credit, but the basket that it would belong to never comes."""
    _, _, plan = planned(kind, number)
    assert plan.orders is not None
    sent = plan.lines.groupby(["destination", "item"])["quantity"].sum()
    most = plan.orders.set_index(["region", "item"])["most"]
    assert len(sent) > 0
    assert (sent <= most.loc[sent.index]).all()


def test_where_money_is_by_the_unit_there_is_no_such_table():
    """The same lines without order ids: neither table nor figures."""
    _, _, plan = planned(SETS[0], 1, by_order=False)
    assert plan.orders is None and "orders" not in plan.summary


def weighed(tables: dict[str, pd.DataFrame], orders: pd.DataFrame | None) -> ByOrder | None:
    return weigh_orders(tables, wanted(), MONDAY, settings(), 0.0, orders)


def lines(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["action", "origin", "destination", "item", "quantity"])


def test_money_is_by_the_unit_without_orders_ids_or_a_tariff():
    """No table, no id, ids from the plan's day on alone, further units as dear as first ones."""
    orders = drawn_orders(0)
    tables = world(orders)
    assert weighed(tables, None) is None
    assert weighed(tables, orders.assign(order_id="")) is None
    assert weighed(tables, orders.drop(columns="order_id")) is None
    assert weighed(tables, orders.assign(date=MONDAY)) is None
    assert weighed(world(orders, further=5.0, mile=2.0), orders) is None
    assert weighed(world(orders, further=None, mile=None), orders) is None
    assert weighed(tables, orders) is not None
    believed = BelievedOrders(orders.assign(**{PERIOD: 0, "date": MONDAY}), 1)
    assert weighed(tables, believed) is not None


def test_figures_by_hand():
    """Two orders of A and B in R and one of A in S, alike in weight; the plan serves the first two.

    Gross 20 - 2.25 - (20 - 5.50) = 3.25 for the pairs, nothing idle, worth .80 or a little more.
    """
    rows = [(1, "R", name, 1, order) for name in "AB" for order in ("x", "y")]
    found = weighed(world(orders_of(*rows)), orders_of(*rows, (2, "S", "A", 1, "z")))
    assert found is not None
    plan = lines(("ship", "H", "R", "A", 2), ("ship", "H", "R", "B", 3), ("ship", "G", "S", "B", 1))
    told = found.figures(plan, 1.0)
    worth = found.read.settling.stocking.retained
    assert told["periods"] == 1 and told["orders_seen"] == 3
    assert told["worth_serving_there"] == pytest.approx(1.0)
    assert told["whole"] == pytest.approx(2 / 3)
    assert told["units_there"] == pytest.approx(4 / 5)
    dearer = found.read.settling.keeping.dearer
    spent = dearer[[0, 1, 4]] @ [2, 3, 1] + 2 * 0.1
    assert told["gain"] == pytest.approx(2 * (20 - 2.25 - 14.5 - worth[0] - worth[1]) - spent)
    assert told["bound"] >= told["gain"]
    assert told["gap"] == pytest.approx((told["bound"] - told["gain"]) / max(1, told["bound"]))


def test_units_that_leave_a_region_are_told_apart():
    """A return out of R and units moved from S to R, cell by cell: what comes and what goes."""
    found = weighed(world(drawn_orders(0)), drawn_orders(0))
    assert found is not None
    sent, gone = found._moved(
        lines(
            ("ship", "H", "R", "A", 5), ("return", "R", "H", "A", 2), ("redirect", "S", "R", "C", 1)
        )
    )  # fmt: skip
    assert sent.tolist() == [5, 0, 1, 0, 0, 0]
    assert gone.tolist() == [2, 0, 0, 0, 0, 1]


def test_the_plan_that_credits_belong_to_gains_and_its_bound_is_near():
    """On drawn orders: its own lines, told back, gain something below the bound."""
    found = weighed(world(drawn_orders(1)), drawn_orders(1))
    assert found is not None and found.credits.most.any()
    read = found.read
    cells = np.flatnonzero(found.credits.most)
    names = zip(
        read.cells.region[cells], read.cells.item[cells], found.credits.most[cells], strict=True
    )
    plan = lines(
        *(("ship", "H", read.network.regions[r], read.network.items[i], n) for r, i, n in names)
    )
    told = found.figures(plan, 1.0)
    assert 0 < told["whole"] <= told["worth_serving_there"] <= 1
    assert 0 < told["gain"] <= told["bound"]


def test_units_on_hand_wait_for_orders_that_another_plan_may_complete():
    """R holds A, no hub has B, so no order of A and B is whole: a markdown for 6 of 10 can wait.

    Every order is worth serving there, so chances are those of all demand, as by the unit.
    """
    pairs = [(back, "R", name, 1, f"o{back}") for back in range(1, 60) for name in "AB"]
    tables = world(orders_of(*pairs))
    tables["stock"] = frame("stock", [("R", "A", 3), ("H", "A", 40)])
    tables["exits"] = frame("exits", [("markdown", "", "R", 0.0, 6.0, np.nan, 0.0)])
    plan = make_plan(tables, wanted(), MONDAY, settings(), obsolescence=0.0)
    plain = {**tables, "orders": tables["orders"].drop(columns="order_id")}
    by_unit = make_plan(plain, wanted(), MONDAY, settings(), obsolescence=0.0)
    there = ["on hand", "moved away"]
    lies, same = (each.units[each.units["binding"].isin(there)] for each in (plan, by_unit))
    assert lies["p"].tolist() == same["p"].tolist() and len(lies) == 3
    assert plan.order_credits is not None and plan.order_credits.share[0] < 0.1
    assert "markdown" not in set(plan.lines["action"])
