"""Settings of the forecast room: frozen, range-checked, self-describing.

Each field carries its unit, meaning and source in its metadata, so that
`foreship schema` and the docs print the settings from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from foreship_foundation.bounds import LARGEST_SEED, MOST_THREADS, MOST_UNITS
from foreship_foundation.settings import refuse_out_of_range, setting

__all__ = ["ForecastParams", "PrivacyParams"]


@dataclass(frozen=True)
class ForecastParams:
    """How purchase probabilities are learned (docs/forecast.md)."""

    horizon_weeks: int = setting(8, "weeks", "weeks predicted from as_of on", low=1, high=52)
    scenarios: int = setting(200, "count", "joint sample paths of demand", low=2, high=5000)
    history_weeks: int = setting(104, "weeks", "latest weeks a model learns from", low=8, high=5200)
    largest_order: float | None = setting(
        None,
        "units",
        "an order of an item beyond it is left out of history; absent: weeks far above all others"
        " of their cell count as its usual peak",
        low=1.0,
        high=MOST_UNITS,
    )
    calibration_weeks: int = setting(
        13,
        "weeks",
        "latest weeks held out to calibrate",
        low=2,
        high=520,
        source="measured: 13 beats 8",
    )
    rounds: int = setting(120, "trees", "boosting rounds, fixed", low=1, high=5000)
    leaves: int = setting(15, "count", "leaves a tree", low=2, high=255)
    learning_rate: float = setting(0.08, "1", "shrinkage of each tree", low=1e-4, high=1.0)
    min_leaf_rows: int = setting(
        300, "rows", "fewest training rows in a leaf", low=1, high=1_000_000
    )
    feature_fraction: float = setting(0.6, "share", "features tried by a tree", low=0.05, high=1.0)
    l2: float = setting(20.0, "1", "ridge penalty on leaf values", low=0.0, high=1e6)
    max_bin: int = setting(127, "count", "histogram bins of a feature", low=15, high=255)
    max_rows: int = setting(
        300_000,
        "rows",
        "most training rows; more are thinned by a seeded draw",
        low=1000,
        high=100_000_000,
    )
    block_rows: int = setting(
        400_000,
        "rows",
        "rows scored, and cells x weeks drawn, at a time: bounds memory, never changes the answer",
        low=1,
        high=100_000_000,
    )
    threads: int = setting(
        1,
        "count",
        "LightGBM threads; never changes the answer; more only on idle cores",
        low=1,
        high=MOST_THREADS,
    )
    seed: int = setting(
        1, "1", "seed of training and of the sample paths", low=0, high=LARGEST_SEED
    )

    def __post_init__(self) -> None:
        refuse_out_of_range(self)


@dataclass(frozen=True)
class PrivacyParams:
    """What may be said about few people."""

    min_customers: int = setting(
        3,
        "customers",
        "a cell with fewer distinct buyers shares the mean forecast of cells like it; "
        "1, or no customer column: off",
        low=1,
        high=1_000_000,
    )

    def __post_init__(self) -> None:
        refuse_out_of_range(self)
