"""A plan's lines as the judge reads them, with its own lanes, dates and costs.

Only `action, origin, destination, item, quantity` of a line are believed, and `exit` where it
says which gift is meant. A plan that cannot be carried out is refused with all its faults.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.judge.disposal import GIVING_AWAY
from foreship.judge.network import Network, positions

__all__ = ["NOWHERE", "Departures", "PlanRefused", "read_plan"]

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

NOWHERE = -1
_MOVES = ("ship", "redirect", "return")
_LEAVES = ("markdown", "give_away")


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
    """location, `NOWHERE` for markdown and give_away"""
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
    moves = np.isin(action.astype(str), _MOVES)
    destination = np.full(len(lines), NOWHERE, dtype=np.int64)
    destination[moves] = positions(lines["destination"], places)[moves]
    item = positions(lines["item"], network.items)
    quantity = lines["quantity"].to_numpy(dtype=float)
    lane = np.full(len(lines), -1, dtype=np.int64)
    lane[moves] = network.lane_of(origin[moves], destination[moves], monday)
    _refuse(
        lines,
        {
            "unknown action": ~np.isin(action.astype(str), _MOVES + _LEAVES),
            "unknown origin": origin < 0,
            "unknown destination": moves & (destination < 0),
            "unknown item": item < 0,
            "quantity is not a whole number above 0": (quantity < 1) | (quantity % 1 != 0),
            "goes the wrong way": ~_right_way(network, action, origin, destination),
            "no open lane": moves & (lane < 0),
        },
    )
    exit_cost = _exit_costs(network, lines, origin, item)
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


def _right_way(
    network: Network, action: npt.NDArray[np.object_], origin: Ints, destination: Ints
) -> npt.NDArray[np.bool_]:
    """Mark the lines whose origin and destination are of the kind that their action needs."""
    count = len(network.regions)
    from_hub, to_hub = origin >= count, destination >= count
    ships = action == "ship"
    right = from_hub == ships
    right &= np.where(ships | (action == "redirect"), ~to_hub, True)
    return np.asarray(right & np.where(action == "return", to_hub | (destination < 0), True))


def _exit_costs(network: Network, lines: pd.DataFrame, origin: Ints, item: Ints) -> Floats:
    """Return the exit cost of a unit of each line, NaN where the exit does not exist."""
    action = lines["action"].to_numpy(dtype=object)
    cost = np.zeros(len(lines))
    for kind in ("redirect", "return", "markdown"):
        rows = action == kind
        cost[rows] = network.exits.handling(kind, origin[rows], item[rows])
    gifts = np.flatnonzero(action == "give_away")
    named = lines["exit"].to_numpy(dtype=object) if "exit" in lines else np.full(len(lines), "")
    best = np.full(len(gifts), np.nan)
    for kind in GIVING_AWAY:
        meant = (named[gifts] == kind) | ~np.isin(named[gifts].astype(str), GIVING_AWAY)
        price = network.exits.handling(kind, origin[gifts], item[gifts])
        best = np.where(meant, np.fmin(best, price), best)
    cost[gifts] = best
    return cost
