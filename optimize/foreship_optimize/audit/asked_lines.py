"""Whether lines earn what is asked of a line, and changes are told as the lines make them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from foreship_foundation.actions import action_names
from foreship_foundation.telling.words import number, plural
from foreship_optimize.audit.asked import above_floors, locks_asking
from foreship_optimize.audit.books import Books, Line, close
from foreship_optimize.audit.departures import Departed
from foreship_optimize.audit.timetables import rows_of

__all__ = ["changes_told", "lines_earn"]

SHIPS = action_names(origin="hub")
LEAVE = (
    *action_names(origin="region", destination="region"),
    *action_names(origin="region", destination="hub"),
)
NOISE = 1e-6
"""money that a line may lack, relative to what is asked of it"""


def lines_earn(
    books: Books,
    lines: list[Line],
    bare: Departed,
    wanted: Any,
    tables: Mapping[str, pd.DataFrame],
    summary: Mapping[str, Any],
) -> Iterable[str]:
    """Check that no ship earns less than a line is asked for, unless policy or lock asks for it.

    A policy asks for a line without which the cell would be below its floor, whatever more it
    brings beside. Where vehicles are paid, a line is judged before its share of them, which others
    would pay.
    """
    least = float(books.params.plan.minimum_line_gain)
    if not least:
        return
    ships = [place for place, line in enumerate(lines) if line.action in SHIPS]
    told = float(summary.get("asked", {}).get("minimum_line_gain", math.nan))
    alone = all(len(books.lanes_of(lines[place])) == 1 for place in ships)
    if not told >= least * len(ships) * (1 - NOISE) or (
        alone and not close(told, least * len(ships))
    ):
        ship = plural(len(ships), "line ships", "lines ship")
        yield f"asked: {ship}, each asked for {number(least)}, not {number(told)} in all"
    spare = above_floors(books, tables, wanted, lines)
    for place in ships:
        line = lines[place]
        share = line.cost - bare.lines[place].cost if bare.vehicles else 0.0
        gain = line.expected_gain + share
        cell = (line.destination, line.item)
        poor = gain < least - NOISE * max(1.0, least)
        held = cell in spare and line.quantity > spare[cell]
        if poor and not held and not locks_asking(books, cell):
            yield f"{line}: earns {number(gain)}, a line is asked for {number(least)}"


def changes_told(
    books: Books, lines: list[Line], recent: pd.DataFrame | None, summary: Mapping[str, Any]
) -> Iterable[str]:
    """Check what moves are charged that take back what earlier plans did."""
    cost = float(books.params.plan.change_cost)
    rows = [] if recent is None else rows_of(recent)
    came = {(row["region"], row["item"]) for row in rows if row["units_in"] > 0}
    went = {(row["region"], row["item"]) for row in rows if row["units_out"] > 0}
    units = sum(
        line.quantity
        for line in lines
        if (line.action in LEAVE and (line.origin, line.item) in came)
        or (line.action in SHIPS and (line.destination, line.item) in went)
    )
    told = float(summary.get("asked", {}).get("changes", 0.0))
    if not close(told, cost * units):
        moved = plural(units, "unit is", "units are")
        yield f"asked: {moved} moved back, charged {number(cost * units)}, not {number(told)}"
