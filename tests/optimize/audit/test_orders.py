"""The figures by order are told again from tables and lines; a lie about any of them is named."""

from __future__ import annotations

from dataclasses import asdict, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from benchmarks.orders.frames import AS_OF, demand_of, tables_of
from benchmarks.orders.instances import SETS, Instance, draw_instance
from benchmarks.orders.money import gain, worth_serving
from foreship_optimize.audit.books import Books, Line, read_books
from foreship_optimize.audit.orders import OrderFigures, lying_of, order_figures, orders_true
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.params import ExitParams
from foreship_optimize.tables import complete

PARAMS = SimpleNamespace(
    exits=ExitParams(allowed=()),
    plan=SimpleNamespace(review_weeks=1, order_weeks=24, order_half_life_weeks=1e12),
)
"""all weeks weigh the same"""
CELL = ("r0", "i0")


def read(case: Instance) -> tuple[Books, dict[str, pd.DataFrame]]:
    """Return the books of an instance, and its filled tables with the orders."""
    given = tables_of(case, case.past, by_order=True)
    tables = complete(given, as_of=AS_OF)
    drawn = demand_of(case, case.past, np.random.default_rng(0))
    demand = DemandScenarios.from_frame(drawn, AS_OF)
    books = read_books(tables, demand, AS_OF, PARAMS, {})
    return books, {**tables, "orders": given["orders"]}


def ship(units: int, region: str, item: str, cost: float) -> Line:
    """A line from the hub that arrives at once."""
    return Line("ship", "hub", region, item, units, AS_OF, AS_OF, cost * units, 0.0, 0.5, 0.5, "")


def one_a_day(case: Instance) -> Instance:
    """Keep the first order of each day and region: the sequence within a day is nobody's then."""
    past = case.past
    days = pd.DataFrame({"week": past.week, "day": past.day, "region": past.region})
    return replace(case, past=past.some(~days.duplicated().to_numpy()))


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("kind", SETS)
def test_the_figures_are_those_of_plain_loops_over_the_instance(kind: str, number: int) -> None:
    """Drawn units are sent: the audit's gain against the one that `benchmarks/orders` tells."""
    case = one_a_day(draw_instance(kind, number))
    books, tables = read(case)
    first = int(case.past.week.min())
    # the audit's sample begins with the first order; the other weeks earn what none earns
    seen = 24 - first
    sent = np.random.default_rng(number).integers(0, 4, case.lying.shape)
    lines = [
        ship(int(units), f"r{region}", f"i{item}", float(case.lane[region]))
        for (region, item), units in np.ndenumerate(sent)
        if units
    ]
    found = order_figures(books, tables, lines, 0.0)
    empty = first * float((sent @ case.holding).sum())
    told = (24 * gain(case, case.past, sent) + empty) / seen
    assert found.gain == pytest.approx(told, abs=1e-9)
    assert (found.periods, found.orders_seen) == (seen, len(case.past.week))
    assert found.worth_serving_there == len(worth_serving(case, case.past)[1])


def pair(**other) -> Instance:
    """One region and two items that one order a week wants together, and one a single of item 0."""
    case = draw_instance("full", 1)
    week = np.arange(24).repeat(2)
    units = np.tile(np.array([[1, 1], [1, 0]]), (24, 1))
    past = replace(
        case.past, week=week, day=np.tile([1, 2], 24), region=np.zeros_like(week), units=units
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
    books, tables = read(pair())
    whole = order_figures(books, tables, PLAN, 0.0)
    assert whole == OrderFigures(24, 48, 48, 1.0, 1.0, pytest.approx(PAIR_SAVES + SINGLE_SAVES))
    half = order_figures(books, tables, [PLAN[1], replace(PLAN[0], quantity=1, cost=0.5)], 0.0)
    assert half == OrderFigures(24, 48, 48, 0.5, 2 / 3, pytest.approx(PAIR_SAVES))


def test_what_lies_there_serves_orders_without_the_plan_and_is_no_gain_of_it():
    """Item 0 lies there once: it serves the single order either way, until the pair takes it."""
    books, tables = read(pair(lying=np.array([[1, 0]])))
    nothing = order_figures(books, tables, [], 0.0)
    assert nothing == OrderFigures(24, 48, 48, 0.5, 1 / 3, 0.0)
    found = order_figures(books, tables, [PLAN[1]], 0.0)
    assert found.gain == pytest.approx(PAIR_SAVES - SINGLE_SAVES)


def test_units_on_their_way_lie_there_if_they_come_no_later_than_the_plans():
    """On the Monday itself, or at no known day; not on the day after."""
    books, _ = read(pair())
    for date, units in ((AS_OF, 4), (pd.NaT, 4), (AS_OF + pd.Timedelta(days=1), 1)):
        there = replace(books, on_hand={CELL: 1}, coming={CELL: [(date, 3)]})
        assert lying_of(there, set()) == {CELL: units}


def test_units_on_a_dearer_lane_than_the_next_one_cost_what_they_are_not_worth():
    """A unit for 1.50 that the next plan has for .50: 1.00 less."""
    books, tables = read(pair())
    dear = [replace(PLAN[0], cost=2 * 1.5), PLAN[1]]
    usual, found = (order_figures(books, tables, each, 0.0) for each in (PLAN, dear))
    assert found.gain == pytest.approx(usual.gain - 2.0)


def stated(**changes) -> dict:
    """A summary that tells the truth about `PLAN`, but for some changes."""
    books, tables = read(pair())
    true = asdict(order_figures(books, tables, PLAN, 0.0))
    figures = true | {"bound": 1.05 * true["gain"]} | changes
    gap = (figures["bound"] - figures["gain"]) / max(1.0, abs(figures["bound"]))
    return {"orders": {"gap": gap} | figures}


def faults(summary: dict, without: str = "") -> list[str]:
    books, tables = read(pair())
    if without:
        tables["orders"] = tables["orders"].drop(columns=without)
    return list(orders_true(books, tables, PLAN, summary))


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
