"""Two who decide on the same line: whoever comes later has not seen what the other decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from foreship.workbench.drafts.entry import Entry

__all__ = ["Clash", "clash_of", "newest_by_line"]


@dataclass(frozen=True)
class Clash:
    """An entry that was not kept, and the one that its author did not see."""

    mine: Entry
    theirs: Entry
    version: int
    """version of the draft as it is; what is decided on this one is kept"""


def newest_by_line(entries: Iterable[Entry]) -> dict[int, Entry]:
    """Return what counts: of each line the entry made last."""
    return {each.line: each for each in entries}


def clash_of(mine: Entry, newest: Mapping[int, Entry], version: int) -> Clash | None:
    """Return why an entry must not be kept yet, None where nothing stands against it.

    It clashes with an entry of the same line made after the version it was decided on, unless both
    say the same. Other lines never clash.
    """
    theirs = newest.get(mine.line)
    if theirs is None or theirs.version <= mine.base or theirs.said == mine.said:
        return None
    return Clash(mine, theirs, version)
