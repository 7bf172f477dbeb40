"""What is known of a target week in advance: its season, events, prices and promotions.

The calendar and the price list may look ahead of the origin; customers' signals may not, and are
read at the origin week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from foreship_forecast.features.planned_prices import PlannedPrices
from foreship_forecast.features.rows import Rows
from foreship_forecast.history.cells import Codes, places, positions
from foreship_forecast.history.panel import WEEK, Panel
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.history.stated_weeks import StatedWeeks
from foreship_forecast.history.sweeps import lagged, rolling_sum
from foreship_forecast.levels.known_effects import KnownAhead
from foreship_foundation.arrays import Days, Floats, Ints, Singles

__all__ = ["Outlook"]

YEAR_DAYS = 365.25
SEASONAL_WEEKS = 78
"""with a shorter history waves over the year stand for its trend and mislead"""
SIGNALS = ("views", "carts", "wishlists")
MOST_EVENTS = 12
"""event names that get a column of their own, the most frequent first"""


@dataclass(frozen=True)
class Outlook:
    """Matrices of what is known ahead of each target week, and of signals at each origin.

    **Invariants:** weeks past the panel's last hold calendar and prices only.
    """

    codes: Codes
    weeks: Days
    """Mondays of the history, up to the end of the horizon and one week on, shape (V,)"""
    events: dict[str, Floats]
    """event name -> its days in each region and week, shape (regions, V); "" is any event"""
    prices: PlannedPrices | None
    seasonal: bool
    """True once a week of the horizon was seen a year ago and learned from"""
    signals: dict[str, Singles]
    """signal -> its count, shape (C, W)"""

    @classmethod
    def of(cls, snapshot: Snapshot, panel: Panel, horizon_weeks: int) -> Outlook:
        """Read calendar, prices and signals into matrices."""
        ahead = panel.weeks[-1] + WEEK * np.arange(1, panel.gap + horizon_weeks + 2)
        weeks = np.concatenate([panel.weeks, ahead])
        return cls(
            codes=panel.codes,
            weeks=weeks,
            events=_events(snapshot.calendar, panel.codes, weeks),
            prices=_prices(snapshot, panel, weeks),
            seasonal=panel.learned_weeks >= SEASONAL_WEEKS,
            signals=dict(_signals(snapshot, panel)),
        )

    def part(self, panel: Panel, cells: Ints) -> Outlook:
        """Return what is known ahead of some cells, whose panel it is."""
        prices = None if self.prices is None else self.prices.part(panel, cells)
        signals = {name: counts[cells] for name, counts in self.signals.items()}
        return replace(self, codes=panel.codes, prices=prices, signals=signals)

    def effects(self) -> KnownAhead:
        """Return the columns whose effect on every cell is learned beside the levels."""
        named = [days for name, days in self.events.items() if name] or list(self.events.values())
        event = tuple((days > 0).astype(np.float64) for days in named)
        return KnownAhead(event, *self.planned(), self.codes.region)

    def planned(self) -> tuple[StatedWeeks | None, StatedWeeks | None]:
        """Return promotions and prices; None where there is no list of them."""
        return (self.prices.promotion, self.prices.price) if self.prices else (None, None)

    def columns(self, rows: Rows) -> dict[str, Floats]:
        """Return the outlook's columns for some rows, shape (N,) each."""
        columns = self._season(rows) if self.seasonal else {}
        columns |= self._event_columns(rows)
        if self.prices is not None:
            columns |= self.prices.columns(rows)
        for name, counts in self.signals.items():
            columns |= _signal_columns(name, counts, rows)
        return columns

    def _season(self, rows: Rows) -> dict[str, Floats]:
        middle = self.weeks + np.timedelta64(3, "D")
        new_year = middle.astype("datetime64[Y]").astype("datetime64[D]")
        angle = 2 * np.pi * (middle - new_year).astype(np.int64) / YEAR_DAYS
        waves = {}
        for order in (1, 2, 3):
            waves[f"season_sin_{order}"] = np.sin(order * angle)[rows.target]
            waves[f"season_cos_{order}"] = np.cos(order * angle)[rows.target]
        return waves

    def _event_columns(self, rows: Rows) -> dict[str, Floats]:
        region = self.codes.region[rows.cell]
        columns = {}
        for name, days in self.events.items():
            columns[f"event:{name}"] = days[region, rows.target]
        if "" in self.events:
            days = self.events[""]
            columns["event_before"] = days[region, np.maximum(rows.target - 1, 0)]
            columns["event_after"] = days[region, rows.target + 1]
            columns["event_at_origin"] = days[region, rows.origin]
        return columns


