"""The head of a model: boosters where there are any, plain rates, and the pool that weighs them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_forecast.features.matrix import Features, Table
from foreship_forecast.features.rows import Rows
from foreship_forecast.heads.boosters import Boosters
from foreship_forecast.heads.floors import FLOOR_RATES
from foreship_forecast.heads.pool import HEADS, Answers, Pool
from foreship_foundation.arrays import Floats

__all__ = ["PooledHead", "answers"]


@dataclass(frozen=True)
class PooledHead:
    """Turns rows into raw answers: what all heads say, pooled."""

    boosters: Boosters | None
    pool: Pool

    def raw(self, features: Features, rows: Rows) -> tuple[Floats, Floats]:
        """Return the chance of a sale and the mean units beyond the first, shape (N,) each."""
        return self.pool.pooled(answers(features, rows, self.boosters))


def answers(
    features: Features, rows: Rows, boosters: Boosters | None, table: Table | None = None
) -> Answers:
    """Ask every head. What is known ahead acts on all of them.

    `table` has the rows' features where they are at hand already.
    """
    chance, trust = np.full((len(HEADS), len(rows)), np.nan), np.ones(len(rows))
    if boosters is None:
        levels = features.levels(rows)
        extra = np.stack([levels.extra] * 3)
    else:
        table = features.table(rows) if table is None else table
        levels = table.levels
        trust = boosters.trust(features, rows)
        chance[0] = boosters.chances(table, rows)
        extra = np.concatenate([boosters.sizes(table), levels.extra[None]])
    chance[1] = levels.chance
    times = np.exp(features.log_effect(rows))
    for place, name in enumerate(HEADS[2:], start=2):
        plain = np.clip(FLOOR_RATES[name].chance(features, rows), 1e-6, 1.0 - 1e-6)
        chance[place] = -np.expm1(np.log1p(-plain) * times)
    return Answers.of(chance, extra, trust, rows, levels)
