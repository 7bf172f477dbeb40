"""The weeks after, written anew: prices of scarce room are proved, not taken as told.

Equations 30, 30a and 31 of docs/program.md on the tables read by `market.py`, in SciPy.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from tests.optimize.independent.market import Cell, Key, Lane, Market
from tests.optimize.independent.money import (
    cheapest_exit,
    cheapest_parcel,
    holders,
    in_full_vehicles,
    refill_day,
    sale,
)
from tests.optimize.independent.net_demand import Counts, demand_until, need_and_left

__all__ = ["Prices", "faults_of_prices"]

Prices: TypeAlias = Mapping[tuple[str, int], float]
"""[money] by (limit, plan), limits named as plans tell them"""
Place: TypeAlias = tuple[str, int]
"""a limit and its plan; lanes by the row: two of them may join the same places"""
SOONER = 1e-3
NOISE = 1e-6


@dataclass(frozen=True)
class Worth:
    """Money of a cell as if hubs never ran down [a unit]."""

    benefit: float
    exit: float
    held: float
    """h w: through a window"""


@dataclass(frozen=True)
class Way:
    """A unit of a plan on a departure into a cell."""

    cell: Key
    plan: int
    window: int
    lane: Lane
    cost: float

    @property
    def places(self) -> tuple[Place, Place, Place]:
        """Limits that it uses: the row's volume, units at both docks."""
        return (
            (f"row {self.lane.row}", self.plan),
            (f"picking at {self.lane.origin}", self.plan),
            (f"receiving at {self.lane.destination}", self.plan),
        )


