"""A plan's lines as the judge reads them, with its own lanes, dates and costs.

Only `action, origin, destination, item, quantity` of a line are believed, `ship_date` where a lane
of its places leaves on that day, and `exit` where it says which of an action's exits is meant. Its
day of arrival, its `lane` and its cost tell which of several lanes between its places is meant,
nothing more. A plan that cannot be carried out is refused with all its faults.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.judge.carried_out.landings import arrivals
from foreship.judge.carried_out.told_departures import Told, departure_of
from foreship.judge.columns import positions
from foreship.judge.network.network import Network
from foreship_foundation.actions import action_names, exit_names
from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.tables.output_files import NUMBER

__all__ = ["NOWHERE", "Departures", "PlanRefused", "read_plan"]


NOWHERE = -1


class PlanRefused(ValueError):
    """A plan that the network cannot carry out; `faults` names the lines at fault."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("the plan cannot be carried out:\n" + "\n".join(faults))


@dataclass(frozen=True)
class Departures:
    """Units that a plan of one Monday moves, one row a line of it, shape (N,).

    They leave their shelf that Monday, and the place itself on the day on which their lane does.
    """

    action: npt.NDArray[np.object_]
    origin: Ints
    destination: Ints
    """location, `NOWHERE` where the unit leaves the network"""
    item: Ints
    quantity: Ints
    lane: Ints
    """row of `Network.lanes`, -1 without one"""
    ships: npt.NDArray[np.datetime64]
    """day on which its lane leaves; the Monday without one"""
    arrival: npt.NDArray[np.datetime64]
    """day on which it lands; nobody knows it before"""
    told: npt.NDArray[np.datetime64]
    """day on which it should land"""
    freight: Floats
    """of a unit, on its lane [money]"""
    exit_cost: Floats
    """of a unit, beside its lane [money]"""


def read_plan(network: Network, lines: pd.DataFrame, monday: np.datetime64) -> Departures:
    """Read a plan's lines; raise PlanRefused where one names what does not exist."""
    lines = lines[lines["quantity"] != 0]
    places = network.locations
    action = lines["action"].to_numpy(dtype=object)
    origin = positions(lines["origin"], places)
    moves = _one_of(action, action_names()) & ~_one_of(action, action_names(destination=""))
    destination = np.full(len(lines), NOWHERE, dtype=np.int64)
    destination[moves] = positions(lines["destination"], places)[moves]
    item = positions(lines["item"], network.items)
    quantity = lines["quantity"].to_numpy(dtype=float)
    exit_cost = _exit_costs(network, lines, origin, item)
    told = Told(
        _day_told(lines, "ship_date", monday),
        _day_told(lines, "arrival_date", monday),
        _freight_told(lines, quantity, exit_cost),
        quantity,
        _number_told(lines),
    )
    lane, ships = (np.full(len(lines), -1, dtype=np.int64) for _ in range(2))
    ends = origin[moves], destination[moves], item[moves]
    of_moves = told.rows(moves)
    lane[moves], ships[moves] = departure_of(network, *ends, monday, of_moves)
    on_another_day = _on_another_day(network, lane, moves, ends, monday, of_moves)
    _refuse(
        lines,
        {
            "unknown action": ~_one_of(action, action_names()),
            "unknown origin": origin < 0,
            "unknown destination": moves & (destination < 0),
            "unknown item": item < 0,
            "quantity is not a whole number above 0": (quantity < 1) | (quantity % 1 != 0),
            "goes the wrong way": ~_right_way(network, action, origin, destination),
            "no open lane": moves & (lane < 0) & ~on_another_day,
            "no lane leaves on its ship_date": on_another_day,
        },
    )
    _refuse(lines, {"no such exit": np.isnan(exit_cost)})
    leaves = monday.astype("datetime64[D]") + np.where(moves, ships, 0)
    told_day, arrival = leaves.copy(), leaves.copy()
    told_day[moves], arrival[moves] = arrivals(network, lane[moves], leaves[moves])
    return Departures(
        action=action,
        origin=origin,
        destination=destination,
        item=item,
        quantity=quantity.astype(np.int64),
        lane=lane,
        ships=leaves,
        arrival=arrival,
        told=told_day,
        freight=np.where(moves, network.freight(lane, item), 0.0),
        exit_cost=exit_cost,
    )


