"""Demand of a cell as a fan: what was sold, and how widely the coming weeks may turn out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from foreship.reports.markup import Content, Markup, element
from foreship.reports.pictures.drawing import number
from foreship.reports.pictures.weeks import Weeks
from foreship_foundation.telling.words import fixed, plural

__all__ = ["Outlook", "Sold", "draw_fan"]

PAST = 4
"""weeks whose sales are shown as one mean"""


class Outlook(NamedTuple):
    """Demand of a week: its mean and quantiles [units], `low <= lower <= middle <= upper <= high`.

    Nine of ten outcomes lie between `low` and `high`, half of them between `lower` and `upper`.
    """

    day: str
    mean: float
    low: float
    lower: float
    middle: float
    upper: float
    high: float

    @property
    def words(self) -> str:
        """The same in a sentence."""
        low, lower, upper, high = (
            fixed(each) for each in (self.low, self.lower, self.upper, self.high)
        )
        return (
            f"Week of {self.day}: {fixed(self.mean, 1)} units expected; with a chance of a half "
            f"{lower} to {upper}, of nine in ten {low} to {high}"
        )


class Sold(NamedTuple):
    """Units of the last `PAST` weeks, and of the same ones a year earlier; None: not told."""

    now: float | None
    year_ago: float | None


def draw_fan(weeks: Sequence[Outlook], sold: Sold, words: str) -> Markup:
    """Draw sales at the left, a week in the mean, and the outlook of each week beside them."""
    before = PAST if sold.now is not None else 0
    past = [each / PAST for each in sold if each is not None]
    most = max([each.high for each in weeks] + past, default=0.0)
    at = Weeks(before + len(weeks), most)
    drawn = [
        *_sold(at, sold),
        *(part for place, each in enumerate(weeks, before) for part in _week(at, place, each)),
    ]
    return at.sheet(drawn, words, ["" for _ in range(before)] + [each.day for each in weeks])


def _sold(at: Weeks, sold: Sold) -> Iterator[Content]:
    if sold.now is None:
        return
    title = element("title", f"Sold in the last {PAST} weeks: {plural(sold.now, 'unit')}")
    yield at.block(0, 0.0, sold.now / PAST, "here", title, weeks=PAST - 0.1)
    if sold.year_ago is not None:
        yield at.level(0, sold.year_ago / PAST, "diagonal", weeks=PAST - 0.1)


def _week(at: Weeks, place: int, week: Outlook) -> Iterator[Content]:
    yield at.block(place, week.low, week.high, "band", element("title", week.words))
    yield at.block(place, week.lower, week.upper, "stripe", element("title", week.words))
    yield at.level(place, week.middle, "path ours")
    spot = {"cx": number(at.x(place + 0.5)), "cy": number(at.y(week.mean))}
    yield element("circle", **spot, r="3.5", class_="dot")
