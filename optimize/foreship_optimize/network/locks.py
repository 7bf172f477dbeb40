"""Planner's overrides and capacities of exits, as bounds on sums of moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship_foundation.actions import action_names
from foreship_foundation.arrays import Bools, Ints
from foreship_foundation.tables.asked_rows import live_rows, with_reason
from foreship_foundation.telling.words import number, plural
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.exits import ExitBook
from foreship_optimize.network.moves import MoveRows
from foreship_optimize.network.transport.places_and_lanes import Network, codes_of
from foreship_optimize.problem import Lock, Moves

__all__ = [
    "Override",
    "exit_locks",
    "forced_units",
    "lock_words",
    "override_locks",
    "read_overrides",
]


ANY: Final = -1
BY: Final = ["kind", "region", "item", "origin", "action", "value"]
"""columns that locks are sorted by"""
MOST_FORCED: Final = 100_000
"""Units a lock may add as candidates over all its cells; beyond, only what paths need is."""


@dataclass(frozen=True)
class Override:
    """A planner's override; its codes are positions in the network, -1 for any."""

    name: str
    region: int
    item: int
    origin: int
    """place code: hubs first, then regions"""
    at_least: float
    at_most: float
    action: str = ""
    """of what leaves `origin`; blank: ships and redirects into `region`"""

    def covers(self, region: Ints, item: Ints) -> Bools:
        """Mark the destinations that the override is about."""
        here = (self.region == ANY) | (region == self.region)
        return np.asarray(here & ((self.item == ANY) | (item == self.item)))

    def meets(self, other: Override) -> bool:
        """Whether both may be about one unit."""
        if self.action != other.action:
            return False
        pairs = zip(
            (self.region, self.item, self.origin),
            (other.region, other.item, other.origin),
            strict=True,
        )
        return all(mine == theirs or ANY in (mine, theirs) for mine, theirs in pairs)


def read_overrides(
    overrides: pd.DataFrame, network: Network, as_of: pd.Timestamp
) -> tuple[list[Override], list[str]]:
    """Read the overrides still valid at `as_of`, and say how many have expired."""
    live = live_rows(overrides["expires"], as_of)
    notes = []
    if not live.all():
        notes.append(f"{plural(int((~live).sum()), 'override')} expired before {as_of.date()}")
    rows = overrides[live].sort_values(BY, kind="stable")
    places = np.concatenate([network.hubs, network.regions])
    region = codes_of(rows["region"], network.regions).tolist()
    item = codes_of(rows["item"], network.items).tolist()
    origin = codes_of(rows["origin"], places).tolist()
    locks = []
    for place, row in enumerate(rows.to_dict("records")):
        kind, value = str(row["kind"]), float(row["value"])
        locks.append(
            Override(
                name=lock_words(kind, value, row),
                region=region[place],
                item=item[place],
                origin=origin[place],
                at_least=value if kind in ("fix", "at_least") else 0.0,
                at_most=np.inf if kind == "at_least" else 0.0 if kind == "forbid" else value,
                action=str(row["action"]),
            )
        )
    return locks, notes


def lock_words(kind: str, value: float, row: Mapping[Any, Any]) -> str:
    """Name an override as its planner would."""
    words = kind if kind == "forbid" else f"{kind} {number(value)}"
    what = row["item"] or "any item"
    if row["action"]:
        words += f" of {row['action']} of {what}"
    else:
        words += f" of {what} to {row['region'] or 'any region'}"
    words += f" from {row['origin']}" if row["origin"] else ""
    return with_reason(words, row)


def forced_units(overrides: list[Override], cells: Cells) -> tuple[Ints, Bools]:
    """Units that overrides may force into each cell, and the cells that a lower bound is about."""
    units = np.zeros(len(cells), dtype=np.int64)
    named = np.zeros(len(cells), dtype=bool)
    for lock in overrides:
        if lock.at_least <= 0.0 or lock.action:
            continue
        mine = lock.covers(cells.region, cells.item) & cells.stocked
        named |= mine
        if lock.at_least * mine.sum() <= MOST_FORCED:
            units[mine] = np.maximum(units[mine], int(np.ceil(lock.at_least)))
    return units, named


def override_locks(
    overrides: list[Override], moves: Moves | MoveRows, cells: Cells, network: Network
) -> tuple[list[Lock], Bools]:
    """Return overrides as locks over the moves, and the moves that none of them forbids."""
    arrives = moves.destination_cell >= 0
    cell = np.where(arrives, moves.destination_cell, 0)
    region = np.where(arrives, cells.region[cell], -2) if len(cells) else moves.action
    item = np.where(arrives, moves.item, -2)
    origin_region = cells.region[moves.origin_cell] if len(cells) else moves.origin_cell
    origin = np.where(moves.origin_hub >= 0, moves.origin_hub, len(network.hubs) + origin_region)
    locks, kept = [], np.ones(len(moves.action), dtype=bool)
    for lock in overrides:
        mine = (lock.origin == ANY) | (origin == lock.origin)
        if lock.action:
            leaves = np.asarray(moves.action) == action_names().index(lock.action)
            mine &= leaves & ((lock.item == ANY) | (moves.item == lock.item))
        else:
            mine &= arrives & lock.covers(region, item)
        if lock.at_most == 0.0:
            kept &= ~mine
        if lock.at_most > 0.0 or lock.at_least > 0.0:
            rows = np.flatnonzero(mine)
            forbids = [each for each in overrides if each.at_most == 0.0 and each.meets(lock)]
            names = tuple(each.name for each in forbids) if lock.at_least > 0.0 else ()
            locks.append(Lock(lock.name, rows, lock.at_least, lock.at_most, "override", names))
    return locks, kept


def exit_locks(exits: ExitBook, moves: Moves, row: Ints, network: Network) -> list[Lock]:
    """Return capacities of exits as locks; `row` is the exit row of each move."""
    locks = []
    for kind, rows in sorted(exits.kinds.items()):
        for place in np.flatnonzero(np.isfinite(rows.capacity)).tolist():
            mine = np.flatnonzero((moves.exit == kind) & (row == place))
            item, region = int(rows.item[place]), int(rows.region[place])
            words = f"exit {kind}"
            words += f" of {network.items[item]}" if item >= 0 else ""
            words += f" in {network.regions[region]}" if region >= 0 else ""
            locks.append(Lock(words, mine, 0.0, float(rows.capacity[place]), "exit"))
    return locks
