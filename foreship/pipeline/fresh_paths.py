"""What a plan may lose on paths that it was not chosen on: its CVaR out of sample.

A plan takes the units that its own paths happen to want, and the worst of few paths are not as
bad as the worst there are. Where the forecast's law is at hand, other paths are drawn from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from foreship.pipeline.handoff import drawn_demand
from foreship.pipeline.stages import optimize_params
from foreship_foundation.actions import action_names
from foreship_foundation.blocks import Across, in_turn
from foreship_foundation.telling.words import STATISTICS, number, percent, plural

if TYPE_CHECKING:
    import pandas as pd

    from foreship.config import Config
    from foreship_forecast.counts.sample_paths import PathDraws
    from foreship_optimize.demand import DemandScenarios
    from foreship_optimize.plan import Plan

__all__ = ["judged_out_of_sample"]

FRESH = 1_000
"""paths drawn: of fewer the mean of the worst is itself too low"""
MOST_COUNTS = 40_000_000
"""cells x weeks x paths drawn at most, unless the plan's own paths are more: memory and time"""
FEW = 10
"""outcomes in the worst share up to which a CVaR in sample is said to be too low"""
TOLERATED = 0.02
"""of a risk budget: what fresh paths may exceed it by without a word"""


def judged_out_of_sample(
    plan: Plan,
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    draws: Callable[[Across], PathDraws] | None,
    as_of: pd.Timestamp,
    config: Config,
    across: Across = in_turn,
) -> Plan:
    """Return the plan with `cvar_out_of_sample` and `out_of_sample_paths` in its summary.

    Parameters
    ----------
    tables, demand, as_of, config
        What the plan was made from.
    draws
        Gives the law that `demand` was drawn from; None where nobody knows it: the figure is then
        unknown, which a note says where paths are few.
    across
        Who works on blocks of cells; it changes none of them.
    """
    if draws is None:
        level = config.risk.level
        few = (1.0 - level) * demand.scenarios <= FEW + 1e-9
        at_risk = plan.lines["action"].isin(action_names(destination="region")).any()
        notes = [_in_sample(level, demand.scenarios)] if few and at_risk else []
        return _told(plan, None, 0, notes)
    fresh = _fresh_paths(draws(across), plan.lines, demand.scenarios, across)
    cvar = _cvar_on(fresh, plan, tables, demand, as_of, config)
    notes = _over_budget(config, float(plan.summary["cvar"]), cvar, fresh.scenarios)
    return _told(plan, cvar, fresh.scenarios, notes)


def _fresh_paths(
    draws: PathDraws, lines: pd.DataFrame, own: int, across: Across
) -> DemandScenarios:
    """Draw other paths of the cells that lines end in, at least as many as the plan's own."""
    from foreship_optimize.out_of_sample import cells_into

    said = draws.distribution
    part = said.part(cells_into(said.region, said.item, lines))
    affordable = MOST_COUNTS // max(1, part.shape[0] * part.shape[1])
    paths = max(own, min(FRESH, affordable))
    others = replace(draws, distribution=part, scenarios=paths, seed=draws.seed + 1)
    return drawn_demand(others, across)


def _cvar_on(
    fresh: DemandScenarios,
    plan: Plan,
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    config: Config,
) -> float:
    from foreship_optimize.out_of_sample import cvar_out_of_sample

    cvar = float(plan.summary["cvar"])
    params = optimize_params(config)
    told = plan.order_credits
    return cvar_out_of_sample(tables, demand, fresh, as_of, params, plan.lines, cvar, told)


def _told(plan: Plan, cvar: float | None, paths: int, notes: list[str]) -> Plan:
    figures = {"cvar_out_of_sample": cvar, "out_of_sample_paths": paths}
    return replace(plan, summary=plan.summary | figures, notes=[*plan.notes, *notes])


def _in_sample(level: float, scenarios: int) -> str:
    return (
        f"{STATISTICS}the CVaR is the mean of the worst {number((1.0 - level) * scenarios)} of the "
        f"{plural(scenarios, 'scenario')} that the plan was chosen on; on others expect more: "
        "with 50 scenarios 2 %, or 7 "
        "to 13 % where a risk budget binds, with 200 up to 4 % (docs/program.md, section 11)"
    )


def _over_budget(config: Config, own: float, cvar: float, paths: int) -> list[str]:
    """Say where a risk budget is kept on the plan's own paths only."""
    budget = config.risk.budget
    if budget is None or not own <= budget * (1.0 + TOLERATED) < cvar:
        return []
    return [
        f"risk.budget {budget:,.2f} is kept on the paths that the plan was chosen on; on {paths:,} "
        f"others the worst {percent(1.0 - config.risk.level)} lose {cvar:,.2f} on average: raise "
        "forecast.scenarios, or lower the budget by the difference"
    ]
