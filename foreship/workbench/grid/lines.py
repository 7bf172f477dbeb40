"""The lines of a plan as arrays by column, ready to be filtered, sorted and added up."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.errors import UsageError
from foreship.reading.views import FROM_HUBS, INTO_REGIONS, RunView
from foreship.reports.figures import margins
from foreship.reports.workbook.plan_sheet import told_fields
from foreship.workbench.grid.columns import ADDED, COLUMNS, GridColumn
from foreship.workbench.grid.ids import Ids
from foreship_foundation.actions import action_names
from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.tables.output_files import FACTS
from foreship_foundation.telling.near_names import nearest

__all__ = ["Coded", "LineColumns", "columns_of"]

KEPT_ORDERS: Final = 16
HELD_BY: Final = "held_by"
"""column of the workbook that the reason of a line tells, too"""
TO_HUBS = action_names(origin="region", destination="hub")


@dataclass(frozen=True)
class Coded:
    """A column of words: each distinct one once, in sorted order, and which one a line has."""

    words: tuple[str, ...]
    codes: npt.NDArray[np.int32]
    """(N,) places in `words`"""

    def mask(self, word: str) -> Bools:
        """Return which lines have a word, (N,)."""
        place = int(np.searchsorted(np.array(self.words, dtype=object), word))
        if place == len(self.words) or self.words[place] != word:
            return np.zeros(len(self.codes), dtype=bool)
        return np.asarray(self.codes == place)


class LineColumns:
    """The lines of a plan in the columns of the grid, in the order of `plan.parquet`.

    What is worked out of a column, its codes and its order, is kept; nothing a reader sees changes.
    """

    def __init__(self, frame: pd.DataFrame, ids: Ids) -> None:
        self.frame, self.ids = frame, ids
        self.columns: tuple[GridColumn, ...] = tuple(COLUMNS[str(name)] for name in frame)
        """the columns that this plan has"""
        self._coded: dict[str, Coded] = {}
        self._orders: OrderedDict[tuple[str, bool], Ints] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self.frame)

    def column(self, key: str) -> GridColumn:
        """Return a column; raise UsageError where this plan has none called so."""
        if key not in self.frame:
            known = [each.key for each in self.columns]
            raise UsageError(f"this run's lines have no column `{key}`; {nearest(key, known)}")
        return COLUMNS[key]

    def coded(self, key: str) -> Coded:
        """Return a column of words as codes."""
        found = self._coded.get(self.column(key).key)
        if found is None:
            found = self._coded[key] = _coded(self.frame[key])
        return found

    def numbers(self, key: str) -> Floats:
        """Return a column of numbers or days, (N,); days as days since 1970, unknown as NaN."""
        values = self.frame[self.column(key).key]
        if COLUMNS[key].sorts == "date":
            days = values.to_numpy(dtype="datetime64[D]")
            known = ~np.isnat(days)
            return np.where(known, days.astype(np.int64), np.nan)
        return values.to_numpy(dtype=np.float64)

    def order(self, key: str, *, desc: bool = False) -> Ints:
        """Return all rows sorted by a column, ties in the plan's order, unknown values last."""
        with self._lock:
            found = self._orders.get((key, desc))
            if found is None:
                found = self._sorted(key, desc)
            self._orders[key, desc] = found
            self._orders.move_to_end((key, desc))
            while len(self._orders) > KEPT_ORDERS:
                self._orders.popitem(last=False)
        return found

    def _sorted(self, key: str, desc: bool) -> Ints:
        if self.column(key).sorts == "text":
            values = self.coded(key).codes.astype(np.float64)
        else:
            values = self.numbers(key)
        return np.argsort(-values if desc else values, kind="stable")

    def rows(self, rows: Ints, keys: tuple[str, ...]) -> list[tuple[Any, ...]]:
        """Return the values of some lines in some columns, a tuple a line; unknown ones as None."""
        columns = [self.frame[self.column(key).key].iloc[rows] for key in keys]
        plain = [each.astype(object).where(each.notna(), None).tolist() for each in columns]
        return list(zip(*plain, strict=True))

    def cell(self, row: int) -> tuple[str, str]:
        """Return the region and the item that a line is about."""
        values = self.rows(np.array([row]), ("region", "item"))[0]
        return str(values[0]), str(values[1])


def columns_of(view: RunView, ids: Ids) -> LineColumns:
    """Return the lines of a view with all that the grid tells of them."""
    lines, facts = view.lines, view.extra(FACTS.name)
    told = [each.key for each in told_fields(view) if each.key != HELD_BY]
    arrives, ships = lines["action"].isin(INTO_REGIONS), lines["action"].isin(FROM_HUBS)
    comes_back = lines["action"].isin(TO_HUBS)
    found = {
        "region": lines["destination"].where(arrives, lines["origin"]),
        "hub": lines["origin"].where(ships, lines["destination"].where(comes_back, "")),
        "category": _categories(view),
        "margin": margins(lines),
        "exit_day": view.exit_days(),
        **{name: lines[name] for name in lines},
    }
    if facts is not None:
        found |= {name: facts[name].to_numpy() for name in facts if name not in found}
    wanted = [*told, *(each.key for each in ADDED)]
    frame = pd.DataFrame({name: found[name] for name in wanted if name in COLUMNS})
    return LineColumns(frame.reset_index(drop=True), ids)


def _categories(view: RunView) -> pd.Series:
    """Return the category of each line's item, '' where it is not known."""
    items = view.table("items")
    if not {"item", "category"} <= set(items):
        return pd.Series("", index=view.lines.index, dtype=str)
    by_item = items.set_index("item")["category"]
    return view.lines["item"].map(by_item).fillna("").astype(str)


def _coded(values: pd.Series) -> Coded:
    codes, words = pd.factorize(values.astype(str), sort=True)
    return Coded(tuple(str(each) for each in words), codes.astype(np.int32))
