"""Every move that lanes, exits, assortment and planner's locks allow, read from the tables."""

from __future__ import annotations

from dataclasses import dataclass

from tests.optimize.independent.arrival import Law
from tests.optimize.independent.market import EXITS, Exit, Key, Lane, Lock, Market

__all__ = ["Move", "covers", "every_move"]


@dataclass(frozen=True)
class Move:
    """One way in which units of an item may leave a place."""

    origin: str
    destination: str
    """'' where the unit leaves the network"""
    item: str
    exit: str
    """'' for a ship"""
    cost: float
    lead: int
    lane: Lane | None
    row: Exit | None
    from_hub: bool
    into_region: bool

    @property
    def source(self) -> Key | None:
        """Cell that it takes units out of."""
        return None if self.from_hub else (self.origin, self.item)

    @property
    def law(self) -> Law:
        """Days of arrival and their chances."""
        return ((self.lead, 1.0),) if self.lane is None else self.lane.law

    @property
    def target(self) -> Key | None:
        """Cell that it brings units into."""
        return (self.destination, self.item) if self.into_region else None


def covers(lock: Lock, move: Move) -> bool:
    """Whether a planner's lock counts the units of a move."""
    return (
        move.into_region
        and lock.region in ("", move.destination)
        and lock.item in ("", move.item)
        and lock.origin in ("", move.origin)
    )


def every_move(market: Market) -> list[Move]:
    """Ships, redirects, returns and exits where units lie, but those that a lock forbids."""
    moves = [*_ships(market)]
    for cell in market.cells.values():
        if cell.on_hand > 0:
            moves += _out_of(market, cell.region, cell.item)
    forbidden = [lock for lock in market.locks if lock.at_most == 0.0]
    return [move for move in moves if not any(covers(lock, move) for lock in forbidden)]


def _ships(market: Market) -> list[Move]:
    found = []
    for lane in market.lanes_between(set(market.hubs), set(market.regions)):
        for item in market.items:
            if market.hub_stock.get((lane.origin, item), 0) and _lets_in(market, lane, item):
                cost = market.freight(lane, item)
                move = Move(
                    lane.origin, lane.destination, item, "", cost, lane.lead, lane, None, True, True
                )
                found.append(move)
    return found


def _lets_in(market: Market, lane: Lane, item: str) -> bool:
    """Whether units may arrive by a lane: in time, and while the assortment is open."""
    cell = market.cells.get((lane.destination, item))
    window = 7 * market.settings.review_weeks
    return (
        cell is not None
        and cell.stocked
        and lane.lead < market.days
        and cell.admits(lane.lead, window)
    )


def _out_of(market: Market, region: str, item: str) -> list[Move]:
    found = []
    places = {"hub": set(market.hubs), "region": set(market.regions)}
    for kind, leads_to in EXITS.items():
        row = market.exit_row(kind, region, item)
        if row is None:
            continue
        handling = market.exit_cost(row, region, item)
        if not leads_to:
            found.append(Move(region, "", item, kind, handling, 0, None, row, False, False))
            continue
        for lane in market.lanes_between({region}, places[leads_to]):
            if leads_to == "hub" or _lets_in(market, lane, item):
                cost = market.freight(lane, item) + handling
                into = leads_to == "region"
                move = Move(
                    region, lane.destination, item, kind, cost, lane.lead, lane, row, False, into
                )
                found.append(move)
    return found
