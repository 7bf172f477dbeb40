"""A review as one closed HTML file: nothing is loaded, nothing runs, every id is shown as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas as pd

from foreship.reading.views import day
from foreship.reports.markup import (
    Column,
    Content,
    Markup,
    card,
    chapter,
    cut,
    element,
    page,
    short,
    style_sheet,
    table,
)
from foreship.reports.pictures.drawing import Bar, stacked_bar, step_bar
from foreship.reviews.findings import share_inside
from foreship.reviews.results import Review
from foreship.reviews.words import STAGES
from foreship_foundation.telling.words import money, sentence, units

__all__ = ["render"]

SHOWN: Final = 60
"""rows of a table; the rest is in `--json`"""
FATES: Final = (
    ("sold", "sent", "sold"),
    ("moved_on", "coming", "moved on by later plans"),
    ("lying", "here", "still lying"),
    ("under_way", "room", "under way"),
    ("missing", "over", "missing"),
)
"""column of the lines, shade and words of each part of what was sent"""


def render(review: Review) -> str:
    """Write a review as one self-contained HTML page."""
    body = element(
        "main",
        _top(review),
        _places(review.money),
        _scores(review.scores),
        _late(review.late),
        _due(review.due),
        _lines(review.lines),
        _account(review),
        _notes(review),
    )
    title = f"Review of {day(pd.Timestamp(review.monday))} ({review.run})"
    return str(page(title, style_sheet(), body))


def _top(review: Review) -> Markup:
    """Open the page: which plan, its figures, and what weighed most."""
    stage = f"Run {review.run}: {STAGES[review.stage]}. Known up to {day(_before(review.until))}."
    forecast = review.forecast
    inside = "" if forecast is None or forecast.empty else element("p", share_inside(forecast))
    return element(
        "header",
        element("p", "foreship review", class_="kicker"),
        element("h1", f"What became of the plan of {day(pd.Timestamp(review.monday), long=True)}"),
        element("p", stage, class_="lead"),
        element("div", *_cards(review), class_="cards"),
        element("ul", *(element("li", each) for each in review.findings), class_="notes")
        if review.findings
        else "",
        inside,
    )


def _before(until: str) -> pd.Timestamp:
    return pd.Timestamp(until) - pd.Timedelta(days=1)


def _cards(review: Review) -> Iterator[Content]:
    total = review.lines[["sent", "received", *(name for name, *_ in FATES)]].sum()
    parts = [
        Bar(float(total[name]), shade, f"{units(total[name])} {words}")
        for name, shade, words in FATES
    ]
    yield card("Gain promised", money(review.promised), "expected, beyond sending nothing")
    yield card("Gain that came", money(review.came), "final" if review.settled else "so far")
    yield card(
        "Units sent", units(total["sent"]), stacked_bar(parts, float(total["sent"]), width=130.0)
    )
    for name in ("received", *(name for name, *_ in FATES)):
        yield card(name.replace("_", " ").capitalize(), units(total[name]))


def _places(frame: pd.DataFrame) -> Content:
    """Show money promised and come, by region and category, the largest difference first."""
    found = frame.assign(more=frame["came"] - frame["promised"])
    order = found["more"].abs().sort_values(ascending=False, kind="stable").index
    low, high = min(0.0, found["more"].min()), max(0.0, found["more"].max())
    head = ["Region", "Category", "Promised", "Came", "Difference", ""]
    rows = [
        [
            row["region"] or ("" if row["category"] else "Whole orders, counted once"),
            row["category"],
            money(row["promised"]),
            money(row["came"]),
            money(row["more"], sign=True),
            step_bar(0.0, row["more"], low, high, money(row["more"], sign=True)),
        ]
        for row in found.loc[order[:SHOWN]].to_dict("records")
    ]
    total = ["In all", "", money(frame["promised"].sum()), money(frame["came"].sum()),
             money(found["more"].sum(), sign=True), ""]  # fmt: skip
    return _chapter(
        "Money by region and category", head, rows, len(found), total, numbers=(2, 3, 4)
    )


def _scores(scores: pd.DataFrame) -> Content:
    rows = [
        [
            row["row"],
            row["words"],
            row["reason"],
            row["author"],
            money(row["score"], sign=True) if pd.notna(row["score"]) else row["how"],
        ]
        for row in scores.head(SHOWN).to_dict("records")
    ]
    head = ["Row", "What was asked", "Reason", "Author", "Brought"]
    return _chapter("What was asked, and what it brought", head, rows, len(scores), numbers=(4,))


def _late(late: pd.DataFrame) -> Content:
    rows = [
        [
            short(row["item"]),
            short(row["destination"]),
            units(row["units"]),
            day(row["promised"]),
            "not yet" if pd.isna(row["came"]) else day(row["came"]),
        ]
        for row in late.head(SHOWN).to_dict("records")
    ]
    head = ["Item", "To", "Units", "Promised", "Came"]
    return _chapter("What did not arrive on its day", head, rows, len(late), numbers=(2,))


def _due(due: pd.DataFrame) -> Content:
    rows = [
        [
            short(row["item"]),
            short(row["region"]),
            units(row["units"]),
            row["exit"],
            money(row["loss"]),
            row["run"],
        ]
        for row in due.head(SHOWN).to_dict("records")
    ]
    head = ["Item", "In", "Units", "Cheapest exit", "Loss", "Sent by"]
    return _chapter("Due for a decision today", head, rows, len(due), numbers=(2, 4))


def _lines(lines: pd.DataFrame) -> Content:
    """Show the fate of every line's units, the largest difference of money first."""
    names = ("sent", "received", *(name for name, *_ in FATES))
    missed = (lines["gain_came"] - lines["gain_promised"]).abs()
    order = missed.sort_values(ascending=False, kind="stable").index
    rows = [
        [
            f"{row['line']}",
            row["action"],
            short(row["item"]),
            short(row["origin"]),
            short(row["destination"]),
            *(units(row[name]) for name in names),
            money(row["gain_promised"]),
            money(row["gain_came"]),
        ]
        for row in lines.loc[order[:SHOWN]].to_dict("records")
    ]
    words = [each.replace("_", " ").capitalize() for each in names]
    head = ["Line", "Action", "Item", "From", "To", *words, "Gain promised", "Gain that came"]
    numbers = (0, *range(5, len(head)))
    return _chapter("Every line", head, rows, len(lines), numbers=numbers)


def _account(review: Review) -> Content:
    """Show the account of the plan's first week, as a replay has it."""
    rows = [
        [name.replace("_", " ").capitalize(), _figure(value)]
        for name, value in review.ledger.items()
        if pd.notna(value)
    ]
    return _chapter("Account of its first week", ["Term", "Money or units"], rows, numbers=(1,))


def _figure(value: Any) -> str:
    return money(value) if isinstance(value, float) else units(value)


def _notes(review: Review) -> Content:
    if not review.notes:
        return ""
    notes = [element("li", sentence(each)) for each in review.notes]
    return chapter("Notes", element("ul", *notes, class_="notes"))


def _chapter(
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Content]],
    total_rows: int = 0,
    total: Sequence[Content] | None = None,
    *,
    numbers: tuple[int, ...],
) -> Content:
    """Write a table under its heading; nothing where it has no row."""
    if not rows:
        return ""
    columns = [Column(each, number=at in numbers) for at, each in enumerate(head)]
    left = cut(len(rows), total_rows, "row", "`foreship review --json` has all")
    return chapter(title, table(columns, rows, total=total), left)
