"""Whether the plan can be shipped: stock, packs, lanes, dates, room and locks, from the tables."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable

import pandas as pd

from foreship_foundation.actions import action_names, exit_names
from foreship_foundation.telling.words import listed, number, plural
from foreship_optimize.audit.books import INTO_REGION, OUT_OF_REGION, Books, Line
from foreship_optimize.audit.timetables import number_of

__all__ = ["LIMIT_CHECKS"]

DAY = pd.Timedelta(days=1)
NOISE = 1e-6
"""volume may exceed a limit by this, relative: the sum of many small volumes is not exact"""
FROM_HUB, TO_HUB = action_names(origin="hub"), action_names(destination="hub")
NOWHERE = action_names(destination="")
Row = tuple[int, float]
"""a row of lanes between two places: its number and its capacity"""
EXITS_OF = {action: exit_names(action=action) for action in OUT_OF_REGION}


def everything_named_exists(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that items, places and exits of every line exist and are of the right kind."""
    for line in lines:
        if line.item not in books.items:
            yield f"unknown item: {line}"
            continue
        origins = books.hubs if line.action in FROM_HUB else books.regions
        if line.origin not in origins:
            yield f"unknown origin: {line}"
        nowhere = line.action in NOWHERE
        targets = books.hubs if line.action in TO_HUB else books.regions
        if (line.destination != "") if nowhere else (line.destination not in targets):
            yield f"unknown destination: {line}"


