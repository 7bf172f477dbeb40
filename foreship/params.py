"""Settings of the corridor itself: frozen, range-checked, self-describing."""

from __future__ import annotations

from dataclasses import dataclass

from foreship_foundation.bounds import LARGEST_SEED, MOST_DAYS, MOST_THREADS
from foreship_foundation.settings import refuse_out_of_range, setting

__all__ = [
    "ApprovalParams",
    "AskedParams",
    "BacktestParams",
    "ClusterParams",
    "FreshnessParams",
    "GateParams",
    "ServeParams",
    "StoreParams",
]


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


@dataclass(frozen=True)
class GateParams:
    """When a plan is far from the last ones; `plan.hold` names the gates that then hold it."""

    plans: int = setting(
        4, "count", "last plans compared with; fewer than 2: not asked", low=2, high=52
    )
    money_ratio: float = setting(
        3.0,
        "ratio",
        "gate `money`: cost of the plan above the largest of them times this, or below the "
        "smallest over this, where one of both has 10 lines",
        low=1.0,
        high=1e6,
    )
    units_ratio: float = setting(
        3.0, "ratio", "gate `units`: the same of the units moved", low=1.0, high=1e6
    )
    lines_ratio: float = setting(
        3.0, "ratio", "gate `lines`: the same of the lines", low=1.0, high=1e6
    )
    forecast_ratio: float = setting(
        2.0,
        "ratio",
        "gate `forecast`: forecast of the window over mean sales, or the other way round, of the "
        "network, a region or a category",
        low=1.0,
        high=1e6,
    )
    forecast_weeks: int = setting(
        8, "weeks", "of sales that the forecast is compared with", low=1, high=104
    )
    inputs: tuple[str, ...] = setting(
        (),
        "names",
        "gate `inputs`: checks of data quality whose warning holds, `any`: of all; empty: warnings "
        "of a kind that the last plan did not have",
    )
    promise_share: float = setting(
        0.5,
        "share",
        "gate `promise`: least part of the gain promised that those plans together brought",
        low=0.0,
        high=1.0,
    )

    def __post_init__(self) -> None:
        refuse_out_of_range(self)


@dataclass(frozen=True)
class AskedParams:
    """How many rows of policies, adjustments and overrides are given a price."""

    priced_rows: int = setting(
        20,
        "rows",
        "priced by a solve each, most units first; the rest together by one more",
        low=0,
        high=1000,
    )
    most_cells: int = setting(
        20_000,
        "cells",
        "that plans of single rows may have together; a plan of more cells has no further one for "
        "prices or changes, which is said",
        low=0,
        high=10**7,
    )

    def __post_init__(self) -> None:
        refuse_out_of_range(self)


@dataclass(frozen=True)
class ApprovalParams:
    """How edits of a plan are priced before it is approved."""

    priced_edits: int = setting(
        100, "edits", "priced by a solve each; the rest together by one more", low=0, high=10_000
    )

    def __post_init__(self) -> None:
        refuse_out_of_range(self)


@dataclass(frozen=True)
class ClusterParams:
    """How large work is shared and bounded; the answer does not hang on it."""

    worker_memory_gib: float = setting(
        2.0, "GiB", "memory of each worker of a cluster", low=0.5, high=1024.0
    )
    driver_memory_gib: float = setting(
        0.0, "GiB", "memory of the process that leads the job; 0: not bounded", low=0.0, high=4096.0
    )
    processes: int = setting(
        1, "processes", "that share blocks on this machine", low=1, high=MOST_THREADS
    )

    def __post_init__(self) -> None:
        refuse_out_of_range(self)


@dataclass(frozen=True)
class ServeParams:
    """How the workbench is served; the answer does not hang on it."""

    user_header: str = setting(
        "",
        "name",
        "header in which a reverse proxy hands in a user's name; empty: no header is believed",
    )
    proxies: tuple[str, ...] = setting(
        ("127.0.0.1",), "addresses", "of the proxies whose header is believed"
    )
    names: tuple[str, ...] = setting(
        (),
        "names",
        "further names it may be called by in a browser, as `plans.example.com` or with `:port`",
    )
    prefix: str = setting(
        "",
        "path",
        "below which a proxy shows it, as `/plans`; empty: its addresses begin at `/`",
    )
    upload_mb: int = setting(50, "MB", "largest file that may be handed in", low=1, high=1000)
    runs_in_memory: int = setting(3, "runs", "held open at once", low=1, high=20)
    memory_mb: int = setting(
        512, "MB", "of a run's cells in memory; beyond, they are read from disk", low=64, high=65536
    )
    finished_jobs: int = setting(50, "jobs", "that are done and still listed", low=1, high=1000)

    def __post_init__(self) -> None:
        refuse_out_of_range(self)


@dataclass(frozen=True)
class StoreParams:
    """How patient the job is with an object store; the answer does not hang on it."""

    attempts: int = setting(4, "count", "tries of one request", low=1, high=20)
    seconds: float = setting(
        60.0, "s", "longest for one object, all tries together", low=1.0, high=3600.0
    )

    def __post_init__(self) -> None:
        refuse_out_of_range(self)
