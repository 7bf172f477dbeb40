"""Settings of the corridor itself: frozen, range-checked, self-describing."""

from __future__ import annotations

from dataclasses import dataclass

from foreship_foundation.bounds import LARGEST_SEED, MOST_DAYS
from foreship_foundation.settings import refuse_out_of_range, setting

__all__ = ["BacktestParams", "FreshnessParams"]


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


@dataclass(frozen=True)
class FreshnessParams:
    """How old the tables of a plan may be."""

    orders_days: int | None = setting(
        None,
        "days",
        "most from the newest order to the Monday of the plan, or to today where nobody named the "
        "Monday; older ones stop the job (exit code 3); absent: never",
        low=1,
        high=MOST_DAYS,
    )
    stock_days: int = setting(
        7,
        "days",
        "most from `stock.date` to the Monday of the plan, either way; beyond, the plan is held; "
        "without that column it is not asked",
        low=0,
        high=MOST_DAYS,
    )

    def __post_init__(self) -> None:
        refuse_out_of_range(self)
