"""A track: what a policy is told of its own earlier weeks, and what its costs are multiplied by."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foreship.params import BacktestParams
from foreship.pipeline import stages
from foreship.pipeline.stages import ForecastResult
from foreship.replay.backtest import backtest
from foreship.replay.track import World
from foreship_foundation.tables.derived import RECENT
from foreship_optimize.demand import DemandScenarios
from tests.foreship.drawn_paths import paths_of
from tests.foreship.small_shop import naive_forecast, shop
from tests.foreship.small_world import MONDAY, frame, lane, orders, plan

WEEKS = 4


def calm(workspace: SimpleNamespace, change_cost: float, calm_weeks: int = 2) -> SimpleNamespace:
    """Charge changes of what was moved in the last weeks."""
    config = workspace.config
    settings = replace(config.plan, change_cost=change_cost, calm_weeks=calm_weeks)
    workspace.config = replace(
        config, plan=settings, backtest=BacktestParams(hub_trailing_weeks=4, refit_weeks=1)
    )
    return workspace


def test_a_policy_is_told_what_its_own_plans_of_the_last_weeks_moved(monkeypatch) -> None:
    """One unit a week into R1: none, 1, 2 and 2 are told with two weeks of calm; nothing else."""
    monkeypatch.setattr(stages, "forecast_stage", naive_forecast)
    seen: list[pd.DataFrame | None] = []

    def one(known):
        seen.append(known.tables.get("recent"))
        return plan(("ship", "H1", "R1", "K", 1))

    backtest(calm(shop(), 1.0), weeks=WEEKS, policies={"one": one})
    assert [table["units_in"].tolist() for table in seen] == [[], [1], [2], [2]]
    assert all(tuple(table.columns) == RECENT.names for table in seen)
    assert seen[-1][["region", "item", "units_out"]].to_numpy().tolist() == [["R1", "K", 0]]
    seen.clear()
    backtest(calm(shop(), 0.0), weeks=WEEKS, policies={"one": one})
    assert seen == [None] * WEEKS


def test_handling_of_lines_is_multiplied_like_other_costs() -> None:
    """For the policies that plan by it and for the ledger that pays it."""
    workspace = shop()
    config = replace(workspace.config, plan=replace(workspace.config.plan, line_handling_cost=3.0))
    mondays = np.array([MONDAY], dtype="datetime64[D]")
    for factor in (0.5, 1.0, 2.0):
        made = World.at_costs(factor, workspace.tables, config, mondays, 1)
        assert made.config.plan.line_handling_cost == 3.0 * factor
        regions = made.network.lanes.destination < len(made.network.regions)
        assert (made.network.lanes.line_cost[regions] == 3.0 * factor).all()


def wavering_forecast(tables, as_of, config, model=None) -> ForecastResult:
    """Believe that all demand is in R1 in one week, and in R2 in the next."""
    week = (as_of - pd.Timestamp(MONDAY)).days // 7
    units = np.zeros((2, config.forecast.horizon_weeks, 1), dtype=np.int32)
    units[week % 2] = 4
    weeks = np.datetime64(as_of, "D") + 7 * np.arange(units.shape[1])
    cells = np.array(["R1", "R2"], dtype=object), np.array(["K", "K"], dtype=object)
    scenarios = DemandScenarios(*cells, weeks, units)
    return ForecastResult(
        paths=paths_of(scenarios),
        model=model or SimpleNamespace(fitted=as_of),
        obsolescence=0.0,
        notes=(),
    )


@pytest.mark.sweep
def test_a_charge_of_changes_lowers_what_moves_back_and_forth(monkeypatch) -> None:
    """Demand is the same every week, forecasts waver; the program runs, its forecast is given.

    It ships 4 to R1; then 2 of them go to R2, from there 2 to R1, and so on. Ships beside them are
    no units of before.
    """
    monkeypatch.setattr(stages, "forecast_stage", wavering_forecast)
    units = {}
    for cost in (0.0, 1000.0):
        sold = [(day, region, "K", 1) for day in range(-70, 28, 3) for region in ("R1", "R2")]
        lanes = [
            lane(*ends, way, 1, direct_cost=20.0)
            for *ends, way in (
                ("H1", "R1", 1.0), ("H1", "R2", 1.0), ("R1", "R2", 0.1), ("R2", "R1", 0.1),
            )
        ]  # fmt: skip
        stock = frame("location item quantity", [("H1", "K", 12)])
        workspace = shop(orders=orders(*sold), lanes=pd.DataFrame(lanes), stock=stock)
        replayed = backtest(calm(workspace, cost), weeks=WEEKS, policies=["foreship"])
        weekly = replayed.weekly
        assert (weekly["units_back_and_forth"] <= weekly["units_redirected"]).all()
        units[cost] = weekly["units_back_and_forth"].tolist()
        assert replayed.money["units_back_and_forth"].tolist() == [sum(units[cost])]
        assert ("back and forth" in str(replayed)) == (cost == 0.0)
    assert units == {0.0: [0, 2, 2, 2], 1000.0: [0, 0, 0, 0]}
