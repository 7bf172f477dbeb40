"""The replay: every policy on the same weeks, each knowing only what was known."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship.errors import UsageError
from foreship.judge.gain.gap_closed import gap_closed
from foreship.params import BacktestParams
from foreship.pipeline import stages
from foreship.replay import policies
from foreship.replay.backtest import backtest, last_whole_weeks
from foreship_foundation.trading_weeks import last_regular_day
from foreship_optimize.errors import NoUsablePlan
from tests.foreship.small_shop import WEEKS, naive_forecast, naive_plan, shop
from tests.foreship.small_world import MONDAY, date, frame, orders, plan, world

NAMES = ("reactive", "point", "foreship_mean", "foreship", "oracle")
TERMS = ("parcels", "last_mile", "freight", "holding", "exits")


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch):
    """Let a naive forecast and a naive program stand in for the real ones."""
    monkeypatch.setattr(stages, "forecast_stage", naive_forecast)
    monkeypatch.setattr(policies, "plan_stage", naive_plan)


def nothing_ahead(known):
    """Ship nothing."""
    return plan()


def test_money_adds_up_and_ends_at_its_references():
    """Profit is margin less its terms, reactive closes 0 of the gap and the oracle all of it."""
    result = backtest(shop(), weeks=WEEKS, policies=NAMES)
    money = result.money.set_index("policy")
    assert list(money.index) == list(NAMES)
    assert money["profit"].to_numpy() == pytest.approx(
        (money["margin"] - money[list(TERMS)].sum(axis=1)).to_numpy()
    )
    weekly = result.weekly.groupby("policy")["profit"].sum()
    assert money["profit"].to_dict() == pytest.approx(weekly.to_dict())
    assert money.loc["reactive", "gap_closed"] == 0
    assert money.loc["oracle", ["gap_closed", "gap_low", "gap_high"]].tolist() == [1, 1, 1]
    assert money.loc["reactive", ["units_shipped", "served_locally", "freight"]].tolist() == [0] * 3
    assert (money["weeks"] == WEEKS).all()
    sold = money["served_locally"] + money["served_from_hub"]
    assert len(set(sold + money["lost"])) == 1, "all policies meet the same buyers"
    assert money.loc["foreship", "gap_closed"] == pytest.approx(
        (money.loc["foreship", "profit"] - money.loc["reactive", "profit"])
        / (money.loc["oracle", "profit"] - money.loc["reactive", "profit"])
    )


def test_same_seed_same_bytes_and_row_order_does_not_matter():
    """A replay repeats to the bit, also from shuffled tables; another seed draws other buyers."""
    plain = shop(3)
    items = plain.tables["items"].assign(lost_sale_share=0.5)
    plain.tables["items"] = items
    shuffled = shop(3)
    shuffled.tables = {
        name: table.sample(frac=1, random_state=5).reset_index(drop=True)
        for name, table in plain.tables.items()
    }
    first = json.dumps(backtest(plain, weeks=3, policies=NAMES).to_dict())
    assert first == json.dumps(backtest(shuffled, weeks=3, policies=NAMES).to_dict())
    assert first != json.dumps(backtest(plain, weeks=3, policies=NAMES, seed=9).to_dict())


def test_no_policy_sees_what_is_to_come():
    """Tables of the past end before as_of, and a poisoned future changes nobody but the oracle."""
    seen = []

    def peeking(known):
        """Note the latest date of every table of the past."""
        for name, column in {"orders": "date", "returns": "date", "signals": "week"}.items():
            seen.append((known.tables[name][column] < known.as_of).all())
        assert not len(known.tables["overrides"])
        return plan()

    def record(into, policy):
        def recorded(known):
            made = policy(known)
            lines = made if isinstance(made, pd.DataFrame) else made.lines
            into.setdefault(policy, []).append(lines.to_csv())
            return made

        recorded.__name__ = policy.__name__
        return recorded

    past_only = {
        "returns": frame("date region item quantity", [(date(d), "R1", "K", 1) for d in (-9, 8)]),
        "signals": frame("week region item views carts wishlists").astype({"week": "<M8[ns]"}),
    }
    honest, poisoned = shop(**past_only), shop(**past_only)
    table = poisoned.tables["orders"]
    second = date(7)
    future = (table["date"] >= second) & (table["date"] < poisoned.as_of - pd.Timedelta(days=1))
    poisoned.tables["orders"] = table.assign(quantity=table["quantity"].where(~future, 50))
    plans = []
    for workspace in (honest, poisoned):
        into = {}
        wrapped = [record(into, each) for each in (policies.foreship, policies.point)]
        backtest(workspace, weeks=WEEKS, policies=[*wrapped, peeking])
        plans.append({policy: lines[:2] for policy, lines in into.items()})
    assert plans[0] == plans[1]
    assert len(seen) == 3 * 2 * WEEKS * 1
    assert all(seen)


def test_forecast_is_made_once_a_week_and_refitted_on_time(monkeypatch):
    """All policies share a Monday's forecast; the model is fitted every `refit_weeks` weeks."""
    calls = []

    def counted(tables, as_of, config, model=None):
        calls.append((as_of, model is None))
        return naive_forecast(tables, as_of, config, model)

    monkeypatch.setattr(stages, "forecast_stage", counted)
    backtest(shop(budget=9.0), weeks=WEEKS, policies=NAMES)
    assert calls == [
        (date(0), True),
        (date(7), False),
        (date(14), True),
        (date(21), False),
    ]


