"""Policies: what each feeds the program, and how they are chosen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from foreship.errors import UsageError
from foreship.pipeline.known import Known
from foreship.replay import policies
from foreship.replay.policies import (
    POLICIES,
    TRUE_WINDOWS,
    Oracle,
    Truth,
    choose_policies,
    own_name,
)
from foreship.samples.synthetic.true_orders import true_orders
from foreship.workspace.opening import open_workspace
from foreship_optimize.demand import DemandScenarios
from tests.foreship.drawn_paths import paths_of
from tests.foreship.small_shop import naive_forecast, shop
from tests.foreship.small_world import MONDAY, date, orders

WEEK = np.timedelta64(7, "D")
TINY = Path(__file__).parents[3] / "data" / "tiny"


@pytest.fixture
def asked(monkeypatch):
    """Record what the program is asked instead of solving it."""
    calls = []

    def record(tables, demand, as_of, config, **more):
        calls.append(SimpleNamespace(tables=tables, demand=demand, config=config, **more))
        return calls[-1]

    monkeypatch.setattr(policies, "plan_stage", record)
    return calls


def known(paths=None, budget=None):
    """Return what a policy knows in the shop, with the given paths as forecast."""
    workspace = shop(budget=budget)
    made = naive_forecast(workspace.tables, date(0), workspace.config)
    if paths is not None:
        drawn = paths_of(paths)
        made = SimpleNamespace(paths=drawn, obsolescence=0.125)
    return Known(date(0), workspace.tables, workspace.config, lambda: made)


def paths(units):
    """Return sample paths of kettles in R1, shape (weeks, scenarios)."""
    table = np.array(units, dtype=np.int32)[None]
    weeks = MONDAY + np.arange(table.shape[1]) * WEEK
    ids = (np.array([each], dtype=object) for each in ("R1", "K"))
    return DemandScenarios(*ids, weeks, table)


def test_point_rounds_the_mean_as_it_adds_up(asked):
    """A mean of 0.4 a week becomes a unit in the second and in the fourth week, not never."""
    tenth = [[1, 1, 0, 0, 0]] * 5
    policies.point(known(paths(tenth)))
    assert asked[0].demand.units.tolist() == [[[0], [1], [0], [1], [0]]]
    assert asked[0].config.risk.budget is None


def test_only_foreship_keeps_the_risk_budget(asked):
    """Only foreship plans within the budget; foreship_mean and the oracle do not know it."""
    state = known(budget=7.0)
    for policy in (policies.foreship, policies.foreship_mean, Oracle(state.tables["orders"])):
        policy(state)
    assert [call.config.risk.budget for call in asked] == [7.0, None, None]


def test_measured_obsolescence_reaches_every_program(asked):
    """All programs use the week's measured chance that a cell closes."""
    state = known(paths([[1, 2]]))
    for policy in (policies.point, policies.foreship, Oracle(state.tables["orders"])):
        policy(state)
    assert [call.obsolescence for call in asked] == [0.125] * 3


def test_the_oracle_sees_what_comes_week_by_week():
    """Coming orders are summed by cell and week from as_of on, sorted by (region, item)."""
    table = orders(
        (-1, "R1", "K", 9),
        (0, "R2", "L", 1),
        (6, "R2", "L", 2),
        (7, "R1", "K", 4),
        (13, "R2", "L", 5),
    )
    demand = Oracle(table).coming(date(0), horizon_weeks=8)
    assert list(zip(demand.region, demand.item, strict=True)) == [("R1", "K"), ("R2", "L")]
    assert demand.units[..., 0].tolist() == [[0, 4], [3, 5]]
    assert demand.weeks.tolist() == [date(0).date(), date(7).date()]


def test_the_oracle_sees_no_further_than_the_horizon():
    """Weeks beyond the horizon are cut, weeks beyond the data do not exist."""
    table = orders(*[(day, "R1", "K", 1) for day in range(28)])
    oracle = Oracle(table)
    assert oracle.coming(date(0), 2).units.tolist() == [[[7], [7]]]
    assert oracle.coming(date(21), 8).units.tolist() == [[[7]]]


def by_order(state, table):
    """Return the state with a cheaper further unit, knowing the orders of the table before it."""
    lanes = state.tables["lanes"].assign(direct_further=0.5)
    past = table[table["date"] < state.as_of].reset_index(drop=True)
    return replace(state, tables={**state.tables, "lanes": lanes, "orders": past})


def test_the_oracle_believes_the_very_orders_that_come():
    """Those of the weeks it sees, each on its day, with their ids; nothing by the unit."""
    table = orders((-1, "R1", "K", 9), (0, "R2", "L", 1), (6, "R1", "K", 2), (7, "R1", "K", 4))
    table = table.assign(order_id=["a", "b", "c", "d"])
    oracle, state = Oracle(table), known()
    assert oracle.baskets(state) is None
    found = oracle.baskets(by_order(state, table))
    assert found.periods is None and not len(found.left_out)
    assert found.orders.columns.tolist() == ["date", "region", "item", "quantity", "order_id"]
    assert found.orders["order_id"].tolist() == ["b", "c", "d"]


