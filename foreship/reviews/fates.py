"""Where the units of a plan are: sold, moved on by a later plan, lying (docs/review.md, R32).

The units of a cell are used first in, first out, by the day on which they became usable; of one day
those of the plan last. What buyers take from a region is what the judge serves them from there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from foreship.judge.carried_out.state import State
from foreship.judge.columns import positions
from foreship.judge.simulate import monday_morning, retained_on, sell
from foreship.reviews.played import Past, Sent
from foreship_foundation.arrays import Ints

__all__ = ["Fates", "fates_of"]

DAY: Final = np.timedelta64(1, "D")
WEEK_DAYS: Final = 7
OTHER: Final = -1
"""units that are not of the plan"""


class Fates(NamedTuple):
    """What became of a plan's lines into regions."""

    sold: Ints
    """units by line of the plan"""
    moved_on: Ints
    lying: Ints
    not_there: int
    """units that later plans took out of the network's cells, and that were not there by this
    account"""


@dataclass
class _Shelf:
    """One cell: whose units lie there, those used next in front."""

    lots: deque[list[int]] = field(default_factory=deque)
    """owner and units"""

    def put(self, owner: int, units: int) -> None:
        if units:
            self.lots.append([owner, units])

    def take(self, units: int, tally: Ints) -> None:
        """Take units from the front and add those of the plan to a tally by line."""
        while units and self.lots:
            owner, there = self.lots[0]
            part = min(units, there)
            if owner != OTHER:
                tally[owner] += part
            units -= part
            self.lots[0][1] -= part
            if part == there:
                self.lots.popleft()


def fates_of(
    past: Past, sent: Sent, lines: int, later: Mapping[pd.Timestamp, pd.DataFrame]
) -> Fates:
    """Follow a plan's units until what is known ends.

    Parameters
    ----------
    lines
        How many lines the plan has.
    later
        Lines of the plans of later weeks, by their Monday.
    """
    network, days = past.network, past.days
    ours = _ours_by_day(past, sent)
    state = past.morning.state.depart(network, sent.came)
    shelves = {cell: _Shelf() for cell in sorted({cell for day in ours.values() for cell in day})}
    for cell, shelf in shelves.items():
        shelf.put(OTHER, int(state.on_hand[cell]))
    sold, moved, not_there = np.zeros(lines, np.int64), np.zeros(lines, np.int64), 0
    for at in range(days):
        day = past.morning.monday + at * DAY
        before = state.on_hand
        state = _dawn(past, state, at)
        for cell, shelf in shelves.items():
            mine = ours.get(at, {}).get(cell, [])
            landed = int(state.on_hand[cell] - before[cell])
            shelf.put(OTHER, landed - sum(units for _, units in mine))
            for line, units in mine:
                shelf.put(line, units)
        plan = later.get(pd.Timestamp(day)) if at and at % WEEK_DAYS == 0 else None
        if plan is not None:
            before = state.on_hand
            state, missed = _moved(past, state, plan)
            not_there += missed
            for cell, shelf in shelves.items():
                shelf.take(int(before[cell] - state.on_hand[cell]), moved)
        on_hand, before = state.on_hand.copy(), state.on_hand
        monday = day - np.timedelta64(at % WEEK_DAYS, "D")
        retained = retained_on(network, past.buyers, past.refills, monday)
        sell(network, on_hand, past.buyers, day, retained)
        for cell, shelf in shelves.items():
            shelf.take(int(before[cell] - on_hand[cell]), sold)
        state = replace(state, on_hand=on_hand)
    lying = np.zeros(lines, np.int64)
    for shelf in shelves.values():
        shelf.take(sum(units for _, units in shelf.lots), lying)
    return Fates(sold, moved, lying, not_there)


def _ours_by_day(past: Past, sent: Sent) -> dict[int, dict[tuple[int, int], list[tuple[int, int]]]]:
    """Return line and units that land in each region's cell, by day from the Monday."""
    leaving, regions = sent.came, len(past.network.regions)
    into = (leaving.destination >= 0) & (leaving.destination < regions)
    found: dict[int, dict[tuple[int, int], list[tuple[int, int]]]] = {}
    order = np.lexsort((sent.line, leaving.arrival))
    for row in order[into[order]]:
        at = int((leaving.arrival[row] - past.morning.monday) // DAY)
        cell = int(leaving.destination[row]), int(leaving.item[row])
        lot = int(sent.line[row]), int(leaving.quantity[row])
        found.setdefault(max(at, 0), {}).setdefault(cell, []).append(lot)
    return found


def _dawn(past: Past, state: State, at: int) -> State:
    """Land what is due; on a later Monday, fill up the hubs."""
    day = past.morning.monday + at * DAY
    if at == 0 or at % WEEK_DAYS:
        return state.land(day)
    return monday_morning(past.network, state, past.buyers, past.refills, day).state


def _moved(past: Past, state: State, lines: pd.DataFrame) -> tuple[State, int]:
    """Let a later plan's units leave and come; of what is not there, only what there is.

    Returns the state, and how many units were not there.
    """
    network = past.network
    origin, item = (
        positions(lines["origin"], network.locations),
        positions(lines["item"], network.items),
    )
    goes = positions(lines["destination"], network.locations)
    arrives = lines["arrival_date"].to_numpy().astype("datetime64[D]")
    on_hand, lots, missed = state.on_hand.copy(), [], 0
    for row, units in enumerate(lines["quantity"].astype(int)):
        if origin[row] < 0 or item[row] < 0:
            continue
        part = min(units, int(on_hand[origin[row], item[row]]))
        missed += (units - part) * (origin[row] < len(network.regions))
        on_hand[origin[row], item[row]] -= part
        if part and goes[row] >= 0:
            lots.append((goes[row], item[row], part, arrives[row]))
    to, what, count = (np.array([lot[at] for lot in lots], np.int64) for at in range(3))
    on = np.array([lot[3] for lot in lots], "datetime64[D]")
    coming = replace(
        state,
        on_hand=on_hand,
        coming_to=np.concatenate([state.coming_to, to]),
        coming_item=np.concatenate([state.coming_item, what]),
        coming_units=np.concatenate([state.coming_units, count]),
        coming_on=np.concatenate([state.coming_on, on]),
        coming_told=np.concatenate([state.coming_told, on]),
    )
    return coming, int(missed)
