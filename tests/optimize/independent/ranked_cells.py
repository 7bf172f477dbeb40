"""The units of every cell in order of use, each with its worth on every day of arrival."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tests.optimize.independent.arrival import Law
from tests.optimize.independent.hold_back import HubRents, hold_back
from tests.optimize.independent.market import Cell, Key, Market
from tests.optimize.independent.money import Money, money_of_cells
from tests.optimize.independent.moves import Move, every_move
from tests.optimize.independent.net_demand import need_and_left
from tests.optimize.independent.worth import Floats, Worth, arrivals_by, on_hand

__all__ = ["RankedCell", "ranked_cells"]


@dataclass(frozen=True)
class RankedCell:
    """What units are worth by rank, and what an unneeded one loses."""

    cell: Cell
    own_day: int | None
    """earliest ship, else earliest redirect"""
    lies: Floats
    """v_k of the units on hand"""
    by_day: Mapping[int, Floats]
    """v_k^day of arrivals, of rank on_hand + 1, .. by day"""
    charge: Mapping[int, float]
    """l of a day: what an arrival that takes the rank of a unit on hand pays (equation 17)"""
    loss: float
    """lambda of equation 8"""
    need: np.ndarray
    """units wanted by the risk horizon, by scenario (equation 21)"""
    chance: Mapping[int, Floats]
    """p_k of arrivals by day"""
    other_law: Mapping[Law, float]
    """l of a law of arrival on a day on which several reach the cell: it is charged, whatever the
    unit's rank (equation 31a)"""

    def charged(self, move: Move) -> float:
        """What a move into the cell pays for its law."""
        return self.other_law.get(move.law, 0.0)


def ranked_cells(
    market: Market, moves: list[Move]
) -> tuple[dict[Key, RankedCell], dict[str, HubRents]]:
    """Value and rank the units of every cell; and say what leaving a hub costs, by item."""
    money = money_of_cells(market)
    law = {key: _own_law(moves, key) for key in market.cells}
    day = {key: _own_day(moves, key) for key in market.cells}
    most = {key: _most(market, cell) for key, cell in market.cells.items()}
    raw = {
        key: arrivals_by(market, money[key], cell, law[key], day[key], most[key])
        for key, cell in market.cells.items()
        if day[key] is not None and most[key] > 0
    }
    hold: dict[Key, Floats] = {}
    rents: dict[str, HubRents] = {}
    known = {key: each for key, each in day.items() if each is not None}
    for item in market.items:
        mine = {key: worth for key, worth in raw.items() if key[1] == item}
        charges, rents[item] = hold_back(market, item, mine, known, money)
        hold |= charges
    cells = {
        key: _ranked(
            market, money[key], cell, moves, (day[key], law[key]), raw.get(key), hold.get(key)
        )
        for key, cell in market.cells.items()
    }
    return cells, rents


def _own_day(moves: list[Move], key: Key) -> int | None:
    """Earliest ship into a cell; without one its earliest redirect."""
    for from_hub in (True, False):
        days = [each.lead for each in moves if each.target == key and each.from_hub == from_hub]
        if days:
            return min(days)
    return None


def _own_law(moves: list[Move], key: Key) -> Law:
    """Law of the cheapest way that reaches a cell on its day, ships first; none without a way."""
    day = _own_day(moves, key)
    into = [each for each in moves if each.target == key and each.lead == day]
    ranked = sorted(into, key=lambda each: (not each.from_hub, each.cost, each.law))
    return ranked[0].law if ranked else ()


def _most(market: Market, cell: Cell) -> int:
    """Units that could be sent into a cell at all."""
    hubs = sum(units for (_, item), units in market.hub_stock.items() if item == cell.item)
    others = sum(each.on_hand for each in market.cells_of[cell.item] if each.region != cell.region)
    return hubs + others


def _ranked(
    market: Market,
    money: Money,
    cell: Cell,
    moves: list[Move],
    usually: tuple[int | None, Law],
    raw: Worth | None,
    hold: Floats | None,
) -> RankedCell:
    own, own_law = usually
    into = [each for each in moves if each.target == cell.key]
    usual = 0 if own is None else own
    lies = on_hand(market, money, cell, usual).value if cell.on_hand else np.zeros(0)
    arriving = np.zeros(0) if raw is None or hold is None else raw.value - hold
    cost = cheapest_way_in(into)
    base = levelled(lies, arriving, cost)
    by_day, charge, chance, other = {}, {}, {}, {}
    if raw is not None and own is not None:
        by_day[own], charge[own], chance[own] = base[len(lies) :], 0.0, raw.chance
        for day in sorted({each.lead for each in into}):
            laws = {each.law for each in into if each.lead == day} - {own_law}
            if day != own:
                by_day[day], charge[day], chance[day] = base[len(lies) :], 0.0, raw.chance
            for law in laws:
                late = arrivals_by(market, money, cell, law, own, len(raw.value))
                lost = raw.value - late.value
                paid = lateness(market, cell, arriving, cost, lost)
                if day == own or len(laws) > 1:
                    other[law] = paid
                else:
                    by_day[day], chance[day] = base[len(lies) :] - lost, late.chance
                    charge[day] = paid
    return RankedCell(
        cell=cell,
        own_day=own,
        lies=base[: len(lies)],
        by_day=by_day,
        charge=charge,
        loss=loss_of_unneeded(market, money, cell),
        need=need_by_horizon(market, cell),
        chance=chance,
        other_law=other,
    )


def cheapest_way_in(into: list[Move]) -> float:
    """Cheapest ship into a cell; without one the cheapest redirect."""
    ships = [each.cost for each in into if each.from_hub]
    return min(ships or [each.cost for each in into], default=math.inf)


def levelled(lies: Floats, arriving: Floats, cost: float) -> Floats:
    """Equation 18: values never rise with rank; paying arrivals raise the units on hand."""
    best = max(arriving, default=-math.inf)
    if best > cost:
        lies = np.maximum(lies, best)
    return np.asarray(np.minimum.accumulate(np.concatenate([lies, arriving])))


def lateness(market: Market, cell: Cell, arriving: Floats, cost: float, lost: Floats) -> float:
    """Equation 17: the most that a unit worth shipping, or asked for, loses by a day of arrival."""
    paying = np.flatnonzero(arriving > cost)
    last = int(paying.max()) + 1 if len(paying) else 0
    forced = [
        lock.at_least
        for lock in market.locks
        if lock.at_least > 0 and lock.region in ("", cell.region) and lock.item in ("", cell.item)
    ]
    if (forced and cell.stocked) or cell.key in market.floored:
        last = max(last, 1)
    return float(lost[:last].max()) if last else 0.0


def loss_of_unneeded(market: Market, money: Money, cell: Cell) -> float:
    """Lambda of equation 8: cheapest way in, holding over the risk horizon, cheapest exit."""
    hubs = {hub for hub, held in market.hub_stock if held == cell.item}
    ways = [market.freight(lane, cell.item) for lane in market.lanes_between(hubs, {cell.region})]
    if not ways:
        ways = [
            move.cost
            for move in every_move(replace(market, locks=()))
            if move.target == cell.key and not move.from_hub
        ]
    way = min(ways, default=0.0)
    weeks = market.settings.risk_horizon_weeks
    return way + money.holding * weeks + max(money.exit, 0.0)


def need_by_horizon(market: Market, cell: Cell) -> np.ndarray:
    """Equation 21."""
    end = min(7 * market.settings.risk_horizon_weeks, market.days)
    return need_and_left(cell, 0, [end])[0][0]
