"""What was known on a Monday of a replay: the tables as they stood then, and the forecast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from foreship.pipeline import stages
from foreship.pipeline.known import tables_before

if TYPE_CHECKING:
    from foreship.config import Config
    from foreship.pipeline.stages import ForecastResult
    from foreship_forecast.learning.model import PurchaseModel

__all__ = ["Forecasts", "tables_known_on"]

Tables = Mapping[str, pd.DataFrame]

WEEK = np.timedelta64(7, "D")
TODAYS = ("overrides", "adjustments")
"""what planners say today, and did not say then"""


def tables_known_on(tables: Tables, monday: np.datetime64) -> Tables:
    """Return the tables that a policy may read on a Monday, its own stock aside."""
    return tables_before(tables, pd.Timestamp(monday)) | _not_replayed(tables)


def _not_replayed(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return today's overrides and adjustments emptied: they were not those of the past."""
    return {name: tables[name].iloc[:0] for name in TODAYS if name in tables}


class Forecasts:
    """The forecast of each Monday, made when first asked for; refitted every few weeks."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._model: PurchaseModel | None = None
        self._fitted: np.datetime64 | None = None
        self.notes: dict[str, None] = {}  # in order of appearance, each once

    def on(self, monday: np.datetime64, past: Tables) -> Callable[[], ForecastResult]:
        """Return a function that makes, and then remembers, the forecast of `monday`."""
        return cache(lambda: self._make(monday, past))

    def _make(self, monday: np.datetime64, past: Tables) -> ForecastResult:
        age = self._config.backtest.refit_weeks * WEEK
        stale = self._fitted is None or monday - self._fitted >= age
        made = stages.forecast_stage(
            past, pd.Timestamp(monday), self._config, None if stale else self._model
        )
        if stale:
            self._model, self._fitted = made.model, monday
        self.notes |= dict.fromkeys(made.notes)
        return made
