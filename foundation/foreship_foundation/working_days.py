"""On which days docks work: weekdays as they are written, and the days on which places are closed.

What the words mean, the same for all who read them; no plan is made here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools
from foreship_foundation.telling.words import WEEKDAYS, listed

__all__ = [
    "CLOSED",
    "closed_days",
    "closes",
    "hubs_under_other_events",
    "strange_weekdays",
    "weekdays_of",
]

IN_WORDS: Final = "Mon, Tue, Wed, Thu, Fri, Sat or Sun"
CLOSED: Final = ("closed", "closure")
"""what the event of a day begins with, in any case, on which the docks of a place rest"""
BETWEEN: Final = re.compile(r"[\s,;]+")
"""what stands between two weekdays: blanks, commas, semicolons"""
NUMBERS: Final = {
    word.casefold(): number
    for number, name in enumerate(WEEKDAYS)
    for word in (name, name[:3])
}  # fmt: skip


def weekdays_of(text: str) -> tuple[int, ...]:
    """Return the weekdays that a text names, Monday 0 to Sunday 6, each once and in that order.

    Mon to Sun or full names, in any case, separated by blanks, commas or semicolons; none for a
    blank, which is to say every day.

    Raises
    ------
    ValueError
        Naming the words that are no weekdays.
    """
    strange = strange_weekdays(text)
    if strange:
        words = " ".join(map(repr, strange))
        raise ValueError(f"no weekday: {words}; must be of {IN_WORDS}")
    return tuple(sorted({NUMBERS[word] for word in _words(text)}))


def strange_weekdays(text: str) -> tuple[str, ...]:
    """Return the words of a text that are no weekdays, as they are written.

    A text of commas alone names no day, and is strange as a whole.
    """
    if text.strip() and not _words(text):
        return (text,)
    return tuple(word for word in BETWEEN.split(text) if word and word.casefold() not in NUMBERS)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in BETWEEN.split(text) if word]


def closes(events: Iterable[str]) -> Bools:
    """Tell which events close the docks of their place: they begin with a word of `CLOSED`."""
    return np.array([each.strip().casefold().startswith(CLOSED) for each in events], dtype=bool)


def closed_days(
    calendar: pd.DataFrame, places: Iterable[str]
) -> dict[str, frozenset[np.datetime64]]:
    """Return the days on which the docks of each place are closed, of any hub or region.

    Parameters
    ----------
    calendar
        `date, event, region`, typed; a blank `region`, or none, is every place.
    places
        Ids of hubs and regions; each is a key of what is returned.
    """
    names = list(places)
    closing = calendar[closes(calendar["event"])]
    days = closing["date"].to_numpy().astype("datetime64[D]")
    where = _places_of(closing)
    everywhere = frozenset(days[where == ""])
    return {name: everywhere | frozenset(days[where == name]) for name in names}


def _places_of(calendar: pd.DataFrame) -> Any:
    """Return the place of each row as text, blank where it is every place."""
    if "region" not in calendar.columns:
        return np.full(len(calendar), "", dtype=object)
    return calendar["region"].fillna("").to_numpy(dtype=object)


def hubs_under_other_events(calendar: pd.DataFrame, hubs: Iterable[str]) -> list[str]:
    """Say which rows name a hub for another reason than that it is closed: nobody buys there."""
    named = np.isin(_places_of(calendar).astype(str), np.array([*hubs], dtype=str))
    bad = np.flatnonzero(named & ~closes(calendar["event"]))
    return [
        f"table calendar, row {row + 1}, column event: {calendar['event'].iloc[row]!r} must begin "
        f"with {listed(CLOSED, last='or')}, for {calendar['region'].iloc[row]!r} is a hub"
        for row in bad[:5].tolist()
    ]
