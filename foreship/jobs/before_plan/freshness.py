"""Whether a plan rests on this week's tables: orders that end early, stock planned on before.

Orders older than `freshness.orders_days` stop a job before its work. Stock that looks like last
week's lets the plan be made and holds it: shipped, it would send the same units twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from foreship.approval.life import plans_before
from foreship.errors import Fault, ForeshipError, InputError
from foreship.jobs.before_plan.notes import missing_inbound
from foreship.jobs.identity import iso
from foreship.own_files import PLAN_LINES
from foreship.runs import Run, load_run
from foreship_foundation.tables.contents import content_hash
from foreship_foundation.telling.words import plural

if TYPE_CHECKING:
    from foreship.workspace.opening import Workspace

__all__ = ["refuse_old_orders", "stale_stock", "stock_content"]

HELD = "Held: "
"""what a note begins with that says why a plan is held"""
RECENT = timedelta(weeks=4)
"""age up to which a plan's units should still be found: later, other hands have moved them"""
MOST_MISSING = 0.5
"""share of the units arrived from which the stock may not know of them"""


def refuse_old_orders(workspace: Workspace, today: date | None = None) -> None:
    """Refuse orders that end too long before the plan, as after a load that failed.

    Parameters
    ----------
    today
        The day of the run where nobody named the Monday: taken from the orders, it is never old.

    Raises
    ------
    InputError
        If the newest known order is older than `freshness.orders_days`.
    """
    limit = workspace.config.freshness.orders_days
    days = workspace.tables["orders"]["date"]
    known = days[days < workspace.as_of]
    if limit is None or known.empty:
        return
    day = workspace.as_of.date()
    named = "as_of" if today is None or today <= day else "today"
    until = max(day, today or day)
    newest = known.max().date()
    age = (until - newest).days
    if age > limit:
        problem = f"the newest is of {newest}, {plural(age, 'day')} before {until} ({named})"
        remedy = f"freshness.orders_days = {limit}: did the load fail? an older week needs --as-of"
        raise InputError(faults=[Fault("orders", problem, remedy, column="date")])


def stale_stock(workspace: Workspace) -> Iterator[str]:
    """Say why the stock may not be what lies there on the Monday of the plan."""
    earlier = _last_plan(workspace)
    if earlier is not None and len(earlier.plan) and _same_stock(earlier, workspace):
        units = int(earlier.plan["quantity"].sum())
        yield (
            f"stock is what it was for run {earlier.path.name}, whose plan moved "
            f"{plural(units, 'unit')}: "
            f"it may be last week's file, and they may be moved twice; load the stock of "
            f"{iso(workspace.as_of)}"
        )
    elif earlier is not None:
        yield from _not_received(earlier, workspace)
    yield from missing_inbound(workspace)
    yield from _counted_on_another_day(workspace)


def stock_content(workspace: Workspace) -> str:
    """Return a hash of the stock, in whatever order and format it is written."""
    stock = workspace.tables["stock"]
    return content_hash(stock.loc[stock["quantity"] > 0, ["location", "item", "quantity"]])


def _same_stock(run: Run, workspace: Workspace) -> bool:
    known = run.manifest.get("stock_content")
    return known is not None and known == stock_content(workspace)


def _not_received(run: Run, workspace: Workspace) -> Iterator[str]:
    """Say that what should have arrived by now is neither in stock nor ordered since, mostly."""
    import pandas as pd

    if workspace.as_of - pd.Timestamp(run.as_of) > RECENT:
        return
    lines, orders, keys = run.plan, workspace.tables["orders"], ["location", "item"]
    lines = lines[(lines["destination"] != "") & (lines["arrival_date"] < workspace.as_of)]
    arrived = lines.rename(columns={"destination": "location"}).groupby(keys)["quantity"].sum()
    since = orders[orders["date"].between(run.as_of, workspace.as_of, inclusive="left")]
    sold = since.rename(columns={"region": "location"}).groupby(keys)["quantity"].sum()
    there = workspace.tables["stock"].groupby(keys)["quantity"].sum().add(sold, fill_value=0)
    missing = (arrived - there.reindex(arrived.index, fill_value=0)).clip(lower=0)
    if len(arrived) and missing.sum() >= MOST_MISSING * arrived.sum():
        location, item = missing.sort_values(kind="stable").index[-1]
        yield (
            f"of {plural(int(arrived.sum()), 'unit')} that run {run.path.name} sent and that "
            "should have "
            f"arrived, {int(missing.sum()):,} are neither in stock nor ordered since, first {item} "
            f"at {location}: is the stock that of {iso(workspace.as_of)}?"
        )


def _last_plan(workspace: Workspace) -> Run | None:
    """Return the plan of the last earlier week that has one; unreadable ones say so elsewhere."""
    for folder in plans_before(workspace.runs_at, iso(workspace.as_of)):
        try:
            return load_run(folder, (PLAN_LINES,))
        except ForeshipError:
            continue
    return None


def _counted_on_another_day(workspace: Workspace) -> Iterator[str]:
    """Say that the stock's own dates are far from the Monday of the plan."""
    stock, limit = workspace.tables["stock"], workspace.config.freshness.stock_days
    days = (workspace.as_of - stock["date"]).dt.days
    far = days.abs() > limit
    if far.any():
        first = stock[far].iloc[0]
        yield (
            f"stock: {plural(int(far.sum()), 'row was', 'rows were')} counted over "
            f"{plural(limit, 'day')} from "
            f"{iso(workspace.as_of)}, first {first['item']} at {first['location']} on "
            f"{first['date'].date()} (freshness.stock_days); load the stock of that Monday"
        )
