"""A Monday in the small world, with a plan, as a review plays it."""

from __future__ import annotations

import pandas as pd

from foreship.config import Config
from foreship.reviews.played import Past
from tests.foreship.small_world import MONDAY, date, orders, plan, world

UNTIL = date(14)


def shop(*rows, stock=None, until=UNTIL, config=None, **more) -> Past:
    """Return the Monday with orders given as (day, region, item, quantity)."""
    lots = [("H1", "K", 8), ("H2", "K", 4), ("H1", "L", 3)] if stock is None else stock
    table = pd.DataFrame(lots, columns=["location", "item", "quantity"])
    tables = world(orders=orders(*rows), stock=table, **more)
    return Past.of(tables, config or Config(), date(0), until)


def sent(*rows, cost=1.0, gain=5.0) -> pd.DataFrame:
    """Return plan lines given as (action, origin, destination, item, quantity, day of arrival)."""
    lines = plan(*(row[:5] for row in rows))
    days = [pd.Timestamp(MONDAY) + pd.Timedelta(days=row[5]) for row in rows]
    return lines.assign(
        ship_date=pd.Timestamp(MONDAY), arrival_date=pd.to_datetime(days),
        cost=cost * lines["quantity"], expected_gain=gain * lines["quantity"], exit="",
    )  # fmt: skip


def receipts(*rows) -> pd.DataFrame:
    """Return receipts given as (day, location, item, quantity)."""
    table = pd.DataFrame(rows, columns=["date", "location", "item", "quantity"])
    return table.assign(date=pd.to_datetime([date(day) for day in table["date"]]))
