"""Distinct buyers: how many customers first bought in a cell, week by week; nobody is named."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Days, Ints

__all__ = ["CUSTOMER", "buyers_of", "first_purchases"]

CUSTOMER = "customer"
"""the column of `orders` that is counted, and then dropped"""


def first_purchases(
    region: Ints, item: Ints, customer: Ints, day: Days
) -> tuple[Ints, Ints, Days, Ints]:
    """Count the customers who first bought in each cell, by week.

    A customer counts once a cell, so that a sum over weeks is a number of distinct customers.

    Parameters
    ----------
    region, item, customer
        Codes from 0 of each order line, shape (N,); customer -1 is unknown and counts for nobody.
    day
        When it was ordered, shape (N,).

    Returns
    -------
    Region and item code, Monday and number of customers, by region, item and week, shape (M,) each;
    a cell all of whose customers are unknown has a row of 0.
    """
    days = day.astype("datetime64[D]").astype(np.int64)
    start, span = (int(days.min()), int(np.ptp(days)) + 1) if len(days) else (0, 1)
    people, items = int(customer.max(initial=0)) + 2, int(item.max(initial=0)) + 1
    lines = region.astype(np.int64)
    # 0 is the unknown buyer
    lines = ((lines * items + item) * people + customer + 1) * span + (days - start)
    lines.sort()
    first = lines[_begins(lines // span)]
    del lines
    # 1970-01-01 was a Thursday, three days after its Monday
    week = (first % span + start + 3) // 7
    pair = first // span
    since = int(week.min(initial=0))
    weeks = int(week.max(initial=0)) - since + 1
    known = (pair // people * weeks + week - since) * 2 + (pair % people > 0)
    known.sort()
    begins = _begins(known // 2)
    counts = np.add.reduceat(known % 2, np.flatnonzero(begins)) if len(known) else known
    cell, week = np.divmod(known[begins] // 2, weeks)
    mondays = ((week + since) * 7 - 3).astype("datetime64[D]")
    return cell // items, cell % items, mondays, counts


def _begins(ascending: Ints) -> Bools:
    """Tell where a value differs from the one before it."""
    begins: Bools = np.append(True, ascending[1:] != ascending[:-1])[: len(ascending)]
    return begins


def buyers_of(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the table `buyers` of order lines that name their customers.

    Parameters
    ----------
    orders
        `date, region, item, customer`, typed but for the customer, whose blanks are nobody.
    """
    who = orders[CUSTOMER]
    customer = pd.factorize(who.where(who.notna() & (who.astype(str) != ""), None))[0]
    region, regions = pd.factorize(orders["region"], sort=True)
    item, items = pd.factorize(orders["item"], sort=True)
    days = orders["date"].to_numpy()
    place, what, week, count = first_purchases(region, item, customer, days)
    return pd.DataFrame(
        {
            "week": week.astype("datetime64[ns]"),
            "region": pd.Series(np.asarray(regions)[place], dtype=str),
            "item": pd.Series(np.asarray(items)[what], dtype=str),
            "customers": count,
        }
    )
