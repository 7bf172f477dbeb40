"""Pictures in SVG, drawn from numbers: flows on a map, bars, histograms.

Inline, without script or outside file. Colours are those of Okabe and Ito, told apart by
every kind of colour vision; nothing is said by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from foreship.reading.views import FROM_HUBS
from foreship.reports.leads import leads_somewhere, summed, to_region
from foreship.reports.markup import Content, Markup, element, join
from foreship_foundation.actions import action_names
from foreship_foundation.telling.words import fixed, plural

__all__ = ["Bar", "Flow", "Place", "columns", "flow_map", "number", "stacked_bar", "step_bar"]

TO_HUBS = action_names(destination="hub")
WIDTH = 920.0
MARGIN = 70.0
HEIGHTS = (280.0, 520.0)
DOT = (4.0, 17.0)
STROKE = (1.5, 13.0)
TINTS = 4  # hubs told apart by colour; with more of them one colour serves all
LETTER = 6.4  # mean width of a letter of a label [px]
LINE_HEIGHT = 14.0

Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class Place:
    """A hub or a region on the map."""

    name: str
    lat: float
    lon: float
    hub: bool
    units: float
    """units that leave (hub) or arrive (region)"""
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True)
class Flow:
    """Units that one lane carries in this plan."""

    origin: str
    destination: str
    units: float
    kind: str
    """name of the action"""


@dataclass(frozen=True)
class Bar:
    """One part of a stacked bar."""

    value: float
    shade: str
    """class of the style sheet"""
    words: str
    """said when the pointer rests on it"""


def number(value: float) -> str:
    """Write a coordinate: a tenth of a pixel is enough."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def projected(places: Sequence[Place]) -> tuple[list[Place], float]:
    """Project places onto a sheet `WIDTH` wide, true to shape at their middle latitude.

    Returns the places with x and y [px] and the sheet's height.
    """
    lat = np.array([each.lat for each in places])
    lon = np.array([each.lon for each in places])
    east = (lon - lon.mean()) * np.cos(np.radians(lat.mean()))
    north = lat - lat.mean()
    wide, tall = max(float(np.ptp(east)), 1e-6), max(float(np.ptp(north)), 1e-6)
    inside = WIDTH - 2 * MARGIN
    height = float(np.clip(inside * tall / wide + 2 * MARGIN, *HEIGHTS))
    scale = min(inside / wide, (height - 2 * MARGIN) / tall)
    x = WIDTH / 2 + (east - (east.max() + east.min()) / 2) * scale
    y = height / 2 - (north - (north.max() + north.min()) / 2) * scale
    placed = [
        replace(each, x=float(a), y=float(b)) for each, a, b in zip(places, x, y, strict=True)
    ]
    return placed, height


def flow_map(places: Sequence[Place], flows: Sequence[Flow], words: str) -> Markup:
    """Draw flows between places: line width grows with units, wide ones below thin ones.

    Where pages lead anywhere, a region's name leads to its page and a hub's to its lines.
    """
    placed, height = projected(places)
    hubs = {each.name: each for each in placed if each.hub}
    regions = {each.name: each for each in placed if not each.hub}
    widest = max((each.units for each in flows), default=1.0)
    tints = {name: f" tint{n}" for n, name in enumerate(hubs)} if len(hubs) <= TINTS else {}
    lines = [
        _flow(
            each,
            _end(each, hubs, regions, 0),
            _end(each, hubs, regions, 1),
            STROKE[0] + (STROKE[1] - STROKE[0]) * each.units / widest,
            tints.get(each.origin, "") if each.kind in FROM_HUBS else "",
        )
        for each in sorted(flows, key=lambda each: (-each.units, each.origin, each.destination))
    ]
    most = max((each.units for each in regions.values()), default=1.0)
    # a hub may stand where a region does: its square then lies on the region's dot
    below = sorted(placed, key=lambda each: each.hub)
    dots = [_dot(each, most, tints.get(each.name, "")) for each in below]
    labels = list(_labels(placed, most))
    return element(
        "svg",
        element("title", words),
        join([*lines, *dots, *labels]),
        class_="map",
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        role="group" if leads_somewhere() else "img",  # an image has no links inside
    )


