"""The shipping problem: one immutable value between the input tables and the solver.

All indices are positions in the sorted id arrays; all money is a unit's, in the
workspace's currency; all quantities are whole units. Nothing here knows a solver.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Bools, Floats, Ids, Ints
from foreship_foundation.telling.words import plural
from foreship_optimize.arrays import short
from foreship_optimize.departures import Departures

__all__ = [
    "Asked",
    "Directed",
    "Floors",
    "LateUnits",
    "Lock",
    "Moves",
    "Need",
    "NotWeighed",
    "OwnLimits",
    "ShippingProblem",
    "Stated",
    "Units",
]


@dataclass(frozen=True)
class Units:
    """Every candidate unit of every cell, one row for each, sorted by (cell, rank).

    A cell's units are ranked in the order they are used: those on hand first, then arrivals.

    **Invariants:** inside a cell `rank` counts 1, 2, 3 ..; on-hand units precede arrivals;
    `value` and `probability` never increase with rank.
    """

    cell: Ints
    """position in `ShippingProblem.cell_*`, shape (U,)"""
    rank: Ints
    """1, 2, .. within the cell, on hand first"""
    on_hand: Bools
    """True for a unit that lies in the region at `as_of`"""
    value: Floats
    """v_k of docs/value.md: worth of the unit there, before its lane's cost [money]"""
    probability: Floats
    """p_k: chance that the unit is bought inside its window [0, 1]"""
    benefit: Floats
    """b_k: what a sale from staging adds, net of holding until the sale [money]"""
    unsold_worth: Floats
    """r_k: mean worth of the unit at the next review if it was not bought [money]"""
    hold_back: Floats
    """o_k: margin lost elsewhere because the unit left its hub, already out of `value` [money]"""


class Directed:
    """Moves by their ends: what is done with one follows from where it starts and where it ends."""

    origin_hub: Ints
    origin_cell: Ints
    destination_cell: Ints

    @property
    def from_hub(self) -> Bools:
        """Mark the ships: moves that leave a hub, for a cell, shape (M,)."""
        return self.origin_hub >= 0

    @property
    def between_cells(self) -> Bools:
        """Mark the redirects: moves from a cell to another, shape (M,)."""
        return (self.origin_cell >= 0) & (self.destination_cell >= 0)

    @property
    def out_of_cells(self) -> Bools:
        """Mark the moves that take a unit out of a cell and into none, shape (M,)."""
        return (self.origin_cell >= 0) & (self.destination_cell < 0)


@dataclass(frozen=True)
class Moves(Directed):
    """Every way a unit may move, one row a way, in canonical order.

    An index is -1 where it does not apply: a ship goes hub -> cell, a redirect cell -> cell, a
    return cell -> hub, and what is marked down or given away leaves the network where it lies.
    Indices are in four bytes where these hold them, and made whole words where a key is made of
    them.
    """

    action: Ints
    """position in the table of actions (`foreship_foundation.actions`), shape (M,)"""
    item: Ints
    origin_hub: Ints
    origin_cell: Ints
    destination_hub: Ints
    destination_cell: Ints
    cost: Floats
    """lane cost and exit cost together [money a unit], >= 0 or negative where an exit pays"""
    lateness: Floats
    """what the program charges for an arrival on another day than the cell's [money a unit]; below
    0 where every unit worth shipping gains by it"""
    lead_days: Ints
    """days from `as_of` to arrival (0 where the unit leaves the network)"""
    lane: Ints
    """position in `ShippingProblem.lane_*`, -1 without a lane"""
    exit: Ids
    """name of the exit; '' for a ship"""
    rent: Floats
    """what others lose because the unit leaves this hub and not its cell's source, >= 0 (equation
    15a of docs/value.md) [money a unit]"""

    @property
    def charged(self) -> Floats:
        """Cost and rent together: what a unit on the move has to earn, shape (M,) [money]."""
        return self.cost + self.rent


