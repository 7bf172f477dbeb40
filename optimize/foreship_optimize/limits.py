"""Every limit of a problem as a linear row over its moves, one function for each family.

A row reads: at_least <= sum of coefficient x quantity over moves <= at_most. The program, the
bound, the prices and the rounding all read these rows and what `FAMILIES` says of them, so that no
limit is written down twice: a new one is a function and a line there. Cells and outcomes
(docs/program.md, equations 2 and 8) are not rows of this kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ids, Ints
from foreship_foundation.telling.words import WEEKDAYS
from foreship_optimize.arrays import add_up, parts, short
from foreship_optimize.problem import ShippingProblem

__all__ = [
    "FAMILIES",
    "SLACK",
    "CellUnits",
    "Family",
    "Limits",
    "cell_units",
    "day_in_words",
    "families_where",
    "family_of",
    "in_whole_steps",
    "lane_groups",
    "limits_of",
    "packs_of",
    "with_most",
]

SLACK = 1e-9
"""float noise allowed on a limit, relative to its size: 3 x 0.1 may fill 0.3"""


@dataclass(frozen=True)
class Limits:
    """Rows over moves, shape (R,), and their coefficients, sorted by row, shape (N,)."""

    family: Ids
    """name of one of `FAMILIES`"""
    words: Ids
    """how the row is named to a planner"""
    unit: Ids
    """`units`, `volume`, `vehicles` or `money`"""
    at_least: Floats
    at_most: Floats
    index: Ints
    """position in its family: supply row, cell, region, lane, place and day, budget or lock;
    of vehicles, the lane"""
    row: Ints
    move: Ints
    coefficient: Floats

    def are(self, families: tuple[str, ...]) -> Bools:
        """Mark the rows of some families, shape (R,)."""
        return np.isin(self.family, families)

    @property
    def shared(self) -> Bools:
        """Mark the rows that items share, shape (R,)."""
        return self.are(families_where(shared=True))

    @property
    def in_money(self) -> Bools:
        """Mark the rows that count money, shape (R,): programs write them in scaled money."""
        return np.asarray(self.unit == "money")

    def use(self, quantity: Floats | Ints) -> Floats:
        """Left-hand side of every row for the quantities of all moves, shape (R,)."""
        used = np.zeros(len(self.words))
        for part in parts(len(self.row)):
            weight = self.coefficient[part] * quantity[self.move[part]]
            add_up(used, self.row[part], weight)
        return used

    def paid(self, prices: Floats, moves: int) -> Floats:
        """What a unit of each move pays for all rows at their prices, shape (M,)."""
        paid = np.zeros(moves)
        for part in parts(len(self.row)):
            weight = self.coefficient[part] * prices[self.row[part]]
            add_up(paid, self.move[part], weight)
        return paid

    def tolerance(self) -> Floats:
        """Float noise that is allowed on each row, shape (R,)."""
        sides = np.abs(np.stack([self.at_most, self.at_least]))
        size = np.where(np.isfinite(sides), sides, 0.0).max(axis=0, initial=1.0)
        return SLACK * np.asarray(size, dtype=float)


@dataclass(frozen=True)
class CellUnits:
    """Where each cell's units are in `problem.units`: rank k at `start + k - 1`."""

    start: Ints
    count: Ints
    on_hand: Ints


def added(place: Ints, weight: Floats, size: int) -> Floats:
    """Sum weights by place, as floats even where there are none, shape (size,)."""
    return np.bincount(place, weights=weight, minlength=size).astype(np.float64, copy=False)


def cell_units(problem: ShippingProblem) -> CellUnits:
    """Count each cell's candidate units and those on hand, shape (C,)."""
    cells = len(problem.cell_item)
    count = np.bincount(problem.units.cell, minlength=cells).astype(np.int64)
    on_hand = np.bincount(problem.units.cell[problem.units.on_hand], minlength=cells)
    return CellUnits(np.cumsum(count) - count, count, on_hand.astype(np.int64))


def packs_of(problem: ShippingProblem) -> Ints:
    """Units in one step of each move: a pack for ships from hubs, else 1, shape (M,)."""
    moves = problem.moves
    return np.where(moves.from_hub, problem.pack_size[moves.item], 1).astype(np.int64)


