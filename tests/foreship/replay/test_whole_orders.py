"""A replay by order: its columns, its words, and that without a tariff nothing is new."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest

from foreship.judge.account.ending_stock import left_over_value
from foreship.judge.account.fill import FILL
from foreship.judge.carried_out.state import opening_state
from foreship.judge.network.network import Network
from foreship.pipeline import stages
from foreship.replay import policies
from foreship.replay.backtest import backtest
from foreship.replay.standings import MONEY_COLUMNS, ORDER_COLUMNS, OVER_EARNED
from foreship_foundation.intervals import sum_over_weeks
from tests.foreship.small_shop import WEEKS, naive_forecast, naive_plan, shop
from tests.foreship.small_world import MONDAY, frame

NAMES = ("reactive", "point", "oracle")


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch):
    """Let a naive forecast and a naive program stand in for the real ones."""
    monkeypatch.setattr(stages, "forecast_stage", naive_forecast)
    monkeypatch.setattr(policies, "plan_stage", naive_plan)


def order_shop(further: float | None = 0.5):
    """Return a shop where what a region wants on a day is one order; None: equal prices."""
    given = shop()
    rows, lanes, regions = (given.tables[name] for name in ("orders", "lanes", "regions"))
    ids = rows["date"].dt.strftime("%j") + rows["region"]
    more = lanes["direct_cost"] if further is None else further
    there = regions["last_mile_cost"] if further is None else further / 2
    given.tables |= {
        "orders": rows.assign(order_id=ids),
        "lanes": lanes.assign(direct_further=more),
        "regions": regions.assign(last_mile_further=there),
    }
    return given


@cache
def by_order():
    """Replay the shop by order; nothing changes what comes back."""
    return backtest(order_shop(), weeks=WEEKS, policies=NAMES)


@cache
def by_unit():
    """Replay the shop by the unit."""
    return backtest(shop(), weeks=WEEKS, policies=NAMES)


def told(result) -> str:
    """Return all of a replay as text."""
    return json.dumps(result.to_dict())


@pytest.mark.sweep
def test_where_a_further_unit_costs_what_the_first_does_nothing_is_new():
    """The same bytes as without ids and tariff, and no column by order."""
    plain = told(by_unit())
    assert told(backtest(order_shop(None), weeks=WEEKS, policies=NAMES)) == plain
    without_ids = order_shop()
    without_ids.tables["orders"] = shop().tables["orders"]
    assert told(backtest(without_ids, weeks=WEEKS, policies=NAMES)) == plain
    assert not any(f'"{name}"' in plain for name in ORDER_COLUMNS)
    assert told(by_order()) != plain


def test_counts_by_order_end_the_frames_and_add_up():
    """All policies meet the same orders; nothing is there for who sends nothing."""
    result = by_order()
    money = result.money.set_index("policy")
    assert tuple(result.money.columns) == (*MONEY_COLUMNS, *ORDER_COLUMNS)
    weekly = result.weekly.groupby("policy", sort=False)[[*FILL]].sum()
    pd.testing.assert_frame_equal(weekly, money[[*FILL]])
    table = order_shop().tables["orders"]
    replayed = table[table["date"] >= result.weekly["week"].min()]
    assert (money["orders"] == replayed["order_id"].nunique()).all()
    assert (money["lines"] == len(replayed)).all()
    assert (money["unit_fill"] == money["units_there"] / replayed["quantity"].sum()).all()
    assert (money["line_fill"] == money["lines_there"] / money["lines"]).all()
    assert (money["order_fill"] == money["orders_there"] / money["orders"]).all()
    assert money.loc["reactive", "order_fill"] == 0.0 < money.loc["oracle", "order_fill"]
    assert money.loc["oracle", "orders_whole_there"] > 0


def test_what_lies_in_regions_counts_at_its_value():
    """Equation 24: the profit and what stock became worth more, week by week and in all.

    Three kettles lie in R1 at first; their value is nobody's merit.
    """
    given = order_shop()
    there = frame("location item quantity", [("R1", "K", 3)])
    given.tables["stock"] = pd.concat([given.tables["stock"], there], ignore_index=True)
    result = backtest(given, weeks=WEEKS, policies=NAMES)
    money = result.money.set_index("policy")
    at_first = worth_at_first(given)
    assert at_first > 0.0
    for name, weekly in result.weekly.groupby("policy", sort=False):
        left, total = weekly["left_over_value"].to_numpy(), money.loc[name]
        grew = np.diff(left, prepend=at_first)
        np.testing.assert_allclose(weekly["earned"], weekly["profit"] + grew, rtol=0, atol=1e-9)
        assert left[-1] == total["left_over_value"]
        assert total["earned"] == pytest.approx(total["profit"] + left[-1] - at_first)


def worth_at_first(given) -> float:
    """Return what the opening stock in regions is worth by equation 8."""
    network = Network.from_tables(given.tables, given.config.exits, given.config.economics)
    known = given.tables["orders"]
    weeks = given.config.backtest.hub_trailing_weeks
    since = MONDAY - 7 * weeks * np.timedelta64(1, "D")
    recent = known[known["date"].between(since, MONDAY, inclusive="left")]
    by_cell = recent.pivot_table(
        index="region", columns="item", values="quantity", aggfunc="sum", fill_value=0
    ).reindex(index=network.regions, columns=network.items, fill_value=0)
    opening = opening_state(network, given.tables)
    return left_over_value(network, opening, by_cell.to_numpy() / weeks, MONDAY)


def test_foreship_is_compared_by_what_it_earned():
    """A sum of differences week by week, said after the profit; unknown without foreship."""
    result = backtest(order_shop(), weeks=WEEKS, policies=["reactive", "foreship", "oracle"])
    earned = result.weekly.pivot_table(index="week", columns="policy", values="earned")
    over = result.money.set_index("policy")[list(OVER_EARNED)]
    assert over.loc["foreship"].tolist() == [0.0, 0.0, 0.0]
    paired = sum_over_weeks((earned["foreship"] - earned["oracle"]).to_numpy())
    assert over.loc["oracle"].tolist() == [paired.value, paired.low, paired.high]
    assert "with what lies in regions at its value" in result.headline[0]
    absent = backtest(order_shop(), weeks=WEEKS, policies=NAMES).money
    assert absent[list(OVER_EARNED)].isna().all(axis=None)


def test_lines_without_an_id_are_counted_in_a_note():
    """All of R2's, and only where money is by order."""
    given = order_shop()
    rows = given.tables["orders"]
    given.tables["orders"] = rows.assign(
        order_id=rows["order_id"].where(rows["region"] == "R1", "")
    )
    result = backtest(given, weeks=WEEKS, policies=NAMES)
    since = result.weekly["week"].min()
    count = int(((rows["region"] == "R2") & (rows["date"] >= since)).sum())
    said = "order lines have no order_id, each is an order of its own"
    assert f"money is by order; {count} replayed {said}" in result.notes
    assert said not in " ".join(by_order().notes)


