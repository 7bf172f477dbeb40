"""One item in all regions: what lies and is sent where, why, and what hubs have left of it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from foreship.reading.explaining.cell_rows import cell_frame, most_moved_first, totals, worded
from foreship.reading.explaining.known_names import refuse_unknown
from foreship.reading.explaining.overview import Overview
from foreship.reading.views import FROM_HUBS, RunView, day
from foreship.reading.words.exceptions import exception_words
from foreship_foundation.telling.words import plural, sentence, units

__all__ = ["about_item", "beyond_item", "explain_item"]

MOST_CELLS = 60


def explain_item(view: RunView, item: str) -> Overview:
    """Say where the plan sends an item, region by region, and why not more.

    Raises
    ------
    UsageError
        If the run knows no such item; names the nearest ones.
    """
    refuse_unknown(view, "item", item)
    cells = cell_frame(view, item=item)
    first = most_moved_first(cells, "region").head(MOST_CELLS)
    return Overview(
        run_id=view.run_id,
        as_of=day(view.as_of),
        item=item,
        region="",
        name=view.name("item", item),
        cells=tuple(worded(view, first, "region")),
        about=tuple(about_item(cells)),
        further=(
            *_left_out(cells),
            *beyond_item(view, item),
        ),
    )


def about_item(cells: pd.DataFrame) -> Iterator[str]:
    """Say what the regions of an item come to; `cells` as `cell_frame` has them."""
    here, coming, sent, leaving = totals(cells)
    yield (
        f"{plural(here, 'unit')} on hand in {plural(len(cells), 'region')}, {units(coming)} "
        f"coming, {units(sent)} sent, {units(leaving)} leaving."
    )


def beyond_item(view: RunView, item: str) -> Iterator[str]:
    """Say of an item what no region of it says: hubs, what is scarce, what to look at."""
    yield from _hubs(view, item)
    yield from _scarce(view, item)
    yield from exception_words(view, item=item)


def _left_out(cells: pd.DataFrame) -> Iterator[str]:
    more = len(cells) - MOST_CELLS
    if more > 0:
        yield f"{plural(more, 'further region')} with fewer units are not shown."


def _hubs(view: RunView, item: str) -> Iterator[str]:
    """Say what each hub holds of the item, sends of it and keeps."""
    stock, hubs = view.table("stock"), view.table("hubs")
    if stock.empty or "hub" not in hubs:
        return
    mine = stock[(stock["item"] == item) & stock["location"].isin(hubs["hub"])]
    there = mine.groupby("location", sort=True)["quantity"].sum()
    lines = view.lines[(view.lines["item"] == item) & view.lines["action"].isin(FROM_HUBS)]
    sent = lines.groupby("origin")["quantity"].sum()
    for hub, quantity in there.items():
        gone = int(sent.get(hub, 0))
        label = f"{hub} {view.name('hub', str(hub))}".strip()
        yield (
            f"Hub {label}: {plural(int(quantity), 'unit')} in stock, {units(gone)} sent now, "
            f"{units(int(quantity) - gone)} left."
        )
    if there.empty or not there.sum():
        yield "No hub has any of it in stock."


def _scarce(view: RunView, item: str) -> Iterator[str]:
    """Say what one more unit of it in a hub would be worth, where that is known."""
    for each in view.shadow_prices():
        if each.limit.startswith(f"hub stock of {item} at "):
            yield sentence(each.words)
