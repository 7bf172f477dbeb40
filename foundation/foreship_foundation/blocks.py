"""Blocks of whole items: the unit of large work, on one machine or several.

An item's cells share a pool of stock and of demand, so a block holds all of them. What is worked
out of a block does not depend on what else is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Ids, Ints

__all__ = ["Across", "Block", "blocks_of", "in_turn", "stretches"]

Part = TypeVar("Part")
Result = TypeVar("Result")


class Across(Protocol):
    """Who has the same work done on every part: here in turn, or elsewhere side by side."""

    def __call__(
        self, work: Callable[[Part], Result], parts: Iterable[Callable[[], Part]]
    ) -> Iterator[Result]:
        """Yield `work` of each part, in their order.

        Parameters
        ----------
        work
            A function of a module; its results depend on its argument alone.
        parts
            Makes each part when its turn comes, so that not all are held at once.
        """


def in_turn(
    work: Callable[[Part], Result], parts: Iterable[Callable[[], Part]]
) -> Iterator[Result]:
    """Yield `work` of each part, one after another, here."""
    for make in parts:
        yield work(make())


@dataclass(frozen=True)
class Block:
    """Some items with all their cells."""

    number: int
    """position among all blocks"""
    items: Ids
    """its items, sorted, (I,)"""
    cells: Ints
    """canonical positions of their cells, ascending, (B,)"""


def blocks_of(item: Ids, most_cells: int) -> list[Block]:
    """Cut cells into blocks of whole items, items by sorted id; each cell stands in one block.

    Parameters
    ----------
    item
        Item of each cell in canonical order, shape (C,).
    most_cells
        Cells of a block at most, at least 1; an item with more cells is a block alone.
    """
    code, names = pd.factorize(np.asarray(item, dtype=object), sort=True)
    cells = np.argsort(code, kind="stable")
    ends = np.searchsorted(code[cells], np.arange(len(names)), side="right")
    blocks: list[Block] = []
    first = 0
    while first < len(names):
        begin = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, begin + most_cells, side="right")))
        mine = np.sort(cells[begin : ends[last - 1]])
        blocks.append(Block(len(blocks), np.asarray(names[first:last], dtype=object), mine))
        first = last
    return blocks


def stretches(count: int, step: int) -> list[Ints]:
    """Cut places 0 .. count - 1 into stretches of `step` or, the last, fewer; at least one."""
    return [np.arange(first, min(first + step, count)) for first in range(0, max(count, 1), step)]
