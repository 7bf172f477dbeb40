"""A plan of the product held against the independent model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from foreship_optimize import DemandScenarios, OptimizeParams, make_plan
from foreship_optimize.params import EconomicsParams, ExitParams, PlanParams, RiskParams
from foreship_optimize.plan import Plan
from tests.optimize.independent.market import Key, Paths, Settings, read_market
from tests.optimize.independent.moves import Move
from tests.optimize.independent.networks import AS_OF, Network
from tests.optimize.independent.program import Best, Model, model_of

__all__ = ["Verdict", "judged", "model_for", "params_of", "plan_for"]


@dataclass
class Verdict:
    """What a plan and the model say of each other."""

    faults: list[str] = field(default_factory=list)
    objective: float = 0.0
    bound: float = 0.0
    own_cost: float = 0.0
    best: Best | None = None


def params_of(settings: Settings) -> OptimizeParams:
    """The same settings as the product takes them."""
    return OptimizeParams(
        economics=EconomicsParams(
            holding_rate_per_year=settings.holding_rate_per_year,
            lost_sale_share=settings.lost_sale_share,
            obsolescence_per_year=settings.obsolescence_per_year,
        ),
        exits=ExitParams(
            allowed=settings.allowed,
            markdown_share=settings.markdown_share,
            return_handling=settings.return_handling,
            redirect_handling=settings.redirect_handling,
            recovery_share=settings.recovery_share,
        ),
        risk=RiskParams(
            level=settings.risk_level,
            budget=settings.risk_budget,
            horizon_weeks=settings.risk_horizon_weeks,
        ),
        plan=PlanParams(
            review_weeks=settings.review_weeks,
            hub_refill_weeks=settings.hub_refill_weeks,
            minimum_line_quantity=settings.minimum_line_quantity,
            freight_budget=settings.freight_budget,
            stock_value_budget=settings.stock_value_budget,
            gap=settings.gap,
            integer_program_units=settings.integer_program_units,
        ),
    )


def demand_by_day(demand: DemandScenarios) -> dict[Key, Paths]:
    """Demand of every day: how a week falls into days is an input, like the paths themselves."""
    rows = np.arange(len(demand.region))
    until = np.stack([demand.demand_until(rows, day) for day in range(demand.horizon_days + 1)])
    by_day = np.diff(until, axis=0)
    keys = zip(demand.region.tolist(), demand.item.tolist(), strict=True)
    return {key: by_day[:, row] for row, key in enumerate(keys)}


def model_for(network: Network) -> Model:
    """The independent model of a network."""
    demand = DemandScenarios.from_frame(network.demand, AS_OF)
    return model_of(
        read_market(network.tables, demand_by_day(demand), AS_OF, network.settings)
    )


def plan_for(network: Network) -> Plan:
    """The product's plan of a network."""
    demand = DemandScenarios.from_frame(network.demand, AS_OF)
    return make_plan(network.tables, demand, AS_OF, params_of(network.settings))


def judged(network: Network) -> Verdict:
    """Compare the product's plan with the model: money, limits, bound and optimum."""
    plan, model = plan_for(network), model_for(network)
    summary = plan.summary
    verdict = Verdict(objective=summary["objective"], bound=summary["bound"])
    quantity = [0] * len(model.moves)
    for line in plan.lines.to_dict("records"):
        found = [i for i, move in enumerate(model.moves) if _is_line(move, line)]
        if len(found) != 1:
            verdict.faults.append(f"{len(found)} moves are the line {line}")
            return verdict
        quantity[found[0]] += int(line["quantity"])
    size = max(1.0, abs(verdict.objective))
    verdict.own_cost = model.cost(quantity)
    if abs(verdict.own_cost - verdict.objective) > 1e-6 * size:
        verdict.faults.append(f"worth: model {verdict.own_cost:.6f}, plan {verdict.objective:.6f}")
    verdict.best = best = model.best()
    relaxed = bool(summary["relaxed"])
    if best is None and not relaxed:
        verdict.faults.append("no plan keeps the limits, and nothing gave way")
    if best is not None and relaxed:
        verdict.faults.append(f"a plan keeps the limits, yet {summary['relaxed']} gave way")
    if best is None or relaxed:
        return verdict
    verdict.faults += [f"limit: {words}" for words in model.broken(quantity)]
    if verdict.bound > best.cost + 1e-6 * size:
        verdict.faults.append(f"bound {verdict.bound:.6f} is above the optimum {best.cost:.6f}")
    allowed = summary["gap"] * max(1.0, abs(verdict.bound)) + 1e-6 * size
    if verdict.objective > best.cost + allowed:
        verdict.faults.append(
            f"objective {verdict.objective:.6f}, optimum {best.cost:.6f}, gap {summary['gap']:.2e}"
        )
    if verdict.own_cost < best.bound - 1e-5 * size:
        verdict.faults.append(f"model: plan {verdict.own_cost} below its bound {best.bound}")
    return verdict


def _is_line(move: Move, line: dict[str, object]) -> bool:
    """Whether a line of a plan is a move of the model."""
    lead = (pd.Timestamp(str(line["arrival_date"])) - AS_OF).days
    name = "" if move.from_hub else str(line["exit"])
    cost = float(str(line["cost"])) / float(str(line["quantity"]))
    return (
        (move.origin, move.destination, move.item) ==
        (line["origin"], line["destination"] or "", line["item"])
        and move.exit == name
        and (move.lane is None or move.lead == lead)
        and abs(move.cost - cost) < 1e-6
    )
