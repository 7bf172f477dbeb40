"""What is ahead of an item in a region: sales and forecast as a fan, stock by week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from foreship.reading.views import RunView, day
from foreship.reports.leads import sourced
from foreship.reports.markup import Column, Content, Markup, element, table
from foreship.reports.pictures.fans import Outlook, Sold, draw_fan
from foreship.reports.pictures.stocks import Projected, draw_stock
from foreship_foundation.tables.output_files import FACTS, FORECAST, PROJECTED
from foreship_foundation.telling.words import fixed, percent

__all__ = ["fan", "stock_ahead"]

QUANTILES = ("q05", "q25", "q50", "q75", "q95")
DEMAND = (
    Column("Week of"),
    Column("Mean", number=True, help="expected demand of the week, in units"),
    *(Column(f"{int(each[1:])} %", number=True, help="quantile of demand") for each in QUANTILES),
)
STOCK = (
    Column("Week of"),
    Column("Stock at its end", number=True, help="expected units, without later plans"),
    Column("Sold out", number=True, help="chance that nothing is left then"),
)
FAN_WORDS = (
    "A week in units: the dot is the mean, the line the middle outcome; the dark band holds half "
    "of all outcomes, the light one nine of ten."
)
SOLD_WORDS = " The block at the left is what a week of the last four sold"
YEAR_AGO_WORDS = "; dashed, a year earlier"
STOCK_WORDS = (
    "Units expected at the end of each week, above the columns; below them the chance that nothing "
    "is left. Later plans are not counted."
)


def fan(view: RunView, item: str, region: str, lines: pd.DataFrame) -> Content:
    """Draw sales and forecast of a cell; '' where the run holds no forecast of it.

    Parameters
    ----------
    lines
        The plan's lines of the cell, with their row numbers as index: their facts know its sales.
    """
    mine = _of_cell(view.forecast, item, region)
    if mine.empty:
        return ""
    weeks = [
        Outlook(day(row["week"]), *(float(row[name]) for name in ("mean", *QUANTILES)))
        for row in mine.to_dict("records")
    ]
    sold = _sold(view, lines)
    words = f"Demand by week from {weeks[0].day} to {weeks[-1].day}"
    caption = FAN_WORDS + _sold_words(sold)
    rows = [_demand(row, item, region) for row in mine.to_dict("records")]
    return _figure(draw_fan(weeks, sold, words), caption, DEMAND, rows)


def stock_ahead(view: RunView, item: str, region: str) -> Content:
    """Draw a cell's projected stock; say why where there is none."""
    mine = _of_cell(view.extra(PROJECTED.name), item, region)
    if mine.empty:
        return element(
            "p", "Stock by week is worked out for cells that a line is about.", class_="soft"
        )
    weeks = [
        Projected(day(row["week"]), float(row["stock"]), float(row["short"]))
        for row in mine.to_dict("records")
    ]
    words = f"Stock by week from {weeks[0].day} to {weeks[-1].day}"
    rows = [
        [each.day, *_stock(each, row, item, region)]
        for each, row in zip(weeks, mine.to_dict("records"), strict=True)
    ]
    return _figure(draw_stock(weeks, words), STOCK_WORDS, STOCK, rows)


def _of_cell(frame: pd.DataFrame | None, item: str, region: str) -> pd.DataFrame:
    """Return the rows of a cell by week, none where there is no such frame."""
    if frame is None or frame.empty:
        return pd.DataFrame()
    mine = frame[(frame["region"] == region) & (frame["item"] == item)]
    return mine.sort_values("week")


def _sold(view: RunView, lines: pd.DataFrame) -> Sold:
    """Return what the facts of a line tell of sales, which too few buyers keep untold."""
    facts = view.extra(FACTS.name)
    mine = facts[facts["line"].isin(lines.index)] if facts is not None else pd.DataFrame()
    if mine.empty:
        return Sold(None, None)
    now, then = mine[["sold_4_weeks", "sold_4_weeks_last_year"]].iloc[0].astype(float)
    return Sold(*(None if pd.isna(each) else float(each) for each in (now, then)))


def _sold_words(sold: Sold) -> str:
    """Say what of the picture is sales; only what is drawn."""
    if sold.now is None:
        return ""
    return f"{SOLD_WORDS}{YEAR_AGO_WORDS if sold.year_ago is not None else ''}."


def _demand(row: Mapping[Any, Any], item: str, region: str) -> list[Content]:
    where = {"region": region, "item": item, "week": str(row["week"])[:10]}
    shown = {name: fixed(row[name], 1 if name == "mean" else 0) for name in ("mean", *QUANTILES)}
    figures = [sourced(text, FORECAST.name, name, **where) for name, text in shown.items()]
    return [day(row["week"]), *figures]


def _stock(week: Projected, row: Mapping[Any, Any], item: str, region: str) -> Iterator[Content]:
    where = {"region": region, "item": item, "week": str(row["week"])[:10]}
    yield sourced(fixed(week.stock, 1), PROJECTED.name, "stock", **where)
    yield sourced(percent(week.short), PROJECTED.name, "short", **where)


def _figure(
    picture: Markup, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Content]]
) -> Markup:
    """Set a picture over its caption and, folded, the table that it draws."""
    told = element("details", element("summary", "As a table"), table(columns, rows))
    return element("figure", picture, element("figcaption", caption), told)
