"""From tables to a plan: the two stages of the weekly job, without any file.

    tables -> snapshot(as_of) -> model -> distribution -> sample paths      forecast_stage
    paths + tables -> problem -> program -> whole units -> audit -> plan    plan_stage

The command line, the notebook, the nightly batch and the backtest all call these two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from foreship.config import Config
    from foreship_forecast.counts.sample_paths import PathDraws
    from foreship_forecast.learning.model import PurchaseModel
    from foreship_optimize.demand import DemandScenarios
    from foreship_optimize.params import OptimizeParams
    from foreship_optimize.plan import Plan

__all__ = ["ForecastResult", "forecast_stage", "optimize_params", "plan_stage"]


@dataclass(frozen=True)
class ForecastResult:
    """What the forecast stage hands to the plan stage and to the reader."""

    paths: PathDraws
    """joint sample paths of weekly demand, drawn block by block when asked for"""
    model: PurchaseModel
    obsolescence: float
    """yearly chance that a selling cell stops for good, measured from history"""
    notes: tuple[str, ...]
    """what was left out, borrowed or not trusted, one sentence each"""

    @cached_property
    def forecast(self) -> pd.DataFrame:
        """`forecast.parquet` of the contract, laid out when first asked for."""
        return self.paths.distribution.to_frame()


def forecast_stage(
    tables: Mapping[str, pd.DataFrame],
    as_of: pd.Timestamp,
    config: Config,
    model: PurchaseModel | None = None,
    *,
    retrain: bool = False,
) -> ForecastResult:
    """Predict every cell's demand from what was known before `as_of`.

    With `model`, an earlier fit predicts from the new snapshot; otherwise one is fitted. With
    `retrain` one is fitted too, and predicts only if it beats `model` on the weeks since.
    """
    import foreship_forecast

    snapshot = foreship_forecast.Snapshot(tables, as_of)
    verdict: tuple[str, ...] = ()
    if model is None:
        model = foreship_forecast.fit(snapshot, config.forecast, config.privacy)
    elif retrain:
        won = foreship_forecast.contest(model, tables, as_of, config.forecast, config.privacy)
        model, verdict = won.winner, (won.verdict,)
    distribution = model.predict(snapshot)
    return ForecastResult(
        paths=model.draws(distribution, config.forecast.scenarios, config.forecast.seed),
        model=model,
        obsolescence=foreship_forecast.obsolescence_per_year(snapshot),
        notes=(*snapshot.notes, *verdict, *model.notes),
    )


def plan_stage(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    config: Config,
    *,
    strict: bool = False,
    obsolescence: float = 0.0,
) -> Plan:
    """Plan for the given demand; the plan returned has passed its audit.

    `obsolescence` is used where the config does not state `economics.obsolescence_per_year`.
    """
    from foreship.pipeline.customer_returns import with_return_shares
    from foreship_optimize.planning import make_plan

    return make_plan(
        with_return_shares(tables, as_of),
        demand,
        as_of,
        optimize_params(config),
        obsolescence=obsolescence,
        strict=strict,
    )


def optimize_params(config: Config) -> OptimizeParams:
    """Return the settings the optimise room asks for."""
    from foreship_optimize.params import OptimizeParams

    return OptimizeParams(
        economics=config.economics, exits=config.exits, risk=config.risk, plan=config.plan
    )
