"""Sales and forecast of an item region by region: small pictures side by side on one scale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from foreship.reading.views import RunView, called, day
from foreship.reports.markup import Content, Markup, chapter, cut, element
from foreship.reports.pictures.fans import Past, Sold, draw_fan
from foreship.reports.planner_chapters.outlook_chapter import FAN_WORDS, outlooks
from foreship.workbench.cells.outlook import PATIENCE
from foreship.workbench.held.sales import PastSales
from foreship.workbench.web import links

__all__ = ["fans_by_region"]

MOST: Final = 12
"""regions that are drawn; each has its page"""
WORDS: Final = " All pictures have one scale; a region leads to its own page, with the numbers."
PAST_WORDS: Final = " Columns at the left are what single weeks sold."


def fans_by_region(
    run: str, view: RunView, sales: PastSales, item: str, cells: pd.DataFrame
) -> Content:
    """Draw an item's regions beside each other; '' where the run holds no forecast of it.

    Parameters
    ----------
    view
        The item's part of the run.
    cells
        Its cells, those to be drawn first at the top: `region`.
    """
    forecast = view.forecast
    if forecast is None or forecast.empty:
        return ""
    weeks = forecast[forecast["item"] == item].sort_values("week")
    regions = [each for each in cells["region"] if each in set(weeks["region"])]
    if not regions:
        return ""
    past = dict(_past(sales, item, regions[:MOST]))
    drawn = weeks[weeks["region"].isin(regions[:MOST])]
    sold = (each.units for known in past.values() for each in known)
    most = max(float(drawn["q95"].max()), *sold, 0.0)
    pictures = [
        _picture(run, view, item, region, weeks[weeks["region"] == region], past[region], most)
        for region in regions[:MOST]
    ]
    words = FAN_WORDS + (PAST_WORDS if any(past.values()) else "") + WORDS
    return chapter(
        "Sales and forecast by region",
        element("p", words, class_="soft"),
        element("div", *pictures, class_="fans"),
        cut(len(pictures), len(regions), "region", element("a", "all of them", href="#cells")),
    )


def _past(sales: PastSales, item: str, regions: list[str]) -> Iterator[tuple[str, list[Past]]]:
    """Yield what each region sold, nothing where that is not read yet or may not be told."""
    is_read = sales.wait(PATIENCE)
    for region in regions:
        told = sales.of(item, region).weeks if is_read else ()
        yield region, [Past(day(each.monday), each.units) for each in told]


def _picture(
    run: str,
    view: RunView,
    item: str,
    region: str,
    weeks: pd.DataFrame,
    past: list[Past],
    most: float,
) -> Markup:
    name = called(region, view.name("region", region))
    words = f"Demand in {name} by week"
    picture = draw_fan(outlooks(weeks), Sold(None, None), words, past, at_least=most)
    link = element("a", name, href=links.cell(run, region, item))
    return element("figure", element("figcaption", link), picture)
