"""Forecasts far from recent sales, and plans for demand that the forecast cannot use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship.exceptions.raised import Raised, named, raised_of_cells
from foreship.exceptions.seen import Seen
from foreship.reading.facts.line_facts import summed
from foreship.reading.views import RunView, day
from foreship_foundation.telling.words import listed, plural

__all__ = ["forecasts_far", "unused_plans"]

RECENT_WEEKS: Final = 8
BAND: Final = 2.326
"""standard deviations of the 1 % and 99 % quantiles"""
WIDTH: Final = 2.0
"""how much wider than a Poisson law demand of a cell, an item or a region usually is"""
FACTOR: Final = 2.0
"""a forecast less than so many times apart is not far, however many units stand behind it"""
WEEK: Final = pd.Timedelta(weeks=1)


def forecasts_far(seen: Seen) -> Iterator[Raised]:
    """Forecasts of the coming weeks beyond what the last eight weeks of sales suggest.

    Of items in all regions, of regions with all items, of single cells that neither explains.
    Money: the difference over the weeks until the next plan's units arrive, times the margin.
    """
    cells = _compared(seen)
    if cells.empty:
        return
    items = _far_in_all(cells, "item")
    regions = _far_in_all(cells, "region")
    for row in items:
        item = str(row["item"])
        words = f"Item {named(seen.view, 'item', item)}: {_said(row)}"
        yield Raised("forecast_far", float(row["worth"]), words, item=item)
    for row in regions:
        region = str(row["region"])
        words = f"Region {named(seen.view, 'region', region)}: {_said(row)}"
        yield Raised("forecast_far", float(row["worth"]), words, region=region)
    told = cells["item"].isin([row["item"] for row in items])
    told |= cells["region"].isin([row["region"] for row in regions])
    rest = cells[~told & cells["shown"]]
    rest = rest[_far(rest)]
    worth, said = rest["worth"].to_numpy(np.float64), partial(_cell_words, seen.view)
    yield from raised_of_cells("forecast_far", rest, worth, said)


def _cell_words(view: RunView, row: Mapping[Any, Any]) -> str:
    item, region = named(view, "item", str(row["item"])), named(view, "region", str(row["region"]))
    return f"{item} in {region}: {_said(row)}"


def _far_in_all(cells: pd.DataFrame, kind: str) -> list[dict[Any, Any]]:
    """Return the items or regions whose forecast in all is far from their sales.

    One of whose cells enough buyers stand behind has enough of them itself; others stay untold.
    """
    groups = cells.groupby(kind, sort=True)
    total = groups[["sold", "ahead", "worth"]].sum().assign(shown=groups["shown"].any())
    total = total.reset_index()
    return total[_far(total) & total["shown"]].to_dict("records")


def _compared(seen: Seen) -> pd.DataFrame:
    """Return cells with demand, with `sold` of the last weeks and `ahead` a week, both in units."""
    orders, as_of = seen.sales.orders, seen.view.as_of
    start = as_of - RECENT_WEEKS * WEEK
    if orders.empty or orders["date"].min() > start:
        return pd.DataFrame()
    cells = seen.cells[seen.cells["expected"]]
    mine = orders[(orders["date"] >= start) & (orders["date"] < as_of)]
    weeks = seen.weeks
    found = cells.assign(
        sold=summed(mine, "quantity", cells),
        ahead=cells["wanted"] / weeks,
        shown=~np.isnan(seen.sales.of_cells(cells, start, as_of, as_of)),
    )
    apart = weeks * (found["ahead"] - found["sold"] / RECENT_WEEKS).abs()
    return found.assign(worth=apart * seen.margin_of(found["item"]))


def _far(cells: pd.DataFrame) -> pd.Series:
    """Tell forecasts apart that lie beyond the band of sales, and by a factor."""
    weekly = cells["sold"] / RECENT_WEEKS
    larger = np.maximum(weekly, cells["ahead"])
    spread = WIDTH * np.sqrt(larger / RECENT_WEEKS)
    apart = (cells["ahead"] - weekly).abs()
    return (apart > BAND * spread) & (larger > FACTOR * np.minimum(weekly, cells["ahead"]))


def _said(row: Mapping[Any, Any]) -> str:
    ahead, weekly = float(row["ahead"]), float(row["sold"]) / RECENT_WEEKS
    return (
        f"the forecast is {ahead:,.1f} units a week, the last {RECENT_WEEKS} weeks sold "
        f"{weekly:,.1f} a week."
    )


def unused_plans(seen: Seen) -> Iterator[Raised]:
    """Promotions and events ahead that no forecast can use, as the history holds none like them.

    Money: the forecast of their cells in these weeks, times the margin.
    """
    if seen.view.forecast is None:
        return
    yield from _promotions(seen)
    yield from _events(seen)


def _promotions(seen: Seen) -> Iterator[Raised]:
    prices, as_of = seen.table("prices"), seen.view.as_of
    if prices.empty or "promotion" not in prices:
        return
    promoted = prices[prices["promotion"].fillna(0) > 0]
    if (promoted["week"] < as_of).any():
        return
    for item, rows in promoted[promoted["week"] >= as_of].groupby("item", sort=True):
        worth = _forecast_worth(seen, rows[["region", "item", "week"]])
        where = plural(rows["region"].nunique(), "region")
        words = (
            f"The promotion of {named(seen.view, 'item', str(item))} from {day(rows['week'].min())}"
            f" on in {where} is not in the forecast: no earlier promotion shows what it does; "
            f"{_answer(seen, rows['week'], set(rows['region']), str(item))}."
        )
        yield Raised("unused_plan", worth, words, item=str(item), week=rows["week"].min())


def _events(seen: Seen) -> Iterator[Raised]:
    calendar, view = seen.table("calendar"), seen.view
    if calendar.empty or view.forecast is None:
        return
    names = calendar[calendar["event"].fillna("") != ""]
    last = view.forecast["week"].max() + WEEK
    before = set(names.loc[names["date"] < view.as_of, "event"])
    coming = names[(names["date"] >= view.as_of) & (names["date"] < last)]
    for event, rows in coming[~coming["event"].isin(before)].groupby("event", sort=True):
        first = rows["date"].min()
        week = first - pd.Timedelta(days=first.weekday())
        mine = view.forecast[view.forecast["week"] == week]
        regions = set(rows["region"].fillna("")) if "region" in rows else {""}
        if "" not in regions:
            mine = mine[mine["region"].isin(regions)]
        worth = float((mine["mean"] * seen.margin_of(mine["item"])).sum())
        words = (
            f"The event {event} on {day(first)} is not in the forecast: it never came before, so "
            f"what it does is not known; {_answer(seen, pd.Series([week]), regions)}."
        )
        yield Raised("unused_plan", worth, words, week=week)


def _answer(seen: Seen, weeks: pd.Series[Any], regions: set[str], item: str = "") -> str:
    """Name the adjustments of these weeks and places, or say that there may be one.

    Regions may hold "", all of them; without an item all are meant.
    """
    rows = seen.table("adjustments").to_dict("records")
    items, category = seen.table("items"), ""
    if rows and item:
        category = str(items.loc[items["item"] == item, "category"].max())
    found = []
    for place, row in enumerate(rows, 1):
        its_weeks = weeks[weeks <= row["expires"]]
        if not pd.isna(row["week"]):
            its_weeks = its_weeks[its_weeks == row["week"]]
        here = not row["region"] or "" in regions or row["region"] in regions
        here &= not item or row["item"] in ("", item)
        here &= not item or row["category"] in ("", category)
        if len(its_weeks) and here:
            found.append(f"adjustments {place}")
    if not found:
        return "an adjustment can say it"
    return f"{listed(found, 3)} {'answers' if len(found) == 1 else 'answer'} it"


def _forecast_worth(seen: Seen, cells: pd.DataFrame) -> float:
    forecast = seen.view.forecast
    assert forecast is not None
    mine = forecast.merge(cells.drop_duplicates(), on=["region", "item", "week"])
    return float((mine["mean"] * seen.margin_of(mine["item"])).sum())
