"""Tables with changes that are tried: other numbers of chosen rows, and rows of what is planned."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from foreship.errors import Fault, UsageError
from foreship.jobs.trying.change import DEMAND, EVENT, PROMOTION, Change, change_of
from foreship.jobs.trying.changed_values import Work, change_values
from foreship.jobs.trying.planned_rows import Planned, demand_rows, event_rows, promotion_rows
from foreship_foundation.tables.input_tables import INPUTS

__all__ = ["Changed", "changed_tables", "read_changes"]

PLANNED: Final[Mapping[str, Callable[[Planned, Change], None]]] = {
    PROMOTION: promotion_rows,
    EVENT: event_rows,
    DEMAND: demand_rows,
}


@dataclass(frozen=True)
class Changed:
    """What changes have come to."""

    frames: Mapping[str, pd.DataFrame]
    """tables that are others now"""
    notes: tuple[str, ...] = ()
    """what a planner must know of it, one sentence each"""
    unlearned: tuple[str, ...] = ()
    """those of the notes by which a change that was asked for may move nothing"""


def read_changes(texts: Iterable[str]) -> tuple[list[tuple[int, Change]], list[Fault]]:
    """Return the changes that can be read, by their place from 1 on, and faults of the others."""
    read, faults = [], []
    for place, text in enumerate(texts, 1):
        try:
            read.append((place, change_of(text)))
        except UsageError as error:
            faults += _placed(place, error.faults)
    return read, faults


def changed_tables(
    stated: Mapping[str, pd.DataFrame],
    filled: Mapping[str, pd.DataFrame],
    as_of: pd.Timestamp,
    texts: Iterable[str],
    until: pd.Timestamp | None = None,
) -> Changed:
    """Change tables, each change on what those before it have left.

    Parameters
    ----------
    stated
        Typed tables of a workspace as they were read; a table that is not there is not checked.
    filled
        The same with what blanks mean: the number that a change begins from.
    as_of
        Monday of the plan.
    until
        First day that no forecast looks at any more, where that is known.

    Raises
    ------
    UsageError
        With every fault of every change.
    """
    read, faults = read_changes(texts)
    work = Work(dict(stated), filled)
    together = tuple(each for _, each in read)
    planned = Planned(work.stated, as_of, until or pd.Timestamp.max, together)
    for place, change in read:
        try:
            if change.about in PLANNED:
                PLANNED[change.about](planned, change)
            else:
                change_values(work, change)
        except UsageError as error:
            faults += _placed(place, error.faults)
    if faults:
        raise UsageError("what is to be tried cannot be:", sorted(faults, key=_place_of))
    touched = work.touched | planned.touched
    frames = {name: work.stated[name] for name in INPUTS if name in touched}
    notes = tuple(dict.fromkeys((*work.notes, *planned.notes, *planned.unlearned)))
    return Changed(frames, notes, tuple(dict.fromkeys(planned.unlearned)))


def _placed(place: int, faults: Iterable[Fault]) -> list[Fault]:
    """Name the change that faults are of."""
    return [
        dataclasses.replace(
            each, table=f"change {place}, {each.table}" if each.table else f"change {place}"
        )
        for each in faults
    ]


def _place_of(fault: Fault) -> int:
    return int(fault.table.split(",")[0].removeprefix("change "))
