"""Promises of loss that wait for the weeks to come: by order the replay itself tells what came."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship.judge.gain.own_units import OwnUnits
from foreship_foundation.arrays import Ints

__all__ = ["OpenPromise"]


@dataclass(frozen=True)
class OpenPromise:
    """A plan whose units may still be taken by buyers (docs/replay.md, equation 23)."""

    row: int
    """of the plan's week among those of its track"""
    own: OwnUnits
    before: Ints
    """units that are used before its own, by cell and week until the risk horizon in which they are
    there for the first time, shape (cells, weeks)"""
    needed: Ints
    """units of its own that buyers took, or of later plans, by cell"""

    @classmethod
    def made(cls, row: int, own: OwnUnits, before: Ints) -> OpenPromise:
        """Return the promise of a plan of which no unit is taken yet."""
        return cls(row, own, before, np.zeros(len(before), dtype=np.int64))

    @property
    def weeks(self) -> int:
        """Weeks until the risk horizon."""
        return int(self.before.shape[1])

    def after(self, served: Ints) -> OpenPromise:
        """Return it a week later, in which buyers took units there, shape (regions, items)."""
        taken = served[self.own.region, self.own.item]
        of_before = np.minimum(taken, self.before[:, 0])
        before = self.before[:, 1:].copy()
        before[:, :1] += self.before[:, :1] - of_before[:, None]
        return replace(self, before=before, needed=self.needed + taken - of_before)

    @property
    def loss(self) -> float:
        """Loss that came, once no week is left [money]."""
        return self.own.loss(self.needed)
