"""Curves and bars with their axes, as pictures that stand alone: for a notebook or a file.

Every curve and every row bears its name, so that nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from foreship.reports.markup import Content, Markup, element
from foreship.reports.pictures.drawing import LETTER, Bar, number, shortened

__all__ = ["Curve", "Panel", "Row", "bars", "curves", "picture"]

WIDE, TALL = 700.0, 320.0
LEFT, RIGHT, TOP, BELOW = 80.0, 160.0, 34.0, 44.0
"""room around the curves for the names of axes and curves [px]"""
STEP = 18.0
"""from one row of bars, or one name of a curve, to the next [px]"""
NAMED = 22
"""letters of a name that are shown"""
TINTS = ("#0072b2", "#d55e00", "#009e73", "#b8638f", "#b98500", "#56b4e9", "#1d2730", "#7a5200")
STYLE = """
svg.picture { max-width: 700px; background: #fff; }
svg.picture text { font: 12px system-ui, "Segoe UI", Roboto, Arial, sans-serif; fill: #1d2730; }
svg.picture .soft { fill: #5b6873; font-size: 11px; }
svg.picture .axis { stroke: #9aa5ae; } svg.picture .path { fill: none; stroke-width: 1.5; }
"""


@dataclass(frozen=True)
class Curve:
    """Points joined in their order."""

    name: str
    points: Sequence[tuple[float, float]]
    words: Sequence[str]
    """said when the pointer rests on a point"""


@dataclass(frozen=True)
class Row:
    """A name and the parts of its bar."""

    name: str
    parts: Sequence[Bar]


class Panel(NamedTuple):
    """What is drawn, and how tall it is [px]."""

    drawn: Sequence[Content]
    tall: float


def picture(*panels: Panel) -> Markup:
    """Set panels one below the other, with the style that they need."""
    parts, y = [], 0.0
    for panel in panels:
        parts.append(element("g", *panel.drawn, transform=f"translate(0 {number(y)})"))
        y += panel.tall
    size = {"viewBox": f"0 0 {number(WIDE)} {number(y)}", "width": number(WIDE)}
    return element(
        "svg", Markup(f"<style>{STYLE}</style>"), *parts, xmlns="http://www.w3.org/2000/svg",
        class_="picture", role="img", **size,
    )  # fmt: skip


def curves(
    drawn: Sequence[Curve], title: str, x_title: str, y_title: str, ticks: Sequence[str] = ()
) -> Panel:
    """Draw curves; `ticks` are the names of the first and the last x where these are no numbers."""
    every = np.array([point for each in drawn for point in each.points]).reshape(-1, 2)
    low, high = (every.min(axis=0), every.max(axis=0)) if len(every) else (np.zeros(2), np.ones(2))
    size = np.where(high > low, high - low, 1.0)
    inside = np.array([WIDE - LEFT - RIGHT, TALL - TOP - BELOW])

    def at(point: tuple[float, float]) -> tuple[float, float]:
        x, y = (np.array(point) - low) / size * inside
        return LEFT + float(x), TALL - BELOW - float(y)

    names = ticks or [f"{low[0]:,.4g}", f"{high[0]:,.4g}"]
    parts: list[Content] = [
        _text(title, LEFT, 16),
        _text(y_title, LEFT, 30, soft=True),
        _text(x_title, LEFT + inside[0] / 2, TALL - 12, "middle", soft=True),
        *(_text(words, x, TALL - BELOW + 16, "middle", soft=True)
          for words, x in zip(names, (LEFT, LEFT + inside[0]), strict=True)),
        *(_text(f"{value:,.4g}", LEFT - 8, at((low[0], value))[1] + 4, "end", soft=True)
          for value in (low[1], high[1])),
        _axis(LEFT, TOP, LEFT, TALL - BELOW),
        _axis(LEFT, TALL - BELOW, WIDE - RIGHT, TALL - BELOW),
    ]  # fmt: skip
    for place, each in enumerate(drawn):
        tint, points = TINTS[place % len(TINTS)], [at(point) for point in each.points]
        path = "L".join(f"{number(x)} {number(y)}" for x, y in points)
        parts.append(element("path", d=f"M{path}", stroke=tint, class_="path") if points else "")
        parts += [
            element("circle", element("title", words), cx=number(x), cy=number(y), r="3.5",
                    fill=tint)
            for (x, y), words in zip(points, each.words, strict=True)
        ]  # fmt: skip
    return Panel([*parts, *_ends(drawn, [at(each.points[-1])[1] for each in drawn])], TALL)


def _ends(drawn: Sequence[Curve], heights: Sequence[float]) -> list[Markup]:
    """Write each curve's name where it ends, one below the other."""
    found, free = [], TOP
    for place in sorted(range(len(drawn)), key=lambda each: heights[each]):
        free = max(free, heights[place])
        words = _text(shortened(drawn[place].name, NAMED), WIDE - RIGHT + 10, free + 4,
                      fill=TINTS[place % len(TINTS)])  # fmt: skip
        found.append(words)
        free += STEP - 4
    return found


def bars(rows: Sequence[Row], shades: Sequence[str], title: str) -> Panel:
    """Draw a bar a row; `shades` are the names that the shades of parts come from."""
    most = max((sum(part.value for part in row.parts) for row in rows), default=0.0) or 1.0
    left = 12 + LETTER * max((len(shortened(row.name, NAMED)) for row in rows), default=0)
    scale = (WIDE - left - 80) / most
    parts: list[Content] = [_text(title, 0, 16)]
    across = 0.0
    for place, name in enumerate(shades):
        tint = TINTS[place % len(TINTS)]
        parts.append(element("rect", x=number(across), y="24", width="10", height="10", fill=tint))
        parts.append(_text(name, across + 15, 33, soft=True))
        across += 32 + LETTER * len(name)
    for place, row in enumerate(rows):
        y, x = 42 + STEP * place, left
        parts.append(_text(shortened(row.name, NAMED), left - 8, y + 12, "end"))
        for part in row.parts:
            tint = TINTS[shades.index(part.shade) % len(TINTS)]
            size = {"x": number(x), "y": number(y), "width": number(part.value * scale)}
            words = element("title", part.words)
            parts.append(element("rect", words, **size, height=number(STEP - 4), fill=tint))
            x += part.value * scale
        total = sum(part.value for part in row.parts)
        parts.append(_text(f"{total:,.0f}", x + 6, y + 12, soft=True))
    return Panel(parts, 54 + STEP * len(rows))


def _text(
    words: str, x: float, y: float, anchor: str = "start", *, soft: bool = False,
    fill: str | None = None,
) -> Markup:  # fmt: skip
    style = None if fill is None else f"fill: {fill}"
    return element("text", words, x=number(x), y=number(y), text_anchor=anchor,
                   class_="soft" if soft else None, style=style)  # fmt: skip


def _axis(x1: float, y1: float, x2: float, y2: float) -> Markup:
    ends = {"x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2)}
    return element("line", **ends, class_="axis")
