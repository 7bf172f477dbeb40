"""What is planned for the coming weeks but moves no forecast, as the history holds nothing like it.

Effects of events, promotions and prices are learned from past weeks (docs/forecast.md, eq. 58):
where there are none, the forecast is the one without the plan, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship_forecast.features.known_ahead import MOST_EVENTS, Outlook
from foreship_forecast.features.planned_prices import SAME_PRICE, PlannedPrices
from foreship_forecast.history.cells import places
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.history.stated_weeks import StatedWeeks
from foreship_foundation.arrays import Bools, Ints, Singles
from foreship_foundation.telling.words import plural

__all__ = ["unused_plans"]

NAMED = 3
"""names that a sentence gives before it counts the rest"""


def unused_plans(snapshot: Snapshot, panel: Panel, outlook: Outlook) -> tuple[str, ...]:
    """Return a sentence for each kind of known event that the forecast cannot use.

    Parameters
    ----------
    snapshot
        Its calendar is read.
    panel
        Its counted weeks are those that effects are learned from; only cells that may be stocked
        are told of.
    outlook
        What is known ahead, up to one week past the horizon.
    """
    coming = slice(panel.shape[1] + panel.gap, len(outlook.weeks) - 1)
    notes = [*_events(snapshot, panel, outlook, coming)]
    if outlook.prices is not None:
        notes += _plans_of_cells(panel, outlook.prices, coming)
    return tuple(notes)


def _events(snapshot: Snapshot, panel: Panel, outlook: Outlook, coming: slice) -> Iterator[str]:
    """Tell of coming events that never came before, and of those too rare for a column."""
    calendar = snapshot.calendar
    name, region = (calendar[each].to_numpy(dtype=object) for each in ("event", "region"))
    heard = (name != "") & ((region == "") | (places(panel.codes.regions, region) >= 0))
    day = calendar["date"].to_numpy().astype("datetime64[D]")
    week = (day - outlook.weeks[0]).astype(np.int64) // 7
    before = set(name[heard & (week >= 0) & (week < panel.shape[1])])
    ahead = set(name[heard & (week >= coming.start) & (week < coming.stop)])
    if new := sorted(ahead - before):
        yield (
            f"{plural(len(new), 'coming event')} never fell into the weeks of the history, so what"
            f" {'they do' if len(new) > 1 else 'it does'} is not known: {_first(new)}."
        )
    if rare := sorted((ahead & before) - set(outlook.events)):
        yield (
            f"{plural(len(rare), 'coming event')} {'are' if len(rare) > 1 else 'is'} not among the"
            f" {MOST_EVENTS} most frequent, the only ones whose effects are learned:"
            f" {_first(rare)}."
        )


def _plans_of_cells(panel: Panel, planned: PlannedPrices, coming: slice) -> Iterator[str]:
    """Tell of promotions without an earlier one, of prices without a past, of first changes."""
    weeks = panel.shape[1]
    cell, week = planned.promotion.cell, planned.promotion.week
    on, past = planned.promotion.value > 0, week < weeks
    promoted = np.zeros(len(panel.offered), dtype=bool)
    promoted[cell[on & _within(week, coming)]] = True
    promoted &= panel.offered
    if promoted.any() and not panel.counted((cell[on & past], week[on & past])).any():
        yield (
            f"{plural(int(promoted.sum()), 'cell')} will be promoted, but the history holds no"
            f" promotion to learn from: {_named(panel, promoted)}."
        )
    low, high = _range(planned.price, slice(0, weeks))
    lowest, highest = _range(planned.price, coming)
    stated, known = ~np.isnan(lowest), ~np.isnan(low)
    new = panel.offered & stated & ~known
    if new.any():
        yield (
            f"{plural(int(new.sum()), 'cell')} with a planned price had none before to compare it"
            f" with, so it is not used: {_named(panel, new)}."
        )
    apart = 1.0 + SAME_PRICE
    changed = panel.offered & stated & known
    changed &= (highest > apart * low) | (lowest * apart < high)
    if changed.any() and not (high > apart * low).any():
        yield (
            f"{plural(int(changed.sum()), 'cell')} will change in price, but no price of the"
            f" history ever did, so what it does is not known: {_named(panel, changed)}."
        )


def _range(price: StatedWeeks, weeks: slice) -> tuple[Singles, Singles]:
    """Return the lowest and the highest price of each cell in some weeks, NaN without any, (C,)."""
    there = _within(price.week, weeks)
    cell, value = price.cell[there], price.value[there]
    low, high = (np.full(price.shape[0], np.nan, dtype=np.float32) for _ in range(2))
    np.fmin.at(low, cell, value)
    np.fmax.at(high, cell, value)
    return low, high


def _within(week: Ints, weeks: slice) -> Bools:
    there: Bools = (week >= weeks.start) & (week < weeks.stop)
    return there


def _named(panel: Panel, cells: Bools) -> str:
    region, item = panel.codes.names()
    pairs = zip(item[cells].tolist(), region[cells].tolist(), strict=True)
    return _first([f"{each} in {place}" for each, place in pairs])


def _first(names: list[str]) -> str:
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {rest:,} more" if rest > 0 else "")
