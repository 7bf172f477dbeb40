"""Money pumps: exits that pay more for a unit than it costs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship.errors import Fault
from foreship.quality.evidence import Evidence, warning
from foreship_foundation.actions import EXITS
from foreship_foundation.arrays import Ints

__all__ = ["exits_do_not_pay"]

WORTH = {"unit cost": "unit_cost", "share of price": "price", "nothing": ""}
"""what an exit gives up -> the column of `items` that it may not pay more than"""


def exits_do_not_pay(seen: Evidence) -> Iterator[Fault]:
    """A money pump: an exit that recovers more than the unit's cost, its price or its handling."""
    exits, items = seen.read("exits", "exit", "recovery"), seen.read("items", "price", "unit_cost")
    if exits is None or items is None or not exits.rows or not items.rows:
        return
    names = exits.parsed["exit"].names
    kinds = [] if names is None else names.to_pylist()
    recovery = exits.parsed["recovery"].values
    handling = exits.parsed["cost"].values if "cost" in exits.parsed else np.zeros(exits.rows)
    item = _rows_of_items(seen)
    for gives_up, column in WORTH.items():
        mine = {each.name for each in EXITS if each.gives_up == gives_up}
        here = np.array([*(name in mine for name in kinds), False])[exits.parsed["exit"].values]
        paid = recovery - handling
        worth = np.zeros(exits.rows)
        if column:
            value = items.parsed[column].values
            worth = np.where(item < 0, value.min(), value[np.maximum(item, 0)])
        bad = here & (paid > worth)
        if bad.any():
            words = f"recovers more than {column or 'its handling'}: every unit sent there earns"
            remedy = "recovery is what comes back for one unit"
            yield warning(exits, "recovery", bad, words, remedy)


def _rows_of_items(seen: Evidence) -> Ints:
    """Return the row of `items` of each exit, -1 where it holds for any item."""
    exits, items = seen.tables["exits"], seen.tables["items"]
    if "item" not in exits.parsed:
        return np.full(exits.rows, -1)
    rows = {name: row for row, name in enumerate(items.text("item", items.parsed["item"].values))}
    names = exits.parsed["item"].names
    known = [] if names is None else [rows.get(name, -1) for name in names.to_pylist()]
    return np.asarray(np.array([*known, -1], dtype=np.int64)[exits.parsed["item"].values])