def test_the_loss_is_known_at_the_horizon_and_not_before():
    """Four weeks on, in the last of four weeks: the first plan's loss came, no other's."""
    result = by_order()
    came = result.weekly.set_index("policy").loc["oracle", "loss_came"].to_numpy()
    assert np.isfinite(came[0]) and np.isnan(came[1:]).all()
    assert result.promises.set_index("policy").loc["oracle", "loss_plans"] == 1


def test_in_pieces_it_is_the_same_to_the_byte():
    """A promise made in one fit is settled in the next one, by whichever worker."""
    pieces = backtest(order_shop(), weeks=WEEKS, policies=NAMES, workers=2, how="serial")
    assert told(pieces) == told(by_order())


def test_the_printed_tables_say_it_in_eighty_columns():
    """What was earned, what was there, and how orders were served."""
    result = backtest(order_shop(), weeks=WEEKS, policies=[*NAMES, "foreship"])
    words = str(result)
    assert max(map(len, words.splitlines())) <= 80
    table = words.split("With what lies in regions at its value:\n")[1].splitlines()
    assert table[0].split("  ")[0] == "policy" and table[3].split()[0] == "oracle"
    assert table[3].split()[2] == f"{result.money.set_index('policy').loc['oracle', 'earned']:,.0f}"
    table = words.split("There when orders came, and how these were served:\n")[1].splitlines()
    head, oracle = table[0].split(), table[3].split()
    assert head == [
        "policy",
        "units",
        "lines",
        "orders",
        "whole",
        "one",
        "parcel",
        "split",
        "lost",
        "parcels",
    ]
    assert oracle[0] == "oracle" and len(table[0]) <= 80
    whole = result.money.set_index("policy").loc["oracle", "orders_whole_there"]
    assert oracle[7] == str(whole)
    assert "<th>one parcel</th>" in result._repr_html_()
    assert "one parcel" not in str(by_unit())
