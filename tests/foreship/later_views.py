"""A made-up run with departures, needs of hubs and weeks after, beside the usual plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from foreship.reading.views import RunView
from foreship_foundation.tables.output_files import AHEAD, DEPARTURES, NEEDS, QUANTILES
from tests.foreship.run_views import AS_OF, make_view

__all__ = ["later_view"]

THURSDAY = AS_OF + pd.Timedelta(days=3)
PRICES = [
    {"limit": "lane Metz -> Lyon", "week": "2026-12-07", "price": 1.8},
    {"limit": "picking at Metz", "week": "2026-12-14", "price": 0.4},
]


def later_view() -> RunView:
    """Ships to Lyon leave on Thursday, all others on Monday; vehicles are stated for all."""
    view = make_view(items=20)
    ships = view.lines["action"] == "ship"
    thursday = ships & (view.lines["destination"] == "Lyon")
    wait = pd.to_timedelta(np.where(thursday, 3, 0), unit="D")
    lines = view.lines.assign(
        ship_date=view.lines["ship_date"] + wait, arrival_date=view.lines["arrival_date"] + wait
    )
    prices = {"prices": PRICES, "objective": -50.0, "bound": -50.0, "gap": 0.0}
    return replace(
        view,
        lines=lines,
        departures=_departures(lines[ships]),
        needs=_needs(view),
        ahead=_ahead(view),
        summary={**view.summary, "ahead": prices},
    )


def _departures(ships: pd.DataFrame) -> pd.DataFrame:
    """Two vehicles a way and day, 80 % full; none to Nice, and of unknown size to Paris."""
    keys = ["origin", "destination", "ship_date", "arrival_date"]
    found = ships.groupby(keys, as_index=False).agg(
        lines=("item", "nunique"), units=("quantity", "sum")
    )
    free = (found["destination"] == "Nice").to_numpy()
    found = found.assign(
        arrival_from=found["arrival_date"] - pd.Timedelta(days=1),
        arrival_to=found["arrival_date"] + pd.Timedelta(days=2),
        volume=0.5 * found["units"],
        kg=1.0 * found["units"],
        vehicles=np.where(free, 0, 2),
        vehicle_fill=np.where(free | (found["destination"] == "Paris"), np.nan, 0.8),
        vehicle_cost=np.where(free, 0.0, 90.0),
        line_cost=np.where(free, 0.0, 1.5),
    )
    return found[list(DEPARTURES.names)]


def _needs(view: RunView) -> pd.DataFrame:
    items = view.tables["items"]["item"].head(3)
    weeks = [AS_OF + pd.Timedelta(weeks=n) for n in (1, 2)]
    rows = [("Metz", item, week, 10.0, 8.0 + n) for n, item in enumerate(items) for week in weeks]
    frame = pd.DataFrame(rows, columns=["hub", "item", "week", "stock", "mean"])
    for number, level in enumerate(QUANTILES):
        frame[f"q{round(100 * level):02d}"] = frame["mean"] + number - 3
    return frame.assign(sent=frame["mean"] / 2)[list(NEEDS.names)]


def _ahead(view: RunView) -> pd.DataFrame:
    item = view.tables["items"]["item"].iloc[0]
    weeks = [AS_OF + pd.Timedelta(weeks=n) for n in (1, 2)]
    rows = [("Metz", "Lyon", item, week, 6.2) for week in weeks]
    return pd.DataFrame(rows, columns=list(AHEAD.names))
