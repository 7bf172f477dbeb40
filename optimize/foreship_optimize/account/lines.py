"""The lines of a finished plan: what moves, when, at what cost, and what it earns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_foundation.actions import action_names
from foreship_foundation.arrays import Ids, Ints
from foreship_foundation.tables.output_files import NUMBER, PLAN
from foreship_optimize.account.line_shares import line_shares
from foreship_optimize.account.unit_economics import economics
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.moved_units import MovedUnits

__all__ = ["inbound_of", "lines_of", "one_line_each", "places_of"]

SORTED_BY = ("exit", "item", "destination", "origin")
"""last first; then days of leaving, of arrival, the cost of a unit and the number tell lanes"""


def lines_of(
    problem: ShippingProblem, quantity: Ints, moved: MovedUnits, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Write one row for each move that carries units, in the contract's columns and order.

    Lanes between the same places have a line each.
    """
    moves = problem.moves
    used = np.flatnonzero(quantity)
    shares = line_shares(problem, moved)
    gain = np.bincount(moved.move, shares.gain, len(quantity))[used]
    last = np.cumsum(quantity)[used] - 1
    # a unit given up is judged as if kept: below its break-even it pays to move it
    pays = economics(problem, shares.last[last], shares.landed[last], shares.late[last])
    ship_day = problem.ship_day()[used]
    wait, lead = (pd.to_timedelta(days, unit="D") for days in (ship_day, moves.lead_days[used]))
    names = np.array(action_names(), dtype=object)
    number = _numbers(problem, used)
    frame = pd.DataFrame(
        {
            "action": names[moves.action[used]],
            "origin": places_of(problem, moves.origin_hub[used], moves.origin_cell[used]),
            "destination": places_of(
                problem, moves.destination_hub[used], moves.destination_cell[used]
            ),
            "item": problem.items[moves.item[used]],
            "quantity": quantity[used].astype(np.int64),
            "ship_date": (as_of + wait).to_numpy().astype("datetime64[us]"),
            "arrival_date": (as_of + lead).to_numpy().astype("datetime64[us]"),
            "cost": moves.cost[used] * quantity[used]
            + np.bincount(moved.move, moved.shared, len(quantity))[used],
            "expected_gain": gain,
            "purchase_probability": pays.probability,
            "break_even": pays.break_even,
            "exit": _exit_names(problem, moved, last, used),
        },
        columns=list(PLAN.names),
    )
    if number.any():
        frame[NUMBER] = number
    text = dict.fromkeys(("action", "origin", "destination", "item", "exit"), str)
    names_of = [frame[name].astype(str).to_numpy() for name in SORTED_BY]
    order = np.lexsort(
        [number, moves.cost[used], moves.lead_days[used], ship_day, *names_of, moves.action[used]]
    )
    return _tiers_joined(frame.astype(text).iloc[order].reset_index(drop=True))


def _tiers_joined(lines: pd.DataFrame) -> pd.DataFrame:
    """Join the lines of one hub's tiers: same way, days and cost a unit; the dearer one last."""
    each = (lines["cost"] / lines["quantity"]).round(9)
    ways = ["action", "origin", "destination", "item", "ship_date", "arrival_date", "exit"]
    ways += [NUMBER] if NUMBER in lines else []
    same = lines[ways].assign(each=each).duplicated(keep=False).to_numpy()
    if not same.any():
        return lines
    group = lines[ways].assign(each=each).groupby([*ways, "each"], sort=False).ngroup()
    last = lines.groupby(group, sort=False).last()
    sums = lines.groupby(group, sort=False)[["quantity", "cost", "expected_gain"]].sum()
    return last.assign(**sums)[list(lines.columns)].reset_index(drop=True)


def one_line_each(problem: ShippingProblem, quantity: Ints) -> Ints:
    """Move units onto the first of the moves of the same cost and days, (M,).

    Lanes between the same places may do so for one item: nobody could tell their lines apart.
    """
    moves, used = problem.moves, np.flatnonzero(quantity)
    ends = ("action", "origin_hub", "origin_cell", "destination_hub", "destination_cell", "item")
    columns = [getattr(moves, name)[used] for name in (*ends, "lead_days", "cost")]
    columns += [problem.ship_day()[used], _numbers(problem, used)]
    columns.append(np.unique(moves.exit[used].astype(str), return_inverse=True)[1])
    order = np.lexsort((used, *columns))
    other = np.ones(len(order), dtype=bool)
    other[1:] = np.any([column[order[1:]] != column[order[:-1]] for column in columns], axis=0)
    first = used[order[other]][np.cumsum(other) - 1]
    joined = np.zeros_like(quantity)
    np.add.at(joined, first, quantity[used[order]])
    return joined


def _numbers(problem: ShippingProblem, chosen: Ints) -> Ints:
    """Number of each move's lane where days and cost do not tell it apart, else 0."""
    lane, number = problem.moves.lane[chosen], problem.departures.number
    if not len(number):
        return np.zeros(len(chosen), dtype=np.int64)
    return np.where(lane >= 0, number[np.maximum(lane, 0)], 0)


def _exit_names(problem: ShippingProblem, moved: MovedUnits, last: Ints, used: Ints) -> Ids:
    """Name each move's own exit; for a ship, the cheapest exit of its last unit."""
    own = problem.moves.exit[used]
    if len(used) == 0:
        return own
    unit = np.maximum(moved.arrives[last], 0)
    cell = problem.units.cell[unit]
    return np.where(own == "", problem.exit_name[cell], own)


def places_of(problem: ShippingProblem, hub: Ints, cell: Ints) -> Ids:
    """Name a hub or the region of a cell; '' where there is neither."""
    place = np.full(len(hub), "", dtype=object)
    place[hub >= 0] = problem.hubs[hub[hub >= 0]]
    place[cell >= 0] = problem.regions[problem.cell_region[cell[cell >= 0]]]
    return place


def inbound_of(lines: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Lines that arrive later than the day of the plan, in the columns of the `inbound` table."""
    coming = lines[(lines["destination"] != "") & (lines["arrival_date"] > as_of)]
    named = coming.rename(columns={"destination": "location"})
    keys = ["location", "item", "arrival_date"]
    total = named.groupby(keys, as_index=False, sort=True)["quantity"].sum()
    return pd.DataFrame(total, columns=["location", "item", "quantity", "arrival_date"])
