"""Input that `check` doubts, stock of another day, and supply that is late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from foreship.errors import Fault
from foreship.exceptions.raised import Raised, named
from foreship.exceptions.seen import Seen
from foreship.reading.views import day
from foreship_foundation.telling.words import plural, sentence

__all__ = ["late_supply", "stale_input", "suspicious_input"]

RECENT: Final = pd.Timedelta(weeks=4)
PRICED: Final = {"orders": "price", "stock": "unit_cost", "inbound": "unit_cost"}
"""tables whose rows are units, and what a unit of them is worth"""


def suspicious_input(seen: Seen) -> Iterator[Raised]:
    """Doubts of data quality; that a column is not used, or a value assumed, stakes no money.

    Money: rows in doubt, all of the table where it is meant as a whole, times the mean worth of a
    row: units at price or unit cost; of a table without units, its share of four weeks of sales.
    """
    for each in seen.warnings:
        money = _at_stake(seen, each) if each.check else 0.0
        yield Raised("suspicious_input", money, sentence(str(each)))


def _at_stake(seen: Seen, doubt: Fault) -> float:
    table = seen.table(doubt.table)
    if table.empty:
        return 0.0
    rows = min(doubt.count or len(table), len(table))
    if doubt.table in PRICED:
        each = seen.worth_of(table["item"], PRICED[doubt.table])
        return float((table["quantity"] * each).mean() * rows)
    return _sales_value(seen) * rows / len(table)


def _sales_value(seen: Seen) -> float:
    orders, as_of = seen.sales.orders, seen.view.as_of
    recent = orders[(orders["date"] >= as_of - RECENT) & (orders["date"] < as_of)]
    return float((recent["quantity"] * seen.worth_of(recent["item"], "price")).sum())


def stale_input(seen: Seen) -> Iterator[Raised]:
    """Stock that looks like that of another day, or that does not know what is under way.

    Money: the unit cost of what the plan moves, which may be moved twice.
    """
    lines = seen.view.lines
    moved = float((lines["quantity"] * seen.worth_of(lines["item"], "unit_cost")).sum())
    for each in seen.stale:
        yield Raised("stale_input", moved, sentence(each))


def late_supply(seen: Seen) -> Iterator[Raised]:
    """Inbound whose day has passed, and announced units that receipts say did not come.

    Money: units, times what a unit gains where it is sold, in a hub the margin of a sale.
    """
    yield from _overdue(seen)
    yield from _missing(seen)


def _overdue(seen: Seen) -> Iterator[Raised]:
    inbound = seen.table("inbound")
    if inbound.empty:
        return
    late = inbound[inbound["arrival_date"] < seen.view.as_of]
    groups = late.groupby(["location", "item"], sort=True)
    for (place, item), rows in groups:
        units, first = int(rows["quantity"].sum()), rows["arrival_date"].min()
        words = (
            f"{plural(units, 'unit')} of {named(seen.view, 'item', str(item))} should have reached "
            f"{_place(seen, str(place))} on {day(first)} and still "
            f"{'stands' if units == 1 else 'stand'} in inbound; the plan counts on "
            f"{'it' if units == 1 else 'them'} from its Monday on."
        )
        yield _late(seen, str(place), str(item), units, words)


def _missing(seen: Seen) -> Iterator[Raised]:
    lateness = seen.table("lateness")
    if lateness.empty:
        return
    near = lateness[lateness["promised"] >= seen.view.as_of - 2 * RECENT]
    short = near.assign(units=near["quantity"] - near["received"])
    short = short[short["units"] > 0]
    for (place, item), rows in short.groupby(["location", "item"], sort=True):
        units, first = int(rows["units"].sum()), rows["promised"].min()
        words = (
            f"{plural(units, 'unit')} of {named(seen.view, 'item', str(item))} announced for "
            f"{_place(seen, str(place))} from {day(first)} on never came, say the receipts."
        )
        yield _late(seen, str(place), str(item), units, words)


def _late(seen: Seen, place: str, item: str, units: int, words: str) -> Raised:
    row = seen.rows.get((place, item))
    if row is not None:
        cell = seen.cells.iloc[row]
        worth, line = float(cell["worth"]), int(cell["line"])
        return Raised("late_supply", units * worth, words, place, item, line=line)
    worth = float(seen.margin_of(pd.Series([item]))[0])
    return Raised("late_supply", units * worth, words, item=item, hub=place)


def _place(seen: Seen, place: str) -> str:
    return named(seen.view, "hub" if seen.knows("hub", place) else "region", place)