def test_without_a_risk_budget_foreship_mean_is_foreship(monkeypatch):
    """One program is solved for both, and the notes say so; with a budget both are."""
    solved = []

    def counted(tables, demand, as_of, config, **more):
        solved.append(config.risk.budget)
        return naive_plan(tables, demand, as_of, config, **more)

    monkeypatch.setattr(policies, "plan_stage", counted)
    both = ["foreship_mean", "foreship"]
    result = backtest(shop(), weeks=2, policies=both, cost_factors=[1])
    assert solved == [None] * 4, "oracle and foreship, two weeks"
    assert "foreship_mean is foreship: there is no risk budget" in result.notes
    mean, full = (row for _, row in result.money.drop(columns="policy").iterrows())
    assert mean.equals(full)
    solved.clear()
    backtest(shop(budget=9.0), weeks=2, policies=both, cost_factors=[1])
    assert sorted(solved, key=str) == [9.0, 9.0, None, None, None, None]


def test_own_policies_stand_beside_the_named_ones():
    """A callable that ships nothing comes to the same money as reactive."""
    result = backtest(shop(), weeks=2, policies=["reactive", nothing_ahead])
    assert result.money["policy"].tolist() == ["reactive", "nothing_ahead"]
    reactive, own = (row for _, row in result.money.drop(columns="policy").iterrows())
    assert reactive.equals(own)


def ships(units, known):
    """Ship so many kettles a week to R1."""
    return plan(("ship", "H1", "R1", "K", units))


def test_every_policy_of_ones_own_has_its_row():
    """Partials, lambdas and functions of one name are told apart; nobody takes a name of ours."""

    def oracle(known):
        """Ship nothing, under a great name."""
        return plan()

    own = [partial(ships, 1), partial(ships, 2), lambda known: plan(), lambda known: plan()]
    result = backtest(shop(), weeks=1, policies=[*own, oracle, own[0], "oracle", "reactive"])
    assert result.money["policy"].tolist() == [
        "ships(1)", "ships(2)", "<lambda>", "<lambda> 2", "own oracle", "oracle", "reactive",
    ]  # fmt: skip
    assert result.money["units_shipped"].tolist()[:5] == [1, 2, 0, 0, 0]
    plain = backtest(shop(), weeks=1, policies=["oracle"]).money
    pd.testing.assert_frame_equal(result.money.iloc[5:6].reset_index(drop=True), plain)


