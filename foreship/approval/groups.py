"""Edits as what a lock can hold: all units of an item moved one way between two places.

A line may be one of several of such a group, on other lanes or days; the program chooses among
them, and what the planner wrote holds for their sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from foreship.approval.edits import Edit
from foreship_foundation.tables.input_tables import LEAVING

__all__ = ["Group", "Key", "groups_of", "keys_of", "units_by_key"]

Key = tuple[str, str, str, str]
"""action, origin, destination, item; no destination where a lock says only what leaves"""


@dataclass(frozen=True)
class Group:
    """Units that move one way, with the edits that are about them."""

    key: Key
    planned: int
    """units of the plan"""
    units: int
    """units as edited: new quantities, and lines of the group that nobody touched"""
    edits: tuple[Edit, ...]

    @property
    def action(self) -> str:
        """What is done."""
        return self.key[0]

    @property
    def origin(self) -> str:
        """From where."""
        return self.key[1]

    @property
    def destination(self) -> str:
        """To where; blank for what leaves a region."""
        return self.key[2]

    @property
    def item(self) -> str:
        """What."""
        return self.key[3]

    @property
    def cells(self) -> str:
        """Where its edits were written."""
        return ", ".join(each.cell for each in self.edits)

    @property
    def words(self) -> str:
        """The move in words, as `ship of K from H1 to R1`."""
        to = f" to {self.destination}" if self.destination else ""
        return f"{self.action.replace('_', ' ')} of {self.item} from {self.origin}{to}"


def keys_of(lines: pd.DataFrame) -> list[Key]:
    """Return the group of each line."""
    rows = zip(*(lines[name] for name in ("action", "origin", "destination", "item")), strict=True)
    return [
        (action, origin, "" if action in LEAVING else destination, item)
        for action, origin, destination, item in rows
    ]


def units_by_key(lines: pd.DataFrame) -> dict[Key, int]:
    """Return the units of each group of a plan."""
    found: dict[Key, int] = {}
    for key, units in zip(keys_of(lines), lines["quantity"].tolist(), strict=True):
        found[key] = found.get(key, 0) + int(units)
    return found


def groups_of(edits: Sequence[Edit], lines: pd.DataFrame) -> list[Group]:
    """Return the groups that edits are about, in the order of their keys."""
    keys, planned = keys_of(lines), units_by_key(lines)
    quantity = lines["quantity"].tolist()
    mine: dict[Key, list[Edit]] = {}
    for edit in edits:
        mine.setdefault(keys[edit.line], []).append(edit)
    return [
        Group(
            key,
            planned[key],
            planned[key] + sum(each.quantity - int(quantity[each.line]) for each in found),
            tuple(found),
        )
        for key, found in sorted(mine.items())
    ]
