"""The restricted master: the cheapest convex combination of the plans found so far (equation 15).

Written once by the kinds of rows of `formulation`, then grown in place on its HiGHS model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.decomposition.carried import CarriedPart
from foreship_optimize.decomposition.pricing import PricedPlans
from foreship_optimize.params import PlanParams
from foreship_optimize.program import formulation as rows
from foreship_optimize.program.bound import Prices, prices_from_duals
from foreship_optimize.program.formulation import Model, linear, loss_of_lots
from foreship_optimize.program.instance import worth_on_hand
from foreship_optimize.program.solver import IncrementalProgram, Outcome
from foreship_optimize.program.unit_groups.tiers import Lots, Tiers, lots_of, tiers_of
from foreship_optimize.risk import mean_of_worst

__all__ = ["MasterSolution", "RestrictedMaster"]

NOISE = 1e-12
"""weight of a plan below which it is not used"""
UNSEEN = 1e-7
"""relative excess over the risk budget below which no further outcome gets a row"""
WORTH_ADDING = 1e-9
"""least gain of a column at the master's own prices, relative to its cost"""


@dataclass(frozen=True)
class MasterSolution:
    """The master's answer: the weights of the plans, the carried variables and the duals."""

    cost: float
    """of a plan that keeps every limit, in the problem's own money"""
    weight: Floats
    """of each call's plan in each group, (calls, groups)"""
    columns: Floats
    """values of the carried items' variables"""
    prices: Prices | None
    """of the carried part and the shared limits; None unless solved to the end"""
    outcome: Outcome


def restricted_master_model(
    part: CarriedPart, tiers: Tiers, *, money: float, groups: int, outcomes: Ints | None = None
) -> Model:
    """Write the restricted master without any plan in it yet (equation 15).

    Parameters
    ----------
    money
        Scale of its money.
    groups
        Number of groups of priced items; the weights of a group's plans sum to at most one.
    outcomes
        Outcomes whose rows are written; all if left out.
    """
    problem, limits, risk = part.problem, part.limits, part.risk
    model = rows.blank(problem, money)
    model.nothing = model.program.add_variable("Z00000000", 0, 0)  # first by name and by insertion
    rows.quantities(model, problem, integer=False, fixed=None)
    rows.units_by_day(model, problem, tiers)
    rows.balance_of_a_cell(model, problem, tiers)
    worst = []
    if risk.budget is not None:
        worst = rows.worst_outcomes(model, problem, tiers, risk, only=outcomes)
    rows.least_cost(model, problem, tiers)
    rows.hold_limits(model, limits)
    if risk.budget is not None:
        rows.risk_budget(model, worst, risk.budget)
    for group in range(groups):
        model.add(linear([(model.nothing, 1.0)]) <= 1, 1, "group", group, f"plan of group {group}")
    return model


