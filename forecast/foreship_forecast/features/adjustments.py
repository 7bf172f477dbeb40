"""What planners know of coming demand and no history does: factors and units on top.

Factors of all rows that are about a cell and week multiply, then their units add up
(docs/forecast.md, section 11). Units of a week are dealt to the cells that a row is about by what
is expected of them. Nothing is learned from any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from foreship_forecast.counts.adjusted_law import adjusted
from foreship_forecast.counts.distribution import DemandDistribution
from foreship_forecast.errors import TableFault
from foreship_foundation.arrays import Bools, Days, Floats, Ids, Ints
from foreship_foundation.tables.output_files import ADJUSTED
from foreship_foundation.tables.ranges import LARGEST_WEEK
from foreship_foundation.telling.words import number, plural

__all__ = ["Adjustments", "adjusted_distribution", "adjustments_of"]


@dataclass(frozen=True)
class Adjustments:
    """What rows of `adjustments` do to n cells and weeks of a forecast, by ascending place."""

    place: Ints
    """cell x H + week, shape (n,)"""
    before: Floats
    """units expected without them, shape (n,)"""
    factor: Floats
    """what these are multiplied by, shape (n,)"""
    plus: Floats
    """what is then added [units], shape (n,)"""
    notes: tuple[str, ...]
    """what they do, and which of them do nothing, one sentence each"""

    @property
    def after(self) -> Floats:
        """Units expected with them, eq. 69, shape (n,)."""
        return np.maximum(self.factor * self.before + self.plus, 0.0)

    def frame(self, region: Ids, item: Ids, weeks: Days) -> pd.DataFrame:
        """Return `adjusted.parquet` of the contract: cells and weeks that change."""
        cell, week = np.divmod(self.place, len(weeks))
        found = region[cell], item[cell], weeks.astype("datetime64[s]")[week]
        return pd.DataFrame(
            dict(zip(ADJUSTED.names, (*found, self.before, self.after), strict=True))
        )


def adjustments_of(
    table: pd.DataFrame,
    items: pd.DataFrame,
    cells: tuple[Ids, Ids],
    weeks: Days,
    mean: Callable[[Ints], Floats],
) -> Adjustments:
    """Return what the rows of `adjustments` that hold do to the cells and weeks of a forecast.

    Parameters
    ----------
    table
        `kind, value, expires, week, region, item, category`; blank texts are any.
    items
        `item, category`.
    cells
        Region and item of each cell, shape (C,) each.
    weeks
        Mondays ahead, the first one `as_of`, shape (H,).
    mean
        Units expected at some places, cell x H + week, ascending.
    """
    about = _Scopes(table, items, cells, weeks)
    place = np.flatnonzero(about.any().ravel())
    before = mean(place)
    factor, plus = np.ones(len(place)), np.zeros(len(place))
    for at, row in enumerate(about.rows):
        here = about.of(at).ravel()[place]
        if row["kind"] == "times":
            factor[here] *= row["value"]
        else:
            week = (place % len(weeks))[here]
            plus[here] += row["value"] * _shares(before[here], week, len(weeks))
    found = Adjustments(place, before, factor, plus, ())
    changed = found.after != before
    notes = (*about.notes(), *_effect(found, len(weeks), about.acting()))
    return Adjustments(place[changed], before[changed], factor[changed], plus[changed], notes)


def adjusted_distribution(
    said: DemandDistribution, table: pd.DataFrame, items: pd.DataFrame
) -> DemandDistribution:
    """Return a forecast as planners adjust it; the same where there is nothing to adjust.

    Parameters
    ----------
    said
        The forecast without any adjustment.
    table, items
        As in `adjustments_of`.

    Raises
    ------
    TableFault
        If a cell would sell more units a week than are counted.
    """
    if not len(table):
        return said
    cells = said.region, said.item
    found = adjustments_of(
        table, items, cells, said.weeks, lambda place: said.law.part(place).mean()
    )
    said = replace(said, notes=(*said.notes, *found.notes))
    if not len(found.place):
        return said
    _refuse_beyond_count(found, said, found.after > LARGEST_WEEK)
    law = adjusted(said.law, found.place, found.after)
    missed = law.part(found.place).mean() < found.after * (1.0 - 1e-6)
    _refuse_beyond_count(found, said, missed)
    changed = found.frame(*cells, said.weeks)
    return replace(said, law=law, unadjusted=said.law, adjusted=changed)


class _Scopes:
    """Which cells and weeks each row of `adjustments` is about."""

    def __init__(
        self, table: pd.DataFrame, items: pd.DataFrame, cells: tuple[Ids, Ids], weeks: Days
    ) -> None:
        self.expired = table["expires"].to_numpy().astype("datetime64[D]") < weeks[0]
        self.rows: list[dict[Any, Any]] = table[~self.expired].to_dict("records")
        region, item = cells
        category = dict(zip(items["item"], items["category"], strict=True))
        texts = {
            "region": region,
            "item": item,
            "category": np.array([category.get(each, "") for each in item], dtype=object),
        }
        self.cells = [_in_scope(row, texts, len(item)) for row in self.rows]
        self.weeks = [_in_time(row, weeks) for row in self.rows]

    def of(self, row: int) -> Bools:
        """Return the cells and weeks of a row that holds, shape (C, H)."""
        return np.asarray(self.cells[row][:, None] & self.weeks[row])

    def any(self) -> Bools:
        """Return the cells and weeks of any row, shape (C, H)."""
        found = np.zeros((len(self.cells[0]), len(self.weeks[0])) if self.rows else (0, 0), bool)
        for row in range(len(self.rows)):
            found |= self.of(row)
        return found

    def acting(self) -> int:
        """Return how many rows are about a cell and a week of the forecast."""
        return sum(bool(c.any() and w.any()) for c, w in zip(self.cells, self.weeks, strict=True))

    def notes(self) -> Iterator[str]:
        """Say how many rows do nothing, and why."""
        if gone := int(self.expired.sum()):
            yield f"{plural(gone, 'adjustment has', 'adjustments have')} expired: not heeded."
        if late := sum(not each.any() for each in self.weeks):
            said = plural(late, "adjustment is", "adjustments are")
            yield f"{said} of no week that the forecast looks at: not heeded."
        nowhere = sum(
            bool(w.any()) and not c.any() for c, w in zip(self.cells, self.weeks, strict=True)
        )
        if nowhere:
            said = plural(nowhere, "adjustment is", "adjustments are")
            yield f"{said} of nothing that is on offer: not heeded."


def _in_scope(row: dict[Any, Any], texts: dict[str, Ids], count: int) -> Bools:
    """Return the cells that a row is about, shape (C,)."""
    here = np.ones(count, dtype=bool)
    for name, values in texts.items():
        if row[name]:
            here &= np.asarray(values == row[name], dtype=bool)
    return here


def _in_time(row: dict[Any, Any], weeks: Days) -> Bools:
    """Return the weeks that a row is about: its own, or all that begin by its last day."""
    here = weeks <= row["expires"].to_datetime64()
    if not pd.isna(row["week"]):
        here &= weeks == row["week"].to_datetime64()
    return np.asarray(here)


def _shares(mean: Floats, week: Ints, weeks: int) -> Floats:
    """Return eq. 70: each cell's part of a week by what is expected; even where nothing is."""
    total = np.bincount(week, mean, weeks)[week]
    count = np.bincount(week, minlength=weeks)[week]
    return np.divide(mean, total, out=1.0 / count, where=total > 0)


