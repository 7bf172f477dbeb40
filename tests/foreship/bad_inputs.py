"""Bad inputs, each as one change to the good workspace, and what a planner must be told.

A case names the exit code, the table, the column, the first rows and some of the words.
"""

from __future__ import annotations

import pandas as pd

from tests.foreship.bad_changes import (
    Case,
    Change,
    both,
    cell,
    columns,
    data,
    lines,
    parquet,
    replaced,
    row,
)
from tests.foreship.bad_configs import CONFIGS
from tests.foreship.bad_files import FILES
from tests.foreship.bad_keys import KEYS
from tests.foreship.bad_values import NUMBERS, TIMES, WHOLES

__all__ = ["ACCEPTED", "REFUSED", "WARNED", "Case", "both"]

ITEM_TABLES = ("orders", "items", "stock", "inbound", "returns", "assortment", "prices", "signals")


def renamed_item(name: str) -> Change:
    """Give the item A-1 another id in every table."""
    return both(*(columns(table, lambda f: f.replace("A-1", name)) for table in ITEM_TABLES))


def with_offsets(orders: pd.DataFrame) -> pd.DataFrame:
    """Write dates as times of two offsets."""
    offsets = ["+01:00", "+02:00"] * (len(orders) // 2)
    return orders.assign(date=orders["date"] + "T23:30:00" + pd.Series(offsets))


REFUSED = (*FILES, *KEYS, *NUMBERS, *TIMES, *WHOLES, *CONFIGS)
"""Changes that must stop every command but `check` itself."""

WARNED = (
    Case(
        "K32 returns",
        cell("returns", "item", 2, "gone"),
        "returns",
        "item",
        ("'gone' is not in items", "left out"),
        (2,),
    ),
    Case(
        "F18",
        columns("orders", lambda f: f.assign(shop="A", pric="1")),
        "orders",
        words=("columns not used", "'shop'"),
    ),
    Case(
        "F18 close",
        columns("regions", lambda f: f.rename(columns={"capacity": "Capacity"})),
        "regions",
        words=("did you mean 'capacity'",),
    ),
    Case(
        "N15",
        cell("returns", "quantity", 2, "4000"),
        "returns",
        "quantity",
        ("more than they ordered", "A-1 in R1: 4000"),
    ),
    Case(
        "N21 cost",
        cell("items", "unit_cost", 3, "99"),
        "items",
        "unit_cost",
        ("above the price", "99.0"),
        (3,),
    ),
    Case(
        "T06",
        columns("orders", lambda f: f[~f["date"].between("2026-02-09", "2026-02-15")]),
        "orders",
        "date",
        ("no order in the weeks of 2026-02-09",),
    ),
    Case(
        "W01",
        columns("lanes", lambda f: f[f["destination"] != "R2"]),
        "lanes",
        "destination",
        ("no lane from a hub leads to R2",),
    ),
    Case(
        "W03",
        columns("lanes", lambda f: f.assign(cost_per_unit="0")),
        "lanes",
        "cost_per_unit",
        ("all lane costs are 0",),
    ),
    Case(
        "W06",
        columns("orders", lambda f: f[f["region"] != "R2"]),
        "orders",
        "region",
        ("no order from R2",),
    ),
    Case(
        "W09 direct",
        columns("lanes", lambda f: f.drop(columns="direct_cost")),
        "lanes",
        "direct_cost",
        ("missing everywhere", "little to save"),
    ),
    Case(
        "W10 forgotten",
        replaced('signals = "signals.csv"', ""),
        "signals",
        words=("does not name it", 'signals = "signals.csv"'),
    ),
    Case(
        "W11 between",
        row("lanes", "H1", "H2", "1", "1", "2", *[""] * 6),
        "lanes",
        "origin",
        ("lanes from hub to hub", "not used"),
        (13,),
    ),
)
"""Changes that are worth a look and stop nothing."""

ACCEPTED = (
    Case(
        "F07", data("orders", lambda d: b"\xef\xbb\xbf" + d), "orders", words=("byte-order mark",)
    ),
    Case("F38 crlf", data("orders", lambda d: d.replace(b"\n", b"\r\n")), ""),
    Case("F39 blank lines", data("orders", lambda d: d.replace(b"\n", b"\n\n", 40)), ""),
    Case(
        "F40 quotes",
        lines(
            "items",
            lambda old: [old[0], old[1].replace("toys", '"toys, ""old"""'), *old[2:]],
        ),
        "",
    ),
    Case("K23 html", renamed_item("<b>A&1</b>"), ""),
    Case("K21 formula", renamed_item("=1+1"), ""),
    Case("K02 exponent", renamed_item("1E5"), ""),
    Case(
        "N12",
        cell("regions", "capacity", 2, "0"),
        "regions",
        "region",
        ("capacity 0", "'NA'"),
        (2,),
    ),
    Case(
        "T21 expired",
        cell("overrides", "expires", 3, "2026-08-02"),
        "overrides",
        "expires",
        ("expired in 1 row", "no lock in a plan of 2026-08-03"),
        (3,),
    ),
    Case("N13", cell("regions", "capacity", 2, "unlimited"), ""),
    Case("N30 plus", cell("stock", "quantity", 2, " +7 "), ""),
    Case("T11", columns("orders", with_offsets), "orders", "date", ("the day as written counts",)),
    Case(
        "K31 whole",
        both(
            parquet("orders", lambda f, p: f.assign(item=7).to_parquet(p)),
            row("items", "7", "2", "1", "1", "0", "toys", "1"),
        ),
        "orders",
        "item",
        ("read as text",),
    ),
)
"""Changes that are read as they are meant, some with a note."""
