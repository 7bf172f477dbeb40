"""Blocks of cells worked on side by side: in processes of this machine, with the same results.

The rooms say what is done with a block and make it when its turn comes (`Across`); who does it is
decided here. Only as many blocks are made at once as there are workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from foreship.execute import map_parts
from foreship.params import ClusterParams
from foreship_foundation.blocks import Across, in_turn

__all__ = ["across_of", "block_stage"]

Part = TypeVar("Part")
Result = TypeVar("Result")


def across_of(cluster: ClusterParams) -> Across:
    """Return who works on blocks: this process, or as many as `[cluster] processes` says."""
    if cluster.processes == 1:
        return in_turn

    def side_by_side(
        work: Callable[[Part], Result], parts: Iterable[Callable[[], Part]]
    ) -> Iterator[Result]:
        makers = list(parts)
        if len(makers) == 1:
            return in_turn(work, makers)
        lazily = [Lazy(make) for make in makers]
        return map_parts(block_stage, work, lazily, how="processes", workers=cluster.processes)

    return side_by_side


def block_stage(work: Callable[[Part], Result], part: Part) -> Result:
    """Work on a block; a function that other processes can import."""
    return work(part)


class Lazy(Generic[Part]):
    """A part that is made when it is sent: another process receives the part itself."""

    def __init__(self, make: Callable[[], Part]) -> None:
        self._make = make

    def __reduce__(self) -> tuple[Any, ...]:
        """Make the part now."""
        return _same, (self._make(),)


def _same(part: Part) -> Part:
    return part