def whole_packs(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that quantities are >= 1, and ships whole packs of at least the minimum."""
    least = int(books.params.plan.minimum_line_quantity)
    if "minimum line quantity" in books.relaxed:
        least -= int(books.relaxed["minimum line quantity"])
    for line in lines:
        if line.quantity < 1:
            yield f"{line}: fewer than one unit"
        if line.action not in FROM_HUB or line.item not in books.items:
            continue
        pack = int(books.items[line.item]["pack_size"])
        if line.quantity % pack:
            yield f"{line}: not a multiple of its pack of {pack}"
        if line.quantity < least:
            yield f"{line}: below the minimum line of {least}"


def lanes_open_and_dates_right(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that every line leaves on a day of an open lane, and arrives after its lead."""
    for line in lines:
        possible: dict[float, set[float]] = {} if line.destination else {0: {0}}
        for lane in books.lanes.get((line.origin, line.destination), []):
            possible.setdefault(lane.offset, set()).add(lane.lead_days)
        leaves, arrives = ((day - books.as_of) / DAY for day in (line.ship_date, line.arrival_date))
        if leaves not in (possible or {0: {0}}):
            days = [str(books.as_of + offset * DAY) for offset in sorted(possible or {0: {0}})]
            yield f"{line}: leaves on {line.ship_date}, not {listed(days, last='or')}"
        if not possible:
            yield f"{line}: no open lane"
            continue
        leads = possible.get(leaves, set().union(*possible.values()))
        if arrives not in leads:
            words = listed((plural(lead, "day") for lead in sorted(leads)), last="or")
            yield f"{line}: arrives on {line.arrival_date}, not {words} after {books.as_of}"


def lines_are_apart(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that what is moved one way on one lane is one line."""
    seen: dict[tuple[object, ...], int] = defaultdict(int)
    for line in lines:
        lanes = tuple(books.lanes_of(line))
        way = (line.action, line.origin, line.destination, line.item, line.exit, lanes)
        seen[way] += 1
        if seen[way] > max(1, len(lanes)):
            yield f"{line}: a line is there twice"


def hub_stock_holds(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that no hub sends more than lies there."""
    sent: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        if line.action in FROM_HUB:
            sent[line.origin, line.item] += line.quantity
    for key, units in sorted(sent.items()):
        lies = books.hub_stock.get(key, 0)
        if units > lies:
            yield f"hub {key[0]} sends {units} of {key[1]}, holds {lies}"


def stock_on_hand_holds(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that no region gives away more than lies there."""
    gone: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        if line.action in OUT_OF_REGION:
            gone[line.origin, line.item] += line.quantity
    for key, units in sorted(gone.items()):
        lies = books.on_hand.get(key, 0)
        if units > lies:
            yield f"region {key[0]} moves {units} of {key[1]} away, holds {lies}"


def storage_holds(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that each region has room for what lies there, comes and is sent to it."""
    before: dict[str, list[float]] = defaultdict(list)
    for (region, item), units in books.on_hand.items():
        before[region].append(units * _volume(books, item))
    for (region, item), rows in books.coming.items():
        before[region].extend(units * _volume(books, item) for _, units in rows)
    change: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        volume = line.quantity * _volume(books, line.item)
        if line.action in INTO_REGION:
            change[line.destination].append(volume)
        if line.action in OUT_OF_REGION:
            change[line.origin].append(-volume)
    for region in sorted(change.keys() & books.regions.keys()):
        start = math.fsum(before[region])
        most = max(float(books.regions[region]["capacity"]), start)
        full = start + math.fsum(change[region])
        if full > most + NOISE * max(1.0, most):
            yield f"storage of {region}: {number(full)} of {number(most)}"


def lanes_hold(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that what travels on a lane fits on it, on all its departures.

    A line that says no more than that it is on one of several lanes counts for them together.
    """
    load: dict[tuple[str, str], dict[frozenset[Row], list[float]]] = defaultdict(dict)
    for line in lines:
        lanes = frozenset((lane.row, lane.capacity) for lane in books.lanes_of(line))
        if lanes:
            volume = line.quantity * _volume(books, line.item)
            load[line.origin, line.destination].setdefault(lanes, []).append(volume)
    for (origin, destination), volumes in sorted(load.items()):
        for together in _joined(set(volumes)):
            most = math.fsum(capacity for _, capacity in together)
            inside = [
                each for lanes, found in volumes.items() if lanes <= together for each in found
            ]
            full = math.fsum(inside)
            if full > most + NOISE * max(1.0, full):
                yield f"lane {origin} -> {destination}: {number(full)} of {number(most)}"


def _joined(sets: set[frozenset[Row]]) -> list[frozenset[Row]]:
    """Return the sets and all unions of those that overlap, in a stable order."""
    found, fresh = set(sets), list(sets)
    while fresh:
        one = fresh.pop()
        wider = {one | other for other in sets if one & other} - found
        found |= wider
        fresh += wider
    return sorted(found, key=lambda lanes: sorted(map(repr, lanes)))


def hubs_pick(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that no hub sends more units on a day than it picks."""
    sent: dict[tuple[str, pd.Timestamp], int] = defaultdict(int)
    for line in lines:
        if line.action in FROM_HUB and line.origin in books.hubs:
            sent[line.origin, line.ship_date] += line.quantity
    for (hub, day), units in sorted(sent.items()):
        most = number_of(books.hubs[hub].get("picking_units"), math.inf)
        if units > most:
            yield f"hub {hub} picks {plural(units, 'unit')} on {day}, may pick {number(most)}"


def regions_receive(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that no region takes in more units on a day than it may beside its inbound."""
    sent: dict[tuple[str, pd.Timestamp], int] = defaultdict(int)
    for line in lines:
        if line.action in INTO_REGION and line.destination in books.regions:
            sent[line.destination, line.arrival_date] += line.quantity
    comes: dict[tuple[str, pd.Timestamp], int] = defaultdict(int)
    for (region, _), rows in books.coming.items():
        for day, units in rows:
            # what was due before counts from the day of the plan on
            comes[region, books.as_of if pd.isna(day) else max(day, books.as_of)] += units
    for (region, day), units in sorted(sent.items()):
        most = number_of(books.regions[region].get("receiving_units"), math.inf)
        left = max(most - comes[region, day], 0.0)
        if units > left:
            yield (
                f"region {region} takes in {plural(units, 'unit')} on {day}, may take in "
                f"{number(left)}"
            )


def budgets_hold(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that ships and redirects keep the budgets of freight and stock value."""
    freight, value = [], []
    for line in lines:
        if line.action not in INTO_REGION or line.item not in books.items:
            continue
        freight += [max(books.cost_of(line, lane), 0.0) for lane in books.lanes_of(line)[:1]]
        value.append(float(books.items[line.item]["unit_cost"]) * line.quantity)
    plan = books.params.plan
    for name, most, spent in (
        ("freight budget", plan.freight_budget, math.fsum(freight)),
        ("stock value budget", plan.stock_value_budget, math.fsum(value)),
    ):
        if most is None:
            continue
        allowed = float(most) + books.relaxed.get(name, 0.0)
        if spent > allowed + NOISE * max(1.0, allowed):
            yield f"{name}: {number(spent)} of {number(allowed)}"


def assortment_holds(books: Books, lines: list[Line]) -> Iterable[str]:
    """Units go only to cells that may be stocked, and arrive in one of their windows."""
    if books.assortment is None:
        return
    for line in lines:
        cell = (line.destination, line.item)
        if line.action not in INTO_REGION:
            continue
        if cell not in books.assortment:
            yield f"{line}: not in the assortment"
        elif not books.is_open(cell, (line.arrival_date - books.as_of).days):
            yield f"{line}: arrives outside the days of the assortment"


def exits_exist(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that every exit used exists for its item and region, under the right action."""
    for line in lines:
        if line.action not in OUT_OF_REGION or line.item not in books.items:
            continue
        names = EXITS_OF[line.action]
        if line.exit not in names:
            yield f"{line}: exit {line.exit!r} is not one of {names}"
        elif books.exit_cost(line.exit, line.origin, line.item) is None:
            yield f"{line}: exit {line.exit} does not exist here"


def exits_hold(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that no exit takes more units than its capacity."""
    used: dict[int, int] = defaultdict(int)
    for line in lines:
        if line.action in OUT_OF_REGION:
            row = books.exit_row(line.exit, line.origin, line.item)
            if row is not None:
                used[id(row)] += line.quantity
    for row in books.exits.values():
        if used[id(row)] > row["capacity"]:
            where = " ".join(name for name in (row["item"], row["region"]) if name)
            yield (
                f"exit {row['exit']} {where}: {plural(used[id(row)], 'unit')} of "
                f"{number(row['capacity'])}"
            )


def locks_hold(books: Books, lines: list[Line]) -> Iterable[str]:
    """Check that planner's locks hold, except by what is said to have given way."""
    for lock in books.overrides:
        action = lock.get("action") or ""
        units = sum(
            line.quantity
            for line in lines
            if (line.action == action if action else line.action in INTO_REGION)
            and (action or lock["region"] in ("", line.destination))
            and lock["item"] in ("", line.item)
            and lock["origin"] in ("", line.origin)
        )
        kind, value = lock["kind"], float(lock["value"])
        what = lock["item"] or "any item"
        words = f"{kind} {number(value)} of {f'{action} of ' if action else ''}{what}"
        words += "" if action else f" to {lock['region'] or 'any region'}"
        words += f" from {lock['origin']}" if lock["origin"] else ""
        if kind in ("fix", "at_least") and units + books.spare(words) < value:
            yield f"lock {words}: {plural(units, 'unit')}"
        if units > {"fix": value, "at_most": value, "forbid": 0.0}.get(kind, math.inf):
            yield f"lock {words}: {plural(units, 'unit')}"


def _volume(books: Books, item: str) -> float:
    """Volume of one unit; 0 for an unknown item, which another check reports."""
    return float(books.items[item]["volume"]) if item in books.items else 0.0


LIMIT_CHECKS: tuple[Callable[[Books, list[Line]], Iterable[str]], ...] = (
    everything_named_exists,
    whole_packs,
    lanes_open_and_dates_right,
    lines_are_apart,
    hub_stock_holds,
    stock_on_hand_holds,
    storage_holds,
    lanes_hold,
    hubs_pick,
    regions_receive,
    budgets_hold,
    assortment_holds,
    exits_exist,
    exits_hold,
    locks_hold,
)
