"""Promises of loss that wait for the weeks to come: by order the replay itself tells what came."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship.judge.own_units import OwnUnits
from foreship_foundation.arrays import Ints

__all__ = ["OpenPromise"]


@dataclass(frozen=True)
class OpenPromise:
    """A plan whose units may still be taken by buyers (docs/replay.md, equation 23)."""

    row: int
    """of the plan's week among those of its track"""
    own: OwnUnits
    before: Ints
    """units of each of its cells that are used before its own; below 0 as its own are"""
    weeks: int
    """until the risk horizon"""

    def after(self, served: Ints) -> OpenPromise:
        """Return it a week later, in which buyers took units there, shape (regions, items)."""
        taken = served[self.own.region, self.own.item]
        return replace(self, before=self.before - taken, weeks=self.weeks - 1)

    @property
    def loss(self) -> float:
        """Loss that came, once no week is left [money]."""
        return self.own.loss(np.maximum(-self.before, 0))
