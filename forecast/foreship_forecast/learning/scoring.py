"""The law of some cells by themselves: all it needs beside their own rows is small.

What a fit learned, levels of items and regions, and events go to every block of cells alike. So
blocks can be scored one after another, side by side, or on other machines, each with the answer
that it has in the company of all (docs/forecast.md, section 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from foreship_forecast.counts.calibration import Calibration
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.features.matrix import Features
from foreship_forecast.features.rows import prediction_rows
from foreship_forecast.features.spread import own_spread
from foreship_forecast.heads.pooled_head import PooledHead
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["Scoring", "joined_law", "law_of_block"]


@dataclass(frozen=True)
class Scoring:
    """What the law of B cells is worked out from; may be sent to another process.

    **Invariants:** the law of a cell does not depend on which others are there.
    """

    head: PooledHead
    calibration: Calibration
    weeks: int
    """weeks to predict, H"""
    features: Features
    """of these cells only"""
    category: Ints
    """place of each cell's category among the calibration's factors, shape (B,)"""
    borrows: Bools
    """True where the cell takes the level of its pools, shape (B,)"""
    chance: Floats
    """P(D >= 1) of the pools, shape (B,)"""
    extra: Floats
    """mean units beyond the first of the pools, shape (B,)"""

    def __len__(self) -> int:
        return len(self.borrows)

    def part(self, cells: Ints) -> Scoring:
        """Return what the law of some of the cells needs, by ascending place."""
        return replace(
            self,
            features=self.features.part(cells),
            category=self.category[cells],
            borrows=self.borrows[cells],
            chance=self.chance[cells],
            extra=self.extra[cells],
        )


def law_of_block(scoring: Scoring) -> CountLaw:
    """Return the law of every cell of a block, week by week within a cell, B x H laws.

    It is what the model says, before cells with few buyers share one, in lots of the panel.
    """
    features, weeks = scoring.features, scoring.weeks
    rows = prediction_rows(features.panel, np.arange(len(scoring)), weeks)
    chance, extra = scoring.chance[rows.cell], scoring.extra[rows.cell]
    own = ~scoring.borrows[rows.cell]
    if own.any():
        chance[own], extra[own] = scoring.head.raw(features, rows.part(own))
    # what is known ahead acts on cells without any history too
    effect = np.exp(features.log_effect(rows.part(~own)))
    chance[~own] = -np.expm1(np.log1p(-chance[~own]) * effect)
    spread = own_spread(features.panel, rows).where(own)
    return scoring.calibration.law(chance, extra, scoring.category[rows.cell], spread)


def joined_law(laws: Iterable[CountLaw], cells: Ints) -> CountLaw:
    """Return the laws of blocks as one, by ascending cell; they share their maps G.

    Parameters
    ----------
    laws
        Of the blocks, each H laws a cell.
    cells
        The cells in the order of these laws, each of 0 .. C - 1 once.
    """
    parts = list(laws)
    place = np.argsort(cells)

    def joined(name: str) -> Floats:
        whole = np.concatenate([getattr(each, name) for each in parts])
        weeks = len(whole) // max(len(cells), 1)
        by_cell: Floats = whole.reshape(len(cells), weeks)[place].ravel()
        return by_cell

    return CountLaw(joined("chance"), joined("extra"), joined("dispersion"), parts[0].knots)