def units_at_hub(problem: ShippingProblem) -> Ints:
    """Units of the item at each move's hub; hub 0 stands in for other origins, (M,)."""
    moves = problem.moves
    stock = np.zeros(len(problem.items) * max(1, len(problem.hubs)), dtype=np.int64)
    stocked = problem.stock_key(problem.supply_item, problem.supply_hub)
    np.add.at(stock, stocked, problem.supply_units)
    found = np.empty(len(moves.item), dtype=np.int64)
    for part in parts(len(found)):
        hub = np.maximum(moves.origin_hub[part], 0)
        found[part] = stock[problem.stock_key(moves.item[part], hub)]
    return found


def in_whole_steps(limits: Limits, packs: Ints) -> Limits:
    """Return the limits with locks as whole packs can use them: in steps of what their moves share.

    No plan in whole packs is lost: at least 1 of moves in packs of two is at least 2, at most 7 of
    them is at most 6. What a minimum lies below whole units by, it lies below whole steps by.

    Parameters
    ----------
    packs
        Units in a step of each move, shape (M,).
    """
    rows = np.flatnonzero(limits.are(("lock",)))
    first, last = (np.searchsorted(limits.row, rows, side) for side in ("left", "right"))
    rows, first, last = (each[last > first] for each in (rows, first, last))
    if not len(rows):
        return limits
    step = np.gcd.reduceat(packs[limits.move[first[0] : last[-1]]], first - first[0])
    most, least = limits.at_most.copy(), limits.at_least.copy()
    capped, asked = np.isfinite(most[rows]), np.isfinite(least[rows])
    place, size = rows[capped], step[capped]
    most[place] = np.floor(most[place] / size) * size
    place, size = rows[asked], step[asked]
    whole = np.ceil(least[place] - SLACK)
    below = np.where(whole - least[place] < 0.5, whole - least[place], 0.0)
    least[place] = np.ceil(whole / size) * size - below
    return replace(limits, at_least=least, at_most=most)


def limits_of(problem: ShippingProblem) -> Limits:
    """Collect the rows of all families of limits."""
    return _stack([each.rows(problem) for each in FAMILIES])


@dataclass(frozen=True)
class _Rows:
    """The rows of one family in columns, with the members of all rows end to end."""

    family: str
    unit: str | list[str]
    """of all rows, or of each"""
    words: list[str]
    at_least: Floats
    at_most: Floats
    index: Ints
    size: Ints
    """members of each row"""
    moves: Ints
    coefficient: Floats

    @property
    def units(self) -> list[str]:
        """What each row counts."""
        return [self.unit] * len(self.words) if isinstance(self.unit, str) else self.unit


def hub_stock(problem: ShippingProblem) -> _Rows:
    """Return rows: what leaves a hub lies there (equation 3)."""
    moves = problem.moves
    ships = np.flatnonzero(moves.from_hub)
    place = problem.stock_key(moves.item[ships], moves.origin_hub[ships])
    stocked = problem.stock_key(problem.supply_item, problem.supply_hub)
    index, size, mine = _groups(place, ships, stocked)
    item, hub = problem.items[problem.supply_item[index]], problem.hubs[problem.supply_hub[index]]
    words = [f"hub stock of {i} at {h}" for i, h in zip(item, hub, strict=True)]
    stock = problem.supply_units[index].astype(float)
    return _upper("hub stock", "units", words, stock, index, size, mine, np.ones(len(mine)))


def on_hand(problem: ShippingProblem) -> _Rows:
    """Return rows: what is moved away from a region lay there at `as_of` (equation 4)."""
    moves, lies = problem.moves, cell_units(problem).on_hand
    away = np.flatnonzero(moves.origin_cell >= 0)
    index, size, mine = _groups(moves.origin_cell[away], away, np.arange(len(problem.cell_item)))
    item = problem.items[problem.cell_item[index]]
    region = problem.regions[problem.cell_region[index]]
    words = [f"stock of {i} in {r}" for i, r in zip(item, region, strict=True)]
    stock = lies[index].astype(float)
    return _upper("on hand", "units", words, stock, index, size, mine, np.ones(len(mine)))


