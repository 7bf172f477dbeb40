"""Parts of work and their results, whoever works on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

__all__ = ["LOST", "Piece", "Results"]

LOST = "a worker process was ended from outside, as a system does that runs out of memory"


class Piece(NamedTuple):
    """One part of the work."""

    part: Any
    needs: Sequence[int]
    """positions of the pieces whose results it is given"""


class Results:
    """Results by position; each is kept until it was handed out and no later piece needs it."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._found: dict[int, Any] = {}
        self._asked = Counter(need for piece in pieces for need in piece.needs)
        self._asked.update(range(len(pieces)))

    def put(self, place: int, result: Any) -> None:
        """Keep the result of a piece."""
        self._found[place] = result

    def take(self, place: int) -> Any:
        """Give a result out; the last time it is forgotten."""
        self._asked[place] -= 1
        return self._found[place] if self._asked[place] else self._found.pop(place)

    def has(self, piece: Piece) -> bool:
        """Whether all that a piece needs is there."""
        return all(need in self._found for need in piece.needs)

    def handed_out(self, first: int) -> Iterator[Any]:
        """Yield results from a position on, as far as there is no gap."""
        while first in self._found:
            yield self.take(first)
            first += 1
