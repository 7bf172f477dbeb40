"""What rows of `policies` and `adjustments` must not say, whoever reads them, and which row holds.

A policy is about what its row names: item and region, item, category and region, category, region,
or all. Of rows of one kind that are about a cell the most specific one holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Bools, Ints
from foreship_foundation.tables.keys import combined_codes
from foreship_foundation.tables.ranges import LARGEST_WEEK
from foreship_foundation.telling.near_names import nearest_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MOST_FACTOR",
    "STATED",
    "FaultyRows",
    "faults_in_frame",
    "faults_of_adjustments",
    "faults_of_policies",
    "live_rows",
    "rank_of",
    "unknown_categories",
    "with_reason",
]

SHARES: Final = ("service", "fair_share")
IN_UNITS: Final = ("minimum", "presentation")
MOST_FACTOR: Final = 100.0
"""largest factor of demand: beyond it somebody meant percent"""
SCOPE: Final = ("region", "item", "category")
STATED: Final = ("kind", "value", *SCOPE)
"""columns in which rows may be at fault"""
SHOWN: Final = 5

Columns = Mapping[str, npt.NDArray[Any]]


class FaultyRows(NamedTuple):
    """Rows at fault in one column, what is wrong and what would be right."""

    column: str
    bad: Bools
    problem: str
    remedy: str


def live_rows(expires: pd.Series[Any], as_of: pd.Timestamp) -> Bools:
    """Mark the rows that hold on the day of the plan; a blank never expires."""
    return np.asarray(expires.isna() | (expires >= as_of), dtype=bool)


def with_reason(words: str, row: Mapping[Any, Any]) -> str:
    """Say behind the words of a row who asks it and why, as far as it is stated."""
    why = ": ".join(str(row[name]) for name in ("author", "reason") if row[name])
    return f"{words} ({why})" if why else words


def faults_of_policies(rows: Columns, live: Bools) -> Iterator[FaultyRows]:
    """Yield what is wrong between the columns of `policies`.

    Parameters
    ----------
    rows
        `kind`, `value`, `region`, `item`, `category` of each row, blank texts "".
    live
        Rows that hold on the day of the plan: two of these may not be about the same.
    """
    yield from _two_scopes(rows)
    kind, value = rows["kind"], rows["value"]
    share = np.isin(kind, SHARES) & (value > 1.0)
    yield FaultyRows("value", share, "a share above 1", "of service and fair_share: 0 to 1")
    sure = (kind == "service") & (value == 1.0)
    yield FaultyRows(
        "value", sure, "a service of 1", "no stock serves all demand for certain: below 1"
    )
    codes = combined_codes([rows[name] for name in ("kind", *SCOPE)], len(kind))
    _, which, count = np.unique(codes[live], return_inverse=True, return_counts=True)
    twice = np.zeros(len(kind), dtype=bool)
    twice[live] = count[which] > 1
    yield FaultyRows(
        "kind", twice, "rows of one kind about the same", "leave one, or let the others expire"
    )
    above = _above_maximum(rows, live)
    yield FaultyRows(
        "value", above, "above the maximum of the same cells", "ask for less, or let more in"
    )


def _above_maximum(rows: Columns, live: Bools) -> Bools:
    """Mark rows that hold and ask for more units than a maximum about just the same lets in."""
    kind, value = rows["kind"], rows["value"]
    codes = combined_codes([rows[name] for name in SCOPE], len(kind))
    most = np.full(int(codes.max(initial=-1)) + 1, np.inf)
    ceiling = live & (kind == "maximum")
    np.minimum.at(most, codes[ceiling], value[ceiling])
    return live & np.isin(kind, IN_UNITS) & (value > most[codes])


def faults_of_adjustments(rows: Columns) -> Iterator[FaultyRows]:
    """Yield what is wrong between the columns of `adjustments`, given as those of policies."""
    yield from _two_scopes(rows)
    factor = rows["kind"] == "times"
    bad = factor & ((rows["value"] < 0.0) | (rows["value"] > MOST_FACTOR))
    yield FaultyRows("value", bad, "no factor of demand", f"of times: 0 to {MOST_FACTOR:g}")
    one_cell = (rows["region"] != "") & (rows["item"] != "")
    beyond = (rows["kind"] == "plus") & one_cell & (rows["value"] >= LARGEST_WEEK)
    remedy = "fewer units, or quantities in larger units (cases, hundreds)"
    yield FaultyRows("value", beyond, f"{LARGEST_WEEK:,} units a week of one cell or more", remedy)


def unknown_categories(rows: Columns, known: Collection[str]) -> FaultyRows:
    """Mark rows about a category that no item has: they would hold nowhere, without a word."""
    named = rows["category"]
    bad = np.array([each != "" and each not in known for each in named], dtype=bool)
    near = nearest_of(str(named[np.argmax(bad)]), sorted({*known} - {""})) if bad.any() else None
    remedy = f"is it {near!r}?" if near else "one of items.category"
    return FaultyRows("category", bad, "no item has this category", remedy)


def faults_in_frame(name: str, found: Iterable[FaultyRows]) -> list[str]:
    """Write faults of a frame of one's own in sentences, the first few rows of each."""
    return [
        f"table {name}, row {row + 1}, column {each.column}: {each.problem}; {each.remedy}"
        for each in found
        for row in each.bad.nonzero()[0][:SHOWN].tolist()
    ]


def _two_scopes(rows: Columns) -> Iterator[FaultyRows]:
    both = (rows["item"] != "") & (rows["category"] != "")
    yield FaultyRows("category", both, "beside an item", "name the item or its category")


def rank_of(rows: Columns) -> Ints:
    """Return how specific each row is, 0 the most: the order of the six scopes above."""
    region, item, category = (rows[name] != "" for name in SCOPE)
    rank = np.where(region, 4, 5)
    rank = np.where(category, np.where(region, 2, 3), rank)
    return np.where(item, np.where(region, 0, 1), rank).astype(np.int64)
