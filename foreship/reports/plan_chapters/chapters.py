"""The chapters of the plan's page, one function each, in reading order."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from foreship.own_files import KEPT, MANIFEST, PLAN_LINES
from foreship.reading.views import COUNTED_ONCE, RunView, day, flat
from foreship.reading.words.terms import TERMS, term_words
from foreship.reports import figures
from foreship.reports.leads import sourced, sources, summed, to_region
from foreship.reports.markup import Column, Content, Markup, chapter, cut, element, join, table
from foreship.reports.pictures.drawing import Bar, columns, flow_map, stacked_bar, step_bar
from foreship.reports.planner_chapters.exceptions_chapter import words_shown
from foreship_foundation.actions import ACTIONS
from foreship_foundation.tables.output_files import SUMMARY
from foreship_foundation.telling.words import (
    STATISTICS,
    capital,
    fixed,
    money,
    percent,
    plural,
    sentence,
    units,
)

__all__ = [
    "demand",
    "foot",
    "limits",
    "money_by_term",
    "notes",
    "nothing_in_the_way",
    "regions",
    "settings",
    "statistics",
    "where_to",
]

MOST_FLOWS = 300
MOST_REGIONS = 40
MOST_DEMAND = 20
MOST_NOTES = 40
MOST_PRICES = 25
MATRIX = (20, 30)  # most hubs across, most regions down


def notes(view: RunView) -> Content:
    """Show what the planner must know before shipping, but what the exceptions say already."""
    told = words_shown(view)
    said = [note for note in view.planner_notes if note not in told]
    if not said:
        return element("p", "No notes: nothing was left out, filled or relaxed.", class_="soft")
    shown = [element("li", note) for note in said[:MOST_NOTES]]
    rest = cut(len(shown), len(said), "note", "all are in manifest.json")
    title = element("h2", plural(len(said), "note"), " on this plan")
    origin = sources(sourced("the notes of the run", MANIFEST, "notes"))
    return element("section", title, element("ul", *shown, class_="notes"), rest, origin)


def where_to(view: RunView) -> Content:
    """Show the plan as a map, or as hubs by regions where places are not known."""
    lanes = figures.flows(view.lines)
    if lanes.empty:
        return ""
    places = figures.places(view, lanes)
    if places is None:
        return chapter("From where to where", _matrix(lanes))
    drawn, lanes_left, units_left = figures.as_flows(lanes, MOST_FLOWS)
    total = int(lanes["units"].sum())
    words = f"Map: {plural(total, 'unit')} on {plural(len(lanes), 'lane')}"
    caption = join(
        [
            _map_key(set(lanes["action"])),
            element("br"),
            "A wider line carries more units. The number beside a square is what leaves that hub, "
            "beside a dot what arrives in that region.",
            f" {plural(lanes_left, 'thin lane')} with {plural(units_left, 'unit')} not drawn."
            if lanes_left
            else "",
        ]
    )
    figure = element(
        "figure",
        element("div", flow_map(places, drawn, words), class_="scroll"),
        element("figcaption", caption),
        sources(summed("the lines of the plan")),
        data_units=total,
    )
    return chapter("From where to where", figure)


def _map_key(kinds: set[str]) -> Markup:
    entries = []
    for each in ACTIONS:
        if each.name in kinds:
            kind = each.name
            line = element(
                "line", x1="0", x2="30", y1="6", y2="6", class_=f"flow {kind}", stroke_width="4"
            )
            swatch = element("svg", line, width="30", height="12", viewBox="0 0 30 12")
            entries.append(element("span", swatch, each.drawn))
    return element("span", *entries, class_="key")


def _matrix(lanes: pd.DataFrame) -> Content:
    """Units by origin (across) and destination (down), shaded by size."""
    grid = lanes.pivot_table(
        index="destination", columns="origin", values="units", aggfunc="sum", fill_value=0
    )
    across = grid.sum().sort_values(ascending=False, kind="stable").index[: MATRIX[0]]
    down = grid.sum(axis=1).sort_values(ascending=False, kind="stable").index[: MATRIX[1]]
    shown = grid.loc[sorted(down), sorted(across)]
    most = max(int(grid.to_numpy().max()), 1)
    head = [Column("To \\ from"), *(Column(name, number=True) for name in shown.columns)]
    body = element(
        "tbody",
        *(
            element("tr", element("td", name), *(_shaded(int(value), most) for value in row))
            for name, row in zip(shown.index, shown.to_numpy(), strict=True)
        ),
    )
    top = element("tr", *(element("th", c.title, class_="n" if c.number else None) for c in head))
    inside, total = int(shown.to_numpy().sum()), int(grid.to_numpy().sum())
    cut = element(
        "p",
        f"The busiest {len(shown)} of {plural(len(grid), 'destination')} and {shown.shape[1]} of "
        f"{plural(grid.shape[1], 'origin')}: {units(inside)} of {plural(total, 'unit')}."
        if inside < total
        else f"{plural(total, 'unit')} in all; without coordinates there is no map.",
        class_="soft",
    )
    picture = element("table", element("thead", top), body, data_units=inside)
    return join([element("div", picture, class_="scroll"), cut])


def _shaded(value: int, most: int) -> Markup:
    weight = 0 if value == 0 else min(4, 1 + int(4 * value / most))
    return element("td", units(value) if value else "\u00b7", class_=f"n w{weight}")


def regions(view: RunView) -> Content:
    """Show each region's stock before and after, and how full it gets."""
    stock = figures.region_stock(view)
    if stock.empty or not view.has_plan:
        return ""
    order = stock.sort_values(["arriving", "stays"], ascending=False, kind="stable")
    shown, rest = order.head(MOST_REGIONS), order.iloc[MOST_REGIONS:]
    full = max(float((stock["on_hand"] + stock["inbound"] + stock["arriving"]).max()), 1.0)
    head = (
        Column("Region"),
        Column("On hand", number=True),
        Column("On its way", number=True),
        Column("Sent now", number=True),
        Column("Leaving", number=True),
        Column("After", number=True),
        Column("Units here, coming, sent"),
        Column("Full", number=True, help="share of the region's storage taken after the plan"),
        Column("Storage"),
    )
    rows = [_region(view, row, full) for row in shown.to_dict("records")]
    counts = ["on_hand", "inbound", "arriving", "leaving", "stays"]
    if len(rest):
        name = f"{plural(len(rest), 'other region')}"
        others = (summed(units(rest[column].sum())) for column in counts)
        rows.append([name, *others, "", "", ""])
    total = ["All regions", *(units(stock[column].sum()) for column in counts), "", "", ""]
    known = "" if len(view.table("stock")) else " Stock on hand is not known to this page."
    words = f"Units in the regions before and after this plan.{known}"
    return chapter("Regions", element("p", words, class_="soft"), table(head, rows, total=total))