def region_storage(problem: ShippingProblem) -> _Rows:
    """Return rows: arrivals less what is moved away fit beside what lies there (equation 5)."""
    moves = problem.moves
    arrive = np.flatnonzero(moves.destination_cell >= 0)
    leave = np.flatnonzero(moves.origin_cell >= 0)
    region = problem.cell_region[
        np.concatenate([moves.destination_cell[arrive], moves.origin_cell[leave]])
    ]
    which = np.concatenate([arrive, leave])
    sign = np.repeat([1.0, -1.0], [len(arrive), len(leave)])
    free = free_storage(problem)
    order = np.argsort(region, kind="stable")
    edges = np.searchsorted(region[order], np.arange(len(problem.regions) + 1))
    limited = np.flatnonzero(np.isfinite(free) & (np.diff(edges) > 0))
    found = []
    for index in limited.tolist():
        chosen = order[edges[index] : edges[index + 1]]
        moved = which[chosen]
        found.append(_merge(moved, sign[chosen] * problem.volume[moves.item[moved]]))
    words = [f"storage of {region}" for region in problem.regions[limited]]
    size, mine, volume = _end_to_end(found)
    return _upper("storage", "volume", words, free[limited], limited, size, mine, volume)


def free_storage(problem: ShippingProblem) -> Floats:
    """Volume left in each region beside what lies and comes there, at least 0, shape (G,).

    A region already over its capacity takes nothing new, but is not asked to empty itself.
    """
    return np.maximum(problem.storage - volume_before(problem), 0.0)


def volume_before(problem: ShippingProblem) -> Floats:
    """Volume that lies in or comes to each region before the plan, shape (G,)."""
    lies = cell_units(problem).on_hand * problem.volume[problem.cell_item]
    held = np.bincount(problem.cell_region, weights=lies, minlength=len(problem.regions))
    return held + problem.storage_inbound


def lane_capacity(problem: ShippingProblem) -> _Rows:
    """Return rows: what travels on a lane fits on it, on all its departures (equation 6)."""
    moves, group = problem.moves, lane_groups(problem)
    travel = np.flatnonzero(moves.lane >= 0)
    capped = np.flatnonzero(np.isfinite(problem.lane_capacity))
    place, size, mine = _groups(group[travel], travel, capped)
    index = capped[place]
    words = [_lane_in_words(problem, lane) for lane in index.tolist()]
    volume, capacity = problem.volume[moves.item[mine]], problem.lane_capacity[index]
    return _upper("lane", "volume", words, capacity, index, size, mine, volume)


def vehicles_paid(problem: ShippingProblem) -> _Rows:
    """Return rows: what travels fits into the vehicles decided on, by volume and weight (P23).

    They count vehicles, so that the price of a row is what one vehicle more would earn. Without a
    decision there is no row. Where a unit may fill nothing of a vehicle, units count as parts of
    all that may travel: without a vehicle nothing does.
    """
    departures, moves = problem.departures, problem.moves
    decided = np.isfinite(departures.paid)
    travel = np.flatnonzero(moves.lane >= 0) if decided.any() else np.zeros(0, np.int64)
    lane, item = moves.lane[travel], moves.item[travel]
    volume = problem.volume[item] / departures.vehicle_volume[lane] if len(lane) else np.zeros(0)
    kg = departures.weight_kg[item] / departures.vehicle_kg[lane] if len(lane) else np.zeros(0)
    alone = (np.maximum(volume, kg) <= 0).astype(float)
    weightless = added(lane, alone, len(decided)) > 0
    every = added(lane, units_at_most(problem, travel), len(decided)) if len(lane) else np.zeros(0)
    sides = {
        "": (decided & np.isfinite(departures.vehicle_volume), volume),
        " (kg)": (decided & np.isfinite(departures.vehicle_kg), kg),
        " (units)": (decided & weightless, 1.0 / np.maximum(every[lane], 1.0) if len(lane) else kg),
    }
    words: list[str] = []
    index, size, mine, found = [], [], [], []
    for side, (told, use) in sides.items():
        lanes = np.flatnonzero(told)
        place, count, members = _groups(lane, np.arange(len(travel)), lanes)
        words += [_departure_in_words(problem, each) + side for each in lanes[place].tolist()]
        index.append(lanes[place])
        size.append(count)
        mine.append(travel[members])
        found.append(use[members])
    of_row, used = np.concatenate(index), np.concatenate(found)
    return _upper(
        "vehicle", "vehicles", words, departures.paid[of_row], of_row, np.concatenate(size),
        np.concatenate(mine), used,
    )  # fmt: skip


def units_at_most(problem: ShippingProblem, moves: Ints) -> Floats:
    """Most units of some moves, by what lies where they start, (N,)."""
    table, outof = cell_units(problem), problem.moves.origin_cell[moves]
    most = units_at_hub(problem)[moves]
    if len(table.on_hand):
        most = np.where(outof >= 0, table.on_hand[np.maximum(outof, 0)], most)
    return np.asarray(most, dtype=float)


