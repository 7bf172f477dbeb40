"""The program of docs/program.md written anew: a plan judged, and the best plan by HiGHS in SciPy.

Every unit of every cell has a variable for each day on which it may come, so that the order of
use is stated, not implied; candidates are all units that could physically be there.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from tests.optimize.independent.hold_back import HubRents
from tests.optimize.independent.market import Key, Market
from tests.optimize.independent.moves import Move, covers, every_move
from tests.optimize.independent.ranked_cells import RankedCell, cheapest_way_in, ranked_cells
from tests.optimize.independent.vehicles import (
    departures_in,
    item_lines_in,
    money_of_departures,
)

__all__ = ["Best", "Model", "Writer", "model_of"]

NOISE = 1e-6
FREIGHT = "budget freight"
"""the row that vehicles and item lines spend too"""


@dataclass(frozen=True)
class Best:
    """The best plan found: units of each move, its cost, and the solver's lower bound."""

    quantity: tuple[int, ...]
    cost: float
    bound: float


@dataclass(frozen=True)
class Model:
    """A market with its moves and the worth of its units."""

    market: Market
    moves: list[Move]
    cells: dict[Key, RankedCell]
    rents: dict[str, HubRents]

    def cost(self, quantity: Iterable[int]) -> float:
        """Cost of a plan (equation 1 with 1a): each unit for what it is worth on its own day."""
        amounts = list(quantity)
        total = sum(
            (move.cost + self.charged(move)) * n
            for move, n in zip(self.moves, amounts, strict=True)
        )
        total += money_of_departures(self.market, self.moves, amounts)
        for key, cell in self.cells.items():
            total += self._before(cell) - self._worth(key, cell, amounts)
        for (hub, item), mine in self.leaving().items():
            first, charge, beyond = self.tiers(hub, item)
            units = sum(amounts[i] for i in mine)
            total += charge * units + (beyond - charge) * max(units - first, 0)
        return total

    def charged(self, move: Move) -> float:
        """What a move pays for arriving by another law than others of its day."""
        return 0.0 if move.target is None else self.cells[move.target].charged(move)

    def leaving(self) -> dict[Key, list[int]]:
        """(hub, item): the ships out of it."""
        found: dict[Key, list[int]] = defaultdict(list)
        for i, move in enumerate(self.moves):
            if move.from_hub:
                found[move.origin, move.item].append(i)
        return found

    def tiers(self, hub: str, item: str) -> tuple[float, float, float]:
        """Units of the first tier of a hub, and the charges of both tiers (equation 15a).

        A minimum line is not cut: it pays the first tier alone, or the second where that is empty.
        """
        rents, pack = self.rents[item], int(self.market.items[item]["pack"])
        first = rents.first_tier(hub, pack, self.market.hub_stock[hub, item])
        charge, beyond = rents.first.get(hub, 0.0), rents.beyond.get(hub, 0.0)
        if first == 0:
            return math.inf, beyond, beyond
        if beyond <= charge or self.market.settings.minimum_line_quantity > 1:
            return math.inf, charge, charge
        return first, charge, beyond

    def _before(self, cell: RankedCell) -> float:
        return float(cell.lies.sum())

    def _worth(self, key: Key, cell: RankedCell, amounts: list[int]) -> float:
        """Worth of what lies in a cell: kept units first, then arrivals by day."""
        moved = list(zip(self.moves, amounts, strict=True))
        kept = len(cell.lies) - sum(n for move, n in moved if move.source == key)
        days = sorted(move.lead for move, n in moved for _ in range(n) if move.target == key)
        worth = float(cell.lies[:kept].sum())
        for place, day in enumerate(days, start=kept):
            if place < len(cell.lies):
                worth += cell.lies[place] - cell.charge[day]
            else:
                worth += cell.by_day[day][place - len(cell.lies)]
        return worth

    def losses(self, amounts: list[int]) -> np.ndarray:
        """Equation 8: loss of every outcome."""
        dearer = self.dearer()
        total = np.full(self.market.scenarios, float(np.dot(dearer, amounts)))
        for key, cell in self.cells.items():
            sent = sum(n for m, n in zip(self.moves, amounts, strict=True) if m.target == key)
            total += cell.loss * np.maximum(sent - cell.need, 0)
        return total

    def dearer(self) -> list[float]:
        """Freight of each move above the cheapest way into its cell."""
        cheapest = {
            key: cheapest_way_in([each for each in self.moves if each.target == key])
            for key in self.cells
        }
        return [
            max(move.cost - cheapest[move.target], 0.0) if move.target else 0.0
            for move in self.moves
        ]

    def broken(self, amounts: list[int]) -> list[str]:
        """Limits that a plan breaks, in words."""
        moved = list(zip(self.moves, amounts, strict=True))
        found = []
        for words, low, high, weights in self.rows():
            used = sum(weights.get(i, 0.0) * n for i, (_, n) in enumerate(moved))
            if words == FREIGHT:
                used += money_of_departures(self.market, self.moves, amounts)
            slack = NOISE * max(1.0, abs(used))
            if used > high + slack or used < low - slack:
                found.append(f"{words}: {low} <= {used} <= {high}")
        for move, n in moved:
            if move.from_hub and n:
                pack = int(self.market.items[move.item]["pack"])
                if n % pack or n < self.market.settings.minimum_line_quantity:
                    found.append(f"{move}: {n} in packs of {pack}")
        budget = self.market.settings.risk_budget
        if budget is not None:
            worst = mean_of_worst(self.losses(amounts), self.market.settings.risk_level)
            if worst > budget + NOISE * max(1.0, budget):
                found.append(f"risk {worst} > {budget}")
        return found

    def rows(self) -> list[tuple[str, float, float, dict[int, float]]]:
        """Equations 3 to 7a: words, lower side, upper side, weight of each move."""
        market, rows = self.market, []
        by: dict[tuple[str, object], dict[int, float]] = defaultdict(dict)
        for i, move in enumerate(self.moves):
            volume = market.items[move.item]["volume"]
            if move.from_hub:
                by["hub", (move.origin, move.item)][i] = 1.0
            else:
                by["on hand", move.source][i] = 1.0
                into = by["storage", move.origin]
                into[i] = into.get(i, 0.0) - volume
            if move.into_region:
                into = by["storage", move.destination]
                into[i] = into.get(i, 0.0) + volume
                by["budget", "freight"][i] = max(move.cost, 0.0)
                by["budget", "value"][i] = market.items[move.item]["unit_cost"]
            if move.lane is not None:
                by["lane", move.lane.row][i] = volume
                if move.from_hub:
                    by["picking", (move.origin, move.lane.offset)][i] = 1.0
                if move.into_region:
                    by["receiving", (move.destination, move.lead)][i] = 1.0
            if move.row is not None:
                by["exit", move.row][i] = 1.0
        settings = market.settings
        budgets = {"freight": settings.freight_budget, "value": settings.stock_value_budget}
        for (kind, what), weights in by.items():
            most = {
                "hub": lambda w: market.hub_stock[w],
                "on hand": lambda w: market.cells[w].on_hand,
                "storage": self._free,
                "lane": lambda w: market.lanes[w].capacity,
                "picking": lambda w: market.picking.get(w[0], math.inf),
                "receiving": self._taken_in,
                "exit": lambda w: w.capacity,
                "budget": lambda w: math.inf if budgets[w] is None else budgets[w],
            }[kind](what)
            rows.append((f"{kind} {what}", -math.inf, float(most), weights))
        for lock in market.locks:
            mine = {i: 1.0 for i, move in enumerate(self.moves) if covers(lock, move)}
            low = lock.at_least if lock.at_least > 0 else -math.inf
            rows.append((f"lock {lock}", low, lock.at_most, mine))
        return rows

    def _free(self, region: str) -> float:
        """Free volume of a region; none where it is overfull."""
        held = 0.0
        for cell in self.market.cells.values():
            if cell.region == region:
                units = cell.on_hand + sum(units for _, units in cell.coming)
                held += units * self.market.items[cell.item]["volume"]
        return max(self.market.regions[region]["capacity"] - held, 0.0)

    def _taken_in(self, where: tuple[str, int]) -> float:
        """Units that a region may still take in on a day, beside what is on its way (P29)."""
        region, day = where
        comes = sum(
            units
            for cell in self.market.cells.values()
            for arrives, units in cell.coming
            if cell.region == region and arrives == day
        )
        return max(float(self.market.regions[region]["receiving"]) - comes, 0.0)

    def best(self, nodes: int = 20_000) -> Best | None:
        """Solve for the plan of least cost; None where the limits cannot all hold."""
        return Writer(self).solve(nodes)


