"""Units by week as columns: stock with the chance that nothing is left, mean demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from foreship.reports.markup import Content, Markup, element
from foreship.reports.pictures.weeks import BASE, Weeks
from foreship_foundation.telling.words import fixed, percent

__all__ = ["Projected", "draw_means", "draw_stock"]

INSET = 0.12
"""share of a week that is left free at each side of its column"""


class Projected(NamedTuple):
    """What is expected at the end of a week."""

    day: str
    stock: float
    """[units]"""
    short: float | None
    """chance that nothing is left, 0 to 1; None: not known"""


def draw_stock(weeks: Sequence[Projected], words: str) -> Markup:
    """Draw a column of stock a week, its units above and the chance of none left below."""
    at = Weeks(len(weeks), max((each.stock for each in weeks), default=0.0))
    drawn = [part for place, each in enumerate(weeks) for part in _week(at, place, each)]
    return at.sheet(drawn, words, [each.day for each in weeks])


def _week(at: Weeks, place: int, week: Projected) -> Iterator[Content]:
    stock = fixed(week.stock, 1)
    chance = "" if week.short is None else percent(week.short)
    words = f"; none with a chance of {chance}" if chance else ""
    title = element("title", f"Week of {week.day}: {stock} left at its end{words}")
    yield at.block(place + INSET, 0.0, week.stock, "sent", title, weeks=1 - 2 * INSET)
    yield at.text(place, at.y(week.stock) - 5, stock)
    if chance:
        yield at.text(place, BASE + 14, chance)


def draw_means(means: Sequence[float], days: Sequence[str], words: str) -> Markup:
    """Draw a column of mean demand a week [units], with its number above."""
    at = Weeks(len(means), max(means, default=0.0))
    drawn = [
        part
        for place, mean in enumerate(means)
        for part in (
            at.block(place + INSET, 0.0, mean, "coming", weeks=1 - 2 * INSET),
            at.text(place, at.y(mean) - 5, fixed(mean, 1)),
        )
    ]
    return at.sheet(drawn, words, days)
