"""Promises against what came: the judge's own account, and the table it becomes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.state import opening_state
from foreship.judge.gain.outcome import Terms, come_of
from foreship.judge.network.network import Network
from foreship.judge.simulate import Morning, Refills
from foreship.pipeline import stages
from foreship.replay import policies
from foreship.replay.backtest import backtest
from foreship.replay.promises import broken_promises, promises_table
from foreship_foundation.intervals import ratio_of_sums, share_of_weeks
from foreship_optimize.out_of_sample import value_out_of_sample
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_shop import WEEKS, naive_forecast, shop
from tests.foreship.small_world import MONDAY, date, frame, inbound, orders, plan, world


def came(tables, lines, *, horizon=2, known_days=28):
    """Return what came of one plan on the first Monday; hubs are not refilled."""
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    before = opening_state(network, tables)
    refills = Refills.like_stock(network, before, 0.0, 13)
    terms = Terms(1, horizon, 8, MONDAY + np.timedelta64(known_days, "D"))
    return come_of(network, Morning(MONDAY, before, 0), buyers, refills, lines, terms)


def test_a_unit_is_lost_when_what_was_there_first_is_enough():
    """By hand: 2 on hand and 1 coming serve 3 of 5 ordered; of 4 sent 2 are needed, 2 are lost."""
    tables = world(
        orders=orders((1, "R1", "K", 2), (6, "R1", "K", 2), (13, "R1", "K", 1)),
        stock=frame("location item quantity", [("H1", "K", 8), ("R1", "K", 2)]),
        inbound=inbound(("R1", "K", 1, 3)),
    )
    result = came(tables, plan(("ship", "H1", "R1", "K", 4)))
    # way in 1 + 0.25 x 2 kg; two weeks at 0.10; the cheapest exit: back to H1 at 0.50 + 0.50
    assert result.loss == pytest.approx(2 * (1.5 + 0.2 + 1.0))


def test_demand_before_inbound_does_not_wait_for_it():
    """By hand: what was ordered on Tuesday finds nothing, though a unit lands on Wednesday."""
    tables = world(orders=orders((1, "R1", "K", 1)), inbound=inbound(("R1", "K", 1, 2)))
    assert came(tables, plan(("ship", "H1", "R1", "K", 1))).loss == 0.0


def test_a_dearer_way_in_is_lost_whatever_is_ordered():
    """By hand: H2 ships kettles to R1 for 2.0, H1 for 1.5; half a unit of money is gone each."""
    tables = world(orders=orders((5, "R1", "K", 3)))
    result = came(tables, plan(("ship", "H1", "R1", "K", 1), ("ship", "H2", "R1", "K", 2)))
    assert result.loss == pytest.approx(2 * 0.5)


def test_where_no_hub_holds_the_item_a_redirect_is_the_way_in():
    """By hand: 0.75 for the lane and 0.20 handling, then holding, then back: none from R2."""
    tables = world(stock=frame("location item quantity", [("R1", "K", 1)]))
    result = came(tables, plan(("redirect", "R1", "R2", "K", 1)))
    # R2 has no lane back: a price cut of 3 is the cheapest exit
    assert result.loss == pytest.approx(0.95 + 2 * 0.1 + 3.0)


def weekly(**columns):
    """Return the weeks of one policy."""
    nothing = dict.fromkeys(
        ("cvar_promised", "loss_came", "gain_promised", "gain_came", "cvar_fresh", "gain_fresh"),
        np.nan,
    )
    return pd.DataFrame({"policy": "own", **nothing, **columns})


def test_promises_are_counted_over_plans_whose_horizon_is_over():
    """By hand: 3 of 4 known losses keep the promise, one to the cent; the fifth is not known."""
    table = weekly(cvar_promised=[5.0, 5.0, 5.0, 5.0, 5.0], loss_came=[5.0, 0.0, 1.0, 6.0, np.nan])
    row = promises_table(table, 0.95).iloc[0]
    assert (row["loss_plans"], row["kept"], row["kept_share"]) == (4, 3, 0.75)
    assert (row["loss_promised"], row["loss_came"]) == (5.0, 3.0)
    sure = share_of_weeks(np.array([True, True, True, False]))
    assert (row["kept_low"], row["kept_high"]) == (sure.low, sure.high)
    assert np.isnan(row["came_share"])


def test_a_promise_broken_too_often_is_said_first():
    """3 of 4 is less than 95 %, 4 of 4 is not; the sentence names counts, interval and money."""
    broken = weekly(cvar_promised=5.0, loss_came=[5.0, 0.0, 1.0, 6.0])
    said = broken_promises(promises_table(broken, 0.95))
    assert len(said) == 1
    assert "own lost more than its promised CVaR in 1 of 4 plans" in said[0]
    assert "75 % (95 % interval 12 % .. 100 %)" in said[0]
    kept = weekly(cvar_promised=5.0, loss_came=[5.0, 0.0, 1.0, 2.0])
    assert not broken_promises(promises_table(kept, 0.95))


def test_money_is_compared_as_a_ratio_of_sums():
    """By hand: 3 of 4 promised came; fresh paths give half; unanswered weeks do not count."""
    table = weekly(
        cvar_promised=1.0,
        gain_promised=[1.0, 3.0, 8.0],
        gain_came=[0.0, 3.0, np.nan],
        gain_fresh=[0.5, 1.5, 4.0],
        cvar_fresh=[2.0, 2.0, 5.0],
    )
    row = promises_table(table, 0.95).iloc[0]
    sure = ratio_of_sums(np.array([0.0, 3.0]), np.array([1.0, 3.0]))
    assert (row["gain_plans"], row["came_share"]) == (2, 0.75)
    assert (row["came_low"], row["came_high"]) == (sure.low, sure.high)
    assert (row["fresh_plans"], row["fresh_share"]) == (3, 0.5)
    assert (row["fresh_low"], row["fresh_high"]) == (0.5, 0.5)
    assert (row["cvar_in_sample"], row["cvar_fresh"]) == (1.0, 3.0)


def test_policies_that_promise_nothing_have_no_row():
    """Lines alone are no promise."""
    assert not len(promises_table(weekly(profit=[1.0]), 0.95))


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(4))
def test_the_oracle_promises_the_very_loss_that_comes(monkeypatch, seed):
    """Program and judge, which share no code, measure one quantity: they agree to the cent."""
    monkeypatch.setattr(stages, "forecast_stage", naive_forecast)
    stock = frame("location item quantity", [("H1", "K", 30), ("H2", "K", 10), ("R2", "L", 9)])
    workspace = shop(seed, stock=stock)
    result = backtest(workspace, weeks=WEEKS + 4, policies=["oracle"], cost_factors=[1])
    known = result.weekly[result.weekly["loss_came"].notna()]
    assert len(known) == WEEKS + 1
    assert known["loss_came"].to_numpy() == pytest.approx(known["cvar_promised"].to_numpy())
    assert known["units_shipped"].sum() > 0


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(4))
def test_program_and_judge_agree_on_what_a_bold_plan_loses(monkeypatch, seed):
    """Sent far more than is needed, what the program says of the true path is what comes."""
    monkeypatch.setattr(stages, "forecast_stage", naive_forecast)
    workspace = shop(seed)
    oracle = policies.Oracle(workspace.tables["orders"])
    sent = plan(
        ("ship", "H1", "R1", "K", 12), ("ship", "H1", "R2", "K", 3), ("ship", "H2", "R2", "L", 2)
    ).assign(exit="")

    def bold(known):
        """Send a lot at first, nothing later; promise what is true."""
        lines = sent if known.as_of == date(-28) else sent.iloc[:0]
        coming = oracle.coming(known.as_of, 8)
        params = stages.optimize_params(known.config)
        look = value_out_of_sample(known.tables, coming, known.as_of, params, lines)
        return SimpleNamespace(lines=lines, summary={"cvar": look.cvar})

    weekly = backtest(workspace, weeks=8, policies=[bold], cost_factors=[1]).weekly
    assert weekly["loss_came"].iloc[0] > 0
    assert weekly["loss_came"].to_numpy()[:5] == pytest.approx(
        weekly["cvar_promised"].to_numpy()[:5]
    )
    assert weekly["loss_came"].isna().tolist() == [False] * 5 + [True] * 3
