"""Settings of the corridor itself: frozen, range-checked, self-describing."""

from __future__ import annotations

from dataclasses import dataclass

from foreship_foundation.bounds import LARGEST_SEED
from foreship_foundation.settings import refuse_out_of_range, setting

__all__ = ["BacktestParams"]


@dataclass(frozen=True)
class BacktestParams:
    """How past weeks are replayed (docs/replay.md)."""

    hub_cover_weeks: float = setting(
        4.0, "weeks of demand", "hubs refill to this much every Monday", low=0.0, high=104.0
    )
    hub_trailing_weeks: int = setting(
        13, "weeks", "the mean demand that refill looks at", low=1, high=104
    )
    refit_weeks: int = setting(4, "weeks", "between two fits of the model", low=1, high=52)
    seed: int = setting(1, "1", "who waits for a parcel, and every tie", low=0, high=LARGEST_SEED)

    def __post_init__(self) -> None:
        refuse_out_of_range(self)