class RestrictedMaster:
    """The restricted master of one search: its columns are plans of groups of items.

    Rows of outcomes are dense in the carried variables, and few outcomes are ever among the worst.
    With carried items, an outcome therefore gets its row once it is among the worst of a
    combination that exceeds the risk budget.
    """

    def __init__(
        self, part: CarriedPart, params: PlanParams, *, money: float, groups: int, time_limit: float
    ) -> None:
        risky = part.risk.budget is not None
        tiers = tiers_of(part.problem, None, params.minimum_line_quantity, risky=risky)
        self._part, self._money, self._groups = part, money, groups
        self._lots = lots_of(part.problem, tiers) if risky and len(part.moves) else None
        first = None if self._lots is None else np.zeros(0, dtype=np.int64)
        self.model = restricted_master_model(
            part, tiers, money=money, groups=groups, outcomes=first
        )
        self._kinds = list(self.model.rows.values())
        self._program = IncrementalProgram(
            self.model.program, time_limit=time_limit, threads=params.threads, seed=params.seed
        )
        self._losses: list[Floats] = []
        self._row = self._rows_of_a_column()
        self._call: list[int] = []
        self._group: list[int] = []
        self._duals: Floats | None = None
        self.calls = 0

    def _rows_of_a_column(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Rows a column may have entries in: its group's, and shared limits and outcomes."""
        place = {kind: row for row, kind in enumerate(self._kinds)}
        group = [place["group", each] for each in range(self._groups)]
        shared = [place.get((rows.AT_MOST, each), -1) for each in self._part.coupling.tolist()]
        limited = self._part.risk.budget is not None
        outcomes = range(self._part.problem.need.shape[1] if limited else 0)
        rest = np.array(
            shared + [place.get(("outcome", each), -1) for each in outcomes], dtype=np.int64
        )
        known = np.flatnonzero(rest >= 0)
        return np.array(group, dtype=np.int64), rest[known], known, np.arange(self._groups)

    def add(self, answer: PricedPlans) -> int:
        """Add each group's plan as a column if its reduced cost is below 0; count the added."""
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
            self._program.add(
                answer.cost[mine], start, np.concatenate(places), np.concatenate(values)
            )
        if self._lots is not None:
            self._losses.append(answer.loss[mine])
        self._call += [self.calls] * len(mine)
        self._group += mine.tolist()
        self.calls += 1
        return len(mine)

    def solve(self, time_limit: float) -> MasterSolution:
        """Find the cheapest combination; infinite cost if time ended before there was one."""
        outcome = self._solved_with_outcomes(time_limit)
        if not outcome.has_solution or outcome.objective is None:
            return MasterSolution(np.inf, np.zeros((0, 0)), np.zeros(0), None, outcome)
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
        return MasterSolution(cost, weight, outcome.columns[1:own], prices, outcome)

    def _solved_with_outcomes(self, time_limit: float) -> Outcome:
        """Solve, adding rows of outcomes until all outcomes keep the risk budget."""
        outcome = self._checked(self._program.solve(time_limit))
        spent = outcome.seconds
        while self._lots is not None and outcome.has_solution:
            missing = self._missing_outcomes(outcome.columns)
            if not len(missing):
                break
            if outcome.termination != "optimal" or spent >= time_limit:
                return replace(outcome, has_solution=False, termination="time limit")
            self._add_outcome_rows(missing)
            outcome = self._checked(self._program.solve(time_limit - spent))
            spent += outcome.seconds
        return outcome

    def _checked(self, outcome: Outcome) -> Outcome:
        """Accept a point or duals only with a finite number for every column or row."""
        size = 1 + len(self.model.variables) + len(self._call)
        if len(outcome.columns) != size or not np.isfinite(outcome.columns).all():
            return replace(outcome, has_solution=False, duals=None)
        duals = outcome.duals
        if duals is not None and (len(duals) != len(self._kinds) or not np.isfinite(duals).all()):
            return replace(outcome, duals=None)
        return outcome

    def _missing_outcomes(self, columns: Floats) -> Ints:
        """Worst outcomes without a row, where a combination exceeds the risk budget."""
        losses, risk = self._losses_of(columns), self._part.risk
        assert risk.budget is not None
        most = risk.budget * self._money
        if mean_of_worst(losses, risk.level) <= most + UNSEEN * max(1.0, most):
            return np.zeros(0, dtype=np.int64)
        count = int(np.ceil((1.0 - risk.level) * len(losses) - UNSEEN))
        worst = np.argsort(-losses, kind="stable")[: max(1, count)]
        written = [index for family, index in self._kinds if family == "outcome"]
        return np.setdiff1d(worst, written)

    def _losses_of(self, columns: Floats) -> Floats:
        """Loss of every outcome in a combination, in scaled money."""
        problem, lots = self._part.problem, self._lots
        assert lots is not None
        place, dearer = self._places_of_loss()
        held = np.flatnonzero(columns[place] > 0)
        some = Lots(*(getattr(lots, name)[held] for name in Lots.__dataclass_fields__))
        every = np.arange(problem.need.shape[1])
        loss = columns[place[held]] @ loss_of_lots(problem, some, every) * self._money
        loss += float(columns[1 : 1 + len(dearer)] @ dearer)
        if self._losses:
            loss += columns[1 + len(self.model.variables) :] @ np.concatenate(self._losses)
        return np.asarray(loss)

    def _add_outcome_rows(self, outcomes: Ints) -> None:
        """Add the rows of outcomes, with entries in all columns so far (equation 9)."""
        own, count = 1 + len(self.model.variables), self._part.problem.need.shape[1]
        place, dearer = self._places_of_loss()
        assert self._lots is not None
        loss = loss_of_lots(self._part.problem, self._lots, outcomes) * self._money
        mixed = np.concatenate([np.zeros((0, count)), *self._losses])[:, outcomes]
        threshold = own - 1 - count
        for at, each in enumerate(outcomes.tolist()):
            value = np.zeros(own + len(mixed))
            value[1 : 1 + len(dearer)] = dearer
            np.add.at(value, place, loss[:, at])
            value[threshold], value[threshold + 1 + each] = -1.0, -1.0
            value[own:] = mixed[:, at]
            held = np.flatnonzero(value)
            self._program.add_row(0.0, held, value[held])
            self._kinds.append(("outcome", each))
        self._row = self._rows_of_a_column()

    def _places_of_loss(self) -> tuple[Ints, Floats]:
        """Column of each lot, and the loss that a step of each carried move adds to all."""
        assert self._lots is not None
        moves, staged = len(self.model.moves), len(self.model.kept) + len(self.model.early)
        apart = np.cumsum(self._lots.tier < 0) - 1
        place = np.where(self._lots.tier >= 0, self._lots.tier, staged + apart) + 1 + moves
        return place, self._part.risk.dearer * self.model.packs * self._money

    @property
    def size(self) -> dict[str, int]:
        """Rows and columns that the master has grown to."""
        return {"rows": len(self._kinds), "columns": len(self.model.variables) + len(self._call)}
