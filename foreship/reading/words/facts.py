"""What a line is judged by, in sentences, and the stock of its cell by week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from foreship.reading.views import RunView
from foreship_foundation.tables.output_files import FACTS, PROJECTED
from foreship_foundation.telling.words import fixed, listed, percent, plural

__all__ = ["fact_words", "stock_by_week"]

SHOWN_WEEKS = 6


def fact_words(view: RunView, item: str, region: str, lines: pd.DataFrame) -> Iterator[str]:
    """Say what was sold, is expected and will lie in a cell; nothing where no line is about it.

    Parameters
    ----------
    lines
        The plan's lines of the cell, with their row numbers as index.
    """
    facts = view.extra(FACTS.name)
    if facts is None or lines.empty:
        return
    mine = facts[facts["line"].isin(lines.index)]
    if mine.empty:
        return
    fact = mine.iloc[0].to_dict()
    yield from _sold(fact)
    days = int(fact["window_days"])
    yield (
        f"Expected in the {plural(days, 'day')} until the next plan's units could arrive: "
        f"{fixed(fact['forecast_window'], 1)} units."
    )
    cover = fact["weeks_of_cover"]
    lasts = "no demand is expected" if pd.isna(cover) else f"{fixed(cover, 1)} weeks of cover"
    yield f"After the plan: {lasts}; sold out then with a chance of {_chance(fact)}."
    weeks = stock_by_week(view, item, region, SHOWN_WEEKS)
    if weeks:
        told = listed(fixed(each, 1) for each in weeks)
        yield f"Stock expected at the end of the coming weeks, without later plans: {told}."


def stock_by_week(view: RunView, item: str, region: str, most: int) -> list[float]:
    """Return the stock expected in a cell at the end of each week, in units; [] where unknown."""
    projected = view.extra(PROJECTED.name)
    if projected is None:
        return []
    mine = projected[(projected["region"] == region) & (projected["item"] == item)]
    return [float(each) for each in mine.sort_values("week")["stock"].head(most)]


def _sold(fact: dict[Any, Any]) -> Iterator[str]:
    """Say what the last weeks sold, and the same weeks of last year, where it may be told."""
    now, then = fact["sold_4_weeks"], fact["sold_4_weeks_last_year"]
    if pd.isna(now):
        return
    before = "" if pd.isna(then) else f", {fixed(then)} in the same weeks of last year"
    yield f"Sold in the last 4 weeks: {fixed(now)}{before}."


def _chance(fact: dict[Any, Any]) -> str:
    return percent(float(fact["sold_out_chance"]))