def test_policies_may_be_named_by_who_brings_them():
    """A mapping says what each is called; names of ours are refused, and so is no policy at all."""
    named = {"one": partial(ships, 1), "two": partial(ships, 2)}
    money = backtest(shop(), weeks=1, policies=named).money.set_index("policy")
    assert money["units_shipped"].to_dict() == {"one": 1, "two": 2}
    for odd, said in (({"oracle": ships}, "is a policy of foreship"), ({"x": 3}, "no function")):
        with pytest.raises(UsageError, match=said):
            backtest(shop(), weeks=1, policies=odd)
    with pytest.raises(UsageError, match="no policy is named"):
        backtest(shop(), weeks=1, policies=[])


def test_what_a_policy_writes_nobody_else_sees():
    """It empties its stock, orders and forecast; the others and the caller's frames stay."""

    def vandal(known):
        """Write into every table, cell by cell and column by column."""
        for table in known.tables.values():
            for at in range(len(table.columns)):
                table.iloc[:, at] = table.iloc[::-1, at].to_numpy()
            table["quantity"] = 0
        return plan()

    workspace = shop()
    before = {name: table.copy(deep=True) for name, table in workspace.tables.items()}
    alone = backtest(workspace, weeks=2, policies=NAMES).money
    beside = backtest(workspace, weeks=2, policies=[vandal, *NAMES]).money
    pd.testing.assert_frame_equal(beside.iloc[1:].reset_index(drop=True), alone)
    for name, table in workspace.tables.items():
        pd.testing.assert_frame_equal(table, before[name])


def test_a_loss_is_said_first():
    """A rule of one's own that earns more than foreship is in the first line, and in the JSON."""

    def clairvoyant(known):
        """Do what the oracle does, under another name."""
        return policies.Oracle(workspace.tables["orders"])(known)

    workspace = shop()
    result = backtest(workspace, weeks=2, policies=["base_stock", "foreship", clairvoyant])
    assert str(result).startswith("LOSS: foreship earned ")
    assert "less than clairvoyant, the best of the others" in str(result).splitlines()[0]
    assert result._repr_html_().startswith("<div><p><b>LOSS: ")
    assert result.to_dict()["headline"] == list(result.headline) and len(result.headline) == 1
    # reactive is held against it although nobody asked for its row
    alone = backtest(workspace, weeks=2, policies=["foreship"])
    assert "than reactive, the best of the others" in alone.headline[0]


