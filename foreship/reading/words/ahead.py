"""What the weeks after a plan ask of it, in words: scarce room, and what later plans should send.

Read from `ahead.parquet` and `summary.json`; where there is neither, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from foreship.reading.views import RunView, day
from foreship_foundation.telling.words import listed, money, units

__all__ = ["ScarceLimit", "ahead_words", "scarce_limits", "scarce_words"]

LANE: Final = "lane "
"""what the limits of lanes begin with"""
STORAGE: Final = "storage of "
"""what the limits of regions' storage begin with; others are docks, in units"""
BETWEEN: Final = " -> "
SHOWN: Final = 3
LEAST: Final = 0.005
"""price that is told with two decimals at all"""


@dataclass(frozen=True)
class ScarceLimit:
    """Room of a later week that is scarce, and what each unit of it costs."""

    limit: str
    week: pd.Timestamp
    price: float
    """money a volume of a lane or of storage, a unit of a dock"""

    @property
    def of_lane(self) -> bool:
        """Whether it is a lane, whose room is counted by volume."""
        return self.limit.startswith(LANE)

    @property
    def of_storage(self) -> bool:
        """Whether it is the storage of a region, counted by volume too."""
        return self.limit.startswith(STORAGE)

    @property
    def destination(self) -> str:
        """Where the lane leads, the region of storage, '' for a dock."""
        if self.of_storage:
            return self.limit.removeprefix(STORAGE)
        return self.limit.partition(BETWEEN)[2] if self.of_lane else ""


def scarce_limits(view: RunView) -> list[ScarceLimit]:
    """Return the scarce limits of later weeks that cost a cent or more, the dearest first."""
    told = (view.summary.get("ahead") or {}).get("prices", ())
    return [
        ScarceLimit(str(each["limit"]), pd.Timestamp(each["week"]), float(each["price"]))
        for each in told
        if float(each["price"]) >= LEAST
    ]


def scarce_words(scarce: ScarceLimit) -> str:
    """Say what the scarce room of one week costs."""
    if scarce.of_storage:
        return (
            f"a volume unit that lies in {scarce.destination} in the week of {day(scarce.week)} "
            f"costs {money(scarce.price)} more: the region is full"
        )
    what = "a volume unit" if scarce.of_lane else "a unit"
    why = "the lane is full" if scarce.of_lane else "the dock is full"
    name = scarce.limit.removeprefix(LANE)
    return (
        f"{what} on {name} in the week of {day(scarce.week)} costs {money(scarce.price)} more: "
        f"{why}"
    )


def ahead_words(view: RunView, item: str, region: str) -> Iterator[str]:
    """Say what later weeks have to do with a cell: scarce room on its lanes, expected sends."""
    mine = [each for each in scarce_limits(view) if each.destination == region]
    if mine:
        said = "; ".join(scarce_words(each) for each in mine[:SHOWN])
        yield f"Units are sent or kept now because later {said}."
    sends = view.ahead
    if sends is None:
        return
    cell = sends[(sends["destination"] == region) & (sends["item"] == item)]
    by_week = cell.groupby("week", sort=True)["units"].sum().round().reset_index()
    weeks = zip(by_week["week"], by_week["units"], strict=True)
    later = [f"{units(count)} in the week of {day(week)}" for week, count in weeks if count]
    if later:
        yield f"Later plans are expected to send {listed(later)}."
