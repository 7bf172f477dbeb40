"""Blocks of cells: the unit of large work, on one machine or several.

What is worked out of a block does not depend on what else is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

import numpy as np

from foreship_foundation.arrays import Ints

__all__ = ["Across", "in_turn", "stretches"]

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


def stretches(count: int, step: int) -> list[Ints]:
    """Cut places 0 .. count - 1 into stretches of `step` or, the last, fewer; at least one."""
    return [np.arange(first, min(first + step, count)) for first in range(0, max(count, 1), step)]