def _effect(found: Adjustments, weeks: int, acting: int) -> Iterator[str]:
    """Say what all rows come to, and where they take more than there is."""
    if not len(found.place):
        return
    cells = len(np.unique(found.place // weeks))
    before, after = float(found.before.sum()), float(found.after.sum())
    yield (
        f"{plural(acting, 'adjustment moves', 'adjustments move')} what is expected of "
        f"{plural(cells, 'cell')} in all weeks from {number(round(before, 1))} to "
        f"{number(round(after, 1))} units."
    )
    short = int((found.factor * found.before + found.plus < 0).sum())
    if short:
        yield (
            f"Adjustments take more than is expected from {plural(short, 'week')} of cells: "
            "nothing is expected there."
        )


def _refuse_beyond_count(found: Adjustments, said: DemandDistribution, beyond: Bools) -> None:
    """Name the first cell that would sell more than is counted."""
    if not beyond.any():
        return
    cell, week = divmod(int(found.place[np.argmax(beyond)]), len(said.weeks))
    raise TableFault(
        [
            f"adjustments: item {said.item[cell]} in {said.region[cell]} would sell "
            f"{LARGEST_WEEK:,} units or more in the week of {said.weeks[week]}, "
            f"{number(round(float(found.before[np.argmax(beyond)])))} without them; lower the "
            "value, let the row expire, or state orders in larger units (cases, hundreds)"
        ]
    )
