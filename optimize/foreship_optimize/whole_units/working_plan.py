"""A plan in whole units under construction: what it uses, and what one step would change."""

from __future__ import annotations

from array import array
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.limits import Limits, added, cell_units, packs_of
from foreship_optimize.params import PlanParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import Prices
from foreship_optimize.program.departure_loads import item_lines
from foreship_optimize.program.formulation import GRID, money_scale
from foreship_optimize.program.unit_groups.tiers import line_minimum
from foreship_optimize.program.unit_groups.units_by_day import CellDays, cell_days_of
from foreship_optimize.risk import Risk, loss_of_outcomes

__all__ = ["RISK_ROW", "WORTH_IT", "WorkingPlan"]

WORTH_IT = 1e-7
"""least scaled money worth a step: below lies float noise"""
RISK_ROW = -1
"""stands for the risk budget where a row of limits is named"""


def _plain(values: npt.NDArray[Any]) -> array[Any]:
    """Copy numbers into an array that gives them as plain ones: whole, or with a fraction."""
    kind, number = ("d", np.float64) if values.dtype.kind == "f" else ("q", np.int64)
    return array(kind, np.ascontiguousarray(values, dtype=number).tobytes())


class WorkingPlan:
    """A plan in whole units under construction, and what it uses of every limit.

    It keeps Python's own arrays, on which single steps are several times faster than on NumPy's,
    and which take a quarter of what lists do. `lost` is what items outside the plan lose in each
    outcome.
    """

    def __init__(
        self,
        problem: ShippingProblem,
        limits: Limits,
        params: PlanParams,
        risk: Risk,
        prices: Prices | None = None,
        lost: Floats | None = None,
    ) -> None:
        moves, table = problem.moves, cell_units(problem)
        scale = money_scale(problem)
        self.problem, self.limits, self.risk, self.scale = problem, limits, risk, scale
        self.pack_array = packs_of(problem)
        self.pack: array[int] = _plain(self.pack_array)
        self.line = np.where(moves.from_hub, params.minimum_line_quantity, 1)
        self.least: array[int] = _plain(line_minimum(problem, params.minimum_line_quantity))
        self.cost: array[float] = _plain(np.round((moves.charged + moves.lateness) * scale, GRID))
        self.into: array[int] = _plain(moves.destination_cell)
        self.outof: array[int] = _plain(moves.origin_cell)
        self.value: array[float] = _plain(np.round(problem.units.value * scale, GRID))
        self.first: array[int] = _plain(table.start)
        self.count: array[int] = _plain(table.count)
        self.lies = table.on_hand
        self._lay_out_cell_days(cell_days_of(problem))
        self._lay_out_lines()
        order = np.argsort(limits.move, kind="stable")
        edges = np.searchsorted(limits.move[order], np.arange(len(moves.action) + 1))
        self.edges: array[int] = _plain(edges)
        self.row: array[int] = _plain(limits.row[order])
        self.weight: array[float] = _plain(limits.coefficient[order])
        self.most: array[float] = _plain(limits.at_most + limits.tolerance())
        self.fewest: array[float] = _plain(limits.at_least - limits.tolerance())
        of_rows = np.zeros(len(limits.words)) if prices is None else prices.limits
        priced = added(
            limits.move, limits.coefficient * of_rows[limits.row] * scale, len(moves.action)
        )
        self.priced: array[float] = _plain(np.round(priced, GRID))
        nothing = np.zeros(problem.need.shape[1])
        self.lost: Floats = nothing if lost is None else lost
        self.outcome_price: Floats = nothing if prices is None else prices.outcomes * scale
        self.extra: array[float] = _plain(risk.dearer)
        self._by_row: tuple[Ints, Ints] | None = None
        self.hold(np.zeros(len(moves.action), dtype=np.int64))
        self.start(np.zeros(len(moves.action), dtype=np.int64))

    def hold(self, quantity: Ints) -> None:
        """Let steps down leave at least these units of each move, shape (M,)."""
        self.held: array[int] = _plain(quantity)

    def _lay_out_cell_days(self, cell_days: CellDays) -> None:
        """Write down the cumulative worth of the units of each cell-day, and each cell's days."""
        self.cell_day: array[int] = _plain(cell_days.of_move)
        self.inside: array[int] = _plain(cell_days.inside)
        edges = np.searchsorted(cell_days.cell, np.arange(len(self.inside) + 1))
        self.cell_days: array[int] = _plain(edges)
        worth = _plain(np.round(cell_days.worth * self.scale, GRID))
        self.sums: array[float] = array("d")
        self.sums_at: array[int] = array("q")
        for start, stop in pairwise(cell_days.start.tolist()):
            self.sums_at.append(len(self.sums))
            self.sums.append(0.0)
            self.sums.extend(accumulate(worth[start:stop]))

    def _lay_out_lines(self) -> None:
        """Write down which item line each move belongs to, and what a line costs once started."""
        line, problem = item_lines(self.problem), self.problem
        self.line_of: array[int] = _plain(line)
        money = np.zeros(int(line.max(initial=-1)) + 1)
        paid = np.flatnonzero(line >= 0)
        money[line[paid]] = (
            problem.departures.line_cost[problem.moves.lane[paid]] if len(paid) else 0
        )
        self.line_money: array[float] = _plain(money)
        if len(paid):
            money[line[paid]] = problem.departures.line_spent[problem.moves.lane[paid]]
        self.line_spent: array[float] = _plain(money)
        rows = np.flatnonzero(self.limits.words == "freight budget")
        self.freight_row = int(rows[0]) if len(rows) and len(money) else None

    def line_charge(self, move: int, units: int) -> float:
        """Money of the item line that `units` more of a move start, below 0 where they end it."""
        line = self.line_of[move]
        return self.line_money[line] * self._lines_started(line, units) if line >= 0 else 0.0

    def line_spends(self, move: int, units: int) -> float:
        """Part of it that the freight budget pays, what is asked aside."""
        line = self.line_of[move]
        return self.line_spent[line] * self._lines_started(line, units) if line >= 0 else 0.0

    def _lines_started(self, line: int, units: int) -> int:
        after = self.line_units[line] + units
        return int(after > 0) - int(self.line_units[line] > 0)

    def ways_by_day(self) -> dict[int, list[int]]:
        """List the moves into each cell counted by day."""
        ways: dict[int, list[int]] = {}
        for move, cell_day in enumerate(self.cell_day):
            if cell_day >= 0:
                ways.setdefault(self.into[move], []).append(move)
        return ways

    def start(self, steps: Ints) -> None:
        """Start from `steps` packs of each move; lines below their minimum are left out."""
        quantity = steps * self.pack_array
        started = quantity >= np.array(self.least, dtype=np.int64)
        self.restore(np.maximum(np.where(started, quantity, 0), self.held))

    def restore(self, quantity: Ints) -> None:
        """Start from the units of each move as given."""
        moves = self.problem.moves
        cells = len(self.problem.cell_item)
        into, outof = moves.destination_cell >= 0, moves.origin_cell >= 0
        come = np.bincount(moves.destination_cell[into], quantity[into], cells).astype(np.int64)
        leave = np.bincount(moves.origin_cell[outof], quantity[outof], cells).astype(np.int64)
        self.quantity: array[int] = _plain(quantity)
        self.there: array[int] = _plain(self.lies + come - leave)
        self.come: array[int] = _plain(come)
        self.come_by_day: list[int] = [0] * len(self.sums_at)
        for move in np.flatnonzero(quantity).tolist():
            if self.cell_day[move] >= 0:
                self.come_by_day[self.cell_day[move]] += self.quantity[move]
        self.used: array[float] = _plain(self.limits.use(quantity))
        self.line_units: list[int] = [0] * len(self.line_money)
        if self.line_money:
            for move in np.flatnonzero(quantity).tolist():
                self._start_lines(move, self.quantity[move])
        self.loss = self.lost + loss_of_outcomes(self.problem, self.risk, quantity)

    def _start_lines(self, move: int, units: int) -> None:
        """Count `units` more of a move in its item line, and what that costs in the budget."""
        if self.line_of[move] >= 0:
            if self.freight_row is not None:
                self.used[self.freight_row] += self.line_spends(move, units)
            self.line_units[self.line_of[move]] += units

    def step(self, move: int) -> int:
        """Units of the next step up: a pack, or the minimum line to start one.

        An item line that has to be paid is started with as many as it takes to pay it.
        """
        step = self.pack[move] if self.quantity[move] else self.least[move]
        if self.line_of[move] < 0 or self.line_units[self.line_of[move]] > 0:
            return step
        last = more = self.gain(move, step)
        while -np.inf < more <= WORTH_IT and (more >= last or step == self.least[move]):
            last, step = more, step + self.pack[move]
            more = self.gain(move, step)
        return step if more > WORTH_IT else self.least[move]

    def gain(self, move: int, units: int) -> float:
        """Scaled money gained by `units` more (fewer, if negative) of a move; -inf if no room."""
        total = -units * self.cost[move] - self.line_charge(move, units) * self.scale
        for cell, change in ((self.into[move], units), (self.outof[move], -units)):
            if cell < 0:
                continue
            before, after = self.there[cell], self.there[cell] + change
            if after < 0 or after > self.count[cell]:
                return -np.inf
            base = self.first[cell]
            if self.inside[cell]:
                total += self.gain_by_day(
                    cell, self.cell_day[move] if change == units else -1, change
                )
            elif change > 0:
                total += sum(self.value[base + before : base + after])
            else:
                total -= sum(self.value[base + after : base + before])
        return total

    def gain_by_day(self, cell: int, cell_day: int, change: int) -> float:
        """Worth added by `change` more units on a cell-day, or more on hand where it is -1.

        Units beyond the candidates, which there may be while a limit is exceeded, are worth
        nothing.
        """
        most = self.count[cell]
        before = after = max(0, self.there[cell] - self.come[cell])
        if cell_day < 0:
            after = max(0, after + change)
        first, gained = self.cell_days[cell], 0.0
        for each in range(first, self.cell_days[cell + 1]):
            sums, at, come = self.sums, self.sums_at[each], self.come_by_day[each]
            if each > first:
                gained -= sums[at + min(after, most)] - sums[at + min(before, most)]
            before, after = before + come, after + come + (change if each == cell_day else 0)
            gained += sums[at + min(after, most)] - sums[at + min(before, most)]
        return gained

    def score(self, move: int, units: int) -> float:
        """Gain per unit after paying for the limits used; steps are added in this order."""
        gain = self.gain(move, units)
        if gain <= WORTH_IT:
            return -np.inf
        if self.risk.budget is not None and self.into[move] >= 0:
            gain -= float(self.outcome_price @ self._loss_change(move, units))
        return gain / units - self.priced[move]

    def fits(self, move: int, units: int) -> bool:
        """Whether `units` more (or fewer) of a move keep every limit."""
        for place in range(self.edges[move], self.edges[move + 1]):
            row, change = self.row[place], self.weight[place] * units
            if row == self.freight_row:
                change += self.line_spends(move, units)
            after = self.used[row] + change
            if change > 0 and after > self.most[row]:
                return False
            if change < 0 and after < self.fewest[row]:
                return False
        if self.risk.budget is None or units < 0 or self.into[move] < 0:
            return True
        return not self.risk.broken_by(self.loss + self._loss_change(move, units))

    def blocked_rows(self, move: int, units: int) -> list[int]:
        """List every row that `units` more (or fewer) of a move would break, the risk budget last.

        Rows that are broken already count where the step makes it worse.
        """
        found = []
        for place in range(self.edges[move], self.edges[move + 1]):
            row, change = self.row[place], self.weight[place] * units
            if row == self.freight_row:
                change += self.line_spends(move, units)
            after = self.used[row] + change
            if (change > 0 and after > self.most[row]) or (change < 0 and after < self.fewest[row]):
                found.append(row)
        risky = self.risk.budget is not None and units > 0 and self.into[move] >= 0
        if risky and self.risk.broken_by(self.loss + self._loss_change(move, units)):
            found.append(RISK_ROW)
        return found

    def take(self, move: int, units: int) -> None:
        """Apply `units` more (or fewer) of a move."""
        if self.into[move] >= 0:
            if self.risk.budget is not None:
                self.loss = self.loss + self._loss_change(move, units)
            self.there[self.into[move]] += units
            self.come[self.into[move]] += units
            if self.cell_day[move] >= 0:
                self.come_by_day[self.cell_day[move]] += units
        if self.outof[move] >= 0:
            self.there[self.outof[move]] -= units
        self.quantity[move] += units
        self._start_lines(move, units)
        for place in range(self.edges[move], self.edges[move + 1]):
            self.used[self.row[place]] += self.weight[place] * units

    def _loss_change(self, move: int, units: int) -> Floats:
        """Change of each outcome's loss by `units` more of a move, (S,)."""
        cell = self.into[move]
        need, before = self.problem.need[cell].astype(np.int64), self.come[cell]
        change = np.maximum(before + units - need, 0) - np.maximum(before - need, 0)
        return np.asarray(self.problem.loss_per_unit[cell] * change + self.extra[move] * units)

    def undo(self, move: int) -> int:
        """Units of one step down: a pack, or the whole line once it is at its minimum.

        0 where the move has no more units than are held.
        """
        units, pack = self.quantity[move], self.pack[move]
        step = pack if units - pack >= self.least[move] else units
        return min(step, units - self.held[move])

    def regret(self, move: int) -> float:
        """Scaled money given up by one step down; inf where the step cannot be undone alone."""
        units = self.undo(move)
        return -self.gain(move, -units) if units else np.inf

    def users(self, row: int) -> list[tuple[int, float]]:
        """List the moves that use a row now, each with what one of its units uses."""
        if row == RISK_ROW:
            return self._risky()
        if self._by_row is None:
            order = np.argsort(self.limits.row, kind="stable")
            edges = np.searchsorted(self.limits.row[order], np.arange(len(self.most) + 1))
            self._by_row = (order, edges)
        order, edges = self._by_row
        mine = order[edges[row] : edges[row + 1]]
        moves, weights = self.limits.move[mine].tolist(), self.limits.coefficient[mine].tolist()
        pairs = zip(moves, weights, strict=True)
        return [(move, weight) for move, weight in pairs if weight > 0 and self.quantity[move]]

    def _risky(self) -> list[tuple[int, float]]:
        """List the moves that add to the worst outcomes, each with the relief of one unit less."""
        size = max(1, round((1.0 - self.risk.level) * len(self.loss)))
        worst = np.argsort(-self.loss, kind="stable")[:size]
        into = [move for move, cell in enumerate(self.into) if cell >= 0 and self.quantity[move]]
        relief = [-float(self._loss_change(move, -1)[worst].mean()) for move in into]
        return [(move, each) for move, each in zip(into, relief, strict=True) if each > 0]

    def over(self, row: int) -> bool:
        """Whether a row exceeds its limit."""
        if row == RISK_ROW:
            return self.risk.broken_by(self.loss)
        return self.used[row] > self.most[row]

    def keeps_minimums(self, move: int, units: int) -> bool:
        """Whether `units` fewer of a move still meet the minimum of every lock."""
        return all(
            self.used[self.row[place]] - self.weight[place] * units >= self.fewest[self.row[place]]
            for place in range(self.edges[move], self.edges[move + 1])
        )

    def as_quantity(self) -> Ints:
        """Units of each move, shape (M,)."""
        return np.array(self.quantity, dtype=np.int64)
