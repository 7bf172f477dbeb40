"""Markets of many items drawn at random: ships only, or redirects and exits too; as tasks."""

from __future__ import annotations

import numpy as np

from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.program.instance import Instance
from foreship_optimize.program.presolve import reduce
from foreship_optimize.risk import risk_of
from tests.optimize.program_builder import Draft


def market(seed: int, *, items: int = 5, regions: int = 4, scenarios: int = 6) -> Draft:
    """Draw a network of ships only: scarce stock at up to three hubs, packs, storage, lanes."""
    rng = np.random.default_rng(seed)
    draft = Draft()
    hubs = 1 + int(rng.integers(3))
    for item in range(items):
        draft.item(f"I{item}", float(rng.choice([0.5, 1, 2])), int(rng.choice([1, 1, 2])))
        for hub in range(hubs):
            draft.stock[f"H{hub}", f"I{item}"] = int(rng.integers(0, 6))
    for region in range(regions):
        for item in range(items):
            values = np.sort(rng.uniform(0, 9, int(rng.integers(1, 6))))[::-1].tolist()
            need = rng.integers(0, 4, scenarios).tolist()
            draft.cell(f"R{region}", f"I{item}", values, need=need, loss=float(rng.uniform(1, 3)))
            for hub in range(hubs):
                if rng.random() < 0.85:
                    draft.ship(f"H{hub}", f"R{region}", f"I{item}", float(rng.uniform(0, 4)))
        draft.storage[f"R{region}"] = float(rng.integers(2, 9))
    for hub in range(hubs):
        draft.lanes[f"H{hub}", "R0"] = float(rng.integers(1, 5))
    draft.lock("cap", lambda a, o, d, i: i == "I0", at_most=4.0)
    return draft


def instance_of(draft: Draft, params: OptimizeParams) -> Instance:
    """Leave out what cannot pay and collect the limits, as the recipe does."""
    whole = draft.problem()
    reduced = reduce(whole, params.plan)
    risk = risk_of(whole, params.risk).of(reduced.moves)
    return Instance(reduced.problem, limits_of(reduced.problem), params, risk)


def overstocked(seed: int, draft: Draft, share: float = 0.3) -> Draft:
    """Put units on hand into some cells, with a redirect out of each and an exit."""
    rng = np.random.default_rng([seed, 1])
    regions = sorted({region for region, _ in draft.cells})
    for item in sorted({item for _, item in draft.cells}):
        if rng.random() > share:
            continue
        region = regions[int(rng.integers(len(regions)))]
        other = regions[int(rng.integers(len(regions)))]
        cell = draft.cells[region, item]
        lies = np.sort(rng.uniform(-2, 2, int(rng.integers(2, 5))))[::-1]
        cell["values"] = [*(10.0 + lies), *cell["values"]]
        cell["values"] = [*sorted(cell["values"], reverse=True)]
        cell["on_hand"], cell["p"] = len(lies), [0.5] * len(cell["values"])
        if other != region:
            draft.move("redirect", region, other, item, float(rng.uniform(0, 2)))
        draft.move("give_away", region, "", item, 0.5)
    return draft


def mixed(
    seed: int, *, budget: float | None = 60.0, line: int = 2, locked: bool = False
) -> Instance:
    """Draw priced and carried items together, with locks and both budgets if asked."""
    draft = market(seed, items=120, regions=6)
    draft.locks = []
    overstocked(seed, draft)
    if locked:
        draft.lock("few", lambda a, o, d, i: i.endswith("3"), at_most=12.0)
        draft.lock("enough", lambda a, o, d, i: i == "I7" and a == "ship", at_least=2.0)
        draft.freight_budget, draft.stock_value_budget = 90.0, 120.0
    params = OptimizeParams(
        risk=RiskParams(level=0.7, budget=budget),
        plan=PlanParams(gap=1e-4, decomposition_items=1, minimum_line_quantity=line),
    )
    return instance_of(draft, params)


def with_redirects(seed: int, budget: float) -> Instance:
    """Draw a small market with carried items, packs and lines, solved to the end."""
    draft = overstocked(seed, market(seed, items=25, regions=5))
    params = OptimizeParams(
        risk=RiskParams(level=0.5, budget=budget),
        plan=PlanParams(gap=0.0, minimum_line_quantity=2, maximum_blocks=100),
    )
    return instance_of(draft, params)


def unlocked(
    seed: int, *, budget: float | None = 60.0, line: int = 1, items: int = 150
) -> Instance:
    """Draw a market without locks, so that all of its items can be priced."""
    draft = market(seed, items=items, regions=6)
    draft.locks = []
    params = OptimizeParams(
        risk=RiskParams(level=0.7, budget=budget),
        plan=PlanParams(gap=1e-4, decomposition_items=1, minimum_line_quantity=line),
    )
    return instance_of(draft, params)


def large(seed: int = 0, **plan) -> Instance:
    """Enough items for groups of several, a gap that is not nought."""
    params = OptimizeParams(
        risk=RiskParams(level=0.8, budget=60.0),
        plan=PlanParams(**{"gap": 1e-3, "decomposition_items": 1, **plan}),
    )
    return instance_of(market(seed, items=200, regions=6), params)
