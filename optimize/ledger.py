"""Lines and the unit ledger of a finished whole-unit plan: who gets which unit, and what it earns.

A cell's stock is used in order of rank: what is kept of the units on hand first, then arrivals,
earlier arrivals first and cheaper ones first among them. A unit moved away gives up the highest
rank on hand. Every unit sent is taken for what it is worth on its own day of arrival.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimize.lateness import own_worth
from optimize.limits import CellUnits, cell_units
from optimize.problem import ACTIONS, Bools, Floats, Ids, Ints, ShippingProblem

__all__ = [
    "LINE_COLUMNS",
    "UNIT_COLUMNS",
    "Economics",
    "MovedUnits",
    "NextUnit",
    "economics",
    "inbound_of",
    "lines_of",
    "moved_units",
    "places_of",
    "units_of",
]

LINE_COLUMNS = (
    "action", "origin", "destination", "item", "quantity", "ship_date", "arrival_date", "cost",
    "expected_gain", "purchase_probability", "break_even", "exit",
)  # fmt: skip
UNIT_COLUMNS = (
    "region", "item", "unit", "planned", "p", "gain", "loss", "expected_gain", "exit", "binding",
)  # fmt: skip
SURE = 1.0 - 1e-9


@dataclass(frozen=True)
class Economics:
    """What a unit earns at a landed cost c: equation 12, elementwise."""

    probability: Floats
    gain: Floats
    """b - c"""
    loss: Floats
    """what it costs if it is not bought"""
    expected_gain: Floats
    """p gain - (1 - p) loss = v - c"""
    break_even: Floats
    """loss / (gain + loss); not clipped: below 0 the unit pays even if nobody buys it"""


@dataclass(frozen=True)
class NextUnit:
    """The best way in for one unit more of each cell, and what stops it, shape (C,)."""

    cost: Floats
    """lane and exit, what later arrivals lose by it, and the move's lateness where `late` has no
    row [money]; 0 without a way"""
    late: Ints
    """row of `problem.late` that values the unit on its arrival; -1 where `problem.units` does"""
    binding: Ids


@dataclass(frozen=True)
class MovedUnits:
    """One row a moved unit, in order of move, then of the units of the move."""

    move: Ints
    arrives: Ints
    """position in `problem.units` of the unit it becomes; -1 where it leaves the network"""
    leaves: Ints
    """position in `problem.units` of the unit given up; -1 where it comes from a hub"""
    late: Ints
    """row of `problem.late` that values it on its own arrival; -1 where `problem.units` does"""
    cost: Floats
    """lane, exit and the worth of the unit given up; the move's lateness too where `late` has no
    row [money]"""
    worth: Floats
    """of the unit where it arrives, on its own arrival; 0 where it leaves the network [money]"""


def economics(
    problem: ShippingProblem, unit: Ints, landed: Floats, late: Ints | None = None
) -> Economics:
    """Split what units earn at landed cost `landed` into gain and loss (equation 12).

    `late` are the rows of `problem.late` that value them, -1 or None for `problem.units`. The loss
    is what makes p gain - (1 - p) loss equal v - c: where values were levelled so as not to
    increase with rank, it carries the difference. A unit sure to be bought earns v - c.
    """
    p, value, benefit, unsold_worth = (
        _own(problem, name, unit, late)
        for name in ("probability", "value", "benefit", "unsold_worth")
    )
    sure = p >= SURE
    expected = value - landed
    gain = np.where(sure, expected, benefit - landed)
    unsold = landed + problem.holding_window[problem.units.cell[unit]] - unsold_worth
    missed = np.where(sure, 1.0, 1.0 - p)
    loss = np.where(sure, unsold, (p * gain - expected) / missed)
    p = np.where(sure, 1.0, p)
    spread = gain + loss
    flat = np.where(loss <= 0.0, 0.0, 1.0)
    break_even = np.where(spread != 0.0, loss / np.where(spread != 0.0, spread, 1.0), flat)
    return Economics(p, gain, loss, p * gain - (1.0 - p) * loss, break_even)


def _own(problem: ShippingProblem, name: str, unit: Ints, late: Ints | None) -> Floats:
    """Read a column of units, on their own arrival where `late` says so."""
    known: Floats = getattr(problem.units, name)[unit]
    if late is None or not len(problem.late.unit):
        return known
    return np.where(late >= 0, getattr(problem.late, name)[np.maximum(late, 0)], known)


def moved_units(problem: ShippingProblem, quantity: Ints) -> MovedUnits:
    """Give every moved unit its rank where it arrives and where it leaves."""
    moves, table = problem.moves, cell_units(problem)
    away = _total(quantity, moves.origin_cell, len(table.count))
    used = np.flatnonzero(quantity)  # few of all moves carry anything
    amount, cost = quantity[used], (moves.cost + moves.lateness)[used]
    arriving = np.lexsort((cost, moves.lead_days[used]))
    arrives = _ranks(amount, moves.destination_cell[used], arriving)
    start = table.start + table.on_hand - away
    leaves = _ranks(amount, moves.origin_cell[used], np.lexsort((cost,)))
    last = table.start + table.on_hand - 1
    move = np.repeat(used, amount)
    into, outof = moves.destination_cell[move], moves.origin_cell[move]
    unit_in = np.where(into >= 0, _at(start, into) + arrives, -1)
    unit_out = np.where(outof >= 0, _at(last, outof) - leaves, -1)
    given_up = np.where(outof >= 0, _at(problem.units.value, unit_out), 0.0)
    late = problem.late.find(unit_in, moves.lead_days[move])
    landed = moves.cost[move] + np.where(late >= 0, 0.0, moves.lateness[move])
    worth = np.where(into >= 0, own_worth(problem, np.maximum(unit_in, 0), late), 0.0)
    return MovedUnits(move, unit_in, unit_out, late, landed + given_up, worth)


def _total(quantity: Ints, cell: Ints, cells: int) -> Ints:
    """Units by cell, -1 aside."""
    named = cell >= 0
    return np.bincount(cell[named], quantity[named], cells).astype(np.int64)


def _at(values: np.ndarray, place: Ints) -> np.ndarray:
    """Values at places, the first one where the place is -1 (to be masked by the caller)."""
    return values[np.maximum(place, 0)] if len(values) else np.zeros(len(place), dtype=np.int64)


def _ranks(quantity: Ints, cell: Ints, order: Ints) -> Ints:
    """Place 0, 1, .. of each moved unit among those of its cell, moves taken in `order`."""
    order = order[np.argsort(cell[order], kind="stable")]
    amount, home = quantity[order], cell[order]
    before = np.cumsum(amount) - amount
    first = np.concatenate([[True], home[1:] != home[:-1]]) if len(home) else np.zeros(0, bool)
    base = before - np.maximum.accumulate(np.where(first, before, 0)) if len(home) else before
    start = np.zeros(len(quantity), dtype=np.int64)
    start[order] = base
    inside = np.arange(int(quantity.sum())) - np.repeat(np.cumsum(quantity) - quantity, quantity)
    return np.repeat(start, quantity) + inside


def lines_of(
    problem: ShippingProblem, quantity: Ints, moved: MovedUnits, as_of: pd.Timestamp
) -> pd.DataFrame:
    """One row a move that carries anything, in the contract's columns and order."""
    moves = problem.moves
    used = np.flatnonzero(quantity)
    gain = np.bincount(moved.move, moved.worth - moved.cost, len(quantity))[used]
    last = np.cumsum(quantity)[used] - 1
    pays = _last_unit(problem, moved, last)
    lead = pd.to_timedelta(moves.lead_days[used], unit="D")
    action = np.array(ACTIONS, dtype=object)[moves.action[used]]
    frame = pd.DataFrame(
        {
            "action": action,
            "origin": places_of(problem, moves.origin_hub[used], moves.origin_cell[used]),
            "destination": places_of(
                problem, moves.destination_hub[used], moves.destination_cell[used]
            ),
            "item": problem.items[moves.item[used]],
            "quantity": quantity[used].astype(np.int64),
            "ship_date": np.full(len(used), np.datetime64(as_of, "us")),
            "arrival_date": (as_of + lead).to_numpy().astype("datetime64[us]"),
            "cost": moves.cost[used] * quantity[used],
            "expected_gain": gain,
            "purchase_probability": pays.probability,
            "break_even": pays.break_even,
            "exit": _exit_names(problem, moved, last, used),
        },
        columns=list(LINE_COLUMNS),
    )
    text = dict.fromkeys(("action", "origin", "destination", "item", "exit"), str)
    order = np.lexsort(
        [frame[name].astype(str).to_numpy() for name in ("exit", "item", "destination", "origin")]
        + [moves.action[used]]
    )
    return frame.astype(text).iloc[order].reset_index(drop=True)


