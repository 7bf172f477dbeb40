"""Instances with everything on, random prices of what items share, and items priced at them."""

from __future__ import annotations

import numpy as np

from foreship_optimize.decomposition.pricing import (
    coupling_rows,
    priced_items,
    pricing_problem_of,
    solve_pricing,
)
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.program.bound import Prices, prices_from_duals
from foreship_optimize.program.instance import Instance
from tests.optimize.markets import instance_of, market


def drawn_instance(seed: int) -> Instance:
    """Draw an instance with everything on: packs, a minimum line, a risk budget."""
    risk = RiskParams(level=0.5, budget=[None, 3.0][seed % 2])
    plan = PlanParams(minimum_line_quantity=1 + seed % 3, gap=0.0)
    return instance_of(market(seed), OptimizeParams(risk=risk, plan=plan))


def wild_prices(instance: Instance, seed: int) -> Prices:
    """Draw prices of what items share at random; none of anything else."""
    rng = np.random.default_rng(seed)
    rows, cells = np.zeros(len(instance.limits.words)), len(instance.problem.cell_item)
    shared = coupling_rows(instance.limits)
    rows[shared] = rng.exponential(1.0, len(shared)) * (rng.random(len(shared)) < 0.7)
    scenarios = instance.problem.need.shape[1]
    duals = -rng.exponential(0.3, scenarios) * (rng.random(scenarios) < 0.6)
    weights = prices_from_duals(
        instance.problem, instance.limits, [("outcome", s) for s in range(scenarios)], duals, 1.0,
        instance.risk.level,
    ).outcomes  # fmt: skip
    none = np.zeros(cells)
    return Prices(rows, np.zeros(len(rows)), none, none, weights, instance.risk.level)


def priced(instance: Instance, prices: Prices):
    """Price every item that can be, each in a group of its own."""
    problem, limits, line = (
        instance.problem,
        instance.limits,
        instance.params.plan.minimum_line_quantity,
    )
    pricing = pricing_problem_of(
        problem, limits, instance.risk, priced_items(problem, limits), line
    )
    every = np.arange(len(pricing.items))
    rows = prices.limits[coupling_rows(limits)]
    return pricing, solve_pricing(pricing, rows, prices.outcomes, every, every, len(every))


def laid_out(instance: Instance, pricing, quantity: np.ndarray) -> np.ndarray:
    """Units of all moves."""
    whole = np.zeros(len(instance.problem.moves.action))
    whole[pricing.moves] = quantity
    return whole
