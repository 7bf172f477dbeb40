"""Champion and challenger: whether a newly learned model should replace the one in use.

Both predict, a week ahead, the weeks since the model in use was learned; the challenger of that
contest learns only from what came before them. The model in use stays unless the other gives
what truly was ordered more probability, by more than a standard error over weeks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_forecast.counts.distribution import DemandDistribution
from foreship_forecast.counts.scores import log_score, mean_by_week
from foreship_forecast.history.panel import Panel, panel_of, what_came
from foreship_forecast.history.snapshot import Snapshot, known_then
from foreship_forecast.learning.fitting import fit
from foreship_forecast.learning.model import PurchaseModel
from foreship_forecast.params import ForecastParams, PrivacyParams
from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.telling.words import STATISTICS, fixed, plural

__all__ = ["Contest", "contest"]

MOST_WEEKS = 13
FEWEST_WEEKS = 4
"""weeks below which a lead may be chance, and the model in use stays"""


@dataclass(frozen=True)
class Contest:
    """Which model predicts from now on, and why."""

    winner: PurchaseModel
    replaced: bool
    weeks: int
    """weeks on which both were judged"""
    verdict: str
    """one sentence for the planner"""
    figures: str = ""
    """what it rests on, for the appendix; '' where nothing was scored"""

    @property
    def notes(self) -> tuple[str, ...]:
        """The verdict, and its figures if there are any."""
        return (self.verdict, self.figures) if self.figures else (self.verdict,)


def contest(
    champion: PurchaseModel,
    tables: Mapping[str, pd.DataFrame],
    as_of: pd.Timestamp | str,
    params: ForecastParams | None = None,
    privacy: PrivacyParams | None = None,
) -> Contest:
    """Learn a challenger; the champion stays unless it loses on weeks that neither has seen.

    Parameters
    ----------
    champion
        The model in use.
    tables
        Frames as `foreship_forecast.tables` declares them; nothing on or after `as_of` is read
        but the calendar and prices.
    as_of
        A Monday, not before the one the champion was learned on.
    params, privacy
        Settings of the challenger.

    Raises
    ------
    NotEnoughHistory
        If there is too little history to learn anew from.
    ValueError
        If `as_of` lies before the champion's own Monday.
    """
    params = params or ForecastParams()
    snapshot, since = Snapshot(tables, as_of), pd.Timestamp(champion.as_of)
    if snapshot.as_of < since:
        raise ValueError(
            f"as_of {snapshot.as_of.date()} lies before {since.date()}, when the model was learned"
        )
    first = max(since, snapshot.as_of - pd.Timedelta(weeks=MOST_WEEKS))
    mondays = pd.date_range(first, snapshot.as_of - pd.Timedelta(weeks=1), freq="7D")
    if len(mondays) < FEWEST_WEEKS:
        said = (
            f"{plural(len(mondays), 'week')} since the model of {since.date()} was learned; at "
            f"least {FEWEST_WEEKS} are needed to judge another one: it stays."
        )
        return Contest(champion, False, len(mondays), said)
    truth = panel_of(
        snapshot,
        params.history_weeks,
        largest_order=params.largest_order,
        robust=False,
        lots=False,
    )
    history = known_then(tables)
    rival = fit(Snapshot(history, first), params, privacy)
    gap, week = _score_gap(champion, rival, history, truth, mondays)
    weeks, mean, error = mean_by_week(gap, week)
    won = weeks >= FEWEST_WEEKS and mean < -error
    said = (
        f"A model learned anew is {'better' if won else 'no better than chance'} on the"
        f" {plural(weeks, 'week')} since {first.date()}: {'it replaces' if won else 'we keep'} the"
        f" model of {since.date()}."
    )
    figures = (
        f"{STATISTICS}log score a row of a model learned anew, less that of the model of"
        f" {since.date()}: {fixed(mean, 4, sign=True)}, standard error"
        f" {error:.4f}; lower is better."
    )
    winner = fit(snapshot, params, privacy) if won else champion
    return Contest(winner, won, weeks, said, figures)


def _score_gap(
    champion: PurchaseModel,
    rival: PurchaseModel,
    history: Mapping[str, pd.DataFrame],
    truth: Panel,
    mondays: pd.DatetimeIndex,
) -> tuple[Floats, Ints]:
    """Return the rival's log score less the champion's a row, and each row's week."""
    gaps, weeks = [], []
    for place, monday in enumerate(mondays):
        snapshot = Snapshot(history, monday)
        ours, theirs = (
            _scores(each.predict(snapshot), truth, monday) for each in (champion, rival)
        )
        both = ours.index.intersection(theirs.index)
        gaps.append((theirs.loc[both] - ours.loc[both]).to_numpy(np.float64))
        weeks.append(np.full(len(both), place))
    return np.concatenate(gaps), np.concatenate(weeks)


def _scores(said: DemandDistribution, truth: Panel, monday: pd.Timestamp) -> pd.Series:
    """Return the log score of each cell whose demand of the first week was observed."""
    first = np.arange(len(said.region)) * len(said.weeks)
    about = pd.DataFrame({"region": said.region, "item": said.item, "week": monday})
    units, seen = what_came(truth, about, "week")
    score = log_score(*said.law.part(first[seen]).interval(units[seen]))
    return pd.Series(score, index=pd.MultiIndex.from_frame(about.loc[seen, ["region", "item"]]))
