"""Why a line has its quantity, in a sentence: read from the ledger and the plan's own reasons.

Nothing is guessed here: what stops or holds a unit is what the program's limits said of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from foreship.reading.views import INTO_REGIONS, RunView
from foreship.reading.words.limits import held_words, not_weighed_words, stopped_words
from foreship_foundation.tables.output_files import NOT_WORTH_IT
from foreship_foundation.telling.words import money, percent

__all__ = ["is_next", "next_units", "reason_of", "reasons_of_lines"]

THERE = ("", "on hand", "moved away")
"""what the ledger says of units that are not the next one"""
TOLD = ("binding", "expected_gain", "p")
"""columns of the ledger that say why a next unit is not sent"""
Row = Mapping[Any, Any]


def reasons_of_lines(view: RunView) -> list[str]:
    """Return the reason of every line of a plan, in their order."""
    following, causes = next_units(view), view.causes
    found = []
    for line in view.lines.to_dict("records"):
        place, about = _cell_of(line)
        cause = causes.get((about, place, line["item"]), "")
        full = causes.get(("full", place, line["item"]), "")
        found.append(reason_of(line, following.get((place, line["item"])), cause, full))
    return found


def is_next(units: pd.DataFrame) -> pd.Series:
    """Return which rows of `units.parquet` are units that could still come: not there, not sent."""
    return (units["planned"] == 0) & ~units["binding"].isin(THERE)


def next_units(view: RunView) -> dict[tuple[str, str], Row]:
    """Return what the ledger says of the next unit of each cell, by region and item."""
    units = view.units
    rows = units[is_next(units)]
    rows = rows.drop_duplicates(["region", "item"], keep="last")
    keys = zip(rows["region"].tolist(), rows["item"].tolist(), strict=True)
    return dict(zip(keys, rows[list(TOLD)].to_dict("records"), strict=True))


def reason_of(line: Row, following: Row | None, cause: str, full: str = "") -> str:
    """Say why a line carries so many units and not one more.

    Parameters
    ----------
    line
        A row of the plan.
    following
        The ledger's next unit of the cell in which it arrives; None where there is none.
    cause
        What `reasons` says of the unit sent, or leaving, at a loss; '' where it says nothing.
    full
        The policy that lets no more into the cell in which it arrives; '' without one.
    """
    arrives = line["action"] in INTO_REGIONS
    chance, even = float(line["purchase_probability"]), float(line["break_even"])
    pays = chance >= even if arrives else chance <= even
    if cause:
        said = f"The last unit does not pay by itself: {held_words(cause)}"
    elif arrives:
        said = f"The last unit sells with a chance of {percent(chance)} and pays {_from(even)}"
    else:
        said = _taken_away(chance, even, pays)
    return f"{said}; {_next(following, full)}." if arrives else f"{said}."


def _from(even: float) -> str:
    """Say at which chances a unit pays that is sent."""
    if even > 1.0:
        return "at no chance"
    return f"from {percent(even)} on" if even > 0.0 else "whether it sells or not"


def _taken_away(chance: float, even: float, pays: bool) -> str:
    """Say why a unit is not left where it lies."""
    here = f"The last unit would sell here with a chance of {percent(chance)}"
    if even > 1.0:
        return f"{here}; it is worth more elsewhere even so"
    return f"{here}; it pays to keep one {_from(even)}" if pays else here


def _next(unit: Row | None, full: str) -> str:
    """Say what stops one unit more."""
    if unit is None and full:
        return f"why not one more: {not_weighed_words(full)}"
    if unit is None:
        return "no further one could pay"
    if unit["binding"] != NOT_WORTH_IT:
        return f"why not one more: {stopped_words(unit['binding'])}"
    lost = money(-float(unit["expected_gain"]))
    return f"one more would sell with {percent(float(unit['p']))} and lose {lost}"


def _cell_of(line: Row) -> tuple[str, str]:
    """Return the region that a line is about, and what `reasons` calls it: sent or leaves."""
    arrives = line["action"] in INTO_REGIONS
    return (line["destination"], "sent") if arrives else (line["origin"], "leaves")