def _prices(snapshot: Snapshot, panel: Panel, weeks: Days) -> PlannedPrices | None:
    table = snapshot.prices
    if not len(table):
        return None
    cell, week = positions(panel.codes, weeks, table, "week")
    there = (cell >= 0) & (week >= 0)
    shape, at = (len(panel.offered), len(weeks)), (cell[there], week[there])
    price = table["price"].to_numpy()[there].astype(np.float32)
    promotion = np.nan_to_num(table["promotion"].to_numpy()[there])
    return PlannedPrices.of(
        panel,
        StatedWeeks.of(shape, at, price, np.nan),
        StatedWeeks.of(shape, at, promotion.astype(np.float32), 0.0),
    )


def _events(calendar: pd.DataFrame, codes: Codes, weeks: Days) -> dict[str, Floats]:
    """Count event days by region and week: all events together, and each frequent one alone."""
    if not len(calendar):
        return {}
    table = calendar.drop_duplicates(["date", "event", "region"])
    day = table["date"].to_numpy().astype("datetime64[D]")
    week = (day - weeks[0]).astype(np.int64) // 7
    names = table["event"].to_numpy(dtype=object)
    inside = (week >= 0) & (week < len(weeks))
    days = {"": np.zeros((len(codes.regions), len(weeks)))}
    frequent = table["event"][inside].value_counts()
    ranked = sorted(frequent.index, key=lambda name: (-frequent[name], name))[:MOST_EVENTS]
    days |= {str(name): np.zeros_like(days[""]) for name in ranked if name}
    region = places(codes.regions, table["region"])
    everywhere = table["region"].to_numpy(dtype=object) == ""
    for name, matrix in days.items():
        mine = inside & ((names == name) | (name == ""))
        np.add(matrix, np.bincount(week[mine & everywhere], minlength=len(weeks)), out=matrix)
        local = mine & ~everywhere & (region >= 0)
        np.add.at(matrix, (region[local], week[local]), 1.0)
    return days


def _signals(snapshot: Snapshot, panel: Panel) -> Iterator[tuple[str, Singles]]:
    """Yield each signal ever seen; a week without a signal is unknown, not 0."""
    table = snapshot.signals
    cell, week = positions(panel.codes, panel.weeks, table, "week")
    there = (cell >= 0) & (week >= 0)
    seen = np.bincount(week[there], minlength=len(panel.weeks)) > 0
    for name in SIGNALS:
        count = np.nan_to_num(table[name].to_numpy()[there])
        if count.any():
            matrix = np.zeros(panel.shape, dtype=np.float32)
            np.add.at(matrix, (cell[there], week[there]), count.astype(np.float32))
            matrix[:, ~seen] = np.nan
            yield name, matrix


def _signal_columns(name: str, counts: Singles, rows: Rows) -> dict[str, Floats]:
    cells, at_row = np.unique(rows.cell, return_inverse=True)
    seen = counts[cells].astype(np.float64)
    filled = np.nan_to_num(seen)
    known = ~np.isnan(seen)
    usual = (rolling_sum(filled, 13) + 1.0) / (rolling_sum(known, 13) + 1.0)
    at = (at_row, rows.origin)
    return {
        f"{name}_last": np.log1p(seen[at]),
        f"{name}_before": np.log1p(lagged(seen, 1)[at]),
        f"{name}_to_usual": seen[at] / usual[at],
    }
