"""The restricted master: which mix of the plans found so far costs least (equation 15).

Written once by the families of `formulation`, then grown in place on its HiGHS model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimize import formulation as rows
from optimize.bound import Prices, prices_from_duals
from optimize.carried import Carried
from optimize.formulation import Model, linear
from optimize.params import PlanParams
from optimize.pricing import Answer
from optimize.problem import Floats, Ints
from optimize.solver import Growing, Outcome
from optimize.task import worth_on_hand
from optimize.tiers import Tiers, tiers_of

__all__ = ["Master", "Mix"]

NOISE = 1e-12
"""weight of a plan below which it is not used"""
WORTH_ADDING = 1e-9
"""least gain of a column at the master's own prices, relative to its cost"""


@dataclass(frozen=True)
class Mix:
    """The master's answer."""

    cost: float
    """of a plan that keeps every limit, in the problem's own money"""
    weight: Floats
    """of each call's plan in each group, (calls, groups)"""
    columns: Floats
    """the carried items' variables"""
    prices: Prices | None
    """of the carried part and the shared limits; None unless solved to the end"""
    outcome: Outcome


def restricted_master(part: Carried, tiers: Tiers, *, money: float, groups: int) -> Model:
    """Write the master down, no plan in it yet (equation 15).

    Parameters
    ----------
    money
        Scale of its money.
    groups
        How many groups of priced items choose among plans: a row each, at most one plan in all.
    """
    problem, limits, risk = part.problem, part.limits, part.risk
    model = rows.blank(problem, money)
    model.nothing = model.program.add_variable("Z00000000", 0, 0)  # first by name and by insertion
    rows.quantities(model, problem, integer=False, fixed=None)
    rows.units_by_day(model, problem, tiers)
    rows.balance_of_a_cell(model, problem, tiers)
    worst = rows.worst_outcomes(model, problem, tiers, risk) if risk.budget is not None else []
    rows.least_cost(model, problem, tiers)
    rows.hub_stock(model, limits)
    rows.stock_on_hand(model, limits)
    rows.region_storage(model, limits)
    rows.lane_capacity(model, limits)
    rows.spending(model, limits)
    rows.locks_and_exits(model, limits)
    if risk.budget is not None:
        rows.risk_budget(model, worst, risk.budget)
    for group in range(groups):
        model.add(linear([(model.nothing, 1.0)]) <= 1, 1, "group", group, f"plan of group {group}")
    return model


class Master:
    """Plans found so far, by call of the pricing and group of items."""

    def __init__(
        self, part: Carried, params: PlanParams, *, money: float, groups: int, time_limit: float
    ) -> None:
        risky = part.risk.budget is not None
        tiers = tiers_of(part.problem, None, params.minimum_line_quantity, risky=risky)
        self._part, self._money, self._groups = part, money, groups
        self.model = restricted_master(part, tiers, money=money, groups=groups)
        self._kinds = list(self.model.rows.values())
        self._growing = Growing(
            self.model.program, time_limit=time_limit, threads=params.threads, seed=params.seed
        )
        self._row = self._rows_of_a_column()
        self._call: list[int] = []
        self._group: list[int] = []
        self._duals: Floats | None = None
        self.calls = 0

    def _rows_of_a_column(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Row of each group, and of the shared limits and outcomes, with which of them have one."""
        place = {kind: row for row, kind in enumerate(self._kinds)}
        families = self._part.limits.family
        group = [place["group", each] for each in range(self._groups)]
        shared = [
            place.get((str(families[each]), each), -1) for each in self._part.coupling.tolist()
        ]
        limited = self._part.risk.budget is not None
        outcomes = range(self._part.problem.need.shape[1] if limited else 0)
        rest = np.array(shared + [place["outcome", each] for each in outcomes], dtype=np.int64)
        known = np.flatnonzero(rest >= 0)
        return np.array(group, dtype=np.int64), rest[known], known, np.arange(self._groups)

    def add(self, answer: Answer) -> int:
        """Add each group's plan as a column, unless it cannot better the last mix; count them."""
        group, rest, known, every = self._row
        amount = np.concatenate([answer.used, answer.loss], axis=1)[:, known]
        useful = (amount != 0).any(axis=1) | (answer.cost != 0)
        if self._duals is not None:
            reduced = answer.cost - amount @ self._duals[rest] - self._duals[group]
            useful &= reduced < -WORTH_ADDING * np.maximum(1.0, np.abs(answer.cost))
        mine = every[useful]
        places, values = [], []
        for each in mine.tolist():
            held = np.flatnonzero(amount[each])
            places.append(np.concatenate([group[each : each + 1], rest[held]]))
            values.append(np.concatenate([np.ones(1), amount[each][held]]))
        if len(mine):
            sizes = np.array([len(each) for each in places])
            start = np.cumsum(sizes) - sizes
            self._growing.add(
                answer.cost[mine], start, np.concatenate(places), np.concatenate(values)
            )
        self._call += [self.calls] * len(mine)
        self._group += mine.tolist()
        self.calls += 1
        return len(mine)

    def solve(self, time_limit: float) -> Mix:
        """Find the cheapest mix; of infinite cost if time ended before there was any."""
        outcome = self._growing.solve(time_limit)
        if not outcome.has_solution or outcome.objective is None:
            return Mix(np.inf, np.zeros((0, 0)), np.zeros(0), None, outcome)
        own = 1 + len(self.model.variables)
        weight = np.zeros((self.calls, self._groups))
        found = np.maximum(outcome.columns[own:], 0.0)
        weight[self._call, self._group] = np.where(found > NOISE, found, 0.0)
        prices = None
        if outcome.duals is not None:
            self._duals = outcome.duals
            part = self._part
            prices = prices_from_duals(
                part.problem, part.limits, self._kinds, outcome.duals, self._money, part.risk.level
            )
        cost = outcome.objective / self._money + worth_on_hand(self._part.problem)
        return Mix(cost, weight, outcome.columns[1:own], prices, outcome)

    @property
    def size(self) -> dict[str, int]:
        """Rows, columns and nonzeros the master has come to."""
        return {"rows": len(self._kinds), "columns": len(self.model.variables) + len(self._call)}