def test_by_order_the_oracle_knows_days(asked):
    """Of two in R1's first week none comes before Sunday; by the unit they are spread evenly."""
    table = orders((-1, "R1", "K", 9), (6, "R1", "K", 2)).assign(order_id=["a", "b"])
    oracle = Oracle(table)
    for state in (by_order(known(), table), known()):
        oracle(state)
    found = [call.demand.demand_until(np.array([0]), 4).tolist() for call in asked]
    assert found == [[[0]], [[1]]]


def test_who_sees_ahead_is_told_of_coming_orders(asked):
    """Oracle and truth plan with orders to come, all others with past ones, and all by the unit."""
    workspace = open_workspace(TINY)
    made = SimpleNamespace(paths=paths_of(paths([[1, 2]])), obsolescence=0.1)
    state = Known(workspace.as_of, workspace.tables, workspace.config, lambda: made)
    every = workspace.tables["orders"]
    past = {**workspace.tables, "orders": every[every["date"] < "2026-10-26"]}
    then = replace(state, as_of=pd.Timestamp("2026-10-26"), tables=past)
    truth, oracle = Truth(TINY / "truth"), Oracle(every)
    for policy in (truth, oracle, policies.foreship, policies.point):
        policy(then)
    assert_frame_equal(asked[0].baskets.orders, truth.baskets(then).orders)
    assert_frame_equal(asked[1].baskets.orders, oracle.baskets(then).orders)
    assert [call.baskets for call in asked[2:]] == [None, None]
    unit = {**past, "orders": past["orders"].drop(columns="order_id")}
    for policy in (truth, oracle):
        policy(replace(then, tables=unit))
    assert [call.baskets for call in asked[4:]] == [None, None]


def test_the_truth_believes_orders_of_its_law():
    """Many draws of the week to come, each a period of its own; nothing by the unit."""
    workspace = open_workspace(TINY)
    state = Known(workspace.as_of, workspace.tables, workspace.config, lambda: None)
    truth = Truth(TINY / "truth")
    found = truth.baskets(state)
    seed = workspace.config.forecast.seed
    assert found.periods == TRUE_WINDOWS
    assert_frame_equal(found.orders, true_orders(TINY, workspace.as_of, TRUE_WINDOWS, 1, seed))
    assert_frame_equal(
        truth.baskets(state, draw=2).orders,
        true_orders(TINY, workspace.as_of, TRUE_WINDOWS, 1, seed + 2),
    )
    lanes = workspace.tables["lanes"].assign(direct_further=workspace.tables["lanes"].direct_cost)
    regions = workspace.tables["regions"].drop(columns="last_mile_further")
    by_unit = {**workspace.tables, "lanes": lanes, "regions": regions}
    assert truth.baskets(replace(state, tables=by_unit)) is None


def test_only_oracle_and_truth_plan_with_other_orders_than_past_ones(asked):
    """They hand over what they believe; all others let the past say what is bought together."""
    table = orders((-1, "R1", "K", 9), (0, "R2", "L", 1)).assign(order_id=["a", "b"])
    state, oracle = by_order(known(paths([[1, 2]])), table), Oracle(table)
    for policy in (policies.point, policies.foreship, policies.foreship_mean, oracle):
        policy(state)
    assert [call.baskets is None for call in asked] == [True, True, True, False]
    assert_frame_equal(asked[-1].baskets.orders, oracle.baskets(state).orders)
    workspace = open_workspace(TINY)
    made = SimpleNamespace(obsolescence=0.0)
    state = Known(workspace.as_of, workspace.tables, workspace.config, lambda: made)
    truth = Truth(TINY / "truth")
    truth(state)
    assert_frame_equal(asked[-1].baskets.orders, truth.baskets(state).orders)


def test_a_truth_without_baskets_believes_none(tmp_path):
    """A simulated workspace of before samples had baskets says nothing about orders."""
    workspace = open_workspace(TINY)
    state = Known(workspace.as_of, workspace.tables, workspace.config, lambda: None)
    assert Truth(tmp_path).baskets(state) is None


def test_all_policies_of_the_contract_can_be_named(tmp_path):
    """Absent a choice every policy runs, `truth` only where a truth lies."""
    plain = choose_policies(None, tmp_path, orders())
    assert tuple(plain) == POLICIES[:-1]
    (tmp_path / "truth").mkdir()
    assert tuple(choose_policies(None, tmp_path, orders())) == POLICIES


def test_a_policy_is_called_what_tells_it_from_others():
    """A function by its name, a partial by what it holds too, anything else by its class."""

    def cover(known, weeks=1, table=None):
        """Stand for a rule."""

    held = partial(partial(cover, weeks=2), table=orders())
    told = {own_name(each) for each in (cover, partial(cover, weeks=2), held, Oracle(orders()))}
    assert told == {"cover", "cover(weeks=2)", "cover(weeks=2, table=D..", "Oracle"}


def test_unknown_policies_are_refused_with_the_nearest_name():
    """A misspelt name says which policy was probably meant."""
    with pytest.raises(UsageError, match="did you mean 'newsvendor'"):
        choose_policies(["newsvender"], Path(), orders())


@pytest.mark.parametrize(
    ("wanted", "words"), [("reactive", "give a list"), ([5], "is no function")]
)
def test_what_is_no_list_of_policies_is_refused(wanted, words):
    """A name alone is not read letter by letter, and a number is not called."""
    with pytest.raises(UsageError, match=words):
        choose_policies(wanted, Path(), orders())
