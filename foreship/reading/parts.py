"""A part of a run: what concerns one item, one region or one cell, as a small view of its own.

Whatever is told of an item, a region or a cell is told of its part alike, at the cost of the part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Protocol

import pandas as pd

from foreship.reading.views import RunView
from foreship_foundation.tables.output_files import (
    ADJUSTED,
    EXCEPTIONS,
    FACTS,
    PROJECTED,
)

__all__ = ["BY_CELL", "CellRows", "part_of"]

BY_CELL: Final[Mapping[str, tuple[str, str]]] = {
    "units": ("region", "item"),
    "reasons": ("region", "item"),
    "orders": ("region", "item"),
    "forecast": ("region", "item"),
    "ahead": ("destination", "item"),
    "needs": ("", "item"),
    PROJECTED.name: ("region", "item"),
    ADJUSTED.name: ("region", "item"),
    EXCEPTIONS.name: ("region", "item"),
    "stock": ("location", "item"),
    "inbound": ("location", "item"),
}
"""frames that are cut, each with the columns of its region and its item; '' where it has none"""
FRAMES: Final = ("units", "reasons", "orders", "forecast", "ahead", "needs")
EXTRAS: Final = (PROJECTED.name, ADJUSTED.name, EXCEPTIONS.name)
TABLES: Final = ("stock", "inbound")


class CellRows(Protocol):
    """A frame whose rows are found by their cell without looking at all of them."""

    def of(self, *, item: str | None, region: str | None) -> pd.DataFrame:
        """Return the rows of an item, of a region, or of one in the other, in the frame's order."""
        ...


def part_of(
    view: RunView,
    *,
    item: str | None = None,
    region: str | None = None,
    held: Mapping[str, CellRows] | None = None,
) -> RunView:
    """Return what of a run concerns an item, a region, or one in the other.

    Parameters
    ----------
    item, region
        At least one; both mean the cell.
    held
        By name as in `BY_CELL`, frames that the view leaves out for their size.

    Returns
    -------
    A view of which `explained` says what it says of the whole. Rows keep their index, places their
    tables, the summary its figures; of a cell the stock of its item everywhere is kept.
    """
    cut = _Cut(view, item, region, held or {})
    lines = cut.lines()
    facts = view.extra(FACTS.name)
    extras = {name: frame for name in EXTRAS if (frame := cut.frame(name)) is not None}
    if facts is not None:
        extras[FACTS.name] = _rows_of_lines(facts, lines)
    frames = {name: cut.frame(name) for name in FRAMES}
    tables = {name: frame for name in TABLES if (frame := cut.frame(name)) is not None}
    return replace(
        view,
        lines=lines,
        **frames,  # type: ignore[arg-type]
        extras={**view.extras, **extras},
        tables={**view.tables, **tables, **cut.items()},
    )


class _Cut:
    """What is cut out of a view."""

    def __init__(
        self, view: RunView, item: str | None, region: str | None, held: Mapping[str, CellRows]
    ) -> None:
        self.view, self.item, self.region, self.held = view, item, region, held
        self.there: Mapping[str, pd.DataFrame | None] = {
            **{name: getattr(view, name) for name in FRAMES},
            **{name: view.extra(name) for name in EXTRAS},
            **{name: view.tables.get(name) for name in TABLES},
        }

    def frame(self, name: str) -> pd.DataFrame | None:
        """Return the rows of a frame that belong to the part, None where the run lacks it."""
        at, of = BY_CELL[name]
        # what lies in hubs belongs to an item wherever it is looked at from
        region = None if not at or (name in TABLES and self.item is not None) else self.region
        if name in self.held:
            return self.held[name].of(item=self.item, region=region)
        frame = self.there[name]
        if frame is None or frame.empty:
            return frame
        return _having(frame, {of: self.item, at: region})

    def lines(self) -> pd.DataFrame:
        """Return the lines of the item, those of them that begin or end in the region."""
        lines = self.view.lines
        mine = pd.Series(True, index=lines.index)
        if self.item is not None:
            mine &= lines["item"] == self.item
        if self.region is not None:
            mine &= (lines["destination"] == self.region) | (lines["origin"] == self.region)
        return lines[mine]

    def items(self) -> Mapping[str, pd.DataFrame]:
        """Return the table of items, of one item its row alone."""
        items = self.view.tables.get("items")
        if items is None or self.item is None or "item" not in items:
            return {}
        return {"items": items[items["item"] == self.item]}


def _having(frame: pd.DataFrame, wanted: Mapping[str, str | None]) -> pd.DataFrame:
    """Return the rows that have these values; None asks for nothing."""
    for column, value in wanted.items():
        if value is not None:
            frame = frame[frame[column] == value]
    return frame


def _rows_of_lines(facts: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    return facts[facts["line"].isin(lines.index)]