def _departure_in_words(problem: ShippingProblem, lane: int) -> str:
    """Name the vehicles of a departure by its places, and its day or what else tells it apart."""
    day = day_in_words(int(problem.departures.day[lane]))
    words = f"vehicle {problem.lane_origin[lane]} -> {problem.lane_destination[lane]}"
    terms = problem.lane_terms[lane] if len(problem.lane_terms) else ""
    return f"{words} ({terms})" if terms else f"{words} on {day}"


def lane_groups(problem: ShippingProblem) -> Ints:
    """First lane of those that share a capacity, as departures of a row do, by move; -1 of none."""
    lane, group = problem.moves.lane, problem.departures.group
    return np.where(lane >= 0, group[lane], -1) if len(group) else lane


def day_in_words(day: int) -> str:
    """Name a day of the plan, which is made on a Monday, and its week where that is another."""
    name = WEEKDAYS[day % 7][:3]
    return name if day < 7 else f"{name} of week {day // 7 + 1}"


def _lane_in_words(problem: ShippingProblem, lane: int) -> str:
    """Name a lane, by its days and cost too where another one joins the same places."""
    words = f"lane {problem.lane_origin[lane]} -> {problem.lane_destination[lane]}"
    terms = problem.lane_terms[lane] if len(problem.lane_terms) else ""
    return f"{words} ({terms})" if terms else words


def picking(problem: ShippingProblem) -> _Rows:
    """Return rows: ships that leave a hub on a day are picked on it (equation P29)."""
    moves, most = problem.moves, problem.picking
    ships = np.flatnonzero(moves.from_hub if most.size else np.zeros(len(moves.item), dtype=bool))
    hub = moves.origin_hub[ships] % max(1, len(most))  # a hub's second tier is picked there too
    return _by_day("picking", "picking at", problem.hubs, most, hub, problem.ship_day(), ships)


def receiving(problem: ShippingProblem) -> _Rows:
    """Return rows: what arrives in a region on a day is taken in on it (equation P29)."""
    moves, most = problem.moves, problem.receiving
    into = moves.destination_cell >= 0
    arrive = np.flatnonzero(into if most.size else np.zeros(len(moves.item), dtype=bool))
    region = problem.cell_region[moves.destination_cell[arrive]]
    words = "receiving at"
    return _by_day("receiving", words, problem.regions, most, region, moves.lead_days, arrive)


def _by_day(
    family: str, doing: str, names: Ids, most: Floats, place: Ints, day: Ints, members: Ints
) -> _Rows:
    """Return rows: units that moves bring to or take from a place on a day, day by day.

    Parameters
    ----------
    most
        Units by place and day; days beyond its columns have no limit.
    place
        Of each of the `members`, positions in the moves; `day` is of every move.
    """
    days = max(1, most.shape[1])
    inside = day[members] < most.shape[1]
    place, members = place[inside].astype(np.int64), members[inside]
    wanted = np.flatnonzero(np.isfinite(most.reshape(-1)))
    which, size, mine = _groups(place * days + day[members], members, wanted)
    index = wanted[which]
    words = [f"{doing} {names[at // days]} on {day_in_words(at % days)}" for at in index.tolist()]
    ones = np.ones(len(mine))
    return _upper(family, "units", words, most.reshape(-1)[index], index, size, mine, ones)


def spending(problem: ShippingProblem) -> _Rows:
    """Return rows: what is sent ahead keeps the budgets of freight and stock value (equation 7a).

    Units that leave their region without going to another one spend none of either.
    """
    moves = problem.moves
    sent = np.flatnonzero(moves.destination_cell >= 0)
    spends = {
        "freight budget": (problem.freight_budget, np.maximum(moves.cost[sent], 0.0)),
        "stock value budget": (problem.stock_value_budget, problem.unit_cost[moves.item[sent]]),
    }
    words, most, index, found = [], [], [], []
    for place, (name, (budget, money)) in enumerate(spends.items()):
        # lines are paid from the freight budget even where units travel free
        spent = np.arange(len(money)) if problem.departures.charged else np.flatnonzero(money)
        if np.isfinite(budget) and len(spent):
            words.append(name)
            most.append(budget)
            index.append(place)
            found.append((sent[spent], money[spent]))
    return _upper(
        "budget", "money", words, np.array(most, dtype=float), np.array(index, dtype=np.int64),
        *_end_to_end(found),
    )  # fmt: skip


