"""Sales and forecast of a cell: the fan, with single weeks before it once their orders are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreship.reading.views import RunView, day
from foreship.reports.markup import Content, Markup, element
from foreship.reports.pictures.fans import Past
from foreship.reports.planner_chapters.outlook_chapter import fan
from foreship.workbench.held.sales import PastSales
from foreship.workbench.web import links

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["sales_and_forecast"]

PATIENCE: Final = 0.05
"""seconds that a page waits for the orders before it is shown without them"""
PLACE: Final = "outlook"
READING: Final = "Sales of single weeks are being read from the orders."


def sales_and_forecast(
    run: str, view: RunView, sales: PastSales, item: str, region: str, lines: pd.DataFrame
) -> Markup:
    """Draw the fan of a cell; while its past is being read it asks again by itself.

    Parameters
    ----------
    view
        The cell's part of the run.
    lines
        The plan's lines of the cell, with their row numbers as index.
    """
    again: dict[str, object] = {}
    past: list[Past] = []
    if sales.wait(PATIENCE):
        told = sales.of(item, region)
        past = [Past(day(each.monday), each.units) for each in told.weeks]
        said = told.why_not
    else:
        said = READING
        again = {
            "hx_get": links.outlook(run, region, item), "hx_target": f"#{PLACE}",
            "hx_swap": "outerHTML", "hx_trigger": "load delay:1s",
        }  # fmt: skip
    picture = fan(view, item, region, lines, past)
    note: Content = element("p", said, class_="soft") if picture and said else ""
    return element("div", picture, note, id=PLACE, **again)
