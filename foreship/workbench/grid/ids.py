"""The ids that a run knows, what each is called, and how they are searched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np

from foreship.reading.explaining.known_names import unknown_words
from foreship_foundation.arrays import Bools

__all__ = ["KINDS", "Found", "Ids", "Kind", "Names"]

Kind = Literal["item", "region", "hub"]
KINDS: Final[tuple[Kind, ...]] = ("item", "region", "hub")
MOST_FOUND: Final = 20
BETWEEN: Final = "\n"
"""between id and name in the text that is searched: no search field holds it"""


@dataclass(frozen=True)
class Names:
    """Ids of one kind in sorted order, each with what it is called; '' where it has no name."""

    kind: Kind
    ids: tuple[str, ...]
    called: tuple[str, ...]

    @cached_property
    def code(self) -> Mapping[str, int]:
        """Place of each id in the sorted order."""
        return {each: place for place, each in enumerate(self.ids)}

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """Id and name of each, without their case."""
        pairs = zip(self.ids, self.called, strict=True)
        return tuple(f"{id_}{BETWEEN}{name}".casefold() for id_, name in pairs)

    def holding(self, word: str) -> Bools:
        """Return which ids hold a word in their id or name, whatever its case, shape (N,)."""
        wanted = word.casefold()
        return np.fromiter((wanted in each for each in self.searched), bool, len(self.ids))

    def name(self, id_: str) -> str:
        """Return what an id is called, '' where it has no name or is not known."""
        place = self.code.get(id_)
        return "" if place is None else self.called[place]


@dataclass(frozen=True)
class Found:
    """An item, a region or a hub that a search found."""

    kind: Kind
    id: str
    name: str


@dataclass(frozen=True)
class Ids:
    """Everything that a run knows by an id."""

    item: Names
    region: Names
    hub: Names

    @classmethod
    def of(
        cls, known: Mapping[Kind, Iterable[str]], names: Mapping[Kind, Mapping[str, str]]
    ) -> Ids:
        """Sort the ids of each kind, and set their names beside them."""
        found = {}
        for kind in KINDS:
            ids = tuple(sorted(set(known.get(kind, ()))))
            called = names.get(kind, {})
            found[kind] = Names(kind, ids, tuple(called.get(each, "") for each in ids))
        return cls(**found)

    def kind(self, kind: Kind) -> Names:
        """Return the ids of a kind."""
        return {"item": self.item, "region": self.region, "hub": self.hub}[kind]

    def unknown(self, kind: Kind, id_: str) -> str:
        """Say in words that an id is not known, with the nearest ones; '' where it is known."""
        names = self.kind(kind)
        return "" if id_ in names.code else unknown_words(kind, id_, names.ids)

    def find(self, text: str, most: int = MOST_FOUND) -> list[Found]:
        """Return what a search means: exact ids, then beginnings, then what holds the text.

        Parameters
        ----------
        text
            A part of an id or a name; case does not count.
        """
        wanted = text.strip().casefold()
        if not wanted:
            return []
        ranked = sorted(
            (_rank(wanted, searched), KINDS.index(kind), place)
            for kind in KINDS
            for place, searched in enumerate(self.kind(kind).searched)
            if wanted in searched
        )
        return [self._found(KINDS[kind], place) for _, kind, place in ranked[:most]]

    def cell(self, text: str) -> tuple[str, str] | None:
        """Return the item and the region that a text names one after the other, in either order.

        Each may be an id or a name, whole or, where only one begins so, its beginning. None where
        the text names no such pair, or more than one.
        """
        words = text.split()
        for cut in range(1, len(words)):
            first, last = " ".join(words[:cut]), " ".join(words[cut:])
            for item, region in ((first, last), (last, first)):
                pair = _meant(self.item, item), _meant(self.region, region)
                if pair[0] is not None and pair[1] is not None:
                    return pair[0], pair[1]
        return None

    def _found(self, kind: Kind, place: int) -> Found:
        names = self.kind(kind)
        return Found(kind, names.ids[place], names.called[place])


def _rank(wanted: str, searched: str) -> int:
    """Order what was found: the very text, then one that begins so, then all others."""
    parts = searched.split(BETWEEN)
    if wanted in parts:
        return 0
    return 1 if any(each.startswith(wanted) for each in parts) else 2


def _meant(names: Names, text: str) -> str | None:
    """Return the one id that a text means: exactly, or as the only one that begins so."""
    wanted = text.casefold()
    for rank in (0, 1):
        found = [
            names.ids[place]
            for place, searched in enumerate(names.searched)
            if wanted in searched and _rank(wanted, searched) == rank
        ]
        if found:
            return found[0] if len(found) == 1 else None
    return None