def locks_and_exits(problem: ShippingProblem) -> _Rows:
    """Return rows: planner's locks and the capacities of exits (equation 7)."""
    locks = problem.locks
    least = np.array([lock.at_least for lock in locks], dtype=float)
    most = np.array([lock.at_most for lock in locks], dtype=float)
    mine = [np.unique(lock.moves) for lock in locks]
    size, moves, ones = _end_to_end([(each, np.ones(len(each))) for each in mine])
    return _Rows(
        "lock", "units", [lock.name for lock in locks], np.where(least > 0, least, -np.inf), most,
        np.arange(len(locks)), size, moves, ones,
    )  # fmt: skip


def of_ones_own(problem: ShippingProblem) -> _Rows:
    """Return rows: limits that the planner wrote (equation P41)."""
    own = problem.own
    mine = [(rows := np.flatnonzero(each), each[rows]) for each in own.weight]
    index = np.flatnonzero([len(rows) > 0 for rows, _ in mine])
    words, units = ([each[k] for k in index.tolist()] for each in (own.words, own.unit))
    return _upper(
        "own limit", units, words, own.most[index], index, *_end_to_end([mine[k] for k in index])
    )


def _upper(
    family: str, unit: str | list[str], words: list[str], most: Floats, index: Ints, size: Ints,
    moves: Ints, coefficient: Floats,
) -> _Rows:  # fmt: skip
    """Return rows that have no lower side."""
    none = np.full(len(words), -np.inf)
    return _Rows(family, unit, words, none, most, index, size, moves, coefficient)


def _groups(key: Ints, member: Ints, wanted: Ints) -> tuple[Ints, Ints, Ints]:
    """Find the wanted keys that have members: place in `wanted`, number, all members in order."""
    order = np.argsort(key, kind="stable")
    ranked = key[order]
    low = np.searchsorted(ranked, wanted, side="left")
    count = np.searchsorted(ranked, wanted, side="right") - low
    del ranked
    index = np.flatnonzero(count > 0)
    size = count[index]
    place = np.repeat(low[index] - (np.cumsum(size) - size), size)
    place += np.arange(len(place))
    return index, size, member[order[place]]


def _merge(moves: Ints, weight: Floats) -> tuple[Ints, Floats]:
    """Add up weights of a move named twice (a redirect inside one region); drop zeros."""
    unique, where = np.unique(moves, return_inverse=True)
    total = added(where, weight, len(unique))
    keep: Bools = total != 0.0
    return unique[keep], total[keep]


def storage_of(problem: ShippingProblem, region: Ints, most: Floats) -> ShippingProblem:
    """Return the problem with other volumes for what is moved into regions."""
    storage = problem.storage.copy()
    storage[region] = volume_before(problem)[region] + most
    return replace(problem, storage=storage)


def capacity_of_lanes(problem: ShippingProblem, lane: Ints, most: Floats) -> ShippingProblem:
    """Return the problem with other volumes for lanes."""
    capacity = problem.lane_capacity.copy()
    capacity[lane] = most
    group = problem.departures.group
    return replace(problem, lane_capacity=capacity[group] if len(group) else capacity)


def picking_of_days(problem: ShippingProblem, index: Ints, most: Floats) -> ShippingProblem:
    """Return the problem with other units that hubs may send on days."""
    units = problem.picking.copy()
    units.reshape(-1)[index] = most
    return replace(problem, picking=units)


def receiving_of_days(problem: ShippingProblem, index: Ints, most: Floats) -> ShippingProblem:
    """Return the problem with other units that regions may take in on days."""
    units = problem.receiving.copy()
    units.reshape(-1)[index] = most
    return replace(problem, receiving=units)


def own_limits_of(problem: ShippingProblem, limit: Ints, most: Floats) -> ShippingProblem:
    """Return the problem with other upper sides of the planner's limits."""
    sides = problem.own.most.copy()
    sides[limit] = most
    return replace(problem, own=replace(problem.own, most=sides))


def budgets_of(problem: ShippingProblem, budget: Ints, most: Floats) -> ShippingProblem:
    """Return the problem with other budgets."""
    budgets = np.array([problem.freight_budget, problem.stock_value_budget])
    budgets[budget] = most
    freight, stock_value = budgets.tolist()
    return replace(problem, freight_budget=freight, stock_value_budget=stock_value)