class Weeks:
    """The plans that the demand covers, and what they may send."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.every = 7 * market.settings.review_weeks
        self.plans = max(1, market.days // self.every)
        self.money = {cell.key: self._worth(cell) for cell in market.cells.values()}
        self.departures = [
            market.lanes_between(set(market.hubs), set(market.regions), self.every * plan)
            for plan in range(self.plans)
        ]
        self.ways = [*self._ways()]
        self.by_cell: dict[Key, list[Way]] = defaultdict(list)
        for way in self.ways:
            self.by_cell[way.cell].append(way)

    def _worth(self, cell: Cell) -> Worth:
        held = self.market.holding(cell.region, cell.item) * self.market.settings.review_weeks
        benefit = sale(self.market, cell, cheapest_parcel(self.market, cell))
        return Worth(benefit, cheapest_exit(self.market, cell), held)

    # what there is

    @cached_property
    def usual(self) -> dict[Key, int]:
        """Days by the cheapest departure of this plan into each cell that has one."""
        found = {}
        for cell in self.market.cells.values():
            hubs = holders(self.market, cell.item, math.inf) if cell.stocked else set()
            lanes = [
                lane
                for lane in self.departures[0]
                if lane.destination == cell.region and lane.origin in hubs
            ]
            if lanes:
                found[cell.key] = min(
                    lanes, key=lambda lane: (self.market.freight(lane, cell.item), lane.origin)
                ).lead
        return found

    def _ways(self) -> Iterator[Way]:
        market = self.market
        for key, usual in self.usual.items():
            region, item = key
            for plan, lanes in enumerate(self.departures):
                for lane in lanes:
                    held = holders(market, item, math.inf)
                    if plan == 0:
                        held = {hub for hub in held if market.hub_stock.get((hub, item), 0) > 0}
                    if lane.destination != region or lane.origin not in held:
                        continue
                    late = max(lane.lead - usual, 0)
                    window = min(plan + math.ceil(late / self.every), self.plans)
                    freight = market.freight(lane, item) + in_full_vehicles(market, lane, item)
                    yield Way(key, plan, window, lane, freight)

    def wanted(self, cell: Cell) -> list[Counts]:
        """Demand of each window: nothing is known beyond the horizon."""
        start = self.usual.get(cell.key, 0)
        marks = [demand_until(cell, start + self.every * at) for at in range(self.plans + 1)]
        return [after - before for before, after in itertools.pairwise(marks)]

    def supply(self, cell: Cell) -> list[float]:
        """What comes to each window without a plan: what lies there, and inbound."""
        start = self.usual.get(cell.key, 0)
        later = sum(units for day, units in cell.coming if day > start)
        _, left = need_and_left(cell, start, [start])
        comes = [float(left.mean()) - later] + [0.0] * (self.plans - 1)
        for day, units in cell.coming:
            window = (day - start) // self.every
            if day > start and window < self.plans:
                comes[window] += units
        return comes

    def cheapest(self, key: Key, plan: int) -> Way | None:
        """Cheapest way of a plan into a cell."""
        mine = [way for way in self.by_cell[key] if way.plan == plan]
        return min(mine, key=lambda way: way.cost, default=None)

    def landed(self, key: Key, plan: int) -> float:
        """Its cost; infinite without one."""
        way = self.cheapest(key, plan)
        return math.inf if way is None else way.cost

    @cached_property
    def room(self) -> dict[Place, float]:
        """Every limit of every plan that is one."""
        market, found = self.market, {}
        for plan, lanes in enumerate(self.departures):
            for lane in lanes:
                found[f"row {lane.row}", plan] = lane.capacity
            for hub in market.hubs:
                days = {lane.offset for lane in lanes if lane.origin == hub}
                a_day = market.picking.get(hub, math.inf)
                found[f"picking at {hub}", plan] = a_day * len(days) if days else math.inf
            for region, facts in market.regions.items():
                days = {lane.lead for lane in lanes if lane.destination == region}
                a_day = facts["receiving"]
                most = a_day * len(days) if days else math.inf
                taken = self._taken(region, self.every * plan)
                found[f"receiving at {region}", plan] = max(most - taken, 0.0)
        return {place: most for place, most in found.items() if math.isfinite(most)}

    def _taken(self, region: str, first: int) -> int:
        """Units on their way that a region takes in during a plan."""
        return sum(
            units
            for cell in self.market.cells.values()
            if cell.region == region
            for day, units in cell.coming
            if first <= day < first + self.every
        )

    def size(self, way: Way, place: Place) -> float:
        """What a unit uses of a limit."""
        return self.market.items[way.cell[1]]["volume"] if place[0].startswith("row") else 1.0

    def told_name(self, place: Place) -> str:
        """How a plan names a limit."""
        if not place[0].startswith("row"):
            return place[0]
        row = next(lane for lane in self.market.lanes if place[0] == f"row {lane.row}")
        return f"lane {row.origin} -> {row.destination}"

    # flows without prices: equation 30a

    @cached_property
    def flows(self) -> dict[Key, list[float]]:
        """What plans send each cell where nothing is scarce."""
        behind = {
            way.cell[0]
            for way in self.ways
            if way.plan > 0
            and (
                any(place in self.room for place in way.places)
                or math.isfinite(self.market.regions[way.cell[0]]["capacity"])
            )
        }
        return {key: self._walked(key, send=True)[0] for key in self.usual if key[0] in behind}

    def _walked(self, key: Key, *, send: bool) -> tuple[list[float], list[float]]:
        """What plans send a cell, each up to its level, and what lies there then."""
        cell, left = self.market.cells[key], 0.0
        sent, lies = [], []
        wanted, supply = self.wanted(cell), self.supply(cell)
        for plan in range(self.plans):
            there = left + supply[plan]
            open_now = send and self.cheapest(key, plan) is not None
            level = self._level(key, plan, wanted[plan]) if open_now else 0.0
            sent.append(max(level - there, 0.0))
            lies.append(there + sent[-1])
            left = float(np.maximum(lies[-1] - wanted[plan], 0.0).mean())
        return sent, lies

    def _level(self, key: Key, plan: int, wanted: Counts) -> int:
        """Last unit that pays where the next plan's costs c'."""
        money, cost = self.money[key], self.landed(key, plan)
        after = self.landed(key, min(plan + 1, self.plans - 1))
        after = after if math.isfinite(after) else cost
        if math.isinf(cost):
            return 0
        charge, gain = cost - after + money.held, money.benefit - after + money.held
        level = 0
        while gain > 0.0 and charge <= gain:
            sells = float((wanted >= level + 1).mean())
            if sells == 0.0 or sells * gain < charge - 1e-12:
                break
            level += 1
        return level

    def used_by(self, cells: set[Key]) -> dict[Place, float]:
        """What the flows of some cells use of every limit."""
        used: dict[Place, float] = defaultdict(float)
        for key in cells:
            for plan, units in enumerate(self.flows[key]):
                way = self.cheapest(key, plan)
                for place in () if way is None else way.places:
                    used[place] += units * self.size(way, place)
        return used

    def lies_in(self, region: str, plan: int, cells: set[Key], *, idle: bool) -> float:
        """Volume that lies in a region through a window; `idle`: if nothing is sent."""
        return sum(
            self._walked(key, send=not idle)[1][plan] * self.market.items[key[1]]["volume"]
            for key in cells
            if key[0] == region
        )

    @cached_property
    def resting(self) -> set[Key]:
        """Cells that hold units, or get some, and that no plan is looked at for."""
        return {
            key
            for key, cell in self.market.cells.items()
            if key not in self.flows and (cell.on_hand > 0 or cell.coming)
        }

    @cached_property
    def storage(self) -> dict[Place, float]:
        """Volume that fits into a region through a window, at least what lies there anyway."""
        found = {}
        for region, facts in self.market.regions.items():
            for plan in range(self.plans) if math.isfinite(facts["capacity"]) else ():
                idle = self.lies_in(region, plan, {*self.flows} | self.resting, idle=True)
                found[f"storage of {region}", plan] = max(facts["capacity"], idle)
        return found

    def lying(self, place: Place) -> float:
        """Volume that lies in a region through a window where nothing is scarce."""
        region = place[0].removeprefix("storage of ")
        return sum(
            self.lies_in(region, place[1], cells, idle=idle)
            for cells, idle in (({*self.flows}, False), (self.resting, True))
        )

    @cached_property
    def scarce(self) -> set[Place]:
        """Limits of later plans that the flows would exceed."""
        used = self.used_by({*self.flows})
        used |= {place: self.lying(place) for place in self.storage}
        return {
            place
            for place, most in (self.room | self.storage).items()
            if place[1] > 0 and used.get(place, 0.0) > most * (1.0 + 1e-9)
        }

    @cached_property
    def inside(self) -> set[Key]:
        """Cells that may use a scarce limit."""
        return {
            key
            for key in self.flows
            if any({*way.places} & self.scarce for way in self.by_cell[key])
            or any(name == f"storage of {key[0]}" for name, _ in self.scarce)
        }


class Program:
    """Equation 30 of the cells inside; limits of later plans are rows or have prices."""

    def __init__(self, weeks: Weeks) -> None:
        self.weeks = weeks
        self.cost: list[float] = []
        self.most: list[float] = []
        self.equal: list[tuple[list[tuple[int, float]], float]] = []
        self.send: dict[Way, int] = {}
        self.limits: dict[Any, tuple[list[tuple[int, float]], float]] = {}
        self.lies: dict[Place, list[tuple[int, float]]] = defaultdict(list)
        for key in sorted(weeks.inside):
            self._cell(key)
        self._places()
        self._stock()
        self._storage()

    def column(self, cost: float, most: float = math.inf) -> int:
        """Add a variable."""
        self.cost.append(cost)
        self.most.append(most)
        return len(self.cost) - 1

    def _cell(self, key: Key) -> None:
        weeks, cell = self.weeks, self.weeks.market.cells[key]
        money, wanted, supply = weeks.money[key], weeks.wanted(cell), weeks.supply(cell)
        mine = {way: self.column(way.cost) for way in weeks.by_cell[key]}
        self.send |= mine
        stays: list[tuple[int, float]] = []
        for window in range(weeks.plans):
            tiers = self._tiers(money, wanted[window])
            size = weeks.market.items[cell.item]["volume"]
            self.lies[f"storage of {cell.region}", window] += [(at, size) for at, _ in tiers]
            away = self.column(money.exit)
            row = [(at, 1.0) for at, _ in tiers] + [(away, 1.0), *stays]
            row += [(at, -1.0) for way, at in mine.items() if way.window == window]
            self.equal.append((row, supply[window]))
            stays = [(at, sells - 1.0) for at, sells in tiers]
        last = weeks.landed(key, weeks.plans - 1)
        worth = max(last - money.held, -money.exit) if math.isfinite(last) else -money.exit
        end = [(self.column(-worth, float(np.mean(wanted))), 1.0), (self.column(money.exit), 1.0)]
        end += [(at, -1.0) for way, at in mine.items() if way.window == weeks.plans]
        self.equal.append(([*end, *stays], 0.0))

    def _tiers(self, money: Worth, wanted: Counts) -> list[tuple[int, float]]:
        """The units that may lie there through a window, and the chance that each sells."""
        sells = [float((wanted >= unit).mean()) for unit in range(1, int(wanted.max()) + 1)]
        tiers = [
            (self.column((1.0 - each) * money.held - each * money.benefit, 1.0), each)
            for each in sells
        ]
        return [*tiers, (self.column(money.held), 0.0)]

    def _places(self) -> None:
        weeks = self.weeks
        others = weeks.used_by(set(weeks.flows) - weeks.inside)
        for place, most in weeks.room.items():
            row = [
                (at, weeks.size(way, place)) for way, at in self.send.items() if place in way.places
            ]
            self.limits[place] = row, max(most - others[place], 0.0)

    def _stock(self) -> None:
        """What hubs hold is all that plans before the refill may send."""
        weeks, market = self.weeks, self.weeks.market
        rows: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
        for way, at in self.send.items():
            if weeks.every * way.plan < refill_day(market, way.cell[1]):
                rows[way.lane.origin, way.cell[1]].append((at, 1.0))
        for (hub, item), row in rows.items():
            self.limits[hub, item, "stock"] = row, float(market.hub_stock.get((hub, item), 0))

    def _storage(self) -> None:
        """What lies in a region fits beside what lies there of others, or was there anyway."""
        weeks = self.weeks
        outside = {*weeks.flows} - weeks.inside
        for place, most in weeks.storage.items():
            region, plan = place[0].removeprefix("storage of "), place[1]
            beside = weeks.lies_in(region, plan, outside, idle=False)
            beside += weeks.lies_in(region, plan, weeks.resting, idle=True)
            idle = weeks.lies_in(region, plan, weeks.inside, idle=True)
            self.limits[place] = self.lies[place], max(most - beside, idle)

    def least(self, price: Mapping[Place, float] | None = None) -> float:
        """Least cost; where prices are given they stand for the limits of later plans."""
        cost, rows, told = np.array(self.cost), [], 0.0
        for name, (row, most) in self.limits.items():
            if price is None or len(name) == 3 or name[1] == 0:
                rows.append((row, most))
                continue
            told += price.get(name, 0.0) * most
            for at, size in row:
                cost[at] += price.get(name, 0.0) * size
        found = linprog(
            cost,
            A_eq=_matrix(self.equal, len(cost)), b_eq=[most for _, most in self.equal],
            A_ub=_matrix(rows, len(cost)), b_ub=[most for _, most in rows],
            bounds=[(0.0, most) for most in self.most],
        )  # fmt: skip
        assert found.status == 0, found.message
        return float(found.fun) - told


def _matrix(rows: list[tuple[list[tuple[int, float]], float]], width: int) -> Any:
    entries = [(at, *each) for at, (row, _) in enumerate(rows) for each in row]
    row, column, value = zip(*entries, strict=True) if entries else ((), (), ())
    return coo_array((value, (row, column)), shape=(len(rows), width)).tocsr()


def faults_of_prices(market: Market, told: Prices | None, objective: float | None) -> list[str]:
    """Say what is wrong with the prices that a plan tells of later weeks.

    Parameters
    ----------
    told
        By limit and plan, empty where it tells none; None where they cannot be told apart.
    objective
        Least cost of expected flows that it tells; None where it tells none.
    """
    weeks = Weeks(market)
    if objective is None:
        return [f"{place} is scarce and has no price" for place in sorted(weeks.scarce)]
    program = Program(weeks)
    best, size = program.least(), NOISE * max(1.0, abs(objective))
    faults = []
    if abs(best - objective) > size:
        faults.append(f"weeks after: model {best:.6f}, plan {objective:.6f}")
    if told is None:
        return faults
    price = {
        place: told[weeks.told_name(place), place[1]] - step
        for place, step in sooner_steps(weeks, told).items()
    }
    named = {(weeks.told_name(place), place[1]) for place in price}
    faults += [f"{limit} is priced and is no limit" for limit in told if limit not in named]
    faults += [f"{place} has the price {each}" for place, each in price.items() if each < -size]
    bound = program.least({place: max(each, 0.0) for place, each in price.items()})
    if bound < best - size:
        faults.append(f"weeks after: at the prices told no more than {bound:.6f} of {best:.6f}")
    return faults


def sooner_steps(weeks: Weeks, told: Prices) -> dict[Place, float]:
    """What each limit that is told is dearer by, the sooner being better, by limit and plan.

    A thousandth of the median benefit, of a volume or of a unit, from plan to plan.
    """
    cells = sorted(weeks.inside)
    benefit = [weeks.money[key].benefit for key in cells]
    volume = [weeks.market.items[item]["volume"] for _, item in cells]
    by_volume = [each / size for each, size in zip(benefit, volume, strict=True) if size > 0.0]
    found = {}
    for place in weeks.room | weeks.storage:
        if place[1] > 0 and (weeks.told_name(place), place[1]) in told:
            some = by_volume if place[0].startswith("row") else benefit
            step = SOONER * max(float(np.median(some)), 0.0) if some else 0.0
            found[place] = 0.0 if place in weeks.storage else step * place[1]
    return found
