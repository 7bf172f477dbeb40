"""Hold-back (equations 15 and 15a): what others lose because a staged unit has left its hub."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tests.optimize.independent.hubs_run_down import (
    Price,
    Run,
    lost_or_parcel,
    missed_least,
    run_down_paths,
)
from tests.optimize.independent.market import Cell, Key, Market
from tests.optimize.independent.money import Money, refill_day, runs_dry
from tests.optimize.independent.net_demand import Counts, need_and_left
from tests.optimize.independent.worth import Floats, Worth

__all__ = ["HubRents", "hold_back"]

NOISE = 1e-9


@dataclass(frozen=True)
class HubRents:
    """What a unit of an item is charged for leaving each hub (equation 15a)."""

    taken: Mapping[str, int]
    first: Mapping[str, float]
    beyond: Mapping[str, float]

    @classmethod
    def none(cls) -> HubRents:
        """Hubs with plenty."""
        return cls({}, {}, {})

    def first_tier(self, hub: str, pack: int, held: int) -> int:
        """Units, in whole packs, that are charged as those of the walk."""
        return min(self.taken.get(hub, 0) // pack * pack, held)


@dataclass
class _Plan:
    """The walk so far: what hubs hold, what regions order, what was sent from where."""

    stock: dict[str, int]
    orders: dict[str, Counts]
    sent: dict[tuple[Key, str], int]

    def run(self, price: Price) -> list[Run]:
        return run_down_paths(self.stock, self.orders, price)


def hold_back(
    market: Market,
    item: str,
    worth: Mapping[Key, Worth],
    day: Mapping[Key, int],
    money: Mapping[Key, Money],
) -> tuple[dict[Key, Floats], HubRents]:
    """Charge o_k of every unit that may arrive, by cell, beside the charge of its hub.

    Parameters
    ----------
    worth
        Arrivals of the item's cells before any charge.
    day
        Earliest day of arrival of each cell.
    """
    free = {key: np.zeros(len(units.value)) for key, units in worth.items()}
    price, refill = market.parcels(), refill_day(market, item)
    if not worth or not runs_dry(
        market, item, refill, lambda cell, hub: price.get((hub, cell.region))
    ):
        return free, HubRents.none()
    return _Walk(market, item, worth, day, money).charges()


class _Walk:
    """Stages the units of an item greedily, best first."""

    def __init__(
        self,
        market: Market,
        item: str,
        worth: Mapping[Key, Worth],
        day: Mapping[Key, int],
        money: Mapping[Key, Money],
    ) -> None:
        self.market, self.worth, self.money = market, worth, money
        self.price = lost_or_parcel(market.parcels(), market.items[item]["margin"])
        self.hubs = market.stock_of(item)
        refill, cells = refill_day(market, item), market.cells_of[item]
        nothing = np.zeros(market.scenarios, dtype=np.int64)
        self.wants = {
            cell.key: need_and_left(cell, day[cell.key], [refill])[0][0]
            if day.get(cell.key, math.inf) < refill
            else nothing
            for cell in cells
        }
        orders = {cell.region: need_and_left(cell, 0, [refill])[0][0] for cell in cells}
        self.plan = _Plan(dict(self.hubs), orders, {})
        self.freight = {
            (cell.key, hub): self._freight(cell, hub) for cell in cells for hub in self.hubs
        }

    def _freight(self, cell: Cell, hub: str) -> float:
        lanes = self.market.lanes_between({hub}, {cell.region}) if cell.stocked else []
        return min((self.market.freight(lane, cell.item) for lane in lanes), default=math.inf)

    def owed(self, key: Key, unit: int, hub: str, runs: list[Run]) -> float:
        """Equation 15 of the unit-th unit of a cell that leaves a hub, before t."""
        sold, total = self.wants[key] >= unit, 0.0
        direct = self.money[key].direct
        for path, run in enumerate(runs):
            total += run.rent[hub] if sold[path] else run.missed[hub]
            if sold[path] and math.isfinite(direct):
                total -= run.order[key[0]] - direct
        return total / len(runs)

    def charges(self) -> tuple[dict[Key, Floats], HubRents]:
        """Walk, move units to better hubs, and charge."""
        taken = dict.fromkeys(sorted(self.worth), 0)
        charge = {key: np.full(len(units.value), np.nan) for key, units in self.worth.items()}
        source: dict[tuple[Key, int], str] = {}
        while best := self._best(taken):
            key, hub, owed = best
            charge[key][taken[key]] = owed
            source[key, taken[key]] = hub
            taken[key] += 1
            self.plan.sent[key, hub] = self.plan.sent.get((key, hub), 0) + 1
            self.plan.stock[hub] -= 1
            self.plan.orders[key[0]] = self.plan.orders[key[0]] - (self.wants[key] >= taken[key])
        runs = self._better_hubs()
        rents = self._rents(runs)
        for key, done in taken.items():
            hub = min(
                self.hubs, key=lambda each, key=key: self.freight[key, each] + rents.beyond[each]
            )
            for unit in range(len(charge[key])):
                if unit < done:
                    charge[key][unit] -= rents.first[source[key, unit]]
                else:
                    charge[key][unit] = self.owed(key, unit + 1, hub, runs) - rents.beyond[hub]
        return charge, rents

    def _best(self, taken: Mapping[Key, int]) -> tuple[Key, str, float] | None:
        """The cell and hub whose next unit gains most, and what it owes."""
        runs, best, found = self.plan.run(self.price), 0.0, None
        for key, done in taken.items():
            if done == len(self.worth[key].value):
                continue
            for hub, left in self.plan.stock.items():
                if left > 0 and math.isfinite(self.freight[key, hub]):
                    owed = self.owed(key, done + 1, hub, runs)
                    gain = self.worth[key].value[done] - owed - self.freight[key, hub]
                    if gain > best:
                        best, found = gain, (key, hub, owed)
        return found

    def _better_hubs(self) -> list[Run]:
        """Let staged units leave other hubs, one at a time, while that costs less."""
        plan = self.plan
        for _ in range(64):
            runs = plan.run(self.price)
            rent = {hub: float(np.mean([run.rent[hub] for run in runs])) for hub in self.hubs}
            missed = {hub: float(np.mean([run.missed[hub] for run in runs])) for hub in self.hubs}
            gains = {}
            for (key, old), units in plan.sent.items():
                for new, left in plan.stock.items():
                    if units > 0 and left > 0 and math.isfinite(self.freight[key, new]):
                        saves = self.freight[key, old] + rent[old]
                        gains[key, old, new] = saves - self.freight[key, new] - missed[new]
            best = max(sorted(gains), key=lambda each: gains[each], default=None)
            if best is None or not gains[best] > NOISE:
                break
            key, old, new = best
            plan.sent[key, old] -= 1
            plan.sent[key, new] = plan.sent.get((key, new), 0) + 1
            plan.stock[old] += 1
            plan.stock[new] -= 1
        return plan.run(self.price)

    def _rents(self, runs: list[Run]) -> HubRents:
        """Equation 15a."""
        taken = {hub: held - self.plan.stock[hub] for hub, held in self.hubs.items()}
        if sum(held > 0 for held in self.hubs.values()) < 2:
            return HubRents(taken, dict.fromkeys(self.hubs, 0.0), dict.fromkeys(self.hubs, 0.0))
        rent = {hub: float(np.mean([run.rent[hub] for run in runs])) for hub in self.hubs}
        missed = {hub: float(np.mean([run.missed[hub] for run in runs])) for hub in self.hubs}
        least = rent[missed_least(self.hubs, runs)]
        return HubRents(
            taken,
            {hub: rent[hub] - least for hub in self.hubs},
            {hub: max(rent[hub], missed[hub]) - least for hub in self.hubs},
        )