def _region(view: RunView, row: dict[Hashable, Any], full: float) -> list[Content]:
    bars = [
        Bar(row["on_hand"], "here", f"{units(row['on_hand'])} on hand"),
        Bar(row["inbound"], "coming", f"{units(row['inbound'])} on its way"),
        Bar(row["arriving"], "sent", f"{units(row['arriving'])} sent now"),
    ]
    used, region = row["used"], str(row["region"])
    counts = ("on_hand", "inbound", "arriving", "leaving", "stays")
    return [
        to_region(region),
        *(_stock(view, name, units(row[name]), region) for name in counts),
        stacked_bar(bars, full, width=170.0),
        to_region(region, percent(used)) if np.isfinite(used) else "no limit",
        _fullness(used),
    ]


STOCK_FILES = {
    "on_hand": (f"{KEPT}/stock.parquet", "location"),
    "inbound": (f"{KEPT}/inbound.parquet", "location"),
    "arriving": (PLAN_LINES, "destination"),
    "leaving": (PLAN_LINES, "origin"),
}
"""what is summed -> the file that holds it, and its column of regions"""


def _stock(view: RunView, name: str, shown: str, region: str) -> Content:
    """Lead from units of a region to the rows that they sum; from what follows, to its page."""
    file, column = STOCK_FILES.get(name, ("", ""))
    is_there = not file.startswith(KEPT) or bool(len(view.table(_table_of(file))))
    if file and is_there:
        return sourced(shown, file, "quantity", **{column: region})
    return to_region(region, shown)


def _table_of(file: str) -> str:
    return file.removeprefix(f"{KEPT}/").removesuffix(".parquet")


def _fullness(used: float) -> Content:
    if not np.isfinite(used):
        return ""
    taken = Bar(min(used, 1.0), "over" if used > 1 + 1e-9 else "sent", f"{percent(used)} full")
    return stacked_bar([taken, Bar(max(1.0 - used, 0.0), "room", "room left")], 1.0, width=90.0)


