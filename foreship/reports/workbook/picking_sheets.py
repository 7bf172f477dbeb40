"""A list a hub of what to pick for which departure, in cases and single units, ready for paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship.reading.views import FROM_HUBS, RunView
from foreship.reports.workbook.sheets import Field, Sheets

__all__ = ["picking_sheets", "picks_of", "sheet_names"]

LONGEST: Final = 31
"""letters that the name of a sheet may have"""
REFUSED: Final = dict.fromkeys(map(ord, "[]:*?/\\'"), "_")
"""letters that no sheet's name may have, or not at its ends"""
FIELDS: Final = (
    Field("ship_date", "ship_date", "date", 12),
    Field("destination", "destination", "text", 16),
    Field("item", "item", "text", 16),
    Field("name", "name", "text", 28),
    Field("cases", "cases", "units", 8),
    Field("pack_size", "units a case", "units", 12),
    Field("singles", "single units", "units", 12),
    Field("quantity", "units", "units", 9),
    Field("volume", "volume", "money", 10),
    Field("kg", "kg", "money", 10),
)
SUMMED: Final = ("cases", "singles", "quantity", "volume", "kg")
PER_UNIT: Final = {"volume": "volume", "kg": "weight_kg"}
"""figure of a line -> what a unit of the item has of it"""
TOTAL: Final = "total"


def picking_sheets(sheets: Sheets, view: RunView) -> None:
    """Write a sheet for each hub that anything leaves."""
    picks = picks_of(view)
    hubs = sorted(set(picks["origin"]))
    for hub, name in zip(hubs, sheet_names(hubs), strict=True):
        rows = _with_totals(picks[picks["origin"] == hub])
        sheet = sheets.frame(name, rows, FIELDS)
        _strengthen(sheets, sheet, rows)


def picks_of(view: RunView) -> pd.DataFrame:
    """Return the lines that leave hubs by hub, departure, destination and item, in cases.

    What comes in cases of one is picked as single units; so is all of it, without volume and
    weight, where the run does not know its items any more.
    """
    lines = view.lines[view.lines["action"].isin(FROM_HUBS)]
    keys = ["origin", "ship_date", "destination", "item"]
    picks = lines.groupby(keys, sort=True, as_index=False)["quantity"].sum()
    items = view.table("items")
    known = items.set_index("item") if len(items) else pd.DataFrame()
    item = picks["item"]
    size = _of_items(known, "pack_size", item, 1).astype(np.int64)
    cases = (picks["quantity"] // size).where(size > 1, 0)
    more = {figure: _of_items(known, each, item, np.nan) for figure, each in PER_UNIT.items()}
    found: pd.DataFrame = picks.assign(
        name=[view.name("item", each) for each in item],
        pack_size=size,
        cases=cases,
        singles=picks["quantity"] - cases * size,
        **{figure: each * picks["quantity"] for figure, each in more.items()},
    )
    return found


def _of_items(known: pd.DataFrame, column: str, item: pd.Series, otherwise: object) -> pd.Series:
    """Return a column of `items` for each line, another value where it is not known."""
    if column not in known:
        return pd.Series([otherwise] * len(item), index=item.index)
    return pd.Series(known[column].reindex(item).to_numpy(), index=item.index)


def _with_totals(picks: pd.DataFrame) -> pd.DataFrame:
    """Put a total below each departure to a destination."""
    parts = []
    for _, lines in picks.groupby(["ship_date", "destination"], sort=True):
        total = lines.iloc[:1].assign(item="", name=TOTAL, pack_size=np.nan)
        # a sum of what is not known is not known either
        total = total.assign(**{each: lines[each].sum(skipna=False) for each in SUMMED})
        parts += [lines, total]
    return pd.concat(parts, ignore_index=True)


def _strengthen(sheets: Sheets, sheet: Any, rows: pd.DataFrame) -> None:
    """Print the totals bold, by a rule: rows may be sorted."""
    rule = {"type": "formula", "criteria": f'=$D2="{TOTAL}"', "format": sheets.forms["strong"]}
    sheet.conditional_format(1, 0, len(rows), len(FIELDS) - 1, rule)


def sheet_names(hubs: Iterable[str]) -> Iterator[str]:
    """Yield `Pick 1 <hub>`, `Pick 2 <hub>`, ...: by their numbers no two are the same."""
    for number, hub in enumerate(hubs, start=1):
        yield f"Pick {number} {hub}".translate(REFUSED)[:LONGEST].rstrip()
