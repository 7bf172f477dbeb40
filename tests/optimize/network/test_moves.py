"""Every way a unit may move: which exist, what each costs, when it arrives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.actions import action_names
from foreship_optimize.network.exits import read_exits
from foreship_optimize.network.moves import redirects, returns, ships
from foreship_optimize.planning import make_plan
from foreship_optimize.valuation.assembly import assemble
from tests.optimize.small_network import STEADY, day, demand_of, item, lane, read, tables_of

REGIONS = [("R", np.inf, 2.0, "", 0, 0), ("S", np.inf, 2.0, "", 0, 0)]
DEMAND = demand_of({("R", "I"): [[0]] * 4, ("S", "I"): [[3]] * 4})
EXITS = [
    ("redirect", "", "", 0.2, 0.0, np.inf, 0.0),
    ("return", "", "", 0.3, 0.0, np.inf, 1.0),
    ("markdown", "", "", 0.5, 1.0, np.inf, 0.0),
    ("donate", "", "", 0.1, np.nan, 9.0, 0.0),
    ("liquidate", "", "", 0.0, 4.0, np.inf, 0.0),
]


def moves(**rows) -> list[tuple]:
    """(action, from, to, exit, cost, lead) of every move: R holds five units it does not want."""
    given = {
        "regions": REGIONS,
        "lanes": [lane("H", "S", 2.0, 1), lane("R", "S", 0.7, 2), lane("R", "H", 0.9, 4)],
        "stock": [("H", "I", 5), ("R", "I", 5)],
        "exits": EXITS,
    }
    problem = assemble(tables_of(**{**given, **rows}), DEMAND, day(0), STEADY)
    found, region = problem.moves, problem.regions[problem.cell_region]
    listed = []
    for place, action in enumerate(found.action):
        hub, cell = found.origin_hub[place], found.origin_cell[place]
        back, into = found.destination_hub[place], found.destination_cell[place]
        listed.append((
            action_names()[action], problem.hubs[hub] if hub >= 0 else region[cell],
            problem.hubs[back] if back >= 0 else region[into] if into >= 0 else "",
            found.exit[place], pytest.approx(found.cost[place]), int(found.lead_days[place]),
        ))  # fmt: skip
    return listed


def test_every_kind_of_move_with_its_cost_by_hand():
    """Lane, handling, holding over a delay, 30 % of 20, and 10 less what is got back."""
    assert moves() == [
        ("ship", "H", "S", "", 2.0, 1),
        ("redirect", "R", "S", "redirect", 0.7 + 0.2, 2),
        ("return", "R", "H", "return", 0.9 + 0.3 + 0.1, 4),
        ("markdown", "R", "", "markdown", 0.5 - 1.0 + 6.0, 0),
        ("give_away", "R", "", "donate", 0.1 + 10.0, 0),
        ("give_away", "R", "", "liquidate", 10.0 - 4.0, 0),
    ]


def test_only_listed_exits_exist():
    """A table that lists markdowns only: no redirect, no return, no give-away."""
    found = moves(exits=EXITS[2:3])
    assert [each[0] for each in found] == ["ship", "markdown"]


def test_no_unit_moves_from_where_none_lies():
    """Without stock in R, and with an empty hub: nothing moves at all."""
    assert [each[0] for each in moves(stock=[("H", "I", 5)])] == ["ship"]
    assert moves(stock=[]) == []


def test_a_redirect_only_goes_where_the_assortment_lets_it_in():
    """S is no cell of the assortment: units leave R, none comes to S."""
    found = moves(assortment=[("R", "I", day(-70), day(70))])
    assert [each[0] for each in found] == ["return", "markdown", "give_away", "give_away"]


@pytest.mark.parametrize(("first", "ships"), [(7, True), (8, False)])
def test_a_cell_that_opens_after_the_window_gets_nothing(first: int, ships: bool):
    """A lane of a day, a window of a week: a cell that opens on day 7 is met, on day 8 not."""
    found = moves(assortment=[("S", "I", day(first), day(70)), ("R", "I", day(0), day(70))])
    assert ("ship" in [each[0] for each in found]) == ships


def test_every_open_row_of_a_lane_is_a_move():
    """Truck and express; a row that opens next week is none, one with the same terms no more.

    The same for what is moved on and back.
    """
    rows = [
        lane("H", "R", 1.0, 4), lane("H", "R", 3.0, 1, start=day(-7)),
        lane("H", "R", 1.0, 4, start=day(-3)), lane("H", "R", 9.0, 1, start=day(7)),
        lane("R", "S", 0.5, 2), lane("R", "S", 0.75, 1), lane("R", "H", 2.0), lane("R", "H", 1.0),
    ]  # fmt: skip
    paths = {(region, "I"): [[1]] * 4 for region in ("R", "S")}
    regions = [(name, np.inf, 2.0, "", np.nan, np.nan) for name in ("R", "S")]
    for order in (rows, rows[::-1]):
        stock = [("H", "I", 5), ("R", "I", 3)]
        tables = tables_of(lanes=order, regions=regions, stock=stock, exits=EXITS)
        network, cells = read(tables, demand_of(paths))
        exits = read_exits(tables["exits"], network, STEADY.exits)
        found = ships(cells, network, 28, 7)
        assert sorted(zip(found.cost, found.lead_days, strict=True)) == [(1.0, 4), (3.0, 1)]
        away = redirects(cells, network, exits, 28, 7)
        assert sorted(away.lead_days.tolist()) == [1, 2]
        home = returns(cells, network, exits)
        assert sorted(home.cost - home.cost.min()) == [0.0, 1.0]


@pytest.mark.parametrize("way", ["forbidden", "beaten"])
def test_dearer_freight_is_counted_alike_by_plan_and_audit(way: str):
    """T is reached from R at 0.30 and from S at 0.90 only; R's units cannot, or will not, come.

    R is forbidden: nothing cheaper is open, no freight is dearer. R's units sell off at 90 each:
    its redirect is still the cheapest way in, so that three units from S cost .60 each more.
    """
    exits = [("redirect", "", "", 0.0, 0.0, np.inf, 0.0), ("return", "", "", 0.0, 0.0, np.inf, 0.0)]
    more: dict[str, list[tuple]] = {"exits": exits}
    if way == "forbidden":
        more["overrides"] = [("forbid", 0.0, "fair", "Anna", pd.NaT, "T", "I", "R")]
    else:
        more["exits"] = [*exits, ("markdown", "I", "R", 0.0, 90.0, np.inf, 0.0)]
    tables = tables_of(
        regions=[(name, np.inf, 2.0, "", 0, 0) for name in "RST"],
        lanes=[lane("R", "T", 0.3), lane("S", "T", 0.9), lane("R", "H", 0.1), lane("S", "H", 5.0)],
        stock=[("R", "I", 3), ("S", "I", 3)],
        **more,
    )
    paths = {name: [[0, 0]] * 4 for name in "RS"} | {"T": [[3, 3]] * 4}
    demand = demand_of({(name, "I"): each for name, each in paths.items()})
    plan = make_plan(tables, demand, day(0), STEADY)
    sent = plan.lines[plan.lines["action"] == "redirect"]
    assert sent[["origin", "quantity"]].to_numpy().tolist() == [["S", 3]]
    assert plan.summary["cvar"] == pytest.approx(0.0 if way == "forbidden" else 1.8)


def test_the_weight_of_an_item_is_paid_on_every_lane():
    """One kg at .50: a ship of 2.00 costs 2.50."""
    heavy = [lane("H", "S", 2.0, 1, per_kg=0.5), lane("R", "H")]
    assert moves(items=[item()], lanes=heavy)[0][4] == 2.5