def money_by_term(view: RunView) -> Content:
    """Show the expected gain, term by term."""
    gain, totals = view.expected_gain(), view.totals()
    if gain is None or not totals:
        return ""
    terms = figures.rounded_terms({name: -value for name, value in totals.items()}, gain)
    order = [name for name in dict.fromkeys([*TERMS, *sorted(terms)]) if terms.get(name)]
    ends = np.cumsum([0.0, *(terms[name] for name in order)])
    low, high = float(ends.min()), float(ends.max())
    rows = [
        [
            element("span", capital(term_words(name)), class_="term"),
            sourced(money(terms[name], sign=True), SUMMARY.name, _kept_in(name), term=name),
            step_bar(before, after, low, high, money(terms[name], sign=True)),
        ]
        for name, before, after in zip(order, ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    ]
    words = (
        "Against leaving every unit where it is. What a unit is worth where it arrives counts the "
        "chance of each outcome: bought, kept for later weeks, or moved on by its cheapest exit."
    )
    told = money(float(ends[-1]), sign=True)
    shown = sourced(told, SUMMARY.name, view.gain_key())
    total = ["Expected gain", shown, step_bar(0.0, float(ends[-1]), low, high, told)]
    head = (Column("Term"), Column("Money", number=True), Column("Step by step"))
    return chapter("Money", element("p", words, class_="soft"), table(head, rows, total=total))


def _kept_in(term: str) -> str:
    """Return the key of the summary that a term of the gain is read from."""
    return "orders" if term == COUNTED_ONCE else "totals"


def limits(view: RunView) -> Content:
    """Show what scarce limits are worth, in words."""
    if not view.has_plan:
        return ""
    prices = view.shadow_prices()
    if not prices:
        return nothing_in_the_way()
    shown = [element("li", sentence(each.words)) for each in prices[:MOST_PRICES]]
    return chapter(
        "What limits cost",
        element("p", "For small changes, the others staying as they are.", class_="soft"),
        element("ul", *shown),
        cut(len(shown), len(prices), "limit", "all are in plan.xlsx, sheet Limits"),
        sources(sourced("the prices of limits", SUMMARY.name, "shadow_prices")),
    )


def nothing_in_the_way() -> Content:
    """Say that no limit costs anything."""
    text = "No limit stands in the way: more stock, storage or lane room would gain nothing."
    return chapter("What limits cost", element("p", text))


def demand(view: RunView) -> Content:
    """Show the forecast of the first week."""
    if view.forecast is None or view.forecast.empty:
        return ""
    first = pd.Timestamp(view.forecast["week"].min())
    by_region = figures.demand_by_region(view.forecast)
    counts = figures.chance_counts(view.forecast)
    order = by_region.sort_values("mean", ascending=False, kind="stable")
    shown = order.head(MOST_DEMAND)
    full = max(float(order["mean"].max()), 1e-9)
    rows = [
        [
            region,
            units(cells),
            fixed(mean, 1),
            stacked_bar([Bar(mean, "sent", f"{fixed(mean, 1)} expected")], full, width=150.0),
        ]
        for region, cells, mean in shown.to_numpy().tolist()
    ]
    head = (
        Column("Region"),
        Column("Items", number=True),
        Column("Expected units", number=True),
        Column(""),
    )
    total = ["All regions", units(order["cells"].sum()), fixed(order["mean"].sum(), 1), ""]
    labels = [f"{percent(tenth / 10)}\u2013" for tenth in range(10)]
    words = f"{plural(int(counts.sum()), 'cell')} by chance of at least one order"
    chart = element(
        "figure",
        columns([float(count) for count in counts], labels, words, "sent"),
        element("figcaption", f"{words}, in tenths: .9\u2013 is .9 to 1."),
    )
    left = join(
        [
            table(head, rows, total=total),
            cut(len(shown), len(order), "region", "forecast.parquet has all"),
        ]
    )
    title = f"What may be bought in the week of {day(first, long=True)}"
    return chapter(title, element("div", element("div", left), chart, class_="pair"))


def settings(view: RunView) -> Content:
    """Show the assumptions behind the numbers."""
    rows = [
        [element("code", name), _value(value)] for name, value in flat(view.assumptions).items()
    ]
    if not rows:
        return ""
    return chapter("Assumptions", table((Column("Setting"), Column("Value")), rows))


def statistics(view: RunView) -> Content:
    """Show the figures that notes of the forecast and the plan rest on."""
    if not view.statistics:
        return ""
    said = [element("li", sentence(note.removeprefix(STATISTICS))) for note in view.statistics]
    return chapter("Statistics", element("ul", *said, class_="notes"))


def _value(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(each) for each in value) or "none"
    return str(value)


def foot(view: RunView) -> Content:
    """Show the origin of the numbers: run, versions, hashes of the inputs."""
    versions = ", ".join(f"{name} {version}" for name, version in view.versions.items())
    rows = [
        [name, units(float(each.get("rows", 0))), element("code", each.get("sha256", ""))]
        for name, each in view.inputs.items()
    ]
    head = (Column("Input"), Column("Rows", number=True), Column("sha256"))
    return element(
        "footer",
        element("p", f"Run {view.run_id} as of {day(view.as_of)}. {versions}"),
        table(head, rows) if rows else "",
    )
