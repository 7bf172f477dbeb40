"""One order line that outweighs all others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship.errors import Fault
from foreship.quality.evidence import Evidence, Lines
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["no_line_outweighs_its_item"]

TIMES = 10
"""times the largest other line of its item from where a line is one of bulk"""
LEAST_UNITS = 24
FEW = 3
"""most lines of an item that are bulk; more are its custom"""
FEWEST = 5
"""other lines that say what is usual for an item; with fewer the whole network says it"""
NETWORK_SHARE = 0.99


def no_line_outweighs_its_item(seen: Evidence) -> Iterator[Fault]:
    """A bulk order line: ten times any other of its item, and more than all else of its cell."""
    lines = seen.lines
    if lines is None or len(lines) < FEWEST:
        return
    found = _bulk(lines)
    if found.any():
        at = int(np.where(found, lines.units, 0).argmax())
        read = seen.tables["orders"]
        item, region = (
            read.text(name, codes[at : at + 1])[0]
            for name, codes in (("item", lines.item), ("region", lines.region))
        )
        words = (
            f"{TIMES} times any usual line of the item, and more than all else of its cell "
            f"(largest {lines.units[at]:,} of {item} in {region})"
        )
        remedy = "one bulk order, or a slip of the keyboard?"
        yield seen.about_lines(found, "quantity", words, remedy)


def _bulk(lines: Lines) -> Bools:
    """Tell which lines are bulk."""
    units = lines.units.astype(np.float64)
    usual = float(np.quantile(units, NETWORK_SHARE))
    count = np.bincount(lines.item + 1)[lines.item + 1]
    mean = np.bincount(lines.item + 1, units)[lines.item + 1] / count
    found = np.zeros(len(lines), dtype=bool)
    # a line ten times all but two others exceeds the mean of its item, were there only five
    may = (units >= LEAST_UNITS) & ((units > mean) | (count <= FEWEST))
    items = np.unique(lines.item[may])
    if not len(items):
        return found
    # of these items alone, largest line first
    rows = np.flatnonzero(np.isin(lines.item, items))
    rows = rows[np.lexsort((-units[rows], lines.item[rows]))]
    first = np.flatnonzero(np.append(True, np.diff(lines.item[rows]) != 0))
    for start, end in zip(first, np.append(first[1:], len(rows)), strict=True):
        found[_outstanding(rows[start:end], units, usual)] = True
    return found & _outweighs(lines, units, found)


def _outstanding(falling: Ints, units: Floats, usual: float) -> Ints:
    """Return the few lines of an item that exceed all its others tenfold."""
    size = units[falling]
    for many in range(min(FEW, len(size)), 0, -1):
        others = size[many:]
        most = float(others.max(initial=0.0))
        most = most if len(others) >= FEWEST else max(most, usual)
        if size[many - 1] >= max(TIMES * most, LEAST_UNITS):
            return falling[:many]
    return falling[:0]


def _outweighs(lines: Lines, units: Floats, found: Bools) -> Bools:
    """Tell which lines exceed all that their cell ordered beside the bulk lines."""
    items = np.int64(lines.item.max(initial=0) + 2)
    _, cell = np.unique(lines.region * items + lines.item, return_inverse=True)
    usual = np.bincount(cell, np.where(found, 0.0, units))
    return np.asarray(units > usual[cell])
