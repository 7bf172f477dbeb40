"""One market, one forecast, and the figures of every case planted in it."""

from __future__ import annotations

import copy
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import foreship_forecast
from benchmarks.forecast.behaviour.cases import Case, Panel, Wanted
from benchmarks.forecast.behaviour.figures import Said, align
from benchmarks.forecast.behaviour.market import AS_OF, ITEMS, Bools, Market, network

__all__ = ["QUICK", "STOCK_OUTS", "Found", "alone", "judge"]

STOCK_OUTS = 0.015
LAST = 3
"""weeks in which what is shown of the dice is counted"""
QUICK = foreship_forecast.ForecastParams(
    horizon_weeks=4,
    rounds=40,
    learning_rate=0.18,
    max_rows=20_000,
    min_leaf_rows=60,
    max_bin=63,
    scenarios=2,
)
"""few and quick trees that learn nearly as much as the default's: rhythms and promotions as well"""


@dataclass(frozen=True)
class Found:
    """One figure of one case, in one market."""

    panel: str
    case: Case
    wanted: Wanted
    value: float
    drawn: float
    """units of the last weeks over what the rates say: the dice's part, not the forecast's"""
    cpu_seconds: float
    """of the panel's forecasts, shared by its figures"""
    notes: tuple[str, ...]
    """what the forecast says of itself"""


def judge(
    panel: Panel,
    seed: int,
    kind: str,
    stock_outs: float,
    params: foreship_forecast.ForecastParams | None = None,
    weekly_lines: bool = False,
) -> Iterator[Found]:
    """Draw a market of a kind, forecast it and yield every figure of its cases."""
    market, judged = planted(panel, seed, kind, stock_outs)
    market.weekly_lines = weekly_lines
    started = time.process_time()
    plain = None
    if panel.twin:
        without = without_extra(market)
        plain, _ = forecast(without.tables(_rng(panel, seed, 2)), params)
    tables = market.tables(_rng(panel, seed, 2))
    said, notes = forecast(tables, params, plain)
    spent = time.process_time() - started
    for case, cells in judged:
        drawn = market.drawn(tables["orders"], cells, LAST)
        for wanted in case.wanted:
            value = wanted.read(said, market, cells)
            yield Found(panel.name, case, wanted, value, drawn, spent, notes)


def alone(panel: Panel) -> Iterator[Panel]:
    """Yield a panel for each case of a panel."""
    for case in panel.cases:
        yield replace(panel, name=f"{panel.name}: {case.kind}, {case.variant}", cases=(case,))


def planted(
    panel: Panel, seed: int, kind: str, stock_outs: float
) -> tuple[Market, list[tuple[Case, Bools]]]:
    """Return a market with all cases of a panel, and the cells that each is judged by."""
    market = network(kind, panel.weeks, _rng(panel, seed, 0), panel.times)
    if panel.prepared is not None:
        panel.prepared(market, list(range(ITEMS)))
    judged, first = [], 0
    # what concerns all items comes last: it must move those that were set before
    for case in sorted(panel.cases, key=lambda each: each.items == 0):
        judged.append((case, case.plant(market, list(range(first, first + case.items)))))
        first += case.items
    if stock_outs:
        market.sell_out(stock_outs, _rng(panel, seed, 1))
    return market, judged


def forecast(
    tables: dict[str, pd.DataFrame],
    params: foreship_forecast.ForecastParams | None = None,
    plain: Said | None = None,
) -> tuple[Said, tuple[str, ...]]:
    """Learn and predict, as anyone would: frames in, distribution out."""
    snapshot = foreship_forecast.Snapshot(tables, AS_OF)
    model = foreship_forecast.fit(snapshot, params)
    return align(model.predict(snapshot), plain), model.notes


def without_extra(market: Market) -> Market:
    """Return the same market without its extra orders."""
    plain = copy.copy(market)
    plain.extra = []
    return plain


def _rng(panel: Panel, seed: int, part: int) -> np.random.Generator:
    return np.random.default_rng([seed, part, zlib.crc32(panel.name.encode())])
