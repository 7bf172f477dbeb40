"""Rules of `policies` and `adjustments`: what their rows must not say, told before any plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from foreship.errors import Fault
from foreship.ingest.tables import TableRead
from foreship_foundation.arrays import Bools
from foreship_foundation.tables.asked_rows import (
    Columns,
    FaultyRows,
    faults_of_adjustments,
    faults_of_policies,
    unknown_categories,
)
from foreship_foundation.trading_weeks import next_monday

__all__ = ["adjustments_are_sound", "categories_are_known", "policies_are_sound"]

TEXTS = ("kind", "region", "item", "category")


def policies_are_sound(tables: Mapping[str, TableRead]) -> Iterator[Fault]:
    """Refuse shares above 1, an item beside a category, and two rows of a kind about the same."""
    read = tables.get("policies")
    columns = None if read is None else _columns(read)
    if read is not None and columns is not None:
        yield from _told(read, faults_of_policies(columns, _live(read, tables)))


def adjustments_are_sound(tables: Mapping[str, TableRead]) -> Iterator[Fault]:
    """Refuse factors out of range, and an item beside a category."""
    read = tables.get("adjustments")
    columns = None if read is None else _columns(read)
    if read is not None and columns is not None:
        yield from _told(read, faults_of_adjustments(columns))


def categories_are_known(tables: Mapping[str, TableRead]) -> Iterator[Fault]:
    """Refuse rows about a category that no item has: they would hold nowhere, without a word."""
    items = tables.get("items")
    for name in ("policies", "adjustments"):
        read = tables.get(name)
        if items is not None and read is not None:
            asked = {"category": _texts(read, "category")}
            found = unknown_categories(asked, set(_texts(items, "category")))
            yield from _told(read, iter([found]))


def _texts(read: TableRead, column: str) -> npt.NDArray[np.object_]:
    """Return a column of texts, blank where the table has none that can be read."""
    if column not in read.parsed:
        return np.full(read.rows, "", dtype=object)
    return read.texts(column)


def _columns(read: TableRead) -> Columns | None:
    """Return the columns that these rules look at; None where one of them cannot be read."""
    if "kind" not in read.parsed or "value" not in read.parsed:
        return None
    found = {name: _texts(read, name) for name in TEXTS}
    return {**found, "value": read.parsed["value"].values}


def _live(read: TableRead, tables: Mapping[str, TableRead]) -> Bools:
    """Mark rows that hold on the Monday after the last order, the default day of a plan."""
    expires, orders = read.parsed.get("expires"), tables.get("orders")
    if expires is None or orders is None or not orders.rows or "date" not in orders.parsed:
        return np.ones(read.rows, dtype=bool)
    return np.asarray(~(expires.values < next_monday(orders.parsed["date"].values)))


def _told(read: TableRead, found: Iterator[FaultyRows]) -> Iterator[Fault]:
    for each in found:
        if each.bad.any():
            yield read.fault(each.column, each.bad, each.problem, each.remedy)
