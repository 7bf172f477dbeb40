"""Too little or too much in a region: stock-outs ahead, dead stock, units whose time is up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship.exceptions.raised import Raised, named, raised_of_cells
from foreship.exceptions.seen import Seen
from foreship.reading.facts.projected_stock import places_among
from foreship.reading.views import FROM_HUBS, RunView, day
from foreship_foundation.telling.words import percent, plural

__all__ = ["dead_stock", "exits_due", "stock_outs"]

LIKELY: Final = 0.5
"""chance of being sold out from which a stock-out is expected"""
DEAD_WEEKS: Final = 26
WEEK: Final = pd.Timedelta(weeks=1)


def stock_outs(seen: Seen) -> Iterator[Raised]:
    """Regions that will probably be sold out, of items that no hub can send after an order.

    Money: units that find nothing, as far as hubs lack them, times margin and gain of a unit there.
    """
    cells = seen.cells
    likely = cells[(cells["sold_out"] >= LIKELY) & (cells["unserved"] > 0.0)]
    if likely.empty:
        return
    left = _left_in_hubs(seen)
    total = cells.groupby("item")["unserved"].sum()
    unserved = likely["item"].map(total).to_numpy()
    there = likely["item"].map(left).fillna(0.0).to_numpy(dtype=np.float64)
    lost = likely["unserved"].to_numpy() * np.clip(1.0 - there / unserved, 0.0, 1.0)
    money = lost * (seen.margin_of(likely["item"]) + likely["worth"].to_numpy())
    some = lost > 0.0
    words = partial(_sold_out_words, seen.view)
    yield from raised_of_cells("stock_out", likely.assign(left=there)[some], money[some], words)


def _sold_out_words(view: RunView, cell: Mapping[Any, Any]) -> str:
    return (
        f"{named(view, 'region', str(cell['region']))} will be sold out of "
        f"{named(view, 'item', str(cell['item']))} with a chance of {percent(cell['sold_out'])}: "
        f"{cell['unserved']:.1f} units of {cell['wanted']:.1f} wanted find nothing there, and "
        f"hubs have {plural(cell['left'], 'unit')} left."
    )


def _left_in_hubs(seen: Seen) -> pd.Series:
    """Return units of each item that hubs have left after the plan."""
    stock, hubs, lines = seen.table("stock"), seen.table("hubs"), seen.view.lines
    here = stock[stock["location"].isin(hubs["hub"])].groupby("item")["quantity"].sum()
    sent = lines[lines["action"].isin(FROM_HUBS)].groupby("item")["quantity"].sum()
    return here.sub(sent, fill_value=0).clip(lower=0)


def dead_stock(seen: Seen) -> Iterator[Raised]:
    """Stock that stays in a region beyond half a year of its demand.

    Money: units beyond it, times their holding for half a year and what they lose unsold.
    """
    cells = seen.cells
    over = cells["stays"] - np.ceil(DEAD_WEEKS * cells["weekly"])
    dead = cells.assign(over=over)[over > 0.0]
    holding = seen.worth_of(dead["item"], "holding")
    money = dead["over"].to_numpy() * (DEAD_WEEKS * holding + dead["loss"].to_numpy())
    yield from raised_of_cells("dead_stock", dead, money, partial(_dead_words, seen.view))


def _dead_words(view: RunView, cell: Mapping[Any, Any]) -> str:
    return (
        f"{named(view, 'region', str(cell['region']))} keeps {plural(cell['stays'], 'unit')} of "
        f"{named(view, 'item', str(cell['item']))}, {cell['over']:,.0f} more than {DEAD_WEEKS} "
        f"weeks of demand at {cell['weekly']:.2f} a week."
    )


def exits_due(seen: Seen) -> Iterator[Raised]:
    """Units that lie where their assortment ends by next Monday, and that the plan leaves there.

    Money: their number times a week of holding and what they lose unsold.
    """
    last = _last_days(seen)
    if last.empty:
        return
    cells = seen.cells[seen.cells["stays"] > 0]
    keys = pd.MultiIndex.from_frame(cells[["region", "item"]])
    cells = cells.assign(end=last.reindex(keys).to_numpy())
    due = cells[cells["end"].notna() & (cells["end"] <= seen.view.as_of + WEEK)]
    holding = seen.worth_of(due["item"], "holding")
    money = due["stays"].to_numpy() * (holding + due["loss"].to_numpy())
    yield from raised_of_cells("exit_due", due, money, partial(_exit_words, seen.view))


def _exit_words(view: RunView, cell: Mapping[Any, Any]) -> str:
    region, item = (
        named(view, "region", str(cell["region"])),
        named(view, "item", str(cell["item"])),
    )
    verb = "ended" if cell["end"] < view.as_of else "ends"
    return (
        f"{plural(cell['stays'], 'unit')} of {item} {'lies' if cell['stays'] == 1 else 'lie'} in "
        f"{region}, where the assortment {verb} on {day(cell['end'])}, and the plan takes none of "
        "these away."
    )


def _last_days(seen: Seen) -> pd.Series:
    """Return the last day on which each cell of the assortment may be stocked, where it ends."""
    table = seen.table("assortment")
    if table.empty or "to" not in table:
        return pd.Series([], dtype="datetime64[us]")
    dated = table["to"].notna()
    last = table[dated].groupby(["region", "item"])["to"].max()
    # a cell with one row that never ends does not end
    endless = places_among(last.index.to_frame(index=False), table[~dated])
    ends = np.ones(len(last), dtype=bool)
    ends[endless[endless >= 0]] = False
    return last[ends]