def _last_unit(problem: ShippingProblem, moved: MovedUnits, last: Ints) -> Economics:
    """Economics of each line's last unit: where it arrives, or where it is given up.

    A unit given up is judged as if kept at the price of not moving it: below its break-even it
    pays to move it.
    """
    arrives = moved.arrives[last] >= 0
    unit = np.where(arrives, moved.arrives[last], moved.leaves[last])
    kept_worth = np.where(arrives, 0.0, _at(problem.units.value, moved.leaves[last]))
    landed = np.where(arrives, moved.cost[last], -(moved.cost[last] - kept_worth))
    return economics(problem, unit, landed, moved.late[last])


def _exit_names(problem: ShippingProblem, moved: MovedUnits, last: Ints, used: Ints) -> Ids:
    """Return the move's own exit, or for a ship the cheapest exit of its last unit."""
    own = problem.moves.exit[used]
    if len(used) == 0:
        return own
    unit = np.maximum(moved.arrives[last], 0)
    cell = problem.units.cell[unit]
    return np.where(own == "", problem.exit_name[cell], own)


def places_of(problem: ShippingProblem, hub: Ints, cell: Ints) -> Ids:
    """Name of a hub, of a cell's region, or nothing."""
    place = np.full(len(hub), "", dtype=object)
    place[hub >= 0] = problem.hubs[hub[hub >= 0]]
    place[cell >= 0] = problem.regions[problem.cell_region[cell[cell >= 0]]]
    return place


