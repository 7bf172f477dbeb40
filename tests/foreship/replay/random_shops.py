"""Workspaces to replay whose true law of demand is known: its paths stand in for the forecast."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from foreship.config import Config
from foreship.params import BacktestParams
from foreship.pipeline.stages import ForecastResult
from foreship_forecast.params import ForecastParams
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.params import EconomicsParams
from tests.foreship.drawn_paths import paths_of
from tests.foreship.small_world import date, frame, lane, world

__all__ = ["law_of", "random_shop", "two_hub_shop"]

HISTORY_WEEKS = 13


def random_shop(seed: int, weeks: int = 6) -> SimpleNamespace:
    """Draw two to eight hubs that hold one to six weeks of stock, and parcels that differ."""
    draw = np.random.default_rng([seed, 61])
    hubs = [f"H{i}" for i in range(draw.integers(2, 9))]
    regions = [f"R{i}" for i in range(draw.integers(1, 4))]
    items = [f"I{i}" for i in range(draw.integers(1, 4))]
    rates = {
        (region, item): float(draw.choice([0.3, 1.0, 3.0, 8.0]))
        for region in regions
        for item in items
    }
    cost = draw.uniform(5, 20, len(items)).round(2)
    lost = float(draw.choice([0.0, 0.05, 0.3]))
    goods = [
        (item, round(float(each * draw.uniform(1.5, 3.0)), 2), float(each), 1.0, 1.0, "", 1,
         round(float(each) * 0.005, 4), lost, pd.NaT)
        for item, each in zip(items, cost, strict=True)
    ]  # fmt: skip
    lanes = [
        lane(
            hub,
            region,
            round(float(draw.uniform(0.5, 3.0)), 2),
            int(draw.choice([0, 2, 4, 7, 10])),
            direct_cost=round(float(draw.uniform(3.0, 14.0)), 2),
        )
        for hub in hubs
        for region in regions
        if draw.random() < 0.8 or hub == hubs[0]
    ]
    cover = float(draw.integers(1, 7))
    share = draw.dirichlet(np.full(len(hubs), 0.5))
    stock = [
        (hub, item, round(part * cover * sum(rates[region, item] for region in regions)))
        for hub, part in zip(hubs, share, strict=True)
        for item in items
    ]
    return _shop(draw, weeks, cover, rates, _tables(goods, lanes, stock))


def two_hub_shop(weeks: int = 8, near_share: float = 0.04) -> SimpleNamespace:
    """A near hub with little of the stock and a far one with the rest; both lanes cost the same."""
    draw = np.random.default_rng(4)
    items = [f"I{i}" for i in range(4)]
    rates = {("R0", item): 20.0 for item in items}
    goods = [(item, 30.0, 15.0, 1.0, 0.0, "", 1, 0.07, 0.02, pd.NaT) for item in items]
    lanes = [lane("A", "R0", 2.5, 2, direct_cost=4.0), lane("B", "R0", 2.5, 2, direct_cost=9.0)]
    whole = 20.0 * 4
    stock = [(hub, item, round(part * whole)) for item in items
             for hub, part in (("A", near_share), ("B", 1.0 - near_share))]  # fmt: skip
    return _shop(draw, weeks, 4.0, rates, _tables(goods, lanes, stock, last_mile=2.0))


def _tables(
    goods: list[Any], lanes: list[dict[str, Any]], stock: list[Any], last_mile: float = 1.0
) -> dict[str, pd.DataFrame]:
    """Return the tables that a network consists of; its places are those of the lanes."""
    regions = sorted({each["destination"] for each in lanes})
    names = "item price unit_cost volume weight_kg category pack_size holding_cost_per_week "
    return {
        "items": frame(names + "lost_sale_share launch_date", goods),
        "lanes": pd.DataFrame(lanes),
        "hubs": frame(
            "hub lat lon", [(hub, 0.0, 0.0) for hub in dict.fromkeys(h for h, *_ in stock)]
        ),
        "regions": frame(
            "region capacity last_mile_cost parent lat lon",
            [(region, np.inf, last_mile, "", 0.0, 0.0) for region in regions],
        ),
        "stock": frame("location item quantity", stock),
    }


def _shop(
    draw: np.random.Generator,
    weeks: int,
    cover: float,
    rates: dict[tuple[str, str], float],
    network: dict[str, pd.DataFrame],
) -> SimpleNamespace:
    """Return a workspace with orders of both the history and the weeks to replay."""
    rows = [
        (date(day), region, item, int(units))
        for day in range(-7 * HISTORY_WEEKS, 7 * weeks)
        for (region, item), rate in rates.items()
        for units in [draw.poisson(rate / 7.0)]
        if units
    ]
    rows.append((date(7 * weeks - 1), *next(iter(rates)), 1))
    orders = frame("date region item quantity", rows).assign(price=np.nan, order_id="")
    tables = world(orders=orders.astype({"date": "datetime64[ns]"}), **network)
    config = Config(
        backtest=BacktestParams(hub_cover_weeks=cover, refit_weeks=52),
        economics=EconomicsParams(obsolescence_per_year=0.0),
        forecast=ForecastParams(horizon_weeks=6, scenarios=60),
    )
    return SimpleNamespace(
        path=Path("no-such-workspace"),
        tables=tables,
        config=config,
        as_of=date(7 * weeks),
        rates=rates,
    )


def law_of(shop: SimpleNamespace) -> Any:
    """Return a stand-in for the forecast stage that draws from the shop's true law."""

    def forecast(tables: Any, as_of: pd.Timestamp, config: Config, model: Any = None) -> Any:
        draw = np.random.default_rng((as_of - date(0)).days + 10_000)
        horizon, scenarios = config.forecast.horizon_weeks, config.forecast.scenarios
        mean = np.array(list(shop.rates.values()))[:, None, None]
        region, item = (np.array(each, dtype=object) for each in zip(*shop.rates, strict=True))
        weeks = np.datetime64(as_of, "D") + np.arange(horizon) * np.timedelta64(7, "D")
        units = draw.poisson(mean, (len(region), horizon, scenarios)).astype(np.int32)
        paths = DemandScenarios(region, item, weeks, units)
        return ForecastResult(
            paths=paths_of(paths),
            model=model or SimpleNamespace(fitted=as_of),
            obsolescence=0.0,
            notes=(),
        )

    return forecast
