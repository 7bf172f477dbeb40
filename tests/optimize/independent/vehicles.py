"""Whole vehicles and item lines of departures (equations P22, P23 of docs/program.md)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from tests.optimize.independent.market import Lane, Market
from tests.optimize.independent.moves import Move

__all__ = ["departures_in", "item_lines_in", "money_of_departures"]

NOISE = 1e-9


def departures_in(moves: Sequence[Move]) -> dict[Lane, list[int]]:
    """Moves of every departure."""
    found: dict[Lane, list[int]] = defaultdict(list)
    for i, move in enumerate(moves):
        if move.lane is not None:
            found[move.lane].append(i)
    return found


def item_lines_in(moves: Sequence[Move]) -> dict[tuple[Lane, str], list[int]]:
    """Moves of every item on every departure."""
    found: dict[tuple[Lane, str], list[int]] = defaultdict(list)
    for i, move in enumerate(moves):
        if move.lane is not None:
            found[move.lane, move.item].append(i)
    return found


def money_of_departures(market: Market, moves: Sequence[Move], amounts: Sequence[int]) -> float:
    """Money of the fewest vehicles that carry a plan, and of its item lines."""
    total = 0.0
    for lane, mine in departures_in(moves).items():
        sent = [(market.items[moves[i].item], amounts[i]) for i in mine if amounts[i]]
        if sent:
            volume = math.fsum(facts["volume"] * n for facts, n in sent) / lane.vehicle_volume
            kg = math.fsum(facts["weight_kg"] * n for facts, n in sent) / lane.vehicle_kg
            total += lane.vehicle_cost * max(1, math.ceil(max(volume, kg) - NOISE))
    for (lane, _), mine in item_lines_in(moves).items():
        total += lane.line_cost * any(amounts[i] for i in mine)
    return total