def _end(flow: Flow, hubs: dict[str, Place], regions: dict[str, Place], end: int) -> Place:
    """Tell where a flow starts (0) or ends (1): a hub and a region may bear the same name."""
    name = (flow.origin, flow.destination)[end]
    at_hub = flow.kind in (FROM_HUBS, TO_HUBS)[end]
    return (hubs if at_hub else regions)[name]


def _flow(flow: Flow, start: Place, end: Place, width: float, tint: str) -> Markup:
    """Draw one curved line, bent to its right so that both directions stay apart."""
    bend = 0.12
    turn_x = (start.x + end.x) / 2 - bend * (end.y - start.y)
    turn_y = (start.y + end.y) / 2 + bend * (end.x - start.x)
    path = element(
        "path",
        element("title", f"{flow.origin} to {flow.destination}: {plural(flow.units, 'unit')}"),
        d=f"M{number(start.x)} {number(start.y)}Q{number(turn_x)} {number(turn_y)} "
        f"{number(end.x)} {number(end.y)}",
        class_=f"flow {flow.kind}{tint}",
        stroke_width=number(width),
        data_units=number(flow.units),
    )
    return (
        path if flow.kind in FROM_HUBS else join([path, _arrow(start, (turn_x, turn_y), end, flow)])
    )


