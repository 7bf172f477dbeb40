"""An item in all regions, or a region with all its items: what a plan does there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from foreship.reading.explaining.cell_rows import CellRow, table_of
from foreship.reading.views import called
from foreship_foundation.telling.words import fitted

__all__ = ["COLUMNS", "Overview"]

COLUMNS = 80
INDENT = "  "


@dataclass(frozen=True)
class Overview:
    """What a plan does with one item, or in one region."""

    run_id: str
    as_of: str
    item: str
    """'' where a region is told"""
    region: str
    """'' where an item is told"""
    name: str
    """what it is called beside its id, '' where it has no name"""
    cells: tuple[CellRow, ...]
    """those told, most important first"""
    about: tuple[str, ...]
    """sentences before the cells: totals, room"""
    further: tuple[str, ...]
    """sentences after them: what is left out, hubs, what is scarce, what to look at"""

    @property
    def text(self) -> str:
        """The same in a planner's words, at most 80 columns wide."""
        what = called(self.item or self.region, self.name)
        head = f"{what}, plan of {self.as_of} (run {self.run_id})."
        blocks = ["\n".join(_wrapped(each) for each in (head, *self.about))]
        if self.cells:
            kind = "region" if self.item else "item"
            lines = []
            for line, reason in table_of(self.cells, kind):
                lines.append(line)
                lines += [_wrapped(reason, INDENT)] if reason else []
            blocks.append("\n".join(lines))
        if self.further:
            blocks.append("\n".join(_wrapped(each) for each in self.further))
        return "\n\n".join(blocks).replace("\u2212", "-")

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, the text among them; `item` or `region` is blank."""
        return {**asdict(self), "text": self.text}

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.text)}</pre>"


def _wrapped(text: str, indent: str = "") -> str:
    return fitted(indent + text, COLUMNS)
