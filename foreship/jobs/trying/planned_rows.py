"""Rows of what is planned by way of trial: a promotion, an event, another demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

import pandas as pd

from foreship.errors import Fault, UsageError
from foreship.jobs.trying.change import DEMAND, EVENT, PROMOTION, Change
from foreship.jobs.trying.chosen_rows import chosen_days
from foreship.jobs.trying.promoted_prices import promoted_prices
from foreship_foundation.tables.asked_rows import MOST_FACTOR
from foreship_foundation.telling.near_names import nearest, nearest_of
from foreship_foundation.telling.words import plural
from foreship_foundation.working_days import closes

__all__ = ["Planned", "demand_rows", "event_rows", "promotion_rows"]

AUTHOR: Final = "what if"
REASON: Final = "tried"
KINDS: Final = {"*": "times", "+": "plus", "-": "plus"}
"""how demand is moved -> the kind of its adjustment"""
STATE_IT: Final = "state what it does by a change such as demand*1.3 where week="
LAST_DAY: Final = 370
"""days for which demand is moved where no week is named: beyond every horizon"""


@dataclass
class Planned:
    """Tables that rows of what is planned are added to, and what must be said of it."""

    tables: dict[str, pd.DataFrame]
    as_of: pd.Timestamp
    until: pd.Timestamp
    """first day that no forecast looks at any more"""
    changes: Sequence[Change] = ()
    """all that is tried together"""
    touched: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    unlearned: list[str] = field(default_factory=list)

    @property
    def effect_is_stated(self) -> bool:
        """Whether what is planned comes with a change of demand."""
        return any(each.about == DEMAND for each in self.changes)

    def ids(self, column: str, table: str) -> list[str]:
        """Return the ids of a table, in their order."""
        return [str(each) for each in self.tables[table][column]]

    def put(self, table: str, rows: pd.DataFrame) -> None:
        """Put rows at the end of a table."""
        there = self.tables.get(table)
        whole = rows if there is None or there.empty else pd.concat([there, rows])
        self.tables[table] = whole.reset_index(drop=True)
        self.touched.add(table)


def promotion_rows(planned: Planned, change: Change) -> None:
    """Add a row of `prices` for each item, region and week that is promoted.

    An item and region that may not be stocked has none.

    Raises
    ------
    UsageError
        With every fault of the change.
    """
    faults: list[Fault] = []
    allowed = ("week", "item", "category", "region", "parent")
    _refuse_others(PROMOTION, change, allowed, faults)
    weeks = _days(planned, change, "week", faults)
    items = _ids(planned, change, "items", "item", ("item", "category"), faults)
    regions = _ids(planned, change, "regions", "region", ("region", "parent"), faults)
    amount = _amount(PROMOTION, change, faults) if change.how else 1.0
    if amount is not None and amount <= 0 and change.how:
        remedy = "of a factor: above 0, as 0.8 for a fifth off"
        faults.append(Fault(PROMOTION, "is no price", remedy, "price", values=(change.value,)))
    _refuse(faults)
    cells = pd.DataFrame(product(weeks, regions, items), columns=["week", "region", "item"])
    cells = _stockable(planned, cells)
    if cells.empty:
        _refuse([Fault(PROMOTION, "no item that is named may be stocked in a region named")])
    prices, replaced = promoted_prices(planned.tables, cells, change.how, amount or 1.0)
    known = planned.tables.get("prices")
    if replaced:
        rows = plural(replaced, "row that stands in `prices` is", "rows that stand in `prices` are")
        planned.notes.append(f"{change}: {rows} replaced.")
        planned.tables["prices"] = known = _without(planned.tables["prices"], cells)
    if known is not None and not planned.effect_is_stated:
        past = known[known["week"] < planned.as_of]
        if not (past["promotion"] > 0).any():
            planned.unlearned.append(
                f"{change}: `prices` holds no earlier promotion, so no forecast knows what one "
                f"does; {STATE_IT}{weeks[0]:%Y-%m-%d}."
            )
    planned.put("prices", prices)


def event_rows(planned: Planned, change: Change) -> None:
    """Add a row of `calendar` for each day and place of an event.

    Raises
    ------
    UsageError
        With every fault of the change.
    """
    faults: list[Fault] = []
    _refuse_others(EVENT, change, ("date", "region"), faults)
    if not change.value.strip():
        faults.append(Fault(EVENT, "has no name", 'write event "black friday" where date=DAY'))
    days = _days(planned, change, "date", faults)
    places = list(change.where.get("region", ("",)))
    closing = bool(closes([change.value])[0])
    known = planned.ids("region", "regions") + (planned.ids("hub", "hubs") if closing else [])
    _refuse_strange(EVENT, "region", [each for each in places if each], known, faults)
    _refuse(faults)
    rows = pd.DataFrame(product(days, [change.value], places), columns=["date", "event", "region"])
    there = planned.tables.get("calendar")
    if there is not None:
        new = _without(rows, there)
        if new.empty:
            _refuse([Fault(EVENT, "stands in `calendar` already", "give other days or regions")])
        rows = new
        _tell_unlearned(planned, change, there, days[0], closing=closing)
    planned.put("calendar", rows)


def _tell_unlearned(
    planned: Planned, change: Change, calendar: pd.DataFrame, day: pd.Timestamp, *, closing: bool
) -> None:
    """Say of an event that never was that no forecast can know what it does."""
    before = sorted(set(calendar.loc[calendar["date"] < planned.as_of, "event"].astype(str)))
    if closing or change.value in before or planned.effect_is_stated:
        return
    near = nearest_of(change.value, before)
    meant = f" (is it {near!r}?)" if near else ""
    week = day - pd.Timedelta(days=day.weekday())
    planned.unlearned.append(
        f"{change}: no such event was before {planned.as_of:%Y-%m-%d}{meant}, so no forecast knows "
        f"what it does; {STATE_IT}{week:%Y-%m-%d}."
    )


def demand_rows(planned: Planned, change: Change) -> None:
    """Add the rows of `adjustments` that say by how much demand is another one.

    Raises
    ------
    UsageError
        With every fault of the change.
    """
    faults: list[Fault] = []
    _refuse_others(DEMAND, change, ("week", "region", "item", "category"), faults)
    weeks: list[Any] = (
        _days(planned, change, "week", faults) if "week" in change.where else [pd.NaT]
    )
    amount = _amount(DEMAND, change, faults)
    if change.how == "*" and amount is not None and not 0 <= amount <= MOST_FACTOR:
        remedy = f"a factor is 0 to {MOST_FACTOR:g}"
        faults.append(Fault(DEMAND, "is no factor", remedy, values=(change.value,)))
    for column, table in (("item", "items"), ("region", "regions"), ("category", "items")):
        named = change.where.get(column, ())
        _refuse_strange(DEMAND, column, named, planned.ids(column, table), faults)
    if {"item", "category"} <= change.where.keys():
        faults.append(Fault(DEMAND, "names an item and a category", "name one of them"))
    _refuse(faults)
    scope = [change.where.get(each, ("",)) for each in ("region", "item", "category")]
    rows = pd.DataFrame(product(weeks, *scope), columns=["week", "region", "item", "category"])
    last = max(weeks) if "week" in change.where else planned.as_of
    days = 6 if "week" in change.where else LAST_DAY
    signed = {"reason": REASON, "author": AUTHOR, "expires": last + pd.Timedelta(days=days)}
    value = -(amount or 0.0) if change.how == "-" else amount
    rows = rows.assign(kind=KINDS[change.how], value=value, **signed)
    planned.put("adjustments", rows)


def _ids(
    planned: Planned,
    change: Change,
    table: str,
    key: str,
    columns: Sequence[str],
    faults: list[Fault],
) -> list[str]:
    """Return the ids that conditions on a table leave, all without one."""
    frame = planned.tables[table]
    keep = pd.Series(True, index=frame.index)
    for column in columns:
        values = change.where.get(column)
        if values is not None:
            texts = frame[column].astype(str)
            _refuse_strange(change.about, column, values, list(texts), faults)
            keep &= texts.isin(values)
    return [str(each) for each in frame.loc[keep, key]]


def _days(planned: Planned, change: Change, column: str, faults: list[Fault]) -> list[pd.Timestamp]:
    values = change.where.get(column, ())
    if not values:
        remedy = f"add `where {column}=2026-11-23`"
        faults.append(Fault(change.about, f"says no {column}", remedy, column=column))
    days = chosen_days(change.about, column, values, planned.as_of, faults)
    if days and min(days) >= planned.until:
        last = planned.until - pd.Timedelta(days=1)
        planned.unlearned.append(
            f"{change}: no forecast looks beyond {last:%Y-%m-%d}, so it moves nothing."
        )
    return days


def _amount(about: str, change: Change, faults: list[Fault]) -> float | None:
    try:
        amount = float(change.value)
    except ValueError:
        amount = float("nan")
    if abs(amount) < float("inf"):
        return amount
    faults.append(Fault(about, "is no number", "write 1.3", values=(change.value,)))
    return None


def _refuse_others(about: str, change: Change, allowed: Sequence[str], faults: list[Fault]) -> None:
    for column in change.where:
        if column not in allowed:
            remedy = nearest(column, allowed)
            faults.append(Fault(about, "is not chosen by it", remedy, column=column))


def _refuse_strange(
    about: str, column: str, named: Sequence[str], known: Sequence[str], faults: list[Fault]
) -> None:
    there = set(known)
    for each in named:
        if each not in there:
            remedy = nearest(each, sorted(there))
            faults.append(Fault(about, "there is none", remedy, column, values=(each,)))


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise UsageError("", faults)


def _stockable(planned: Planned, cells: pd.DataFrame) -> pd.DataFrame:
    """Leave out cells that the assortment does not have, where there is one."""
    there = planned.tables.get("assortment")
    if there is None or there.empty:
        return cells
    return cells.merge(there[["region", "item"]].drop_duplicates(), on=["region", "item"])


def _without(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have no like among others."""
    keys = [
        each
        for each in ("week", "date", "event", "region", "item")
        if each in others and each in rows
    ]
    like = pd.MultiIndex.from_frame(rows[keys]).isin(pd.MultiIndex.from_frame(others[keys]))
    return rows[~like]