def model_of(market: Market) -> Model:
    """Read moves and worth of a market."""
    moves = every_move(market)
    return Model(market, moves, *ranked_cells(market, moves))


def mean_of_worst(losses: np.ndarray, level: float) -> float:
    """Mean of the worst 1 - level share of equally likely losses."""
    share = (1.0 - level) * len(losses)
    total, left = 0.0, share
    for loss in sorted(losses, reverse=True):
        part = min(1.0, left)
        total += part * loss
        left -= part
        if left <= 1e-12:
            break
    return float(total / share)


class Writer:
    """Writes a model as a mixed-integer program."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.cost: list[float] = []
        self.high: list[float] = []
        self.low: list[float] = []
        self.whole: list[int] = []
        self.entries: list[tuple[int, int, float]] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def column(self, cost: float, high: float, *, low: float = 0.0, whole: bool = True) -> int:
        """Add a variable; return its place."""
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(int(whole))
        return len(self.cost) - 1

    def row(self, weights: Mapping[int, float], low: float, high: float) -> None:
        """Add a limit of weighted variables."""
        for column, weight in weights.items():
            self.entries.append((len(self.lower), column, weight))
        self.lower.append(low)
        self.upper.append(high)

    def solve(self, nodes: int) -> Best | None:
        """Write it all and solve; None where the limits cannot all hold."""
        model = self.model
        moves = [self._move(move) for move in model.moves]
        departing = self._departures(moves)
        for words, low, high, weights in model.rows():
            if not weights and low > 0:
                return None
            more = departing if words == FREIGHT else {}
            self.row({moves[i]: weight for i, weight in weights.items()} | more, low, high)
        for key, cell in model.cells.items():
            self._cell(key, cell, moves)
        for (hub, item), mine in model.leaving().items():
            self._rent([moves[i] for i in mine], *model.tiers(hub, item))
        if model.market.settings.risk_budget is not None:
            self._risk(moves, model.market.settings.risk_budget)
        self._more(moves)
        if not self.cost:
            return Best((), 0.0, 0.0)
        rows, columns, weights = zip(*self.entries, strict=True) if self.entries else ((), (), ())
        shape = (len(self.lower), len(self.cost))
        matrix = coo_array((weights, (rows, columns)), shape=shape).tocsr()
        constant = sum(float(cell.lies.sum()) for cell in model.cells.values())
        found = milp(
            self.cost,
            integrality=self.whole,
            bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(matrix, self.lower, self.upper),
            options={"mip_rel_gap": 1e-9, "node_limit": nodes},
        )
        if found.status == 2:
            return None
        if found.x is None:
            raise AssertionError(f"no plan found: {found.message}")
        quantity = tuple(round(found.x[column]) for column in moves)
        assert not model.broken(list(quantity)), model.broken(list(quantity))
        cost = model.cost(quantity)
        bound = cost if found.mip_dual_bound is None else found.mip_dual_bound + constant
        return Best(quantity, cost, bound)

    def _more(self, moves: list[int]) -> None:
        """Add what else a plan is asked for; nothing here."""

    def _departures(self, moves: list[int]) -> dict[int, float]:
        """Equations P22 and P23: whole vehicles and item lines, and what each of them costs."""
        model, paid = self.model, {}
        for lane, mine in departures_in(model.moves).items():
            if lane.vehicle_cost > 0.0:
                vehicles = self.column(lane.vehicle_cost, math.inf)
                paid[vehicles] = lane.vehicle_cost
                most = sum(self.high[moves[i]] for i in mine)
                self.row({moves[i]: 1.0 for i in mine} | {vehicles: -most}, -math.inf, 0.0)
                sizes = {"volume": lane.vehicle_volume, "weight_kg": lane.vehicle_kg}
                for name, size in sizes.items():
                    if math.isfinite(size):
                        facts = [(i, model.market.items[model.moves[i].item]) for i in mine]
                        loads = {moves[i]: each[name] for i, each in facts}
                        self.row(loads | {vehicles: -size}, -math.inf, 0.0)
        for (lane, _), mine in item_lines_in(model.moves).items():
            if lane.line_cost > 0.0:
                line = self.column(lane.line_cost, 1.0)
                paid[line] = lane.line_cost
                most = sum(self.high[moves[i]] for i in mine)
                self.row({moves[i]: 1.0 for i in mine} | {line: -most}, -math.inf, 0.0)
        return paid

    def _move(self, move: Move) -> int:
        """Units of a move, in whole packs, none or at least the minimum line."""
        market, cost = self.model.market, move.cost + self.model.charged(move)
        if not move.from_hub:
            return self.column(cost, market.cells[move.source].on_hand)
        pack, least = int(market.items[move.item]["pack"]), market.settings.minimum_line_quantity
        most = market.hub_stock[move.origin, move.item]
        units = self.column(cost, most)
        if pack > 1:
            packs = self.column(0.0, most // pack)
            self.row({units: 1.0, packs: -float(pack)}, 0.0, 0.0)
        if least > pack:
            used = self.column(0.0, 1.0)
            self.row({units: 1.0, used: -float(least)}, 0.0, math.inf)
            self.row({units: 1.0, used: -float(most)}, -math.inf, 0.0)
        return units

    def _rent(self, ships: list[int], first: float, charge: float, beyond: float) -> None:
        """What leaving a hub costs, in two tiers."""
        for column in ships:
            self.cost[column] += charge
        if math.isfinite(first):
            more = self.column(beyond - charge, math.inf, whole=False)
            self.row({**dict.fromkeys(ships, 1.0), more: -1.0}, -math.inf, first)

    def _cell(self, key: Key, cell: RankedCell, moves: list[int]) -> None:
        """Which unit has which rank: kept units first, then arrivals, earlier days first."""
        model = self.model
        lies, days = len(cell.lies), sorted(cell.by_day)
        into = {
            day: [moves[i] for i, m in enumerate(model.moves) if m.target == key and m.lead == day]
            for day in days
        }
        away = [moves[i] for i, move in enumerate(model.moves) if move.source == key]
        if not away and not days:
            for rank in range(lies):
                self.column(-float(cell.lies[rank]), 1.0, low=1.0)
            return
        kept = [self.column(-float(cell.lies[rank]), 1.0) for rank in range(lies)]
        ranks = lies + (len(cell.by_day[days[0]]) if days else 0)
        comes = [
            [
                self.column(-float(cell.lies[rank] - cell.charge[day]), 1.0)
                if rank < lies
                else self.column(-float(cell.by_day[day][rank - lies]), 1.0)
                for day in days
            ]
            for rank in range(ranks)
        ]
        self.row(dict.fromkeys([*kept, *away], 1.0), lies, lies)
        for place, day in enumerate(days):
            arrive = {comes[rank][place]: 1.0 for rank in range(ranks)}
            self.row({**arrive, **dict.fromkeys(into[day], -1.0)}, 0.0, 0.0)
        for rank in range(ranks):
            here = [*kept[rank : rank + 1], *comes[rank]]
            self.row(dict.fromkeys(here, 1.0), -math.inf, 1.0)
        for rank in range(ranks - 1):
            for until in range(len(days) + 1):
                first = [*kept[rank : rank + 1], *comes[rank][:until]]
                second = [*kept[rank + 1 : rank + 2], *comes[rank + 1][:until]]
                if second:
                    weights = {**dict.fromkeys(first, 1.0), **dict.fromkeys(second, -1.0)}
                    self.row(weights, 0.0, math.inf)

    def _risk(self, moves: list[int], budget: float) -> None:
        """Equations 8 and 9."""
        model, settings = self.model, self.model.market.settings
        scenarios = model.market.scenarios
        worst = self.column(0.0, math.inf, low=-math.inf, whole=False)
        beyond = [self.column(0.0, math.inf, whole=False) for _ in range(scenarios)]
        share = (1.0 - settings.risk_level) * scenarios
        self.row({worst: 1.0, **dict.fromkeys(beyond, 1.0 / share)}, -math.inf, budget)
        dearer = model.dearer()
        for scenario in range(scenarios):
            loss = {moves[i]: extra for i, extra in enumerate(dearer) if extra > 0}
            for key, cell in model.cells.items():
                into = [moves[i] for i, move in enumerate(model.moves) if move.target == key]
                if into:
                    unneeded = self.column(0.0, math.inf, whole=False)
                    need = float(cell.need[scenario])
                    self.row({**dict.fromkeys(into, 1.0), unneeded: -1.0}, -math.inf, need)
                    loss[unneeded] = cell.loss
            self.row({**loss, worst: -1.0, beyond[scenario]: -1.0}, -math.inf, 0.0)
