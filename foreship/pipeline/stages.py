"""From tables to a plan: the two stages of the weekly job, without any file.

    tables -> snapshot(as_of) -> model -> distribution -> sample paths      forecast_stage
    paths + tables -> problem -> program -> whole units -> audit -> plan    plan_stage

The command line, the notebook, the nightly batch and the backtest all call these two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from foreship_foundation.blocks import Across, in_turn
from foreship_foundation.freed import give_back
from foreship_foundation.tables.frames import own_copy
from foreship_foundation.telling.words import sentences

if TYPE_CHECKING:
    import pandas as pd

    from foreship.config import Config
    from foreship_forecast.counts.sample_paths import PathDraws
    from foreship_forecast.learning.model import PurchaseModel
    from foreship_optimize.demand import DemandScenarios
    from foreship_optimize.orders.past_orders import BelievedOrders
    from foreship_optimize.own_limits.limit import OwnRules
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
    contents: Mapping[str, str] = field(default_factory=dict)
    """content hash of each table, as far as the forecast hangs on it"""

    @property
    def forecast(self) -> pd.DataFrame:
        """`forecast.parquet` of the contract, laid out when first asked for; each time a copy."""
        return own_copy(self._laid_out)

    @cached_property
    def _laid_out(self) -> pd.DataFrame:
        return self.paths.distribution.to_frame()

    @property
    def skill(self) -> dict[str, float] | None:
        """Scores of the weeks held out; None where none was, or where no model was learned."""
        scored = self.model.held_out
        if scored is None:
            return None
        figures = {**asdict(scored), "skill": scored.skill}
        return {name: round(value, 6) for name, value in figures.items()}

    @property
    def law(self) -> pd.DataFrame:
        """`law.parquet` of the contract."""
        return self.paths.distribution.law_frame()

    @property
    def adjusted(self) -> pd.DataFrame | None:
        """`adjusted.parquet` of the contract; None where no adjustment changes anything."""
        changed = self.paths.distribution.adjusted
        return None if changed is None else own_copy(changed)


def forecast_stage(
    tables: Mapping[str, pd.DataFrame],
    as_of: pd.Timestamp,
    config: Config,
    model: PurchaseModel | None = None,
    *,
    retrain: bool = False,
    across: Across = in_turn,
) -> ForecastResult:
    """Predict every cell's demand from what was known before `as_of`.

    With `model`, an earlier fit predicts from the new snapshot; otherwise one is fitted. With
    `retrain` one is fitted too, and predicts only if it beats `model` on the weeks since.
    `across` has blocks of cells scored and drawn; it changes none of them.
    """
    import foreship_forecast

    snapshot = foreship_forecast.Snapshot(tables, as_of)
    give_back()
    verdict: tuple[str, ...] = ()
    if model is None:
        model = foreship_forecast.fit(snapshot, config.forecast, config.privacy)
    elif retrain:
        won = foreship_forecast.contest(model, tables, as_of, config.forecast, config.privacy)
        model, verdict = won.winner, won.notes
    give_back()
    distribution = model.predict(snapshot, across=across)
    obsolescence = foreship_forecast.obsolescence_per_year(snapshot)
    # what a model and what it predicts have in common is said once
    notes = tuple(sentences((*snapshot.notes, *verdict, *model.notes, *distribution.notes)))
    contents = snapshot.contents()
    # with the snapshot go its panel and features: paths are drawn from the law alone
    del snapshot
    give_back()
    paths = model.draws(distribution, config.forecast.scenarios, config.forecast.seed)
    paths.packed(across)
    return ForecastResult(paths, model, obsolescence, notes, contents)


def plan_stage(  # noqa: PLR0913 everything a plan is made from
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios | pd.DataFrame,
    as_of: pd.Timestamp,
    config: Config,
    *,
    strict: bool = False,
    obsolescence: float | None = None,
    baskets: BelievedOrders | None = None,
    keep_interrupted: bool = False,
    own: OwnRules | None = None,
    across: Across = in_turn,
) -> Plan:
    """Plan for the given demand; the plan returned has passed its audit.

    `obsolescence` is used where the config does not state `economics.obsolescence_per_year`;
    absent, it is measured from `orders`. `baskets` are orders that are believed in the place of
    past ones (`foreship_optimize.make_plan`). With `keep_interrupted` Ctrl-C ends the
    search and the best plan so far is returned. `own` are limits of
    the planner's own, and lines beside which nothing moves. `across` has blocks of
    items valued; it changes none of them.
    """
    from foreship_optimize.own_limits.limit import FREE
    from foreship_optimize.planning import make_plan
    from foreship_optimize.valuation.blocks import Blocks

    if obsolescence is None:
        obsolescence = measured_obsolescence(tables, as_of, config)
    params = optimize_params(config)
    return make_plan(
        tables,
        demand,
        as_of,
        params,
        obsolescence=obsolescence,
        baskets=baskets,
        strict=strict,
        keep_interrupted=keep_interrupted,
        own=own or FREE,
        blocks=Blocks(across),
    )


def measured_obsolescence(
    tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp, config: Config
) -> float:
    """Return the yearly chance that a selling cell closes, 0 without a history to measure it from.

    Nothing is measured where the config states it.
    """
    import foreship_forecast

    orders = tables.get("orders")
    if config.economics.obsolescence_per_year is not None or orders is None or not len(orders):
        return 0.0
    return foreship_forecast.obsolescence_per_year(foreship_forecast.Snapshot(tables, as_of))


def optimize_params(config: Config) -> OptimizeParams:
    """Return the settings the optimise room asks for."""
    from foreship_optimize.params import OptimizeParams

    return OptimizeParams(
        economics=config.economics, exits=config.exits, risk=config.risk, plan=config.plan
    )
