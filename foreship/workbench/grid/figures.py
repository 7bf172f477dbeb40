"""How values of the grid are written, by the form of their column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from foreship.reading.views import INTO_REGIONS, break_even_words, day
from foreship.workbench.grid.columns import GridColumn
from foreship_foundation.telling.words import chance, fixed, money, units

__all__ = ["UNKNOWN", "shown_value"]

UNKNOWN: Final = "\u2013"
WORDED_NAMES: Final = ("action", "exit")
"""columns of names of our own, in which `_` stands for a blank"""
FORMS: Final[Mapping[str, Callable[[Any], str]]] = {
    "text": str,
    "units": units,
    "money": money,
    "share": chance,
    "measure": lambda value: fixed(value, 3),
    "amount": lambda value: fixed(value, 1),
    "date": day,
}


def shown_value(column: GridColumn, value: Any, action: str) -> str:
    """Write a value of a line; a dash where it is not known.

    Parameters
    ----------
    action
        That of the line: a break-even that no chance decides means the opposite for what leaves.
    """
    if value is None or value == "":
        return UNKNOWN
    if column.key == "break_even":
        return break_even_words(value, leaves=action not in INTO_REGIONS)
    if column.key in WORDED_NAMES:
        return str(value).replace("_", " ")
    return FORMS[column.form](value)
