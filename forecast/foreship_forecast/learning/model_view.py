"""What a fitted model learned, to be looked into: boosters, the features they read, their gains.

>>> view = ModelView(model)
>>> matrix = view.features(tables, as_of)
>>> view.boosters["chance"].predict(matrix, raw_score=True, pred_contrib=True)

A booster learns departures from a starting level (docs/forecast.md, section 4): its raw score, and
contributions of features to it, leave that level out; `base` has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.special import logit

from foreship_forecast.errors import ForecastError
from foreship_forecast.features.matrix import Table
from foreship_forecast.features.prepared import prepared
from foreship_forecast.features.rows import Rows, prediction_rows
from foreship_forecast.heads.boosters import (
    Booster,
    Boosters,
    columns_of,
    named_booster,
    names_shown,
)
from foreship_forecast.heads.forest import FORESTS
from foreship_forecast.history.panel import WEEK
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.learning.model import PurchaseModel
from foreship_foundation.telling.words import plural

__all__ = ["ModelView"]


@dataclass(frozen=True)
class ModelView:
    """A model as an analyst looks at it; nothing here changes what it predicts."""

    model: PurchaseModel

    @property
    def _learned(self) -> Boosters:
        learned = self.model.head.boosters
        if learned is None:
            raise ForecastError("this model holds no boosters: there was too little to learn from")
        return learned

    @cached_property
    def boosters(self) -> Mapping[str, Booster]:
        """LightGBM's boosters by what they learned, their features by name.

        `chance` of a sale next week, `later` of one in a later week, `units` beyond the first by
        Poisson, `scale` the log of all units; those that were not learned are absent.
        """
        learned = self._learned
        texts = {name: getattr(learned, name) for name in FORESTS}
        return {name: named_booster(text, learned.names) for name, text in texts.items() if text}

    def __repr__(self) -> str:
        if self.model.head.boosters is None:
            return "Model without boosters: there was too little to learn from"
        said = f"Model of {plural(len(self._learned.names), 'feature')}"
        gains = self.importances
        best = {str(name): rows["feature"].head(3) for name, rows in gains.groupby("booster")}
        return "\n".join([said, *(f"  {name}: {', '.join(best[name])}, .." for name in best)])

    @property
    def importances(self) -> pd.DataFrame:
        """Gain and number of splits of each feature: `booster, feature, gain, splits`."""
        found = [
            pd.DataFrame(
                {
                    "booster": name,
                    "feature": booster.feature_name(),
                    "gain": booster.feature_importance("gain"),
                    "splits": booster.feature_importance("split"),
                }
            ).sort_values(["gain", "feature"], ascending=[False, True])
            for name, booster in self.boosters.items()
        ]
        return pd.concat(found, ignore_index=True)

    def features(
        self, tables: Mapping[str, pd.DataFrame], as_of: str | pd.Timestamp
    ) -> pd.DataFrame:
        """Return what the boosters read of each cell and week to be predicted.

        Parameters
        ----------
        tables
            Tables of the contract, as those of an open workspace.
        as_of
            The Monday to predict from.

        Returns
        -------
        A row for each cell and week, index `region, item, week`; a column a feature, NaN where it
        is not known. Boosters of the next week are asked for the first week of a cell only.
        """
        index, table = self._table(tables, as_of)
        learned = self._learned
        matrix = columns_of(table, learned.names)
        return pd.DataFrame(matrix, index=index, columns=names_shown(learned.names))

    def base(self, tables: Mapping[str, pd.DataFrame], as_of: str | pd.Timestamp) -> pd.DataFrame:
        """Return the starting level of each booster, in its raw score, rows as in `features`.

        The level of a cell's own history; raw score plus it is the logit of a chance, or the log
        of units (docs/forecast.md, section 4).
        """
        index, table = self._table(tables, as_of)
        chance, extra = logit(table.levels.chance), table.levels.extra
        levels = {"chance": chance, "later": chance, "units": np.log(extra)}
        return pd.DataFrame({**levels, "scale": np.log1p(extra)}, index=index)

    def _table(
        self, tables: Mapping[str, pd.DataFrame], as_of: str | pd.Timestamp
    ) -> tuple[pd.MultiIndex, Table]:
        params = self.model.params
        features = prepared(Snapshot(tables, as_of), params, min_customers=1)
        panel = features.panel
        rows: Rows = prediction_rows(panel, np.flatnonzero(panel.offered), params.horizon_weeks)
        region, item = panel.codes.names()
        weeks = (panel.as_of + WEEK * (rows.horizon - 1)).astype("datetime64[s]")
        names = ["region", "item", "week"]
        index = pd.MultiIndex.from_arrays([region[rows.cell], item[rows.cell], weeks], names=names)
        return index, features.table(rows)