def test_the_policy_in_the_docs_runs_as_it_stands_there():
    """The example of docs/replay.md is replayed beside the named policies and ships its rule."""
    page = (Path(__file__).parents[3] / "docs" / "replay.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL).group(1)
    example = code[: code.index("backtest = ")]
    names = {}
    exec(compile(example, "docs/replay.md", "exec"), names)
    result = backtest(shop(), weeks=2, policies=[names["two_of_everything"], "base_stock"])
    assert result.money["policy"].tolist() == ["two_of_everything", "base_stock"]
    assert 0 < result.weekly["units_shipped"].iloc[0] <= 2 * 2
    assert result.promises.empty or "two_of_everything" not in set(result.promises["policy"])


def test_a_night_without_a_plan_stays_in_the_timeline():
    """Where the solver finds no plan the week ships nothing, and a note says which."""

    def failing(known):
        """Plan nothing in the first week."""
        if known.as_of == date(14):
            raise NoUsablePlan("time is up")
        return plan(("ship", "H1", "R1", "K", 2))

    result = backtest(shop(), weeks=2, policies=[failing])
    assert result.weekly["units_shipped"].tolist() == [0, 2]
    assert "failing: 2026-03-16: no plan, nothing shipped (time is up)" in result.notes


def test_costs_are_varied_for_plan_and_judge():
    """At double costs the same shipments pay double freight; factor 1 is the main replay."""
    result = backtest(shop(), weeks=WEEKS, policies=NAMES, cost_factors=(1, 2))
    table = result.sensitivity.set_index(["cost_factor", "policy"])
    money = result.money.set_index("policy")
    assert list(table.index) == [
        (factor, name) for factor in (1.0, 2.0) for name in ("reactive", "foreship", "oracle")
    ]
    for name in ("foreship", "oracle"):
        lost = table.loc[(1.0, name), "profit"] - table.loc[(2.0, name), "profit"]
        assert lost == pytest.approx(money.loc[name, "freight"])
        assert table.loc[(1.0, name), "gap_closed"] == pytest.approx(money.loc[name, "gap_closed"])


def test_costs_are_varied_only_when_asked():
    """By default every policy is replayed once, and there is no sensitivity."""
    assert not len(backtest(shop(), weeks=2, policies=NAMES).sensitivity)


def test_what_foreship_earns_more_is_the_difference_of_profits():
    """Every policy is compared with foreship, which differs from itself by nothing."""
    result = backtest(shop(), weeks=WEEKS, policies=NAMES)
    money = result.money.set_index("policy")
    ahead = money.loc["foreship", "profit"] - money["profit"]
    assert money["foreship_over"].to_numpy() == pytest.approx(ahead.to_numpy())
    own = money.loc["foreship", ["foreship_over", "foreship_over_low", "foreship_over_high"]]
    assert own.tolist() == [0, 0, 0]
    assert (money["foreship_over_low"] <= money["foreship_over"]).all()
    absent = backtest(shop(), weeks=2, policies=["point"]).money
    assert absent["foreship_over"].isna().all()


@pytest.mark.sweep
def test_steps_of_regret_add_up(monkeypatch):
    """From the oracle without limits down to foreship each step is a difference of profits.

    In narrow depots and lanes the limits cost something; without a truth there is one step for
    doubt and forecast; rounding is at most what the plans' bounds leave open.
    """
    monkeypatch.setattr(policies, "plan_stage", stages.plan_stage)
    tables = world()
    narrow = {
        "regions": tables["regions"].assign(capacity=[3.0, 3.0]),
        "lanes": tables["lanes"].assign(capacity=2.0),
    }
    for budget in (None, 0.0):
        workspace = shop(1, budget=budget, **narrow)
        result = backtest(workspace, weeks=WEEKS, policies=["foreship", "oracle"], regret=True)
        assert result.money["policy"].tolist() == ["foreship", "oracle"]
        lost = result.regret.set_index("step")["lost"]
        steps = ["limits", "forecast and doubt", "rounding", "risk budget", "overrides"]
        assert lost.index.tolist() == [*steps, "all"]
        assert lost[steps].sum() == pytest.approx(lost["all"])
        assert lost["limits"] > 0
        assert lost["rounding"] >= 0
        assert lost["overrides"] == 0
        assert (lost["risk budget"] == 0) == (budget is None)
        profit = result.money.set_index("policy")["profit"]
        rest = lost["all"] - lost["limits"]
        assert rest == pytest.approx(profit["oracle"] - profit["foreship"])
        assert "oracle without limits" in str(result)


def test_what_is_not_replayed_is_said():
    """Partial weeks, unknown ids, overrides and censored weeks are told in notes."""
    workspace = shop(
        overrides=frame("kind value reason author expires region item origin", [("fix",) * 8]),
        availability=frame("week region item in_stock", [(date(-7), "R1", "K", 0)]),
    )
    extra = orders((28, "R1", "K", 1), (-3, "R9", "K", 1))
    workspace.tables["orders"] = pd.concat([workspace.tables["orders"], extra], ignore_index=True)
    workspace.as_of = date(35)
    notes = " ".join(backtest(workspace, weeks=2, policies=["reactive"]).notes)
    assert "2 weeks from 2026-03-16 to 2026-03-29" in notes
    assert "1 order line after 2026-03-29 not replayed: their week is not whole" in notes
    assert "1 order line of a region or item that no table knows" in notes
    assert "overrides are not replayed" in notes
    assert "as they were ordered" in notes


def test_unsold_units_are_what_regions_got_and_did_not_sell():
    """Units in regions at the start and shipped there, less sold there and brought back."""
    stock = frame("location item quantity", [("R1", "K", 3), ("H1", "K", 5)])
    workspace = shop(stock=stock)
    workspace.tables["orders"] = orders((-7, "R1", "K", 1), (2, "R1", "K", 2), (6, "R2", "K", 1))
    workspace.as_of = date(7)

    def busy(known):
        """Ship two, bring one back."""
        return plan(("ship", "H1", "R1", "K", 2), ("return", "R1", "H1", "K", 1))

    money = backtest(workspace, weeks=1, policies=[busy]).money.iloc[0]
    assert money["units_unsold"] == 3 + 2 - 1 - 2
    assert (money["served_locally"], money["served_from_hub"]) == (2, 1)
    assert money["local_share"] == pytest.approx(2 / 3)


def test_a_backtest_speaks():
    """Printed it fits 80 columns and names every policy; as a dict it is plain JSON."""
    result = backtest(shop(), weeks=2, policies=NAMES)
    said = str(result)
    assert max(map(len, said.splitlines())) <= 80
    assert all(name in said for name in NAMES)
    assert all(name in result._repr_html_() for name in NAMES)
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    tables = {"money", "weekly", "sensitivity", "promises", "regret"}
    assert set(plain) == {"headline", *tables, "notes"}
    assert [row["policy"] for row in plain["money"]] == list(NAMES)
    assert plain["weekly"][0]["week"] == "2026-03-16"


@pytest.mark.parametrize("factor", ["2", 0, -1.0, float("nan"), float("inf")])
def test_a_cost_factor_that_is_no_number_above_0_is_refused(factor) -> None:
    """The error names the factor and what would do, before anything is replayed."""
    with pytest.raises(UsageError, match=r"cost factor .*: give numbers above 0"):
        backtest(shop(), weeks=2, cost_factors=[1, factor])


def test_gap_without_an_oracle_that_wins_is_unknown():
    """When the oracle does not beat reactive there is no gap to close, and None says so."""
    stock = frame("location item quantity").astype({"quantity": np.int64})
    empty = shop(stock=stock)
    empty.config = replace(empty.config, backtest=BacktestParams(hub_cover_weeks=0.0))
    money = backtest(empty, weeks=1, policies=["reactive", "oracle"]).to_dict()["money"]
    assert [row["profit"] for row in money] == [0, 0]
    assert [row["gap_closed"] for row in money] == [None, None]
    losing = gap_closed(np.ones(3), np.ones(3), np.zeros(3))
    assert np.isnan([losing.value, losing.low, losing.high]).all()


def test_the_week_of_the_last_order_counts_when_it_is_usually_over_by_then():
    """A shop that never sells on weekends ends its week on Friday; one that does has not."""
    weekdays = [(day, "R1", "K", 1) for day in range(-21, 5) if day % 7 < 5]
    assert last_whole_weeks(orders(*weekdays), 2).tolist() == [date(-7).date(), date(0).date()]
    daily = [(day, "R1", "K", 1) for day in range(-21, 5)]
    assert last_whole_weeks(orders(*daily), 2).tolist() == [date(-14).date(), date(-7).date()]
    stray = [*daily, (400, "R1", "K", 1)]
    assert last_whole_weeks(orders(*stray), 2).tolist() == [date(-14).date(), date(-7).date()]


@settings(max_examples=60)
@given(st.sets(st.integers(-200, 30), min_size=1), st.integers(1, 10))
def test_replayed_weeks_are_consecutive_mondays_with_orders_behind_them(days, weeks):
    """Weeks are Mondays a week apart, inside the span of the orders, or an error says why not."""
    table = orders(*[(day, "R1", "K", 1) for day in sorted(days)])
    last = last_regular_day(table["date"].to_numpy().astype("datetime64[D]"))
    days = {day for day in days if MONDAY + day <= last}
    try:
        mondays = last_whole_weeks(table, weeks)
    except UsageError as refusal:
        assert "whole week" in str(refusal)
        assert weeks > (max(days) - min(days)) // 7 - 1
        return
    assert len(mondays) == weeks
    assert (np.diff(mondays) == np.timedelta64(7, "D")).all()
    assert (mondays[-1] - MONDAY).astype(int) % 7 == 0
    assert max(days) - 14 < (mondays[-1] - MONDAY).astype(int) <= max(days)
    assert (mondays[0] - MONDAY).astype(int) + 6 >= min(days)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"weeks": 0}, "at least 1 week"),
        ({"weeks": 99}, "the orders span 14 whole weeks"),
        ({"weeks": 1, "policies": ["orakle"]}, "did you mean 'oracle'"),
        ({"weeks": 1, "policies": ["truth"]}, "holds no truth/"),
    ],
)
def test_requests_that_cannot_be_met_are_refused(asked, said):
    """Too many weeks, unknown policies and truth without a truth say what is possible."""
    with pytest.raises(UsageError, match=said):
        backtest(shop(), **asked)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(6))
