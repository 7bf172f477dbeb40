"""A replay over lanes with vehicles, weekdays and late arrivals: who pays, and who knows what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship.judge.account.freight import BILL
from foreship.pipeline import stages
from foreship.pipeline.known import LINE_COLUMNS
from foreship.replay import policies
from foreship.replay.backtest import backtest
from tests.foreship.small_shop import WEEKS, naive_forecast, naive_plan, shop
from tests.foreship.small_world import date, frame, world

TRUCK = {"vehicle_cost": 3.0, "vehicle_capacity": 4.0, "line_cost": 0.25}


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch):
    """Let a naive forecast and a naive program stand in for the real ones."""
    monkeypatch.setattr(stages, "forecast_stage", naive_forecast)
    monkeypatch.setattr(policies, "plan_stage", naive_plan)


def shop_with(**columns):
    """Return the small shop with further columns in all its lanes."""
    return shop(lanes=world()["lanes"].assign(**columns))


def test_vehicles_and_lines_are_a_part_of_the_freight_that_is_told() -> None:
    """With them the same shipments pay as much more, and tables end with their figures."""
    asked = ["foreship", "oracle"]
    plain = backtest(shop(), weeks=WEEKS, policies=asked)
    found = backtest(shop_with(**TRUCK), weeks=WEEKS, policies=asked)
    assert not {*BILL} & {*plain.money, *plain.weekly}
    for table, before in ((found.money, plain.money), (found.weekly, plain.weekly)):
        assert (table["vehicles"] > 0).any()
        assert table["vehicle_cost"].tolist() == (3.0 * table["vehicles"]).tolist()
        more = table["freight"] - before["freight"]
        assert more.to_numpy() == pytest.approx((table["vehicle_cost"] + table["line_cost"]).array)
    assert found.money["vehicles"].dtype == np.int64
    assert list(found.money)[-3:] == list(BILL)


def test_dearer_lanes_have_dearer_vehicles_and_lines() -> None:
    """At double costs the same shipments pay double for all of it."""
    found = backtest(shop_with(**TRUCK), weeks=2, policies=["foreship"], cost_factors=(1, 2))
    profit = found.sensitivity.set_index(["policy", "cost_factor"])["profit"]
    freight = found.money.set_index("policy")["freight"]
    lost = profit["foreship", 1.0] - profit["foreship", 2.0]
    assert lost == pytest.approx(freight["foreship"])


def test_a_policy_learns_of_late_arrivals_only_when_they_are_there() -> None:
    """Each week it ships 3 to R1 in 9 days; `inbound` has the promised day, `lateness` what came.

    What lands on the Monday itself is in neither: it is there, but no report of it yet.
    """
    seen: list[tuple[int, int]] = []

    def watching(known):
        """Note what is under way and what has come."""
        came, coming = known.tables["lateness"], known.tables["inbound"]
        assert (came["came"] < known.as_of).all()
        assert (came["received"] == came["quantity"]).all()
        promised = pd.concat([coming["arrival_date"], came["promised"]])
        assert promised.dt.day_name().isin(["Wednesday"]).all()
        seen.append((int(came["quantity"].sum()), int(coming["quantity"].sum())))
        one = ("ship", "H1", "R1", "K", 3)
        return pd.DataFrame([one], columns=list(LINE_COLUMNS))

    late = shop_with(lead_time_days=9, lead_time_sd_days=5.0)
    first = backtest(late, weeks=4, policies=[watching])
    assert seen[0] == (0, 0) and 0 < seen[-1][0] <= 9
    assert all(3 * week - 3 <= sum(each) <= 3 * week for week, each in enumerate(seen))
    told = seen.copy()
    seen.clear()
    again = backtest(late, weeks=4, policies=[watching])
    assert seen == told and first.to_dict() == again.to_dict()
    seen.clear()
    backtest(late, weeks=4, policies=[watching], seed=5)
    assert seen != told


def test_without_limits_docks_have_none_either() -> None:
    """The oracle without limits may pick and take in what it likes; regret says so."""
    hubs = world()["hubs"].assign(picking_units=1.0)
    regions = world()["regions"].assign(receiving_units=1.0)
    found = backtest(
        shop(hubs=hubs, regions=regions), weeks=2, policies=["foreship", "oracle"], regret=True
    )
    said = " ".join(found.notes)
    assert "oracle: 2026-03-16: H1 picks" in said
    assert "unlimited" not in said


@pytest.mark.parametrize("name", ["seasonal", "base_stock"])
def test_rules_leave_when_lanes_do(name: str) -> None:
    """With a review of two weeks, and docks closed in the first, they ship in the second."""
    closed = [(date(7 * (WEEKS - 1) + day), "closed", "") for day in range(7)]
    late = shop_with(departs="Thu")
    late.tables["calendar"] = frame("date event region", closed)
    plan = replace(late.config.plan, review_weeks=2)
    late.config = replace(late.config, plan=plan)
    found = backtest(late, weeks=1, policies=[name]).weekly
    assert (found.loc[found["policy"] == name, "units_shipped"] > 0).all()
