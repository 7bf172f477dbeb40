"""What the forecast room promises: a count distribution for every cell and week."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.written_law import written_law
from foreship_forecast.tables import DISTRIBUTION_COLUMNS, QUANTILES
from foreship_foundation.arrays import Days, Floats, Ids, Ints
from foreship_foundation.telling.words import plural

__all__ = ["DemandDistribution"]


@dataclass(frozen=True)
class DemandDistribution:
    """Weekly demand of C cells over H weeks, one count distribution for each.

    **Invariants:** cells are sorted by (region, item); p_k never increases in k; `mean` is the
    sum of all p_k.
    """

    region: Ids
    """shape (C,)"""
    item: Ids
    """shape (C,)"""
    weeks: Days
    """Mondays from `as_of` on, shape (H,)"""
    law: CountLaw
    """C x H laws, week by week within a cell"""
    notes: tuple[str, ...] = ()
    """what must be known of all of it, one sentence each"""
    order_sizes: Floats | None = None
    """units of a usual order of each cell, shape (C,); None where nobody looked"""
    unadjusted: CountLaw | None = None
    """the law without what planners adjust; None where they adjust nothing"""
    adjusted: pd.DataFrame | None = None
    """`adjusted.parquet` of the contract; None where they adjust nothing"""

    @property
    def shape(self) -> tuple[int, int]:
        """Cells and weeks, (C, H)."""
        return len(self.region), len(self.weeks)

    def part(self, cells: Ints) -> DemandDistribution:
        """Return the distribution of some cells, by ascending place."""
        weeks = np.arange(len(self.weeks))
        rows = (cells[:, None] * len(self.weeks) + weeks).ravel()
        law = self.law.part(rows)
        before = None if self.unadjusted is None else self.unadjusted.part(rows)
        sizes = None if self.order_sizes is None else self.order_sizes[cells]
        return replace(
            self,
            region=self.region[cells],
            item=self.item[cells],
            law=law,
            order_sizes=sizes,
            unadjusted=before,
        )

    def without_adjustments(self) -> DemandDistribution:
        """Return the same with the law that planners adjust."""
        if self.unadjusted is None:
            return self
        return replace(self, law=self.unadjusted, unadjusted=None, adjusted=None)

    def survival(self, largest: int) -> Floats:
        """Return P(D >= k) for k = 1 .. largest, shape (C, H, largest)."""
        return self.law.survival(largest).reshape(*self.shape, largest)

    def mean(self) -> Floats:
        """Return expected units, shape (C, H)."""
        return self.law.mean().reshape(self.shape)

    def purchase_probability(self) -> Floats:
        """Return P(D >= 1), shape (C, H)."""
        return self.law.chance.reshape(self.shape)

    def quantiles(self, levels: tuple[float, ...] = QUANTILES) -> Ints:
        """Return the smallest count with at least that much probability, (levels, C, H)."""
        return self.law.quantiles(levels).reshape(len(levels), *self.shape)

    def to_frame(self) -> pd.DataFrame:
        """Return `forecast.parquet` of the contract, sorted by region, item, week."""
        mean, quantiles = self.law.describe(QUANTILES)
        columns = self._rows() | {"mean": mean, "purchase_probability": self.law.chance}
        names = DISTRIBUTION_COLUMNS[len(columns) :]
        return pd.DataFrame(columns | dict(zip(names, quantiles, strict=True)))

    def law_frame(self) -> pd.DataFrame:
        """Return `law.parquet` of the contract, sorted by region, item, week."""
        return written_law(self.law, pd.DataFrame(self._rows()))

    def _rows(self) -> dict[str, object]:
        """Return the columns that say whose each law is."""
        cells, weeks = self.shape
        return {
            "region": self.region.repeat(weeks),
            "item": self.item.repeat(weeks),
            "week": np.tile(self.weeks.astype("datetime64[s]"), cells),
        }

    def __str__(self) -> str:
        cells, weeks = self.shape
        told = (
            f"DemandDistribution: {plural(cells, 'cell')} x {plural(weeks, 'week')} from "
            f"{self.weeks[0]}, {plural(self.law.mean().sum(), 'unit')} expected"
        )
        return "\n".join([told, *(f"  {note}" for note in self.notes)])
