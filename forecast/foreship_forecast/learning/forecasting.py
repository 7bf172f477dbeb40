"""The whole room in one function: frames in, the forecast of a run out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

import pandas as pd

from foreship_forecast.counts.sample_paths import PathDraws
from foreship_forecast.history.lifetime import obsolescence_per_year
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.learning.fitting import fit
from foreship_forecast.learning.model import PurchaseModel
from foreship_forecast.params import ForecastParams, PrivacyParams
from foreship_foundation.telling.words import plural, sentences

__all__ = ["Forecast", "forecast"]


@dataclass(frozen=True)
class Forecast:
    """Demand of every cell and week, as a run of `foreship forecast` holds it."""

    paths: PathDraws = field(repr=False)
    """joint sample paths, drawn when asked for"""
    model: PurchaseModel = field(repr=False)
    obsolescence: float
    """yearly chance that a selling cell stops for good, measured from history, in [0, .999]"""
    notes: tuple[str, ...] = field(repr=False)
    """what was left out, borrowed or not trusted, one sentence each"""

    @property
    def frame(self) -> pd.DataFrame:
        """`forecast.parquet`: `region, item, week, mean, purchase_probability, q05 .. q99`."""
        return self.paths.distribution.to_frame()

    @property
    def law(self) -> pd.DataFrame:
        """`law.parquet`: the law of the count of each cell and week."""
        return self.paths.distribution.law_frame()

    def scenarios(self) -> pd.DataFrame:
        """`scenarios.parquet`: `region, item, week, scenario, units`, for `make_plan`."""
        return self.paths.whole().to_frame()

    def __repr__(self) -> str:
        rows = prod(self.paths.distribution.shape)
        return f"Forecast of {plural(rows, 'row')}, {plural(len(self.notes), 'note')}"


def forecast(
    tables: Mapping[str, pd.DataFrame],
    as_of: pd.Timestamp | str,
    params: ForecastParams | None = None,
    privacy: PrivacyParams | None = None,
) -> Forecast:
    """Learn from the tables and predict demand from `as_of` on.

    Parameters
    ----------
    tables
        Tables of the contract by name; `orders`, `items` and `regions` are needed.
    as_of
        The Monday to forecast from; what is dated on or after it is not read, but `calendar` and
        `prices`.
    params, privacy
        Settings; the defaults of the contract if left out.

    Raises
    ------
    TableFault, NotEnoughHistory
    """
    params = params or ForecastParams()
    snapshot = Snapshot(tables, as_of)
    model = fit(snapshot, params, privacy)
    distribution = model.predict(snapshot)
    paths = model.draws(distribution, params.scenarios, params.seed)
    notes = sentences((*snapshot.notes, *model.notes, *distribution.notes))
    return Forecast(paths, model, obsolescence_per_year(snapshot), tuple(notes))
