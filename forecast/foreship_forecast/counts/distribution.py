"""What the forecast room promises: a count distribution for every cell and week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from foreship_forecast.counts.law import BLOCK_ROWS, CountLaw
from foreship_forecast.counts.written_law import written_law
from foreship_forecast.tables import DISTRIBUTION_COLUMNS, QUANTILES
from foreship_foundation.arrays import Days, Floats, Ids, Ints
from foreship_foundation.blocks import stretches
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

    def to_frame(self, *, coded: bool = False) -> pd.DataFrame:
        """Return `forecast.parquet` of the contract, sorted by region, item, week.

        `coded` ids are categories, which cost no text a row.
        """
        mean, quantiles = self.law.describe(QUANTILES)
        columns = self._rows(coded=coded) | {"mean": mean, "purchase_probability": self.law.chance}
        names = DISTRIBUTION_COLUMNS[len(columns) :]
        return pd.DataFrame(columns | dict(zip(names, quantiles, strict=True)))

    def law_frame(self, *, coded: bool = False) -> pd.DataFrame:
        """Return `law.parquet` of the contract, sorted by region, item, week; `coded` as above."""
        return written_law(self.law, pd.DataFrame(self._rows(coded=coded)))

    def frames(self) -> Iterator[pd.DataFrame]:
        """Yield `to_frame` in pieces with ids as categories: at least one, cells in order."""
        return (each.to_frame(coded=True) for each in self._pieces())

    def law_frames(self) -> Iterator[pd.DataFrame]:
        """Yield `law_frame` in pieces with ids as categories: at least one, cells in order."""
        return (each.law_frame(coded=True) for each in self._pieces())

    def _pieces(self) -> Iterator[DemandDistribution]:
        """Yield the distribution of as many cells as there are rows in a block of laws.

        A law is then worked out in the same company as within the whole.
        """
        return (self.part(cells) for cells in stretches(len(self.region), BLOCK_ROWS))

    def _rows(self, *, coded: bool) -> dict[str, object]:
        """Return the columns that say whose each law is."""
        cells, weeks = self.shape
        region, item = self.region, self.item
        return {
            "region": (pd.Categorical(region) if coded else region).repeat(weeks),
            "item": (pd.Categorical(item) if coded else item).repeat(weeks),
            "week": np.tile(self.weeks.astype("datetime64[s]"), cells),
        }

    def __str__(self) -> str:
        cells, weeks = self.shape
        told = (
            f"DemandDistribution: {plural(cells, 'cell')} x {plural(weeks, 'week')} from "
            f"{self.weeks[0]}, {plural(self.law.mean().sum(), 'unit')} expected"
        )
        return "\n".join([told, *(f"  {note}" for note in self.notes)])
