"""Diagrams of an evaluation in SVG: reliability, PIT histograms, gains with intervals.

Inline, without script or outside file; what a colour says, a shape or the text says too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foreship.reports.markup import Content, Markup, element
from foreship.reports.pictures.drawing import number
from foreship_foundation.telling.words import percent, plural

__all__ = ["Bin", "gain_bar", "pit_bars", "reliability_diagram"]

SIDE, LEFT, TOP, COUNTS = 230.0, 34.0, 8.0, 40.0
SCALES = (0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True)
class Bin:
    """Rows whose probability fell into one tenth."""

    rows: int
    said: float
    """mean probability"""
    came: float
    """share in which it came true"""
    low: float
    high: float
    """where `came` lies in 95 of 100 cases if `said` is right"""


def reliability_diagram(ours: Sequence[Bin], floor: Sequence[Bin], words: str) -> Markup:
    """Draw observed frequency against probability, with the rows of each tenth below.

    Dots are ours, hollow squares those of the floor; the grey bars are the bands of ours.
    """
    most = max([each.said for each in ours] + [max(each.came, each.high) for each in ours] + [0.0])
    full = next((scale for scale in SCALES if most <= scale), 1.0)

    def x(value: float) -> float:
        return LEFT + SIDE * min(value / full, 1.0)

    def y(value: float) -> float:
        return TOP + SIDE * (1.0 - min(value / full, 1.0))

    inside = [each for each in floor if each.said <= full and each.came <= full]
    drawn: list[Content] = [element("title", words), *_frame(full)]
    drawn += [_band(each, x(each.said), y(each.low), y(each.high)) for each in ours]
    drawn += [_line([(x(each.said), y(each.came)) for each in inside], "path floor")]
    drawn += [_square(x(each.said), y(each.came)) for each in inside]
    drawn += [_line([(x(each.said), y(each.came)) for each in ours], "path ours")]
    drawn += [_dot(each, x(each.said), y(each.came)) for each in ours]
    drawn += _counts(ours, [x(each.said) for each in ours])
    return _chart(drawn, LEFT + SIDE + 12.0, TOP + SIDE + COUNTS + 40.0)


def _frame(full: float) -> list[Markup]:
    """Draw the axes, their ticks and the diagonal on which a true forecast lies."""
    low, right = TOP + SIDE, LEFT + SIDE
    ends = {"x1": number(LEFT), "y1": number(low), "x2": number(right), "y2": number(TOP)}
    drawn = [element("line", **ends, class_="diagonal")]
    for share in (0.0, 0.5, 1.0):
        label = f"{share * full:g}"
        at_x, at_y = number(LEFT + share * SIDE), low - share * SIDE
        drawn += [
            element("text", label, x=at_x, y=number(low + 15), class_="value"),
            element("text", label, x=number(LEFT - 16), y=number(at_y + 4), class_="value"),
        ]
    for x2, y2 in ((right, low), (LEFT, TOP)):
        ends = {"x1": number(LEFT), "y1": number(low), "x2": number(x2), "y2": number(y2)}
        drawn.append(element("line", **ends, class_="axis"))
    return drawn


def _band(each: Bin, x: float, low: float, high: float) -> Markup:
    words = f"if right, between {each.low:.3f} and {each.high:.3f} in 95 of 100 cases"
    return element(
        "rect",
        element("title", words),
        x=number(x - 5),
        y=number(high),
        width="10",
        height=number(max(low - high, 1.0)),
        class_="band",
    )


def _line(points: Sequence[tuple[float, float]], shade: str) -> Content:
    if len(points) < 2:
        return ""
    path = "L".join(f"{number(a)} {number(b)}" for a, b in points)
    return element("path", d=f"M{path}", class_=shade)


def _dot(each: Bin, x: float, y: float) -> Markup:
    said = f"said {each.said:.3f}, came {each.came:.3f} of {plural(each.rows, 'row')}"
    outside = each.came < each.low or each.came > each.high
    shade = "dot off" if outside else "dot"
    words = element("title", f"{said}{'; outside its band' if outside else ''}")
    return element(
        "circle", words, cx=number(x), cy=number(y), r="5.5" if outside else "4", class_=shade
    )


def _square(x: float, y: float) -> Markup:
    return element("rect", x=number(x - 3), y=number(y - 3), width="6", height="6", class_="square")


def _counts(bins: Sequence[Bin], places: Sequence[float]) -> list[Markup]:
    """Draw how many rows each tenth holds, on a log scale: most rows say next to nothing."""
    base = TOP + SIDE + 24.0 + COUNTS
    most = np.log1p(max((each.rows for each in bins), default=1))
    drawn = []
    for each, x in zip(bins, places, strict=True):
        tall = COUNTS * float(np.log1p(each.rows) / most)
        drawn.append(
            element(
                "rect",
                element("title", plural(each.rows, "row")),
                x=number(x - 5),
                y=number(base - tall),
                width="10",
                height=number(tall),
                class_="here",
            )
        )
    return drawn


def pit_bars(shares: Sequence[float], band: tuple[float, float], words: str) -> Markup:
    """Draw the PIT histogram; the grey stripe is where flat bars would lie."""
    tall, wide, step = 130.0, 420.0, 420.0 / max(len(shares), 1)
    full = max([*shares, band[1], 0.2])
    base = 10.0 + tall

    def y(value: float) -> float:
        return base - tall * value / full

    drawn: list[Content] = [element("title", words)]
    for place, share in enumerate(shares):
        title = f"{place / len(shares):.1f} to {(place + 1) / len(shares):.1f}: {percent(share, 1)}"
        at = {"x": number((place + 0.08) * step), "y": number(y(share))}
        size = {"width": number(0.84 * step), "height": number(base - y(share))}
        drawn.append(element("rect", element("title", title), **at, **size, class_="coming"))
    stripe = {"x": "0", "width": number(wide), "y": number(y(band[1]))}
    tallness = number(max(y(band[0]) - y(band[1]), 1.5))
    drawn += [
        element("rect", **stripe, height=tallness, class_="stripe"),
        element("line", x1="0", x2=number(wide), y1=number(base), y2=number(base), class_="axis"),
    ]
    for share in (0.0, 0.5, 1.0):
        x = min(max(share * wide, 4.0), wide - 4.0)
        text = element("text", f"{share:g}", x=number(x), y=number(base + 15), class_="value")
        drawn.append(text)
    return _chart(drawn, wide, base + 22.0)


def gain_bar(gain: float, low: float, high: float, reach: float, words: str) -> Content:
    """Draw a gain as a dot on its interval, `-reach .. reach` wide; the tick is no gain at all."""
    if not np.isfinite([gain, low, high]).all():
        return ""
    wide = 84.0

    def x(value: float) -> float:
        return wide / 2 + (wide / 2 - 5) * float(np.clip(value / reach, -1.0, 1.0))

    zero = number(wide / 2)
    sure = "sure" if low > 0 else "worse" if high < 0 else "open"
    span = {"x1": number(x(low)), "x2": number(max(x(high), x(low) + 1)), "y1": "7", "y2": "7"}
    drawn = [
        element("title", words),
        element("line", x1=zero, x2=zero, y1="0", y2="14", class_="axis"),
        element("line", **span, class_=f"span {sure}"),
        element("circle", cx=number(x(gain)), cy="7", r="3.5", class_=f"gain {sure}"),
    ]
    size = number(wide)
    box = f"0 0 {size} 14"
    return element("svg", *drawn, class_="strip", viewBox=box, width=size, height="14", role="img")


def _chart(drawn: Sequence[Content], wide: float, tall: float) -> Markup:
    box = f"0 0 {number(wide)} {number(tall)}"
    return element("svg", *drawn, class_="chart", viewBox=box, role="img")
