"""The figures by order are told again from tables and lines; a lie about any of them is named."""

from __future__ import annotations

from dataclasses import asdict, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from benchmarks.orders.frames import AS_OF, demand_of, tables_of
from benchmarks.orders.instances import SETS, Instance, draw_instance
from benchmarks.orders.law import Orders
from benchmarks.orders.money import gain, worth_serving
from foreship_optimize.audit.auditor import audit
from foreship_optimize.audit.books import Books, Line, read_books
from foreship_optimize.audit.orders import OrderFigures, lying_of, order_figures, orders_true
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.errors import AuditFailed
from foreship_optimize.params import EconomicsParams, ExitParams, OptimizeParams
from foreship_optimize.planning import make_plan
from foreship_optimize.tables import complete

PARAMS = SimpleNamespace(
    economics=EconomicsParams(),
    exits=ExitParams(allowed=()),
    plan=SimpleNamespace(
        review_weeks=1, order_weeks=24, order_half_life_weeks=1e12, line_handling_cost=0.0
    ),
)
"""all weeks weigh the same"""
CELL = ("r0", "i0")


def read(case: Instance) -> tuple[Books, dict[str, pd.DataFrame], DemandScenarios]:
    """Return the books of an instance, its filled tables with the orders, and its demand."""
    given = tables_of(case, case.past, by_order=True)
    tables = complete(given, as_of=AS_OF)
    drawn = demand_of(case, case.past, np.random.default_rng(0))
    demand = DemandScenarios.from_frame(drawn, AS_OF)
    books = read_books(tables, demand, AS_OF, PARAMS, {})
    return books, {**tables, "orders": given["orders"]}, demand


def ship(units: int, region: str, item: str, cost: float) -> Line:
    """A line from the hub that arrives at once."""
    return Line("ship", "hub", region, item, units, AS_OF, AS_OF, cost * units, 0.0, 0.5, 0.5, "")


def one_a_day(case: Instance) -> Instance:
    """Keep the first order of each day and region: the sequence within a day is nobody's then.

    One more on the first day of all: the sample begins where its first week does.
    """
    past = case.past
    unit = np.eye(len(case.margin), dtype=np.int64)[:1]
    past = Orders(
        *(np.append(0, each) for each in (past.week, past.day, past.region)),
        np.concatenate([unit, past.units]),
        past.weeks,
    )
    days = pd.DataFrame({"week": past.week, "day": past.day, "region": past.region})
    return replace(case, past=past.some(~days.duplicated().to_numpy()))


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("kind", SETS)
def test_the_figures_are_those_of_plain_loops_over_the_instance(kind: str, number: int) -> None:
    """Drawn units are sent: the audit's gain against the one that `benchmarks/orders` tells."""
    case = one_a_day(draw_instance(kind, number))
    books, tables, demand = read(case)
    sent = np.random.default_rng(number).integers(0, 4, case.lying.shape)
    lines = [
        ship(int(units), f"r{region}", f"i{item}", float(case.lane[region]))
        for (region, item), units in np.ndenumerate(sent)
        if units
    ]
    found = order_figures(books, tables, demand, lines, 0.0)
    assert found.gain == pytest.approx(gain(case, case.past, sent), abs=1e-9)
    assert (found.periods, found.orders_seen) == (24, len(case.past.week))
    worth = len(worth_serving(case, case.past)[1])
    assert found.worth_serving_there == pytest.approx(worth / len(case.past.week))


def pair(**other) -> Instance:
    """One region and two items that one order a week wants together, and one a single of item 0."""
    case = draw_instance("full", 1)
    week = np.arange(24).repeat(2)
    units = np.tile(np.array([[1, 1], [1, 0]]), (24, 1))
    past = replace(
        case.past, week=week, day=np.tile([0, 1], 24), region=np.zeros_like(week), units=units
    )
    plain = {
        "margin": np.array([3.0, 3.0]), "lane": np.array([0.5]), "holding": np.array([0.1, 0.2]),
        "volume": np.ones(2), "capacity": np.array([np.inf]), "lying": np.array([[0, 0]]),
        "supply": np.array([9, 9]), "past": past,
    }  # fmt: skip
    return replace(case, **(plain | other))


PLAN = [ship(2, "r0", "i0", 0.5), ship(1, "r0", "i1", 0.5)]
PAIR_SAVES = (6.0 - 2.75) - 0.96 * (6.0 - 5.5) - 1.0
SINGLE_SAVES = (3.0 - 2.5) - 0.96 * (3.0 - 5.0) - 0.5
"""what a pair and a single order save beyond the lane of .50 a unit"""


