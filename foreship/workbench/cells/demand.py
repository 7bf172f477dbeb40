"""What an item is expected to sell by week, over all regions."""

from __future__ import annotations

from foreship.reading.views import RunView, day
from foreship.reports.markup import Column, Content, chapter, element, table
from foreship.reports.pictures.stocks import draw_means
from foreship.workbench.web.figures import Source, number
from foreship_foundation.tables.output_files import FORECAST
from foreship_foundation.telling.words import fixed

__all__ = ["demand_by_week"]

COLUMNS = (
    Column("Week of"),
    Column("Expected", number=True, help="sum of the regions' means, in units"),
)
ABOUT = (
    "The mean of each week, summed over regions: means add up, the range of outcomes does not, and "
    "stands on each region's own page."
)


def demand_by_week(run: str, view: RunView, item: str) -> Content:
    """Draw the mean demand of an item by week; '' where the run holds no forecast of it."""
    forecast = view.forecast
    if forecast is None or forecast.empty:
        return ""
    mine = forecast[forecast["item"] == item]
    if mine.empty:
        return ""
    means = mine.groupby("week", sort=True)["mean"].sum()
    days = [day(week) for week in means.index]
    rows = [
        [shown, _figure(run, item, str(week)[:10], float(mean))]
        for shown, week, mean in zip(days, means.index, means, strict=True)
    ]
    picture = draw_means([float(each) for each in means], days, f"Demand of {item} by week")
    told = element("details", element("summary", "As a table"), table(COLUMNS, rows))
    figure = element("figure", picture, element("figcaption", ABOUT), told)
    return chapter("Forecast in all regions", figure)


def _figure(run: str, item: str, week: str, mean: float) -> Content:
    source = Source(run, FORECAST.name, "mean", {"item": item, "week": week})
    return number(fixed(mean, 1), source)
