"""A plan that something is asked of, held against the independent model."""

from __future__ import annotations

from collections.abc import Iterator

from foreship_optimize.plan import Plan
from tests.optimize.independent.asking import AskedModel, asked_model
from tests.optimize.independent.judged import market_for, plan_for, quantities
from tests.optimize.independent.networks import AS_OF, Network

__all__ = ["faults_of_asked"]

NOISE = 1e-6


def faults_of_asked(network: Network, plan: Plan | None = None) -> list[str]:
    """Compare a plan, else the product's, with the model: money, what lacks, charges, optimum."""
    plan = plan_for(network) if plan is None else plan
    asked = asked_model(market_for(network, plan), network.tables, AS_OF)
    faults: list[str] = []
    quantity = quantities(asked.model, plan.lines, faults)
    return faults or list(_faults(asked, plan, quantity))


def _faults(asked: AskedModel, plan: Plan, quantity: list[int]) -> Iterator[str]:
    summary = plan.summary
    objective, bound = summary["objective"], summary["bound"]
    size = NOISE * max(1.0, abs(objective))
    cost = asked.model.cost(quantity)
    if abs(cost - objective) > size:
        yield f"worth: model {cost:.6f}, plan {objective:.6f}"
    lines, changes = asked.charged(quantity)
    told = summary.get("asked", {"minimum_line_gain": 0.0, "changes": 0.0})
    if abs(told["minimum_line_gain"] - lines) > NOISE or abs(told["changes"] - changes) > NOISE:
        yield f"charges: model {lines} and {changes}, plan {told}"
    lacking = asked.lacking(quantity)
    unmet = sum(each["wanted"] - each["reached"] for each in summary.get("unmet", ()))
    if unmet != sum(lacking.values()):
        yield f"lacking: model {lacking}, plan {summary.get('unmet')}"
    yield from asked.above(quantity)
    best = asked.best(lacking)
    if (best is None) != bool(summary["relaxed"]):
        yield f"model's best {best}, gave way: {summary['relaxed']}"
    if best is None or summary["relaxed"]:
        return
    yield from asked.model.broken(quantity)
    least = asked.best(lacking, least=True)
    assert least is not None
    fewest = asked.lacking(least.quantity)
    if sum(fewest.values()) < sum(lacking.values()):
        yield f"lacking {lacking}, {fewest} is possible"
    steered = lines + changes
    theirs = best.cost + sum(asked.charged(best.quantity))
    if bound + steered > theirs + size:
        yield f"bound {bound:.6f} and {steered:.6f} are above the optimum {theirs:.6f}"
    if objective + steered > theirs + summary["gap"] * max(1.0, abs(bound)) + size:
        yield f"objective {objective:.6f} and {steered:.6f}, optimum {theirs:.6f}"