def test_the_figures_of_a_pair_by_hand():
    """Two of item 0 and one of item 1 serve both orders; one of each serves the pair alone."""
    books, tables, demand = read(pair())
    whole = order_figures(books, tables, demand, PLAN, 0.0)
    assert whole == OrderFigures(24, 48, 1.0, 1.0, 1.0, pytest.approx(PAIR_SAVES + SINGLE_SAVES))
    half = order_figures(
        books, tables, demand, [PLAN[1], replace(PLAN[0], quantity=1, cost=0.5)], 0.0
    )
    assert half == OrderFigures(24, 48, 1.0, 0.5, 2 / 3, pytest.approx(PAIR_SAVES))


def test_what_lies_there_serves_orders_without_the_plan_and_is_no_gain_of_it():
    """Item 0 lies there once: it serves the single order either way, until the pair takes it."""
    books, tables, demand = read(pair(lying=np.array([[1, 0]])))
    nothing = order_figures(books, tables, demand, [], 0.0)
    assert nothing == OrderFigures(24, 48, 1.0, 0.5, 1 / 3, 0.0)
    found = order_figures(books, tables, demand, [PLAN[1]], 0.0)
    assert found.gain == pytest.approx(PAIR_SAVES - SINGLE_SAVES)


def test_units_on_their_way_lie_there_if_they_come_no_later_than_the_plans():
    """On the Monday itself, or at no known day; not on the day after, unless none can be sent."""
    books, _, _ = read(pair())
    for date, units in ((AS_OF, 4), (pd.NaT, 4), (AS_OF + pd.Timedelta(days=1), 1)):
        there = replace(books, on_hand={CELL: 1}, coming={CELL: [(date, 3)]})
        assert lying_of(there, set()) == {CELL: units}
    unreached = replace(there, lanes={}, _landed={})
    assert lying_of(unreached, set()) == {CELL: 4}


def stated(**changes) -> dict:
    """A summary that tells the truth about `PLAN`, but for some changes."""
    books, tables, demand = read(pair())
    true = asdict(order_figures(books, tables, demand, PLAN, 0.0))
    figures = true | {"bound": 1.05 * true["gain"]} | changes
    gap = (figures["bound"] - figures["gain"]) / max(1.0, abs(figures["bound"]))
    return {"orders": {"gap": gap} | figures}


def faults(summary: dict, without: str = "") -> list[str]:
    books, tables, demand = read(pair())
    if without:
        tables["orders"] = tables["orders"].drop(columns=without)
    return list(orders_true(books, tables, demand, PLAN, summary))


@pytest.mark.sweep
@pytest.mark.parametrize(("stated", "measured"), [(0.3, None), (None, 0.3), (0.3, 0.1)])
def test_plans_by_order_pass_whoever_says_how_often_cells_close(stated, measured):
    """Settings before what is measured: a lane of two days makes units dearer by it."""
    case = draw_instance("full", 1)
    tables = tables_of(case, case.past, by_order=True)
    tables["lanes"]["lead_time_days"] = 2
    demand = demand_of(case, case.past, np.random.default_rng(0))
    params = OptimizeParams(economics=EconomicsParams(obsolescence_per_year=stated))
    plan = make_plan(tables, demand, AS_OF, params, obsolescence=measured)
    assert plan.summary["orders"]["worth_serving_there"] > 0


def test_a_line_of_an_item_that_does_not_exist_is_named_before_any_order_is_walked():
    """The whole audit of a plan by order: what names nothing is told, and no figure by order."""
    case = draw_instance("full", 1)
    tables = tables_of(case, case.past, by_order=True)
    demand = DemandScenarios.from_frame(demand_of(case, case.past, np.random.default_rng(0)), AS_OF)
    params = OptimizeParams()
    plan = make_plan(tables, demand, AS_OF, params)
    lines = plan.lines.assign(item="nothing")
    with pytest.raises(AuditFailed) as caught:
        audit(
            complete(tables, as_of=AS_OF), demand, AS_OF, lines, plan.units, plan.summary, params,
            orders=tables["orders"],
        )  # fmt: skip
    assert "unknown item" in caught.value.violations[0]
    assert not any(each.startswith("orders: ") for each in caught.value.violations)


def test_true_figures_are_passed():
    assert faults(stated()) == []


@pytest.mark.parametrize("name", [each for each in stated()["orders"] if each != "bound"])
def test_every_figure_that_is_a_little_off_is_named(name: str) -> None:
    """One more of a count; a thousandth more of an amount, whose gap is told with it."""
    true = stated()["orders"][name]
    off = true + 1 if isinstance(true, int) else 1.001 * true
    (fault,) = faults(stated(**{name: off}))
    assert fault.startswith("orders: ") and name in fault


def test_a_bound_below_the_gain_is_named():
    (fault,) = faults(stated(bound=0.5))
    assert "lies below the gain" in fault


def test_figures_by_order_are_there_exactly_where_money_is_by_order():
    """Missing though orders are known and the tariff tells units apart; there though none is."""
    assert faults({}) == ["orders: figures by order are missing, though money is by order"]
    (fault,) = faults(stated(), without="order_id")
    assert fault == "orders: there are figures by order, though money is not by order"
    assert faults({}, without="order_id") == []