def test_the_real_program_that_knows_demand_beats_shipping_nothing(monkeypatch, seed):
    """Fed what truly comes, the program earns more than reactive and serves more locally."""
    monkeypatch.setattr(policies, "plan_stage", stages.plan_stage)
    asked = ["reactive", "oracle"]
    result = backtest(shop(seed), weeks=WEEKS, policies=asked, cost_factors=[1])
    money = result.money.set_index("policy")
    assert money.loc["oracle", "profit"] > money.loc["reactive", "profit"]
    assert money.loc["oracle", "local_share"] > 0.5


@pytest.mark.sweep
def test_no_policy_breaks_a_limit_that_the_judge_sees(monkeypatch):
    """In narrow depots and lanes nobody overfills anything, though all ship more where they can."""
    monkeypatch.setattr(policies, "plan_stage", stages.plan_stage)
    tables = world()
    narrow = {
        "regions": tables["regions"].assign(capacity=[5.0, 6.0]),
        "lanes": tables["lanes"].assign(capacity=4.0),
    }
    told = []
    for changes in (narrow, {}):
        result = backtest(shop(1, **changes), weeks=WEEKS, cost_factors=[1])
        assert not any("carries" in note or "stores" in note for note in result.notes)
        told.append(result.money.set_index("policy")["units_shipped"])
    assert tuple(told[0].index) == policies.POLICIES[:-1]
    busy = told[0].index.drop("reactive")
    assert (told[0][busy] < told[1][busy]).all()
    assert (told[0][busy] > 0).all()


@pytest.mark.sweep
def test_contracts_that_overlap_are_replayed(monkeypatch):
    """A truck with little room, an express and a contract of the last week beside each lane.

    The true program and the rules plan on them, the judge carries all out without a broken limit,
    and the order of rows changes no money.
    """
    monkeypatch.setattr(policies, "plan_stage", stages.plan_stage)
    lanes = world()["lanes"]
    ships = lanes[lanes["origin"].str.startswith("H")]
    truck = ships.assign(cost_per_unit=0.4, lead_time_days=4, capacity=2.0)
    express = ships.assign(cost_per_unit=2.5, lead_time_days=1, direct_cost=9.0)
    contract = ships.assign(cost_per_unit=0.9, **{"from": date(21), "to": date(30)})
    several = pd.concat([lanes, truck, express, contract], ignore_index=True)
    names = ("base_stock", "foreship")
    here, there = (
        backtest(shop(lanes=rows), weeks=2, policies=names)
        for rows in (several, several[::-1].reset_index(drop=True))
    )
    assert not any("carries" in note or "no plan" in note for note in here.notes)
    money = here.money.set_index("policy")
    assert (money.loc[list(names), "freight"] > 0).all()
    pd.testing.assert_frame_equal(here.money, there.money)
