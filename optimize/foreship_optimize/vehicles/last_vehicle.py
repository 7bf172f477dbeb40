"""Whether the last vehicle of each departure earns its cost, and whether one more would.

A departure's last vehicle is emptied of the units that give up least, and what can still travel
elsewhere is added there; one vehicle more is filled with what fitted nowhere. In plans of few moves
a vehicle is also moved to another departure, and what keeps units out gives way (`exchanges`). What
earns is kept.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.limits import SLACK
from foreship_optimize.program.bound import Prices
from foreship_optimize.program.instance import Instance
from foreship_optimize.whole_units import exchanges
from foreship_optimize.whole_units.exchanges import Exchanges
from foreship_optimize.whole_units.rounding import fill, relieve
from foreship_optimize.whole_units.trial_plan import TrialPlan, trial_of
from foreship_optimize.whole_units.working_plan import WORTH_IT

__all__ = ["MOST_MOVES", "with_better_vehicles"]

MOST_MOVES = 60_000
"""moves up to which every departure is tried"""
PASSES = 3
"""most times that all departures are tried"""


def with_better_vehicles(
    fixed: Instance, prices: Prices, quantity: Ints, vehicle_cost: Floats
) -> tuple[Ints, Ints]:
    """Take out last vehicles that do not earn their cost, and add those that do.

    Parameters
    ----------
    fixed
        The instance of the vehicles decided on.
    quantity
        A plan in whole units that keeps its limits, shape (M,).
    vehicle_cost
        Of a whole vehicle, shape (L,) [money].

    Returns
    -------
    The plan, and the vehicles it pays for, shapes (M,) and (L,).
    """
    working = trial_of(fixed, prices, quantity)
    fill(working)
    working.begin()
    search = _Search(working, fixed.problem.departures.paid.copy(), vehicle_cost * working.scale)
    for _ in range(PASSES):
        if not search.improved():
            break
    vehicles = np.where(np.isfinite(search.paid), search.paid, 0.0)
    return working.as_quantity(), vehicles.astype(np.int64)


class _Search:
    """The vehicles of a plan under construction, and the moves that they concern."""

    def __init__(self, working: TrialPlan, paid: Floats, cost: Floats) -> None:
        self.working, self.paid, self.cost = working, paid, cost.tolist()
        limits, moves = working.limits, working.problem.moves
        self.rows: dict[int, list[int]] = defaultdict(list)
        for row in np.flatnonzero(limits.family == "vehicle").tolist():
            self.rows[int(limits.index[row])].append(row)
        self.left = working.problem.freight_budget * working.scale
        self.budget = np.flatnonzero(limits.words == "freight budget").tolist()
        self.of_lane = _members(moves.lane)
        self.of_cell = _members(moves.destination_cell)
        stock = np.where(
            moves.from_hub, working.problem.stock_key(moves.item, moves.origin_hub), -1
        )
        self.stock: list[int] = stock.tolist()
        self.of_stock = _members(stock)
        few = len(moves.action) <= exchanges.MOST_MOVES
        self.exchanges = Exchanges(working) if few else None
        self.same_end: dict[str, list[int]] = defaultdict(list)
        for lane in sorted(self.rows):
            self.same_end[self._end_of(lane)].append(lane)

    def improved(self) -> bool:
        """Try every departure once, and say whether any changed."""
        changed = False
        for lane in sorted(self.rows):
            changed |= self._one_less(lane) or self._one_more(lane)
        if self.exchanges is None:
            return changed
        for lane in sorted(self.rows):
            for other in self.same_end[self._end_of(lane)]:
                changed |= other != lane and self._instead(lane, other)
        return changed

    def _one_less(self, lane: int) -> bool:
        """Empty the last vehicle; keep that where it saves more than it gives up."""
        working, paid = self.working, int(self.paid[lane])
        if paid < 1:
            return False
        self._pay(lane, paid - 1)
        for row in self.rows[lane]:
            if working.over(row) and not relieve(working, row, protect=True):
                break
        # what no longer leaves a region needs its storage
        if not self._holds([*self.rows[lane], *working.rows_since(0)]):
            return self._settled({lane: paid}, -np.inf)
        fill(working, self._concerned())
        if self.exchanges is not None:
            self.exchanges.let_in(self._concerned())
        return self._settled({lane: paid}, working.earned + self.cost[lane])

    def _holds(self, rows: list[int]) -> bool:
        """Whether rows hold that steps were taken in; in plans of few moves others make room."""
        if self.exchanges is not None:
            return self.exchanges.settle((0, 0.0), rows)
        return not self.working.broken(set(rows))

    def _one_more(self, lane: int) -> bool:
        """Fill one vehicle more; keep it where that earns its cost and the budget has it."""
        working, paid = self.working, int(self.paid[lane])
        self._pay(lane, paid + 1)
        fill(working, self.of_lane[lane])
        if self.exchanges is not None:
            self.exchanges.let_in(self.of_lane[lane])
        if self.left < -WORTH_IT or any(working.over(row) for row in self.budget):
            return self._settled({lane: paid}, -np.inf)
        return self._settled({lane: paid}, working.earned - self.cost[lane])

    def _instead(self, lane: int, other: int) -> bool:
        """Let the last vehicle of one departure leave on another instead, where that earns."""
        working = self.working
        before = {lane: int(self.paid[lane]), other: int(self.paid[other])}
        if before[lane] < 1 or self.exchanges is None:
            return False
        self._pay(lane, before[lane] - 1)
        self._pay(other, before[other] + 1)
        self._shift(lane, other)
        rows = [*self.rows[lane], *self.rows[other], *self.budget]
        if self.left < -WORTH_IT or not self._holds(rows):
            return self._settled(before, -np.inf)
        self.exchanges.let_in(self.of_lane[other])
        return self._settled(before, working.earned + self.cost[lane] - self.cost[other])

    def _end_of(self, lane: int) -> str:
        """Place that a departure goes to."""
        return str(self.working.problem.lane_destination[lane])

    def _shift(self, lane: int, other: int) -> None:
        """Send what the vehicles left to one departure do not carry by another into its cells."""
        working = self.working
        ways = {self._ends(move): move for move in self.of_lane[other]}
        for move in self.of_lane[lane]:
            way, units = ways.get(self._ends(move)), working.quantity[move]
            over = any(working.over(row) for row in self.rows[lane])
            if way is None or not units or not over:
                continue
            if working.quantity[way] + units < working.least[way]:
                continue
            working.take(move, -units)
            if working.gain(way, units) > -np.inf:
                working.take(way, units)

    def _ends(self, move: int) -> tuple[int, int, int]:
        """Where a move's units lie and go."""
        working = self.working
        return self.stock[move], working.outof[move], working.into[move]

    def _settled(self, before: dict[int, int], earned: float) -> bool:
        """Keep what was tried if it earns, else undo it and pay as before."""
        kept = earned > WORTH_IT
        if not kept:
            self.working.undo_to((0, 0.0))
            for lane, vehicles in before.items():
                self._pay(lane, vehicles)
        self.working.begin()
        return kept

    def _pay(self, lane: int, vehicles: int) -> None:
        """Set the vehicles of a departure, and take their cost from the freight budget."""
        working = self.working
        change = vehicles - self.paid[lane]
        self.paid[lane] = vehicles
        self.left -= change * self.cost[lane]
        for row in self.rows[lane]:
            working.most[row] = vehicles + SLACK * max(1.0, vehicles)
        for row in self.budget:
            working.most[row] -= change * self.cost[lane] / working.scale

    def _concerned(self) -> list[int]:
        """Moves into the cells, and from the stocks, of what was taken out, in order.

        All moves where few share a freight budget.
        """
        if self.budget and self.exchanges is not None:
            return list(range(len(self.stock)))
        found: set[int] = set()
        for move, units in self.working.journal:
            if units < 0:
                found.update(self.of_cell.get(self.working.into[move], ()))
                found.update(self.of_stock.get(self.stock[move], ()))
        return sorted(found)


def _members(key: Ints) -> dict[int, list[int]]:
    """Moves of each key, but -1."""
    found: dict[int, list[int]] = defaultdict(list)
    for move, each in enumerate(key.tolist()):
        if each >= 0:
            found[each].append(move)
    return found
