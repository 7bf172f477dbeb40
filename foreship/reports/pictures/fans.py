"""Demand of a cell as a fan: what was sold, and how widely the coming weeks may turn out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from foreship.reports.markup import Content, Markup, element
from foreship.reports.pictures.drawing import number
from foreship.reports.pictures.weeks import Weeks
from foreship_foundation.telling.words import fixed, plural

__all__ = ["Outlook", "Past", "Sold", "draw_fan"]

PAST = 4
"""weeks whose sales are shown as one mean, where single ones are not known"""
INSET = 0.18
"""share of a week that is left free at each side of its column"""


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


class Past(NamedTuple):
    """What a week before the plan sold [units]."""

    day: str
    units: float


def draw_fan(
    weeks: Sequence[Outlook],
    sold: Sold,
    words: str,
    past: Sequence[Past] = (),
    at_least: float = 0.0,
) -> Markup:
    """Draw sales at the left and the outlook of each week beside them.

    Parameters
    ----------
    past
        Sales of single weeks, the earliest first; without any, the mean week of `sold` is drawn.
    at_least
        Units that the scale reaches up to, so that several pictures may share one.
    """
    block = PAST if sold.now is not None else 0
    before = len(past) or block
    means = [each / PAST for each in sold if each is not None]
    tops = [each.high for each in weeks] + [each.units for each in past]
    at = Weeks(before + len(weeks), max([*tops, *means, at_least]))
    drawn = [
        *(part for place, each in enumerate(past) for part in _past(at, place, each)),
        *_sold(at, sold, before - block, is_block=not past),
        *(part for place, each in enumerate(weeks, before) for part in _week(at, place, each)),
    ]
    days = [each.day for each in past] or ["" for _ in range(before)]
    return at.sheet(drawn, words, days + [each.day for each in weeks])


def _past(at: Weeks, place: int, week: Past) -> Iterator[Content]:
    title = element("title", f"Week of {week.day}: {plural(week.units, 'unit')} sold")
    yield at.block(place + INSET, 0.0, week.units, "here", title, weeks=1 - 2 * INSET)


def _sold(at: Weeks, sold: Sold, first: int, *, is_block: bool) -> Iterator[Content]:
    if sold.now is None:
        return
    title = element("title", f"Sold in the last {PAST} weeks: {plural(sold.now, 'unit')}")
    if is_block:
        yield at.block(first, 0.0, sold.now / PAST, "here", title, weeks=PAST - 0.1)
    if sold.year_ago is not None:
        yield at.level(first, sold.year_ago / PAST, "diagonal", weeks=PAST - 0.1)


def _week(at: Weeks, place: int, week: Outlook) -> Iterator[Content]:
    yield at.block(place, week.low, week.high, "band", element("title", week.words))
    yield at.block(place, week.lower, week.upper, "stripe", element("title", week.words))
    yield at.level(place, week.middle, "path ours")
    spot = {"cx": number(at.x(place + 0.5)), "cy": number(at.y(week.mean))}
    yield element("circle", **spot, r="3.5", class_="dot")
