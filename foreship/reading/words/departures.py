"""What leaves when, in words: vehicles, how full they are, and when it arrives.

All of it is read from `departures.parquet`; where there is none, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from foreship.reading.views import RunView, day
from foreship_foundation.telling.words import money, percent, plural

__all__ = ["departure_words", "departures_of", "span_words", "vehicle_words", "weekday"]

FULL: Final = 0.995
"""share of what its vehicles hold from which a departure is called full"""
KEY = ["origin", "destination", "ship_date", "arrival_date"]


def departures_of(view: RunView, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the departures that carry some lines, in order of their days; none where unknown."""
    if view.departures is None or lines.empty:
        return pd.DataFrame(columns=KEY)
    mine = lines[KEY].drop_duplicates()
    found = view.departures.merge(mine, on=KEY)
    return found.sort_values(["ship_date", *KEY], ignore_index=True)


def departure_words(view: RunView, lines: pd.DataFrame) -> Iterator[str]:
    """Say of each departure that carries a line of a cell what it costs, and why on that day."""
    for row in departures_of(view, lines).to_dict("records"):
        yield (
            f"On {weekday(row['ship_date'])} from {row['origin']}: {plural(row['units'], 'unit')} "
            f"on {plural(row['lines'], 'line')}{vehicle_words(row)}; {span_words(row)}."
        )
        yield from _other_days(view, row)


def vehicle_words(row: dict[Any, Any]) -> str:
    """Say how many vehicles a departure pays for, how full they are, and what lines cost beside.

    '' where it pays for neither.
    """
    said = ""
    if row["vehicles"]:
        fill = row["vehicle_fill"]
        full = "" if pd.isna(fill) else f", {percent(fill)} full,"
        said = f" in {plural(row['vehicles'], 'vehicle')}{full} for {money(row['vehicle_cost'])}"
    if row["line_cost"]:
        said += f"{' and' if said else ','} {money(row['line_cost'])} for handling lines"
    return said


def span_words(row: dict[Any, Any]) -> str:
    """Say when a departure arrives: on its day, or between two days in 9 of 10 cases."""
    first, last = row["arrival_from"], row["arrival_to"]
    if first == last:
        return f"it arrives on {weekday(row['arrival_date'])}"
    return f"it arrives between {weekday(first)} and {weekday(last)} in 9 of 10 cases"


def _other_days(view: RunView, row: dict[Any, Any]) -> Iterator[str]:
    """Say of the other departures of the same way how full they are: why not with them."""
    assert view.departures is not None
    same = view.departures[
        (view.departures["origin"] == row["origin"])
        & (view.departures["destination"] == row["destination"])
        & (view.departures["ship_date"] != row["ship_date"])
    ]
    for other in same.sort_values(KEY).to_dict("records"):
        fill = other["vehicle_fill"]
        if pd.notna(fill):
            full = "is full" if fill >= FULL else f"is {percent(fill)} full"
            yield f"The one of {weekday(other['ship_date'])} {full}; {span_words(other)}."


def weekday(date: pd.Timestamp) -> str:
    """Write a day with its weekday: `Tue 2026-11-17`."""
    return f"{date:%a} {day(date)}"
