"""Rows of items that no table declares, left out where the planner says so."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from foreship.errors import Fault
from foreship.forms import LEAVE_OUT, LYING, Form
from foreship.ingest.tables import TableRead
from foreship_foundation.telling.words import plural

__all__ = ["leave_out_unknown_items", "unknown_items"]


def unknown_items(read: TableRead, known: set[str]) -> set[str]:
    """Return the items of a table that are not among those known."""
    return set(read.names_of("item")) - known if "item" in read.parsed else set()


def leave_out_unknown_items(tables: Mapping[str, TableRead], forms: Mapping[str, Form]) -> None:
    """Take rows of unknown items out of stock and inbound that are declared so; say how many.

    Parameters
    ----------
    tables
        As read; those that lose rows lose them in place.
    forms
        What is declared of them.
    """
    if "items" not in tables:
        return
    known = set(tables["items"].names_of("item"))
    for name in LYING:
        if name not in tables or forms.get(name, Form()).unknown_items != LEAVE_OUT:
            continue
        read = tables[name]
        unknown = unknown_items(read, known)
        if not unknown:
            continue
        out = read.rows_named("item", unknown)
        units = ""
        if "quantity" in read.parsed:
            units = f" of {plural(int(np.sum(read.parsed['quantity'].values[out])), 'unit')}"
        words = (
            f"{plural(int(out.sum()), 'row')}{units} left out, as declared: of "
            f"{plural(len(unknown), 'item')} that items does not have"
        )
        read.keep(~out)
        read.faults.append(Fault(name, words, column="item", severity="note"))
