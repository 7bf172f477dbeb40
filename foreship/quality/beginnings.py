"""Tables and windows in which nothing is open: empty, all over, or long to come."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship.errors import Fault
from foreship.quality.evidence import Evidence, warning

__all__ = ["launches_are_near", "listings_have_rows", "something_is_open"]

LISTINGS = {
    "assortment": "every cell with an order in the history or stock counts as listed",
    "exits": "the exits of foreship.toml are used",
}
"""tables that say something else when they hold no row"""
FAR = np.timedelta64(364, "D")
COMING = {"items": "launch_date", "assortment": "from", "lanes": "from", "inbound": "arrival_date"}
OPEN = ("assortment", "lanes")


def listings_have_rows(seen: Evidence) -> Iterator[Fault]:
    """A list with a header and no row, which is read as if it were absent."""
    for name, words in LISTINGS.items():
        read = seen.read(name)
        if read is not None and not read.rows:
            remedy = f"{words}; is it complete?"
            yield Fault(name, read.without_rows, remedy, severity="warning")


def launches_are_near(seen: Evidence) -> Iterator[Fault]:
    """First days more than a year ahead, 2199 say: what they open stays closed."""
    if seen.today is None:
        return
    for name, column in COMING.items():
        read = seen.read(name, column)
        if read is None or not read.rows:
            continue
        late = read.parsed[column].values > seen.today + FAR
        if late.any():
            some = "all rows" if late.all() else "rows"
            words = f"{some} more than a year ahead"
            yield warning(read, column, late, words, "a placeholder? leave the date blank")


def something_is_open(seen: Evidence) -> Iterator[Fault]:
    """Windows that are all over when the plan is made: nothing is listed, or no lane open."""
    if seen.today is None:
        return
    for name in OPEN:
        read = seen.read(name, "to")
        if read is None or not read.rows:
            continue
        over = read.parsed["to"].values < seen.today
        if over.all():
            words = f"every window is over before {seen.today}"
            yield warning(read, "to", over, words, "is this year's list missing?")
