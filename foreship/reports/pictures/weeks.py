"""What pictures by week share: a place for each week, a scale of units, days below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from foreship.reports.markup import Content, Markup, element
from foreship.reports.pictures.drawing import number
from foreship_foundation.telling.words import fixed

__all__ = ["Weeks"]

WIDE, TALL = 460.0, 176.0
LEFT, TOP, INSIDE = 38.0, 20.0, 118.0
"""room for the scale, above the weeks, and how tall they stand [px]"""
BASE = TOP + INSIDE
LEAST = 1.0
"""units at the top of the scale where all is less: little shall look little"""
SMALL = 10.0
"""below it a tenth of a unit is shown"""


@dataclass(frozen=True)
class Weeks:
    """Weeks side by side over a scale from 0 to `most` units."""

    count: int
    most: float

    @property
    def top(self) -> float:
        """Units at the top of the scale."""
        return max(self.most, LEAST)

    @property
    def step(self) -> float:
        """Width of a week [px]."""
        return (WIDE - LEFT) / max(self.count, 1)

    def x(self, place: float) -> float:
        """Return where a week begins, counted from 0 [px]."""
        return LEFT + self.step * place

    def y(self, units: float) -> float:
        """Return the height at which so many units stand [px], downwards."""
        return BASE - INSIDE * units / self.top

    def block(
        self, place: float, low: float, high: float, shade: str, *more: Content, weeks: float = 1.0
    ) -> Markup:
        """Draw `low` to `high` units over a week or several, at least a thin line."""
        top, base = self.y(high), self.y(low)
        at = {"x": number(self.x(place)), "y": number(min(top, base - 1.0))}
        size = {"width": number(self.step * weeks), "height": number(max(base - top, 1.0))}
        return element("rect", *more, **at, **size, class_=shade)

    def level(self, place: float, units: float, shade: str, *, weeks: float = 1.0) -> Markup:
        """Draw a line at so many units, over a week or several."""
        y = number(self.y(units))
        ends = {"x1": number(self.x(place)), "x2": number(self.x(place + weeks))}
        return element("line", **ends, y1=y, y2=y, class_=shade)

    def text(self, place: float, y: float, words: str) -> Markup:
        """Write in the middle of a week."""
        return element("text", words, x=number(self.x(place + 0.5)), y=number(y), class_="value")

    def sheet(self, drawn: Sequence[Content], words: str, days: Sequence[str]) -> Markup:
        """Set what is drawn between the scale and the first and last of `days`, '' for no day."""
        box = f"0 0 {number(WIDE)} {number(TALL)}"
        parts = [element("title", words), *drawn, *self._scale(), *self._days(days)]
        return element("svg", *parts, class_="chart", viewBox=box, role="img")

    def _scale(self) -> Iterator[Markup]:
        for units in (0.0, self.top):
            shown = fixed(units, 1 if 0.0 < units < SMALL else 0)
            y = number(self.y(units) + 4)
            yield element("text", shown, x=number(LEFT / 2), y=y, class_="value")
        yield self.level(0, 0.0, "axis", weeks=self.count)

    def _days(self, days: Sequence[str]) -> Iterator[Markup]:
        named = [place for place, day in enumerate(days) if day]
        for place in sorted({named[0], named[-1]}) if named else ():
            # a day is wider than a week: it is kept inside the picture
            at = min(max(self.x(place + 0.5), LEFT + 30.0), WIDE - 32.0)
            yield element("text", days[place], x=number(at), y=number(TALL - 4), class_="value")
