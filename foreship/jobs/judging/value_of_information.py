"""The value of the stochastic solution and the expected value of perfect information.

The first is what planning on all paths is worth over planning on their mean; the second is what it
would be worth to know the path. Both are money of one plan, by the program's own values
(docs/program.md, section 10); a replay says what they come to against true orders.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foreship.pipeline.handoff import mean_path
from foreship_foundation.telling.words import plural

if TYPE_CHECKING:
    import pandas as pd

    from foreship_optimize.demand import DemandScenarios
    from foreship_optimize.params import OptimizeParams
    from foreship_optimize.plan import Plan

__all__ = ["ValueOfInformation", "measure_value_of_information"]

PATHS = 10
"""paths that are planned for as if known: each takes as long as the plan itself"""


@dataclass(frozen=True)
class ValueOfInformation:
    """Expected gains of the same week when planned with less or more information [money]."""

    plan: float
    """the plan without a risk budget, on all paths"""
    mean_value_plan: float
    """the mean-value plan, made for the mean path as if it were certain, valued on all paths"""
    paths: int
    """number of paths that the next two are means over"""
    here_and_now: float
    """here and now: the plan, valued on each of these paths alone"""
    wait_and_see: float
    """wait and see: for each of these paths, the plan made knowing it"""

    @property
    def stochastic_solution(self) -> float:
        """Value of the stochastic solution, VSS (equation 16)."""
        return self.plan - self.mean_value_plan

    @property
    def perfect_information(self) -> float:
        """Expected value of perfect information, EVPI (equation 17)."""
        return self.wait_and_see - self.here_and_now

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "expected_gain": self.plan,
            "expected_gain_of_the_mean_plan": self.mean_value_plan,
            "value_of_stochastic_solution": self.stochastic_solution,
            "paths": self.paths,
            "gain_path_unknown": self.here_and_now,
            "gain_path_known": self.wait_and_see,
            "value_of_perfect_information": self.perfect_information,
        }

    def __str__(self) -> str:
        earned = f"{self.plan:,.2f} against {self.mean_value_plan:,.2f}"
        return (
            f"Planning on the paths, not on their mean, is worth {self.stochastic_solution:+,.2f} "
            f"({earned}).\n"
            f"Knowing the path would be worth {self.perfect_information:,.2f} more at most "
            f"({plural(self.paths, 'path')})."
        )


def measure_value_of_information(
    plan: Plan,
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    *,
    obsolescence: float,
    paths: int = PATHS,
    tell: Callable[[str], None] = lambda _: None,
) -> ValueOfInformation:
    """Plan the week for the mean path, and for some of the paths one by one.

    Parameters
    ----------
    plan
        The week's plan on all paths, without a risk budget; all others are valued at its prices of
        later plans.
    tables, as_of, params, obsolescence
        What the plan is made from; the risk budget is left out.
    paths
        How many paths to plan for one by one, evenly spread over all, at least 1.
    """
    from foreship_optimize.out_of_sample import value_out_of_sample
    from foreship_optimize.planning import solve
    from foreship_optimize.valuation.assembly import assemble

    free = replace(params, risk=replace(params.risk, budget=None))

    def plan_for(known: DemandScenarios) -> Plan:
        problem = assemble(tables, known, as_of, free, obsolescence=obsolescence, ahead=plan.ahead)
        return solve(problem, free, as_of=as_of).unless_interrupted()

    def gain_of(other: Plan, judged: DemandScenarios) -> float:
        look = value_out_of_sample(
            tables, judged, as_of, free, other.lines, obsolescence=obsolescence, ahead=plan.ahead
        )
        return -look.objective

    tell("plan for the mean path")
    of_the_mean = plan_for(mean_path(demand))
    known, unknown = [], []
    count = demand.scenarios
    chosen = np.unique(np.linspace(0, count - 1, min(paths, count)).round().astype(np.int64))
    for number, path in enumerate(chosen.tolist(), 1):
        tell(f"plan that knows its path, {number} of {len(chosen)}")
        alone = demand.of_path(path)
        known.append(-float(plan_for(alone).summary["objective"]))
        unknown.append(gain_of(plan, alone))
    return ValueOfInformation(
        plan=-float(plan.summary["objective"]),
        mean_value_plan=gain_of(of_the_mean, demand),
        paths=len(chosen),
        here_and_now=float(np.mean(unknown)),
        wait_and_see=float(np.mean(known)),
    )
