"""A plan of the product held against the independent model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from foreship_optimize import DemandScenarios, OptimizeParams, make_plan
from foreship_optimize.params import EconomicsParams, ExitParams, PlanParams, RiskParams
from foreship_optimize.plan import Plan
from tests.optimize.independent.horizon import faults_of_prices
from tests.optimize.independent.market import Key, Market, Paths, Settings, read_market
from tests.optimize.independent.moves import Move
from tests.optimize.independent.networks import AS_OF, Network
from tests.optimize.independent.program import Best, Model, model_of

__all__ = [
    "Verdict",
    "faults_ahead",
    "judged",
    "market_for",
    "model_for",
    "params_of",
    "plan_for",
    "quantities",
]

NOISE = 1e-6


@dataclass
class Verdict:
    """What a plan and the model say of each other."""

    faults: list[str] = field(default_factory=list)
    objective: float = 0.0
    bound: float = 0.0
    own_cost: float = 0.0
    best: Best | None = None


def params_of(settings: Settings, weeks_ahead: int | None = None) -> OptimizeParams:
    """The same settings as the product takes them."""
    return OptimizeParams(
        economics=EconomicsParams(
            holding_rate_per_year=settings.holding_rate_per_year,
            lost_sale_share=settings.lost_sale_share,
            lost_sale_share_per_day=settings.lost_sale_share_per_day,
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
            minimum_line_gain=settings.minimum_line_gain,
            change_cost=settings.change_cost,
            gap=settings.gap,
            integer_program_units=settings.integer_program_units,
            weeks_ahead=weeks_ahead,
        ),
    )


def demand_by_day(demand: DemandScenarios) -> dict[Key, Paths]:
    """Demand of every day: how a week falls into days is an input, like the paths themselves."""
    rows = np.arange(len(demand.region))
    until = np.stack([demand.demand_until(rows, day) for day in range(demand.horizon_days + 1)])
    by_day = np.diff(until, axis=0)[:, :, demand.path_order]
    keys = zip(demand.region.tolist(), demand.item.tolist(), strict=True)
    return {key: by_day[:, row] for row, key in enumerate(keys)}


def market_for(network: Network, plan: Plan | None = None) -> Market:
    """Read a network anew, with the prices that a plan tells of later weeks."""
    demand = DemandScenarios.from_frame(network.demand, AS_OF)
    market = read_market(network.tables, demand_by_day(demand), AS_OF, network.settings)
    told = {} if plan is None else prices_told(plan, network.settings.review_weeks)
    return replace(market, ahead=told)


def model_for(network: Network, plan: Plan | None = None) -> Model:
    """The independent model of a network, at the prices that a plan tells of later weeks."""
    return model_of(market_for(network, plan))


def prices_told(plan: Plan, review_weeks: int) -> dict[tuple[str, int], float]:
    """What later plans pay for scarce limits: (limit, plan)."""
    rows = plan.summary.get("ahead", {}).get("prices", [])
    every = 7 * review_weeks
    return {
        (row["limit"], (pd.Timestamp(row["week"]) - AS_OF).days // every): row["price"]
        for row in rows
    }


def planned(network: Network, weeks_ahead: int | None = None) -> Plan:
    """The product's plan of a network, looking as many weeks ahead."""
    demand = DemandScenarios.from_frame(network.demand, AS_OF)
    params = params_of(network.settings, weeks_ahead)
    return make_plan(network.tables, demand, AS_OF, params)


def tells_apart(network: Network, plan: Plan) -> bool:
    """Whether a plan says of which row it tells a price: not where several join the same places."""
    rows = network.tables["lanes"].value_counts(["origin", "destination"])
    several = {f"lane {a} -> {b}" for (a, b), count in rows.items() if count > 1}
    return not several & {limit for limit, _ in prices_told(plan, network.settings.review_weeks)}


