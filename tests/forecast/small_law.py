"""Laws of small sets of cells, random or all the same."""

from __future__ import annotations

import numpy as np

from foreship_forecast.counts.distribution import DemandDistribution
from foreship_forecast.counts.law import KNOTS, CountLaw
from tests.forecast.small_market import AS_OF, names


def distribution(
    regions: int, items: int, weeks: int, law: CountLaw | None = None, seed: int = 0
) -> DemandDistribution:
    """Return a law for every region, item and week: random unless given."""
    rng = np.random.default_rng(seed)
    count = regions * items * weeks
    inner = np.sort(rng.random(KNOTS - 2))
    law = law or CountLaw(
        rng.uniform(0.01, 0.99, count),
        rng.gamma(1.0, 4.0, count),
        rng.uniform(0.1, 10.0, count),
        np.array([0.0, *inner, 1.0]),
    )
    monday = AS_OF.to_datetime64().astype("datetime64[D]")
    return DemandDistribution(
        region=np.repeat(names("R", regions), items),
        item=np.tile(names("I", items), regions),
        weeks=monday + 7 * np.arange(weeks),
        law=law,
    )


def same(count: int, chance: float, extra: float, r: float) -> CountLaw:
    """Return one law many times."""
    return CountLaw(*(np.full(count, each) for each in (chance, extra, r)))
