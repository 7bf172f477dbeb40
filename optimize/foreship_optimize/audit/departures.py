"""What vehicles and item lines cost, recounted from the lines of a plan and the tables."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from foreship_foundation.telling.words import number
from foreship_optimize.audit.books import Books, Line, close
from foreship_optimize.audit.timetables import Lane

__all__ = ["Departed", "departed", "freight_within_budget", "vehicles_of"]

NOISE = 1e-9
"""part of a vehicle that a load may lie beyond whole ones"""


@dataclass(frozen=True)
class Departed:
    """The lines of a plan without their shares of vehicles and item lines, and what these cost."""

    lines: list[Line]
    """in the order given, each at the cost of its units alone"""
    vehicles: float
    """of all departures [money]"""
    handling: float
    """of all item lines [money]"""


def departed(books: Books, lines: list[Line]) -> Departed:
    """Take from every line its share of what its departure costs (P26 of docs/program.md).

    Where lanes leave and arrive on the same days and more than one charges, a line does not say
    which one it is on: its share is then what it costs beyond its units on the nearest of them.
    """
    bare, vehicles, handling = list(lines), [0.0], [0.0]
    together: dict[tuple[str, str, Lane], list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        lanes = _charging(books, line)
        if len(lanes) == 1:
            together[line.origin, line.destination, lanes[0]].append(place)
        elif lanes:
            base = max(_below(books, line, lanes), default=line.cost)
            bare[place] = replace(line, cost=base)
            vehicles.append(line.cost - base)
    for (_, _, lane), places in together.items():
        mine = [lines[place] for place in places]
        whole = lane.vehicle_cost * vehicles_of(books, lane, mine)
        started = lane.line_cost * len({line.item for line in mine})
        vehicles.append(whole)
        handling.append(started)
        for place, share in zip(places, _shares(books, lane, mine, whole), strict=True):
            bare[place] = replace(lines[place], cost=lines[place].cost - share)
    return Departed(bare, math.fsum(vehicles), math.fsum(handling))


def vehicles_of(books: Books, lane: Lane, lines: list[Line]) -> int:
    """Whole vehicles that lines take on a lane, at least one where anything travels."""
    if not any(line.quantity > 0 for line in lines):
        return 0
    volume, kg = (_load(books, lines, size) for size in ("volume", "weight_kg"))
    filled = max(volume / lane.vehicle_capacity, kg / lane.vehicle_kg)
    return max(1, math.ceil(filled - NOISE))


def freight_within_budget(books: Books, all_of_it: Departed) -> Iterable[str]:
    """Check that freight, that of vehicles and item lines too, keeps its budget."""
    most = books.params.plan.freight_budget
    more = all_of_it.vehicles + all_of_it.handling
    if most is None or more <= 0.0:
        return
    into = [line for line in all_of_it.lines if line.destination in books.regions]
    spent = math.fsum([*(max(line.cost, 0.0) for line in into), more])
    allowed = float(most) + books.relaxed.get("freight budget", 0.0)
    if spent > allowed + NOISE * max(1.0, allowed):
        yield (
            f"freight budget: {number(spent)} of {number(allowed)}, vehicles and lines "
            f"{number(more)} of it"
        )


def _charging(books: Books, line: Line) -> list[Lane]:
    """Lanes that a line may be on and that charge for vehicles or lines; none where it is clear."""
    if line.item not in books.items or line.quantity < 1:
        return []
    leaves, arrives = ((day - books.as_of).days for day in (line.ship_date, line.arrival_date))
    lanes = [
        lane
        for lane in books.lanes.get((line.origin, line.destination), ())
        if lane.lead_days == arrives and lane.offset == leaves
    ]
    if line.lane:
        lanes = [lane for lane in lanes if lane.number == line.lane]
    free = [lane for lane in lanes if not (lane.vehicle_cost or lane.line_cost)]
    if any(close(line.cost, books.cost_of(line, lane)) for lane in free):
        return []
    return [lane for lane in lanes if lane not in free]


def _below(books: Books, line: Line, lanes: list[Lane]) -> list[float]:
    """Cost of a line's units on each of some lanes, where the line costs as much."""
    costs = [books.cost_of(line, lane) for lane in lanes]
    return [cost for cost in costs if cost <= line.cost + NOISE]


def _shares(books: Books, lane: Lane, lines: list[Line], whole: float) -> list[float]:
    """Share of each line: of the vehicles by what fills them, of its item's line by units."""
    volume, kg = (_load(books, lines, size) for size in ("volume", "weight_kg"))
    by_volume, by_kg = volume / lane.vehicle_capacity, kg / lane.vehicle_kg
    size = "volume" if by_volume >= by_kg - NOISE else "weight_kg"
    size = size if max(by_volume, by_kg) > 0 else ""
    loads = [line.quantity * _size(books, line, size) for line in lines]
    of_item: dict[str, int] = defaultdict(int)
    for line in lines:
        of_item[line.item] += line.quantity
    return [
        whole * load / math.fsum(loads) + lane.line_cost * line.quantity / of_item[line.item]
        for line, load in zip(lines, loads, strict=True)
    ]


def _load(books: Books, lines: list[Line], size: str) -> float:
    return math.fsum(line.quantity * _size(books, line, size) for line in lines)


def _size(books: Books, line: Line, size: str) -> float:
    """Volume or weight of one unit; 1 where neither counts."""
    return float(books.items[line.item][size]) if size else 1.0
