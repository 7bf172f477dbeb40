"""An empty plan in whole units, and the instance it belongs to."""

from __future__ import annotations

from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams
from foreship_optimize.program.instance import Instance
from foreship_optimize.risk import risk_of
from foreship_optimize.whole_units.working_plan import WorkingPlan
from tests.optimize.program_builder import Draft


def working_plan_of(
    draft: Draft, params: OptimizeParams | None = None
) -> tuple[WorkingPlan, Instance]:
    """Make an empty working plan, and the instance it belongs to."""
    params = params or OptimizeParams()
    problem = draft.problem()
    limits, risk = limits_of(problem), risk_of(problem, params.risk)
    return WorkingPlan(problem, limits, params.plan, risk), Instance(problem, limits, params, risk)