def _arrow(start: Place, turn: tuple[float, float], end: Place, flow: Flow) -> Markup:
    """Arrow head two thirds along the curve of a flow that is not a plain shipment."""
    t = 0.66
    x, y = (
        (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
        for a, b, c in zip((start.x, start.y), turn, (end.x, end.y), strict=True)
    )
    ahead_x = (1 - t) * (turn[0] - start.x) + t * (end.x - turn[0])
    ahead_y = (1 - t) * (turn[1] - start.y) + t * (end.y - turn[1])
    length = max(float(np.hypot(ahead_x, ahead_y)), 1e-9)
    u, v = 6 * ahead_x / length, 6 * ahead_y / length
    corners = [(x + u, y + v), (x - u - v, y - v + u), (x - u + v, y - v - u)]
    points = " ".join(f"{number(a)},{number(b)}" for a, b in corners)
    return element("polygon", points=points, class_=f"arrow {flow.kind}")


def _radius(place: Place, most: float) -> float:
    if place.hub:
        return 8.0
    return DOT[0] + (DOT[1] - DOT[0]) * float(np.sqrt(place.units / max(most, 1.0)))


def _dot(place: Place, most: float, tint: str) -> Markup:
    if place.hub:
        words = element("title", f"hub {place.name}: {plural(place.units, 'unit')} leave")
        side = 14.0
        return element(
            "rect",
            words,
            x=number(place.x - side / 2),
            y=number(place.y - side / 2),
            width=number(side),
            height=number(side),
            class_=f"hub{tint}",
        )
    words = element("title", f"{place.name}: {plural(place.units, 'unit')} arrive")
    return element(
        "circle",
        words,
        cx=number(place.x),
        cy=number(place.y),
        r=number(_radius(place, most)),
        class_="region" if place.units else "region none",
    )


def _labels(places: Sequence[Place], most: float) -> Iterator[Markup]:
    """Name hubs, then regions by units, each where it covers no dot and no other label."""
    order = sorted(places, key=lambda each: (not each.hub, -each.units, each.name))
    taken = [_around(each, most) for each in places]
    for place in order:
        name = shortened(place.name, 22)
        text = f"{name} {fixed(place.units)}" if place.units else name
        reach = _reach(place, places, most)
        for anchor, x, y, box in _spots(place, text, reach + 4):
            if not any(_overlap(box, other) for other in taken):
                taken.append(box)
                label = element(
                    "text",
                    name,
                    join([" ", element("tspan", fixed(place.units))]) if place.units else "",
                    x=number(x),
                    y=number(y),
                    text_anchor=anchor,
                    class_="label hub" if place.hub else "label",
                )
                yield join([_led(place, label)])
                break


def _led(place: Place, label: Markup) -> Content:
    return summed(label, hub=place.name) if place.hub else to_region(place.name, label)


def _reach(place: Place, places: Sequence[Place], most: float) -> float:
    """How far the dots reach that cover a place, its own or another's."""
    apart = [(math.hypot(each.x - place.x, each.y - place.y), each) for each in places]
    return max(far + _radius(each, most) for far, each in apart if far <= _radius(each, most))


def _spots(place: Place, text: str, gap: float) -> Iterator[tuple[str, float, float, Box]]:
    wide = LETTER * len(text)
    up, down = place.y - gap, place.y + gap + LINE_HEIGHT - 4
    for anchor, x, y, left in (
        ("start", place.x + gap, place.y + 4, place.x + gap),
        ("end", place.x - gap, place.y + 4, place.x - gap - wide),
        ("middle", place.x, up, place.x - wide / 2),
        ("middle", place.x, down, place.x - wide / 2),
    ):
        if left >= 0 and left + wide <= WIDTH:
            yield anchor, x, y, (left, y - LINE_HEIGHT + 3, left + wide, y + 3)


def _around(place: Place, most: float) -> Box:
    reach = _radius(place, most)
    return place.x - reach, place.y - reach, place.x + reach, place.y + reach


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def shortened(text: str, letters: int) -> str:
    """Cut a long text to so many letters, the last one an ellipsis."""
    return text if len(text) <= letters else text[: letters - 1] + "\u2026"


def stacked_bar(
    parts: Sequence[Bar], full: float, *, width: float = 220.0, mark: float | None = None
) -> Markup:
    """Draw parts one after the other, `full` as wide as `width`; `mark` is a limit's tick."""
    drawn: list[Content] = []
    left = 0.0
    for part in parts:
        wide = width * part.value / full if full > 0 else 0.0
        if wide > 0:
            drawn.append(_bar(left, wide, part.shade, part.words))
        left += wide
    if mark is not None and full > 0:
        x = min(width * mark / full, width)
        drawn.append(element("line", x1=number(x), x2=number(x), y1="0", y2="14", class_="tick"))
    shown = [part.words for part in parts if part.value > 0]
    return _strip(drawn, width, ", ".join(shown) or "nothing")


def step_bar(start: float, end: float, low: float, high: float, words: str) -> Markup:
    """Draw one step of a running total, from `start` to `end` on the scale `low`..`high`.

    A step to the right is a gain, one to the left a cost; the tick is zero.
    """
    width = 300.0
    scale = width / max(high - low, 1e-12)
    left, right = ((min(start, end) - low) * scale, (max(start, end) - low) * scale)
    bar = _bar(left, max(right - left, 0.75), "gain" if end >= start else "cost", words)
    zero = number(-low * scale)
    axis = element("line", x1=zero, x2=zero, y1="0", y2="14", class_="axis")
    return _strip([bar, axis], width, words)


def _bar(left: float, wide: float, shade: str, words: str) -> Markup:
    title = element("title", words)
    return element(
        "rect", title, x=number(left), y="1", width=number(wide), height="12", class_=shade
    )


def _strip(drawn: Sequence[Content], width: float, words: str) -> Markup:
    """Set what is drawn into a strip; `words` say all of it to those who hear it."""
    size = number(width)
    return element(
        "svg",
        *drawn,
        class_="strip",
        viewBox=f"0 0 {size} 14",
        width=size,
        height="14",
        role="img",
        aria_label=words,
    )


def columns(values: Sequence[float], labels: Sequence[str], words: str, shade: str) -> Markup:
    """Draw a column for each value, its number above and its label below."""
    top, tall, step = 18.0, 120.0, 420.0 / max(len(values), 1)
    most = max([*values, 1e-12])
    drawn: list[Content] = [element("title", words)]
    for index, (value, label) in enumerate(zip(values, labels, strict=True)):
        height, middle = tall * value / most, number((index + 0.5) * step)
        base = top + tall
        drawn += [
            element(
                "rect",
                x=number(index * step + 0.12 * step),
                y=number(base - height),
                width=number(0.76 * step),
                height=number(height),
                class_=shade,
            ),
            element("text", fixed(value), x=middle, y=number(base - height - 5), class_="value"),
            element("text", label, x=middle, y=number(base + 15), class_="value"),
        ]
    base_line = element(
        "line", x1="0", x2="420", y1=number(top + tall), y2=number(top + tall), class_="axis"
    )
    return element("svg", *drawn, base_line, class_="chart", viewBox="0 0 420 160", role="img")