def plan_for(network: Network) -> Plan:
    """The product's plan; where its prices of later weeks are not told apart, it looks at none."""
    plan = planned(network)
    return plan if tells_apart(network, plan) else planned(network, weeks_ahead=0)


def judged(network: Network, plan: Plan | None = None) -> Verdict:
    """Compare a plan, else the product's, with the model: money, limits, bound and optimum."""
    plan = plan or planned(network)
    faults = faults_ahead(network, plan)
    if not tells_apart(network, plan):
        plan = planned(network, weeks_ahead=0)
    model = model_for(network, plan)
    summary = plan.summary
    verdict = Verdict(faults, objective=summary["objective"], bound=summary["bound"])
    quantity = quantities(model, plan.lines, verdict.faults)
    if verdict.faults:
        return verdict
    size = NOISE * max(1.0, abs(verdict.objective))
    verdict.own_cost = model.cost(quantity)
    if abs(verdict.own_cost - verdict.objective) > size:
        verdict.faults.append(f"worth: model {verdict.own_cost:.6f}, plan {verdict.objective:.6f}")
    verdict.best = model.best()
    if (verdict.best is None) != bool(summary["relaxed"]):
        verdict.faults.append(f"model's best {verdict.best}, gave way: {summary['relaxed']}")
    if verdict.best is not None and not summary["relaxed"]:
        verdict.faults += [f"limit: {words}" for words in model.broken(quantity)]
        verdict.faults += list(_against_best(verdict, verdict.best, summary["gap"], size))
    return verdict


def _against_best(verdict: Verdict, best: Best, gap: float, size: float) -> Iterator[str]:
    """Say where bound or objective contradict the model's best plan."""
    if verdict.bound > best.cost + size:
        yield f"bound {verdict.bound:.6f} is above the optimum {best.cost:.6f}"
    if verdict.objective > best.cost + gap * max(1.0, abs(verdict.bound)) + size:
        yield f"objective {verdict.objective:.6f}, optimum {best.cost:.6f}, gap {gap:.2e}"
    if verdict.own_cost < best.bound - 10.0 * size:
        yield f"the plan costs {verdict.own_cost:.6f}, the model's bound is {best.bound:.6f}"


def faults_ahead(network: Network, plan: Plan) -> list[str]:
    """Say what is wrong with what the plan tells of later weeks, by the model's own program."""
    market = market_for(network, plan)
    objective = plan.summary.get("ahead", {}).get("objective")
    return faults_of_prices(market, market.ahead if tells_apart(network, plan) else None, objective)


def quantities(model: Model, lines: pd.DataFrame, faults: list[str]) -> list[int]:
    """Units of each move of the model in the lines of a plan; lines that are no move are faults.

    The cost of a line holds its share of vehicles where these cost anything; elsewhere it tells
    moves apart.
    """
    quantity = [0] * len(model.moves)
    for line in lines.to_dict("records"):
        found = [i for i, move in enumerate(model.moves) if _is_line(move, line)]
        if len(found) == 1:
            quantity[found[0]] += int(line["quantity"])
        else:
            faults.append(f"{len(found)} moves are the line {line}")
    return quantity


def _is_line(move: Move, line: Mapping[Any, Any]) -> bool:
    """Whether a line of a plan is a move of the model."""
    ends = move.origin, move.destination, move.item
    name = "" if move.from_hub else line["exit"]
    lead = (line["arrival_date"] - AS_OF).days
    leaves = (line["ship_date"] - AS_OF).days
    more = line["cost"] / line["quantity"] - move.cost
    lane = move.lane
    charged = lane is not None and (lane.vehicle_cost > 0.0 or lane.line_cost > 0.0)
    return (
        ends == (line["origin"], line["destination"] or "", line["item"])
        and move.exit == name
        and (lane is None or (move.lead, lane.offset) == (lead, leaves))
        and (more > -NOISE if charged else abs(more) < NOISE)
    )