@dataclass(frozen=True)
class LateUnits:
    """Candidate units valued on another day of arrival than their cell's, one row a (unit, day).

    These are later arrivals, and redirects that come before the cell's earliest ship.

    **Invariants:** sorted by (unit, day); `value` = p b + (1 - p)(r - h w) - o as in `Units`.
    """

    unit: Ints
    """position in `Units`, shape (L,)"""
    day: Ints
    """day of arrival, from `as_of`"""
    value: Floats
    """v_k of an arrival on that day [money]; it may rise with rank"""
    probability: Floats
    """p_k of the window that begins on that day [0, 1]"""
    benefit: Floats
    """b_k [money]"""
    unsold_worth: Floats
    """r_k [money]"""

    @classmethod
    def none(cls) -> LateUnits:
        """Return no rows: every arrival is then worth its cell's value less its lateness."""
        index, money = np.empty(0, dtype=np.int64), np.empty(0)
        return cls(index, index, money, money, money, money)

    def rows_of(self, chosen: Ints, units: int) -> LateUnits:
        """Return the rows of the `units` units that are `chosen`, renumbered by place in it."""
        place = np.full(units, -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        kept = self.at(np.flatnonzero(place[self.unit] >= 0))
        return replace(kept, unit=place[kept.unit])

    def at(self, rows: Ints) -> LateUnits:
        """Return some of the rows."""
        return LateUnits(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    def find(self, unit: Ints, day: Ints) -> Ints:
        """Row of each (unit, day); -1 where there is none."""
        if not len(self.unit):
            return np.full(len(unit), -1, dtype=np.int64)
        days = int(max(self.day.max(), day.max(initial=0))) + 1
        key, wanted = self.unit * days + self.day, unit * days + day
        at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        return np.where((key[at] == wanted) & (unit >= 0), at, -1)


@dataclass(frozen=True)
class Lock:
    """A bound on the total of some moves: a planner's override, or the capacity of an exit."""

    name: str
    """how it is named to a planner, e.g. `at_least 40 of A1 to R1 (Anna: promotion)`"""
    moves: Ints
    """positions in `Moves` whose quantities are summed"""
    at_least: float
    """units, 0 where there is no lower bound"""
    at_most: float
    """units, inf where there is no upper bound"""
    source: str
    """`override` or `exit`"""
    forbidden_by: tuple[str, ...] = ()
    """names of locks that forbid moves it could count"""
    lowered_from: float | None = None
    """what `at_least` was stated as, where it gave way"""


@dataclass(frozen=True)
class Need:
    """Units that each cell needs in each outcome, >= 0; `need[cells]` reads the rows of cells.

    There may be a hundred million of them, so they are kept in the shortest type that holds them
    and must be widened before arithmetic. The cells of an item lie together, as they are planned.
    """

    rows: npt.NDArray[np.integer[Any]]
    """one row a cell, by (item, region), shape (C, S)"""
    place: npt.NDArray[np.integer[Any]]
    """row of each cell of the problem, shape (C,)"""

    @classmethod
    def by_item(cls, rows: npt.NDArray[np.integer[Any]], order: Ints) -> Need:
        """Name the cell of each row; `order` is the cells sorted by (item, region)."""
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        return cls(rows, short(place))

    @property
    def shape(self) -> tuple[int, int]:
        """Cells and scenarios."""
        return len(self.place), self.rows.shape[1]

    def __getitem__(self, cells: Any) -> npt.NDArray[np.integer[Any]]:
        """Rows of some cells, or of one."""
        found: npt.NDArray[np.integer[Any]] = self.rows[self.place[cells]]
        return found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """All rows in the problem's order of cells."""
        return np.asarray(self[:], dtype=dtype)

    def of(self, cells: Ints) -> Need:
        """Return the need of some cells alone."""
        return Need(self[cells], np.arange(len(cells)))


@dataclass(frozen=True)
class NotWeighed:
    """Cells for which no new unit is a candidate, and why; others of which a way is forbidden."""

    region: Ints
    """position in the regions, shape (N,)"""
    item: Ints
    partly: Bools
    """True where there are candidates, but a lock forbids some ways in"""
    cause: Ids
    """a lock, a policy, what is missing on the way there, or `not worth it`"""

    @classmethod
    def none(cls) -> NotWeighed:
        """Return no cell."""
        index = np.empty(0, dtype=np.int64)
        return cls(index, index, np.empty(0, dtype=bool), np.empty(0, dtype=object))


@dataclass(frozen=True)
class Floors:
    """Cells that policies ask units for, (F,), whether or not anything can be sent there.

    Ceilings are written in the same way: cells that policies let no further unit into.
    """

    region: Ints
    """position in the regions"""
    item: Ints
    cell: Ints
    """position among the cells of the problem, -1 where it is none of them"""
    units: Ints
    """that should lie there or be on their way after the plan"""
    lying: Ints
    """that do before it"""
    row: Ints
    """of `policies`, from 0"""

    def there(self, problem: ShippingProblem, quantity: Ints) -> Ints:
        """Units that lie in each cell or are on their way after a plan, (F,)."""
        raised = np.append(_raised(problem, quantity), 0)  # the last one is no cell
        return np.asarray(self.lying + raised[self.cell])


@dataclass(frozen=True)
class Asked:
    """What steers the program and is no money, and the true money beside it (equation P38)."""

    value: Floats
    """of `Units`, without the worth of reaching a floor, (U,)"""
    late: Floats
    """of `LateUnits`, without it, (L,)"""
    rent: Floats
    """of `Moves`, without what a change is charged, (M,)"""
    line: float
    """what a ship line is charged beyond its cost [money]"""
    departures: Departures
    """without that"""
    floors: Floors
    ceilings: Floors
    policies: Ids
    """each row of `policies` in words"""

    def of(self, problem: ShippingProblem, quantity: Ints) -> dict[str, float]:
        """Money by which a plan is steered beyond what it costs, by its kind.

        Policies: the worth of all candidates below a floor that the plan does not bring there.
        """
        units = problem.units
        there = np.bincount(units.cell[units.on_hand], minlength=len(problem.cell_item))
        there += _raised(problem, quantity)
        extra = units.value - self.value
        empty = units.rank > there[units.cell]
        ships = np.flatnonzero((quantity > 0) & problem.moves.from_hub)
        lines = len(np.unique(_line_of(problem, ships)))
        return {
            "policies": math.fsum(extra[empty].tolist()),
            "minimum_line_gain": self.line * lines,
            "changes": float((problem.moves.rent - self.rent) @ quantity),
        }

    def before(self, problem: ShippingProblem) -> float:
        """Worth of all candidates below a floor that do not lie there before the plan [money]."""
        return self.of(problem, np.zeros(len(problem.moves.action), dtype=np.int64))["policies"]


def _raised(problem: ShippingProblem, quantity: Ints) -> Ints:
    """Units by which a plan raises the stock of each cell, (C,)."""
    moves, raised = problem.moves, np.zeros(len(problem.cell_item), dtype=np.int64)
    for cells, sign in ((moves.destination_cell, 1), (moves.origin_cell, -1)):
        named = cells >= 0
        np.add.at(raised, cells[named], sign * quantity[named])
    return raised


def _line_of(problem: ShippingProblem, moves: Ints) -> Ints:
    """Number the item lines that moves travel on: an item on a departure."""
    lane = problem.moves.lane[moves].astype(np.int64)
    return np.asarray(lane * len(problem.items) + problem.moves.item[moves])


@dataclass(frozen=True)
class OwnLimits:
    """Limits that a planner wrote: K bounds on a weighted sum of units moved (equation P39)."""

    words: tuple[str, ...] = ()
    """how each is named"""
    unit: tuple[str, ...] = ()
    """what it counts"""
    most: Floats = field(default_factory=lambda: np.empty(0))
    """upper sides, shape (K,)"""
    weight: Floats = field(default_factory=lambda: np.empty((0, 0)))
    """of one unit of each move, >= 0, shape (K, M)"""

    def of(self, moves: Ints) -> OwnLimits:
        """Return the limits over some of the moves."""
        return replace(self, weight=self.weight[:, moves]) if self.words else self


@dataclass(frozen=True)
class Stated:
    """Items, regions and hubs by their sorted ids, and what tables state of each of them.

    A problem has it from the network that it is made of, as it stands there.
    """

    items: Ids
    regions: Ids
    hubs: Ids
    volume: Floats
    """of one unit, by item"""
    pack_size: Ints
    """units in a pack, by item, >= 1: ships from hubs move whole packs"""
    unit_cost: Floats
    """value of one unit of stock, by item [money]"""


@dataclass(frozen=True)
class ShippingProblem(Stated):
    """What may be shipped where, what each unit is worth there, and every limit.

    **Invariants:** ids sorted; cells sorted by (region, item); on hand of a cell equals its
    number of on-hand `units`; all arrays finite except capacities, where inf means no limit.
    """

    cell_region: Ints
    cell_item: Ints
    units: Units
    moves: Moves
    supply_item: Ints
    """hub stock rows (item, hub, units), only where units > 0"""
    supply_hub: Ints
    supply_units: Ints
    lane_origin: Ids
    lane_destination: Ids
    lane_capacity: Floats
    """volume a plan, inf = unlimited"""
    storage: Floats
    """volume of each region, inf = unlimited"""
    storage_inbound: Floats
    """volume already on its way into each region"""
    locks: tuple[Lock, ...]
    loss_per_unit: Floats
    """by cell: cheapest lane into it + holding over the risk horizon + cheapest exit [money]"""
    need: Need
    """(cells, scenarios): units each cell wants by the risk horizon beyond what it has"""
    holding_window: Floats
    """by cell: h x w, holding of a unit unsold through its window [money]"""
    exit_name: Ids
    """by cell: the cheapest exit of an unsold unit"""
    notes: tuple[str, ...]
    """what the planner must be told: left out, clipped, beyond a limit; one sentence each"""
    lane_terms: Ids = field(default_factory=lambda: np.empty(0, dtype=object))
    """days and cost of each lane that is not alone between its places, '' of the others; may be
    left out"""
    late: LateUnits = field(default_factory=LateUnits.none)
    """value of arrivals on another day than their cell's, for the ledger and the bound"""
    not_weighed: NotWeighed = field(default_factory=NotWeighed.none)
    """cells that no new unit may come to, or pays in, for the planner to read"""
    freight_budget: float = math.inf
    """most that ships and redirects may cost together [money], inf = unlimited"""
    stock_value_budget: float = math.inf
    """most unit cost that ships and redirects may move together [money], inf = unlimited"""
    departures: Departures = field(default_factory=Departures.none)
    """when each lane leaves, and what a vehicle or a line of it costs; without rows, at once and
    free beside its units"""
    picking: Floats = field(default_factory=lambda: np.empty((0, 0)))
    """units that each hub may send on each day from `as_of`, (hubs, days), inf = unlimited; empty:
    no day has a limit"""
    receiving: Floats = field(default_factory=lambda: np.empty((0, 0)))
    """units that each region may take in on each day beside its inbound, (regions, days)"""
    floor_rank: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """by cell: last rank below the floor of a policy, 0 without one; empty: no cell has one"""
    own: OwnLimits = field(default_factory=OwnLimits)
    """limits that the planner wrote"""
    asked: Asked | None = None
    """what steers the program beside money, in the money above; None where nothing does"""

    def true(self) -> ShippingProblem:
        """Return the problem in money alone: the same moves, units and limits."""
        asked = self.asked
        if asked is None:
            return self
        return replace(
            self,
            units=replace(self.units, value=asked.value),
            late=replace(self.late, value=asked.late),
            moves=replace(self.moves, rent=asked.rent),
            departures=asked.departures,
            floor_rank=np.empty(0, dtype=np.int64),
            asked=None,
        )

    def ship_day(self) -> Ints:
        """Day from `as_of` on which each move leaves, shape (M,)."""
        lane, day = self.moves.lane, self.departures.day
        if not len(day):
            return np.zeros(len(lane), dtype=np.int64)
        return np.where(lane >= 0, day[lane], 0)

    def stock_key(self, item: Ints, hub: Ints) -> Ints:
        """Number the hub stocks: one key for each (item, hub), for moves and stock alike."""
        return np.asarray(item.astype(np.int64) * max(1, len(self.hubs)) + hub)

    def __str__(self) -> str:
        arrivals = int((~self.units.on_hand).sum())
        lines = [
            f"ShippingProblem: {plural(len(self.items), 'item')}, "
            f"{plural(len(self.regions), 'region')}, "
            f"{plural(len(self.hubs), 'hub')}",
            f"├── {plural(len(self.cell_item), 'cell')}, "
            f"{plural(int(self.units.on_hand.sum()), 'unit')} on hand, "
            f"{arrivals} candidate arrivals",
            f"├── {len(self.moves.action)} moves, {plural(int(self.supply_units.sum()), 'unit')} "
            "at hubs",
            f"├── limits: {int(np.isfinite(self.storage).sum())} storage, "
            f"{int(np.isfinite(self.lane_capacity).sum())} lane, {plural(len(self.locks), 'lock')}",
            f"└── {plural(self.need.shape[1], 'scenario')} of need",
        ]
        return "\n".join(lines)
