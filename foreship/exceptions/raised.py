"""One thing that a planner should look at, and the words for places and goods in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from foreship.reading.views import RunView, called

__all__ = ["Raised", "named"]


@dataclass(frozen=True)
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

    @cached_property
    def words(self) -> str:
        """What it is, in a sentence."""
        return self.said if isinstance(self.said, str) else self.said()


def named(view: RunView, kind: str, id_: str) -> str:
    """Return an id with its name beside it, where it has one."""
    return called(id_, view.name(kind, id_))