def inbound_of(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines that do not arrive on the day they leave, in the shape of the `inbound` table."""
    coming = lines[(lines["destination"] != "") & (lines["arrival_date"] > lines["ship_date"])]
    named = coming.rename(columns={"destination": "location"})
    keys = ["location", "item", "arrival_date"]
    total = named.groupby(keys, as_index=False, sort=True)["quantity"].sum()
    return pd.DataFrame(total, columns=["location", "item", "quantity", "arrival_date"])


def units_of(
    problem: ShippingProblem,
    quantity: Ints,
    moved: MovedUnits,
    following: NextUnit,
) -> pd.DataFrame:
    """Every on-hand, planned and next unplanned unit of each cell, in the contract's columns.

    `unit` is the rank in the cell, on hand first; `planned` is 1 for a unit that this plan sends
    in. `binding` says for the next unplanned unit what stops it, for a unit on hand whether it
    stays.

    Parameters
    ----------
    following
        By cell: cheapest way in for one unit more, and which limit stops it.
    """
    table = cell_units(problem)
    there, landed, late, planned = _stock_after(problem, quantity, moved, table)
    shown = np.minimum(np.maximum(there + 1, table.on_hand), table.count)
    rank_of = problem.units.rank
    unit = np.flatnonzero(rank_of <= shown[problem.units.cell])
    cell, rank = problem.units.cell[unit], rank_of[unit]
    is_next = (rank == there[cell] + 1) & (rank > table.on_hand[cell])
    cost = np.where(is_next, following.cost[cell], landed[unit])
    pays = economics(problem, unit, cost, np.where(is_next, following.late[cell], late[unit]))
    binding = np.full(len(unit), "", dtype=object)
    on_hand: Bools = problem.units.on_hand[unit] & ~planned[unit]
    binding[on_hand] = np.where(rank <= there[cell], "on hand", "moved away")[on_hand]
    binding[is_next] = following.binding[cell][is_next]
    frame = pd.DataFrame(
        {
            "region": problem.regions[problem.cell_region[cell]],
            "item": problem.items[problem.cell_item[cell]],
            "unit": rank.astype(np.int64),
            "planned": planned[unit].astype(np.int64),
            "p": pays.probability,
            "gain": pays.gain,
            "loss": pays.loss,
            "expected_gain": pays.expected_gain,
            "exit": problem.exit_name[cell],
            "binding": binding,
        },
        columns=list(UNIT_COLUMNS),
    )
    return frame.astype(dict.fromkeys(("region", "item", "exit", "binding"), str))


def _stock_after(
    problem: ShippingProblem, quantity: Ints, moved: MovedUnits, table: CellUnits
) -> tuple[Ints, Floats, Ints, Bools]:
    """Units in each cell after the plan; landed cost, row of `late` and whether sent, by unit."""
    moves, cells = problem.moves, len(table.count)
    there = table.on_hand + _total(quantity, moves.destination_cell, cells)
    there = there - _total(quantity, moves.origin_cell, cells)
    landed = np.zeros(len(problem.units.cell))
    late = np.full(len(problem.units.cell), -1, dtype=np.int64)
    planned = np.zeros(len(problem.units.cell), dtype=bool)
    came = moved.arrives >= 0
    landed[moved.arrives[came]] = moved.cost[came]
    late[moved.arrives[came]] = moved.late[came]
    planned[moved.arrives[came]] = True
    return there, landed, late, planned
