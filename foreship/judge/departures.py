"""A plan's lines as the judge reads them, with its own lanes, dates and costs.

Only `action, origin, destination, item, quantity` of a line are believed, and `exit` where it says
which of an action's exits is meant. Its day of arrival and its cost tell which of several open
lanes between its places is meant, nothing more. A plan that cannot be carried out is refused with
all its faults.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.judge.network import Network, positions
from foreship_foundation.actions import action_names, exit_names
from foreship_foundation.arrays import Floats, Ints

__all__ = ["NOWHERE", "Departures", "PlanRefused", "read_plan"]


NOWHERE = -1


class PlanRefused(ValueError):
    """A plan that the network cannot carry out; `faults` names the lines at fault."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("the plan cannot be carried out:\n" + "\n".join(faults))


@dataclass(frozen=True)
class Departures:
    """Units that leave on one Monday, one row a line of the plan, shape (N,)."""

    action: npt.NDArray[np.object_]
    origin: Ints
    destination: Ints
    """location, `NOWHERE` where the unit leaves the network"""
    item: Ints
    quantity: Ints
    lane: Ints
    arrival: npt.NDArray[np.datetime64]
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
    lane = np.full(len(lines), -1, dtype=np.int64)
    lane[moves] = network.lane_of(
        origin[moves],
        destination[moves],
        item[moves],
        monday,
        _days_told(lines, monday)[moves],
        _freight_told(lines, quantity, exit_cost)[moves],
    )
    _refuse(
        lines,
        {
            "unknown action": ~_one_of(action, action_names()),
            "unknown origin": origin < 0,
            "unknown destination": moves & (destination < 0),
            "unknown item": item < 0,
            "quantity is not a whole number above 0": (quantity < 1) | (quantity % 1 != 0),
            "goes the wrong way": ~_right_way(network, action, origin, destination),
            "no open lane": moves & (lane < 0),
        },
    )
    _refuse(lines, {"no such exit": np.isnan(exit_cost)})
    lead = np.where(moves, network.lanes.lead_days[lane], 0)
    return Departures(
        action=action,
        origin=origin,
        destination=destination,
        item=item,
        quantity=quantity.astype(np.int64),
        lane=lane,
        arrival=monday.astype("datetime64[D]") + lead,
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


def _days_told(lines: pd.DataFrame, monday: np.datetime64) -> Floats:
    """Return the days until each line arrives by its own account, NaN where it tells none."""
    if "arrival_date" not in lines:
        return np.full(len(lines), np.nan)
    arrival = pd.to_datetime(lines["arrival_date"], errors="coerce", utc=True).dt.tz_localize(None)
    return np.asarray((arrival - pd.Timestamp(monday)).dt.days, dtype=np.float64)


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