@dataclass(frozen=True, kw_only=True)
class Family:
    """Limits of one kind: their rows, and how everything that reads rows treats them."""

    name: str
    rows: Callable[[ShippingProblem], _Rows]
    binding: str = "{words}"
    """what the ledger says where one stops the next unit; may name the row's {words}"""
    left: str = ""
    """said behind what a row allows, where part of it is taken already"""
    shared: bool = True
    """items share its rows, which are priced; False: every row is of one item, known by its name to
    the pricing and to the bound in packs"""
    told: bool = True
    """what more of it is worth is said to the planner"""
    forced: Literal["over", "never", "once"] = "over"
    """may a step that a minimum asks for exceed it, so that other moves give way: yes; no; once, if
    it holds so far"""
    yields: Literal["never", "instead", "to locks"] = "never"
    """where planner's minimums contradict it: it holds; it holds, and what raising it instead would
    bring is said; it is raised"""
    reset: Callable[[ShippingProblem, Ints, Floats], ShippingProblem] | None = None
    """the problem with other upper sides of rows, by their index; for those that yield"""


FAMILIES: tuple[Family, ...] = (
    Family(name="hub stock", rows=hub_stock, binding="hub stock", shared=False, forced="once"),
    Family(
        name="on hand",
        rows=on_hand,
        binding="stock in other regions",
        shared=False,
        told=False,
        forced="never",
    ),
    Family(name="storage", rows=region_storage, left=" left", yields="instead", reset=storage_of),
    Family(name="lane", rows=lane_capacity, yields="instead", reset=capacity_of_lanes),
    Family(name="vehicle", rows=vehicles_paid),
    Family(name="picking", rows=picking, yields="instead", reset=picking_of_days),
    Family(
        name="receiving", rows=receiving, left=" left", yields="instead", reset=receiving_of_days
    ),
    Family(name="budget", rows=spending, yields="to locks", reset=budgets_of),
    Family(name="own limit", rows=of_ones_own, yields="instead", reset=own_limits_of),
    Family(name="lock", rows=locks_and_exits, binding="lock {words}", forced="never"),
)
"""Every family, in the order of its rows. Only locks have lower sides."""


def family_of(name: object) -> Family:
    """Return the family of that name; KeyError where there is none."""
    return {each.name: each for each in FAMILIES}[str(name)]


def families_where(**traits: object) -> tuple[str, ...]:
    """Return the names of the families of which all of this is true."""
    return tuple(
        each.name
        for each in FAMILIES
        if all(getattr(each, name) == value for name, value in traits.items())
    )


def with_most(
    problem: ShippingProblem, limits: Limits, rows: list[int], most: Floats
) -> ShippingProblem:
    """Return the problem with other upper sides of some rows, all of families that yield.

    Parameters
    ----------
    limits
        Of this problem, or of one that differs from it in moves and upper sides alone.
    most
        Upper side of every row of `limits`, shape (R,).
    """
    for family in FAMILIES:
        mine = np.array([row for row in rows if limits.family[row] == family.name], dtype=np.int64)
        if len(mine):
            if family.reset is None:
                raise ValueError(f"limits of the family {family.name} do not yield")
            problem = family.reset(problem, limits.index[mine], most[mine])
    return problem


def _end_to_end(found: list[tuple[Ints, Floats]]) -> tuple[Ints, Ints, Floats]:
    """Put the members of rows end to end: how many each row has, their moves and coefficients."""
    size = np.array([len(mine) for mine, _ in found], dtype=np.int64)
    moves = [np.zeros(0, dtype=np.int64), *(mine for mine, _ in found)]
    weights = [np.zeros(0), *(weight for _, weight in found)]
    return size, np.concatenate(moves), np.concatenate(weights)


def _stack(families: list[_Rows]) -> Limits:
    """Put the families end to end."""
    size = np.concatenate([each.size for each in families])
    names = np.repeat(np.arange(len(families)), [len(each.words) for each in families])
    words = [name for each in families for name in each.words]
    return Limits(
        family=np.array([each.family for each in families], dtype=object)[names],
        words=np.array(words, dtype=object),
        unit=np.array([unit for each in families for unit in each.units], dtype=object),
        at_least=np.concatenate([each.at_least for each in families]),
        at_most=np.concatenate([each.at_most for each in families]),
        index=np.concatenate([each.index for each in families]),
        row=np.repeat(short(np.arange(len(size))), size),
        move=np.concatenate([short(each.moves) for each in families]),
        coefficient=np.concatenate([each.coefficient for each in families]),
    )
