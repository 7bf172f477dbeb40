"""What lies beside a cell: its item in other regions, items of its category in its region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from foreship.reading.explaining.cell_rows import cell_frame, most_moved_first
from foreship.reading.views import INTO_REGIONS, RunView, called
from foreship.reports.markup import Column, Content, chapter, cut, element, table
from foreship.workbench.held.run import HeldRun
from foreship.workbench.web import links
from foreship.workbench.web.figures import number
from foreship_foundation.telling.words import fixed, money, units

__all__ = ["neighbours"]

MOST = 6
"""of either kind that are shown; their own pages have all"""
REGIONS = (
    Column("Region"),
    Column("On hand", number=True),
    Column("Coming", number=True),
    Column("Sent", number=True),
    Column("Leaves", number=True),
    Column("Weeks of cover", number=True),
)
ITEMS = (
    Column("Item"),
    Column("Sent", number=True),
    Column("Expected gain", number=True),
)


def neighbours(run: str, held: HeldRun, item: str, region: str) -> Iterator[Content]:
    """Show the cells that a planner looks at beside this one."""
    yield from _elsewhere(run, held, item, region)
    yield from _alike(run, held.view, item, region)


def _elsewhere(run: str, held: HeldRun, item: str, region: str) -> Iterator[Content]:
    """Show the item in other regions, where most is moved first, then where most lies."""
    part = held.part(item=item)
    cells = cell_frame(part, item=item)
    others = cells[cells["region"] != region]
    if others.empty:
        return
    shown = most_moved_first(others, "region").head(MOST).to_dict("records")
    rows = []
    for each in shown:
        there = str(each["region"])
        link = links.cell(run, there, item)
        figures = [units(each[name]) for name in ("on_hand", "coming", "sent", "leaving")]
        cover = each["weeks_of_cover"]
        figures.append("" if np.isnan(cover) else fixed(cover, 1))
        name = element("a", called(there, part.name("region", there)), href=link)
        rows.append([name, *(number(words, link) if words else "" for words in figures)])
    whole = element("a", "the item's page has them all", href=links.item(run, item))
    rest = cut(len(rows), len(others), "other region", whole)
    yield chapter("The same item elsewhere", table(REGIONS, rows), rest)


def _alike(run: str, view: RunView, item: str, region: str) -> Iterator[Content]:
    """Show what else of the item's category the plan sends there, most money first."""
    items = view.table("items")
    if not {"item", "category"} <= set(items):
        return
    own = items.loc[items["item"] == item, "category"]
    if own.empty or pd.isna(own.iloc[0]) or not own.iloc[0]:
        return
    alike = set(items.loc[items["category"] == own.iloc[0], "item"]) - {item}
    there = view.lines[view.lines["destination"] == region]
    mine = there[there["action"].isin(INTO_REGIONS) & there["item"].isin(alike)]
    if mine.empty:
        return
    total = mine.groupby("item", sort=True).agg(
        sent=("quantity", "sum"), gain=("expected_gain", "sum")
    )
    best = total.sort_values("gain", ascending=False, kind="stable").head(MOST)
    rows = [
        list(_sent(run, view, region, str(other), row))
        for other, row in zip(best.index, best.to_dict("records"), strict=True)
    ]
    whole = element("a", "the region's page has them all", href=links.region(run, region))
    rest = cut(len(rows), len(total), "other item", whole)
    yield chapter(f"Other items of {own.iloc[0]} sent there", table(ITEMS, rows), rest)


def _sent(
    run: str, view: RunView, region: str, item: str, row: Mapping[Any, Any]
) -> Iterator[Content]:
    link = links.cell(run, region, item)
    yield element("a", called(item, view.name("item", item)), href=link)
    yield number(units(row["sent"]), link)
    yield number(money(row["gain"], sign=True), link)
