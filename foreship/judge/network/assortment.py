"""The assortment as the judge reads it: until when a cell may sell what arrives there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship_foundation.arrays import Bools, Ints

__all__ = ["Assortment"]


ALWAYS = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Assortment:
    """Windows in which cells are sold, in day numbers.

    **Invariants:** windows of a cell are sorted and do not overlap; None stands for a workspace
    without the table, where every cell is always sold.
    """

    windows: dict[tuple[str, str], list[tuple[int, int]]] | None
    """first and last days, by (region, item)"""

    @classmethod
    def from_table(cls, table: pd.DataFrame) -> Assortment:
        """Read the `assortment` table; windows that touch or overlap are one."""
        if not len(table):
            return cls(None)
        rows = zip(
            table["region"].tolist(),
            table["item"].tolist(),
            _day_numbers(table["from"], -ALWAYS).tolist(),
            _day_numbers(table["to"], ALWAYS).tolist(),
            strict=True,
        )
        windows: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for region, item, first, last in sorted(rows):
            mine = windows[region, item]
            if mine and first - 1 <= mine[-1][1]:
                mine[-1] = mine[-1][0], max(mine[-1][1], last)
            else:
                mine.append((first, last))
        return cls(dict(windows))

    def over_before(self, cells: list[tuple[str, str]], arrives: Ints, day: Ints) -> Bools:
        """Tell which cells sell what arrived on one day no more on a later one, day numbers.

        What arrives between two windows is sold in the next; a gap is not bridged.
        """
        if self.windows is None:
            return np.zeros(len(cells), dtype=np.bool_)
        ends = [
            next((last for _, last in self.windows.get(cell, ()) if last >= at), -ALWAYS)
            for cell, at in zip(cells, arrives.tolist(), strict=True)
        ]
        return np.asarray(np.array(ends, dtype=np.int64) < day)


def _day_numbers(column: pd.Series, missing: int) -> npt.NDArray[np.int64]:
    days = pd.to_datetime(column).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), missing, days.astype(np.int64)).astype(np.int64)
