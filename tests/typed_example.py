"""A user's script, as a strict type checker reads it: every call has the type the pages tell."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import foreship
import foreship_forecast
import foreship_optimize


def nothing(known: foreship.Known) -> pd.DataFrame:
    """Return no lines: a policy that sends nothing."""
    columns = ["action", "origin", "destination", "item", "quantity"]
    return pd.DataFrame(columns=columns)


def half_of(ways: pd.DataFrame) -> pd.Series:
    """Weigh each way by a half."""
    return pd.Series(0.5, index=ways.index)


def a_day(tables: dict[str, pd.DataFrame]) -> float:
    """From frames to a plan, a forecast and a plan of one's own, a sweep and the program."""
    workspace: foreship.Workspace = foreship.from_frames(tables, as_of="2026-11-16")
    cheaper = workspace.with_tables(lanes=tables["lanes"]).with_settings(risk__budget=400)
    run: foreship.Run = foreship.run(cheaper)
    chances: pd.DataFrame = run.p_k(5)
    told: pd.DataFrame = run.to_nixtla(levels=(80, 90))
    demand: pd.DataFrame = foreship.demand_of(workspace, told, dependence=run)
    rule: foreship.Policy = nothing
    own: foreship.Run = foreship.plan(workspace, demand=demand, policy=rule)
    few = foreship.Limit("few", 20.0, half_of)
    limited: foreship.Run = foreship.plan(workspace, forecast=run, limits=[few])
    swept = foreship.sweep(workspace, foreship.budgets(100, 200), forecast=run)
    table: pd.DataFrame = swept.table
    path: Path = run.program.to_file("plan.lp")
    names: pd.DataFrame = run.program.names
    importances: pd.DataFrame = run.model.importances
    counted = [chances, own.plan, limited.plan, table, names, importances]
    return float(sum(map(len, counted))) + len(path.name)


def the_rooms(tables: dict[str, pd.DataFrame]) -> dict[str, object]:
    """Each room alone."""
    made: foreship_forecast.Forecast = foreship_forecast.forecast(tables, "2026-11-16")
    plan: foreship_optimize.Plan = foreship_optimize.make_plan(
        tables, made.scenarios(), "2026-11-16", obsolescence=made.obsolescence
    )
    return dict(plan.summary)
