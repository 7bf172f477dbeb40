"""What is ahead of an item in a region: sales and forecast as a fan, stock by week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from foreship.own_files import KEPT, MANIFEST
from foreship.reading.views import RunView, day
from foreship.reports.leads import sourced, sources
from foreship.reports.markup import Column, Content, Markup, element, join, table
from foreship.reports.pictures.fans import Outlook, Past, Sold, draw_fan
from foreship.reports.pictures.stocks import Projected, draw_stock
from foreship_foundation.tables.output_files import FACTS, FORECAST, PROJECTED
from foreship_foundation.telling.words import fixed, percent, units

__all__ = ["FAN_WORDS", "fan", "outlooks", "stock_ahead"]

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
SOLD = (Column("Week of"), Column("Sold", number=True, help="units ordered in the week"))
PAST_WORDS = " The columns at the left are what single weeks sold"
SOLD_WORDS = " The block at the left is what a week of the last four sold"
YEAR_AGO_WORDS = "; dashed, a year earlier"
MEAN_STOCK_WORDS = (
    "Units left at the end of each week if it sells its mean and nothing more is sent. The plan "
    "has no line here, so chances of running out were not worked out."
)
LAST_YEAR_WORDS = "; dashed, what a week of the last four sold a year earlier"
STOCK_WORDS = (
    "Units expected at the end of each week, above the columns; below them the chance that nothing "
    "is left. Later plans are not counted."
)


def fan(
    view: RunView, item: str, region: str, lines: pd.DataFrame, past: Sequence[Past] = ()
) -> Content:
    """Draw sales and forecast of a cell; '' where the run holds no forecast of it.

    Parameters
    ----------
    lines
        The plan's lines of the cell, with their row numbers as index: their facts know its sales.
    past
        What single weeks before the plan sold, the earliest first; none where that is not known.
    """
    mine = _of_cell(view.forecast, item, region)
    if mine.empty:
        return ""
    weeks = outlooks(mine)
    sold = _sold(view, lines)
    words = f"Demand by week from {weeks[0].day} to {weeks[-1].day}"
    caption = FAN_WORDS + _sold_words(sold, past)
    rows = [_demand(row, item, region) for row in mine.to_dict("records")]
    picture = draw_fan(weeks, sold, words, past)
    return join([_figure(picture, caption, DEMAND, rows), _past(past)])


def outlooks(forecast: pd.DataFrame) -> list[Outlook]:
    """Return the weeks of a cell's forecast, in the order of its rows."""
    return [
        Outlook(day(row["week"]), *(float(row[name]) for name in ("mean", *QUANTILES)))
        for row in forecast.to_dict("records")
    ]


def _past(past: Sequence[Past]) -> Content:
    """Write sales by week as a table, folded; they lead to the orders of the run."""
    if not past:
        return ""
    rows = [
        [each.day, sourced(units(each.units), MANIFEST, "inputs", name="orders")] for each in past
    ]
    return element("details", element("summary", "Sales by week as a table"), table(SOLD, rows))


def stock_ahead(view: RunView, item: str, region: str) -> Content:
    """Draw a cell's projected stock; without a line of the plan, what the mean demand leaves."""
    mine = _of_cell(view.extra(PROJECTED.name), item, region)
    if mine.empty:
        return _stock_by_the_mean(view, item, region)
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


def _stock_by_the_mean(view: RunView, item: str, region: str) -> Content:
    """Draw what is left of a cell's stock if each week sells its mean."""
    stock, ahead = view.cell(region, item), _of_cell(view.forecast, item, region)
    if not stock.on_hand + stock.inbound:
        return element("p", "Nothing lies or comes there.", class_="soft")
    if ahead.empty:
        words = "Stock by week is not known: the run has no forecast of it and no line there."
        return element("p", words, class_="soft")
    left, weeks = float(stock.on_hand), list[Projected]()
    for row in ahead.to_dict("records"):
        coming = _arriving(view, item, region, row["week"], is_first=not weeks)
        left = max(left + coming - float(row["mean"]), 0.0)
        weeks.append(Projected(day(row["week"]), left, None))
    words = f"Stock by week from {weeks[0].day} to {weeks[-1].day} if each sells its mean"
    cell, where = {"region": region, "item": item}, {"location": region, "item": item}
    kept = {"stock": "what lies there", "inbound": "what comes"}
    origin = [
        sourced(said, f"{KEPT}/{name}.parquet", "quantity", **where)
        for name, said in kept.items()
        if len(view.table(name))
    ]
    rows = [
        [each.day, sourced(fixed(each.stock, 1), FORECAST.name, "mean", **cell)] for each in weeks
    ]
    figure = _figure(draw_stock(weeks, words), MEAN_STOCK_WORDS, STOCK[:2], rows)
    return join([figure, sources(*origin, sourced("the forecast", FORECAST.name, "mean", **cell))])


def _arriving(
    view: RunView, item: str, region: str, week: pd.Timestamp, *, is_first: bool
) -> float:
    """Return the units on their way that arrive in a week; late ones in the first."""
    coming = view.table("inbound")
    if coming.empty:
        return 0.0
    mine = coming[(coming["location"] == region) & (coming["item"] == item)]
    arrives = mine["arrival_date"]
    is_here = (arrives < week + pd.Timedelta(weeks=1)) & ((arrives >= week) | is_first)
    return float(mine.loc[is_here, "quantity"].sum())


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


def _sold_words(sold: Sold, past: Sequence[Past]) -> str:
    """Say what of the picture is sales; only what is drawn."""
    year_ago = sold.now is not None and sold.year_ago is not None
    if past:
        return f"{PAST_WORDS}{LAST_YEAR_WORDS if year_ago else ''}."
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
    if week.short is not None:
        yield sourced(percent(week.short), PROJECTED.name, "short", **where)


def _figure(
    picture: Markup, caption: str, columns: Sequence[Column], rows: Sequence[Sequence[Content]]
) -> Markup:
    """Set a picture over its caption and, folded, the table that it draws."""
    told = element("details", element("summary", "As a table"), table(columns, rows))
    return element("figure", picture, element("figcaption", caption), told)
