"""How full a region is around the plan, and what its limits are worth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship.pipeline.kept_tables import kept_as
from foreship.reading.views import RunView
from foreship.reports.figures import region_stock
from foreship.reports.markup import Content, chapter, element
from foreship.workbench.grid.query import Query
from foreship.workbench.web import links
from foreship.workbench.web.figures import Source, figure_card
from foreship_foundation.telling.words import fixed, money, percent

__all__ = ["storage"]


def storage(run: str, view: RunView, region: str) -> Content:
    """Show what a region's storage takes up after the plan, and the price of one more of it.

    Parameters
    ----------
    view
        The region's part of the run.
    """
    around = region_stock(view)
    mine = around[around["region"] == region]
    if mine.empty or not np.isfinite(mine["capacity"].iloc[0]):
        return ""
    row = mine.iloc[0]
    lines = links.lines(run, Query(region=region).text)
    limit = Source(run, kept_as("regions"), "capacity", {"region": region})
    used = f"{percent(float(row['used']))} of it" if np.isfinite(row["used"]) else ""
    cards = [
        figure_card("Storage, in volume", fixed(float(row["capacity"]), 1), limit),
        figure_card("Taken after the plan", fixed(float(row["volume"]), 1), lines, used),
        *_price(run, view, region),
    ]
    return chapter("Storage", element("div", *cards, class_="cards"))


def _price(run: str, view: RunView, region: str) -> Iterator[Content]:
    """Show what one more volume unit would be worth, where its limit binds."""
    for each in view.shadow_prices():
        if each.limit == f"storage of {region}":
            link = links.limits(run)
            yield figure_card("Worth of one more", money(each.price), link, "in the limits' list")
