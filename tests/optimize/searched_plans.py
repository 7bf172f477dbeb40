"""A priced instance and a plan of it, as the local search reads and changes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_optimize.decomposition.carried import carry_items
from foreship_optimize.decomposition.price_search import no_prices
from foreship_optimize.decomposition.pricing import (
    PricingProblem,
    priced_items,
    pricing_problem_of,
)
from foreship_optimize.program.instance import Instance
from foreship_optimize.whole_units.local_search_state import (
    SearchState,
    StepData,
    search_state_of,
    step_data_of,
)


@dataclass
class Searched:
    """What a local search starts from."""

    pricing: PricingProblem
    steps: StepData
    state: SearchState


def searched(instance: Instance, quantity: list[int]) -> Searched:
    """Start from units of every move, with no limit and no outcome priced."""
    problem, line = instance.problem, instance.params.plan.minimum_line_quantity
    mine = priced_items(problem, instance.limits)
    pricing = pricing_problem_of(problem, instance.limits, instance.risk, mine, line)
    whole = carry_items(problem, instance.limits, instance.risk, np.ones(len(mine), dtype=bool))
    steps = step_data_of(instance, pricing, no_prices(whole))
    return Searched(pricing, steps, search_state_of(instance, pricing, steps, np.array(quantity)))
