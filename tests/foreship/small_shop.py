"""A workspace to replay, and stand-ins for the forecast and the program.

The stand-ins are naive on purpose: the replay is tested here, not what it replays.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from foreship.config import Config
from foreship.params import BacktestParams
from foreship.pipeline.stages import ForecastResult
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.params import RiskParams
from tests.foreship.drawn_paths import paths_of
from tests.foreship.small_world import date, frame, orders, plan, world

HISTORY_WEEKS = 10
WEEKS = 4
RATES = (("R1", "K", 1.0), ("R2", "K", 0.3), ("R2", "L", 0.2))


def shop(seed: int = 0, *, budget: float | None = None, **changes: Any) -> SimpleNamespace:
    """Return a workspace of ten weeks of history and four to replay; keywords replace tables."""
    rng = np.random.default_rng(seed)
    last = 7 * WEEKS - 1
    sold = [
        (day, region, item, int(units))
        for day in range(-7 * HISTORY_WEEKS, last + 1)
        for region, item, rate in RATES
        for units in [rng.poisson(rate) + (day == last)]
        if units
    ]
    stock = frame("location item quantity", [("H1", "K", 30), ("H2", "K", 10), ("H2", "L", 9)])
    tables = world(orders=orders(*sold), stock=stock) | changes
    return SimpleNamespace(
        path=Path("no-such-workspace"),
        tables=tables,
        config=Config(
            backtest=BacktestParams(hub_trailing_weeks=4, refit_weeks=2),
            risk=RiskParams(budget=budget),
        ),
        as_of=date(7 * WEEKS),
    )


def naive_forecast(
    tables: dict[str, pd.DataFrame], as_of: pd.Timestamp, config: Config, model: Any = None
) -> ForecastResult:
    """Forecast the mean of all history, with one path below and one above it."""
    past = tables["orders"]
    weeks = (as_of - past["date"].min()).days / 7
    mean = past.groupby(["region", "item"])["quantity"].sum() / weeks
    paths = np.stack([np.floor(mean), np.ceil(mean)], axis=-1).astype(np.int32)
    horizon = config.forecast.horizon_weeks
    monday = np.datetime64(as_of, "D")
    scenarios = DemandScenarios(
        mean.index.get_level_values(0).to_numpy(dtype=object),
        mean.index.get_level_values(1).to_numpy(dtype=object),
        monday + np.arange(horizon) * np.timedelta64(7, "D"),
        np.repeat(paths[:, None, :], horizon, axis=1),
    )
    return ForecastResult(
        paths=paths_of(scenarios),
        model=model or SimpleNamespace(fitted=as_of),
        obsolescence=0.0,
        notes=("a naive forecast",),
    )


def naive_plan(
    tables: dict[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    config: Config,
    **_: Any,
) -> SimpleNamespace:
    """Ship the mean of this week's demand from the nearest hub, as far as its stock goes."""
    there: dict[tuple[str, str], int] = {}
    for row in pd.concat([tables["stock"], tables["inbound"]]).itertuples():
        there[row.location, row.item] = there.get((row.location, row.item), 0) + row.quantity
    lines = []
    nearest = {"R1": "H1", "R2": "H2"}
    for cell, units in enumerate(demand.units[:, 0].mean(axis=1).astype(int)):
        region, item = demand.region[cell], demand.item[cell]
        hub = nearest[region]
        wanted = int(units) - there.get((region, item), 0)
        sent = min(wanted, there.get((hub, item), 0))
        if sent > 0:
            lines.append(("ship", hub, region, item, sent))
    return SimpleNamespace(lines=plan(*lines), summary={"cvar": 1.0})
