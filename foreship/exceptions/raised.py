"""One thing that a planner should look at, and the words for places and goods in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from foreship.reading.views import RunView, called
from foreship_foundation.arrays import Floats

__all__ = ["Raised", "named", "raised_of_cells"]


@dataclass(frozen=True, slots=True)
class Raised:
    """One exception: what it is, the money at stake, where, and in a sentence."""

    kind: str
    money: float
    """expected money at stake, at least 0"""
    said: str | Callable[[], str]
    """a sentence, or what makes it: of very many exceptions only the dearest are told"""
    region: str = ""
    item: str = ""
    hub: str = ""
    week: pd.Timestamp | None = None
    line: int = -1
    """row of the plan, from 0; -1: none"""

    @property
    def words(self) -> str:
        """What it is, in a sentence."""
        return self.said if isinstance(self.said, str) else self.said()


def raised_of_cells(
    kind: str, cells: pd.DataFrame, money: Floats, words: Callable[[Mapping[Any, Any]], str]
) -> Iterator[Raised]:
    """Yield an exception for each of very many cells.

    Parameters
    ----------
    cells
        `region, item, line`, and what `words` reads of a cell.
    money
        What is at stake in each, shape (C,).
    words
        Puts one cell into a sentence; it is asked only of those that are told.
    """
    columns = (cells[name].tolist() for name in ("region", "item", "line"))
    for place, (region, item, line, worth) in enumerate(zip(*columns, money.tolist(), strict=True)):
        said = partial(_said, words, cells, place)
        yield Raised(kind, worth, said, str(region), str(item), line=int(line))


def _said(words: Callable[[Mapping[Any, Any]], str], cells: pd.DataFrame, place: int) -> str:
    return words(cells.iloc[[place]].to_dict("records")[0])


def named(view: RunView, kind: str, id_: str) -> str:
    """Return an id with its name beside it, where it has one."""
    return called(id_, view.name(kind, id_))