def _refuse(lines: pd.DataFrame, faults: dict[str, npt.NDArray[np.bool_]]) -> None:
    said = [
        f"line {at}: {fault}: {lines['action'].iloc[at]} {lines['quantity'].iloc[at]} of "
        f"{lines['item'].iloc[at]} from {lines['origin'].iloc[at]} to "
        f"{lines['destination'].iloc[at] or 'nowhere'}"
        for fault, where in faults.items()
        for at in np.flatnonzero(where)
    ]
    if said:
        raise PlanRefused(said)


def _on_another_day(
    network: Network,
    lane: Ints,
    moves: npt.NDArray[np.bool_],
    ends: tuple[Ints, Ints, Ints],
    monday: np.datetime64,
    told: Told,
) -> npt.NDArray[np.bool_]:
    """Mark the lines without a departure whose places have one on a day other than they say."""
    other = np.zeros(len(lane), dtype=np.bool_)
    if (lane[moves] < 0).any():
        any_day = told._replace(ships=np.full(len(told.ships), np.nan))
        other[moves] = (lane[moves] < 0) & (departure_of(network, *ends, monday, any_day)[0] >= 0)
    return other


def _day_told(lines: pd.DataFrame, name: str, monday: np.datetime64) -> Floats:
    """Return a day of each line by its own account, from `monday`, NaN where it tells none."""
    if name not in lines:
        return np.full(len(lines), np.nan)
    day = pd.to_datetime(lines[name], errors="coerce", utc=True).dt.tz_localize(None)
    return np.asarray((day - pd.Timestamp(monday)).dt.days, dtype=np.float64)


def _number_told(lines: pd.DataFrame) -> Floats:
    """Return the number of the lane that each line names, 0 where it names none."""
    if NUMBER not in lines:
        return np.zeros(len(lines))
    return pd.to_numeric(lines[NUMBER], errors="coerce").fillna(0).to_numpy(dtype=np.float64)


def _freight_told(lines: pd.DataFrame, quantity: Floats, exit_cost: Floats) -> Floats:
    """Return the freight of a unit of each line by its own account, NaN where it tells none."""
    if "cost" not in lines:
        return np.full(len(lines), np.nan)
    cost = pd.to_numeric(lines["cost"], errors="coerce").to_numpy(dtype=np.float64)
    return np.asarray(cost / quantity - exit_cost)


def _right_way(
    network: Network, action: npt.NDArray[np.object_], origin: Ints, destination: Ints
) -> npt.NDArray[np.bool_]:
    """Mark the lines whose origin and destination are of the kind that their action needs."""
    count = len(network.regions)
    from_hub, to_hub = origin >= count, destination >= count
    into_region = _one_of(action, action_names(destination="region"))
    into_hub = _one_of(action, action_names(destination="hub"))
    right = from_hub == _one_of(action, action_names(origin="hub"))
    right &= np.where(into_region, ~to_hub, True)
    return np.asarray(right & np.where(into_hub, to_hub | (destination < 0), True))


def _one_of(action: npt.NDArray[np.object_], names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    return np.isin(action.astype(str), names)


def _exit_costs(network: Network, lines: pd.DataFrame, origin: Ints, item: Ints) -> Floats:
    """Return the exit cost of a unit of each line, NaN where the exit does not exist."""
    cost = np.zeros(len(lines))
    named = lines["exit"].to_numpy(dtype=object) if "exit" in lines else np.full(len(lines), "")
    for action in action_names(origin="region"):
        rows, kinds = np.flatnonzero(lines["action"] == action), exit_names(action=action)
        best = np.full(len(rows), np.nan)
        for kind in kinds:
            meant = (named[rows] == kind) | ~_one_of(named[rows], kinds)
            price = network.exits.handling(kind, origin[rows], item[rows])
            best = np.where(meant, np.fmin(best, price), best)
        cost[rows] = best
    return cost
