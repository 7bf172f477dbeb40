"""Blocks of cells: the unit of large work, on one machine or several.

What is worked out of a block does not depend on what else is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

import numpy as np

from foreship_foundation.arrays import Ints

__all__ = ["Across", "in_turn", "rows_of_block", "stretches"]

Part = TypeVar("Part")
Result = TypeVar("Result")


class Across(Protocol):
    """Who has the same work done on every part: here in turn, or elsewhere side by side.

    One who sends parts away may say by `most_rows` how many rows of a block it wants at most.
    """

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


def rows_of_block(across: Across, rows: int) -> int:
    """Return the rows of a block: as many as are wanted, or as many as who works on it will take.

    The answer does not hang on it.
    """
    return min(rows, int(getattr(across, "most_rows", rows)))


def stretches(count: int, step: int) -> list[Ints]:
    """Cut places 0 .. count - 1 into stretches of `step` or, the last, fewer; at least one."""
    return [np.arange(first, min(first + step, count)) for first in range(0, max(count, 1), step)]
