"""A world small enough to replay by hand: two regions, two hubs, two items."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

MONDAY = np.datetime64("2026-03-02")


def date(day: int) -> pd.Timestamp:
    """Return the day so many days after the first replayed Monday."""
    return pd.Timestamp(MONDAY) + pd.Timedelta(days=day)


def frame(columns: str, rows: Sequence[Sequence[Any]] = ()) -> pd.DataFrame:
    """Return a table of the given columns."""
    return pd.DataFrame([list(row) for row in rows], columns=columns.split())


def orders(*rows: tuple[int, str, str, int]) -> pd.DataFrame:
    """Return orders given as (day, region, item, quantity)."""
    table = frame("date region item quantity", [(date(day), *rest) for day, *rest in rows])
    return table.astype({"quantity": np.int64, "date": "datetime64[ns]"}).assign(
        price=np.nan, order_id=""
    )


def lane(origin: str, destination: str, cost: float, days: int, **more: Any) -> dict[str, Any]:
    """Return a lane with the contract's defaults."""
    defaults = {
        "cost_per_kg": 0.0,
        "capacity": np.inf,
        "direct_cost": cost,
        "direct_days": np.nan,
        "from": pd.NaT,
        "to": pd.NaT,
    }
    known = {"origin": origin, "destination": destination, "cost_per_unit": cost}
    return {**known, "lead_time_days": days, **defaults, **more}


def world(**changes: Any) -> dict[str, pd.DataFrame]:
    """Return typed tables; each keyword replaces a table of `whole_world`."""
    tables = whole_world()
    unknown = set(changes) - set(tables)
    assert not unknown, unknown
    return {name: table.copy() for name, table in tables.items()} | changes


@cache
def whole_world() -> dict[str, pd.DataFrame]:
    """Return every table, to be copied before it is changed.

    Hub H1 is near R1, H2 near R2. A kettle (K) earns 4, a lamp (L) 10; every buyer waits.
    """
    items = frame(
        "item price unit_cost volume weight_kg category pack_size holding_cost_per_week "
        "lost_sale_share launch_date",
        [
            ("K", 10.0, 6.0, 1.0, 2.0, "", 1, 0.10, 0.0, pd.NaT),
            ("L", 30.0, 20.0, 3.0, 1.0, "", 1, 0.25, 0.0, pd.NaT),
        ],
    )
    lanes = pd.DataFrame(
        [
            lane("H1", "R1", 1.0, 2, cost_per_kg=0.25, direct_cost=5.0, direct_days=4.0),
            lane("H1", "R2", 2.0, 3, direct_cost=7.0, direct_days=5.0),
            lane("H2", "R1", 2.0, 3, direct_cost=8.0, direct_days=6.0),
            lane("H2", "R2", 1.0, 2, cost_per_kg=0.25, direct_cost=6.0, direct_days=3.0),
            lane("R1", "R2", 0.75, 1),
            lane("R1", "H1", 0.50, 2),
        ]
    )
    return {
        "orders": orders(),
        "items": items,
        "regions": frame(
            "region capacity last_mile_cost parent lat lon",
            [("R1", np.inf, 1.0, "", 0.0, 0.0), ("R2", np.inf, 1.5, "", 0.0, 0.0)],
        ),
        "hubs": frame("hub lat lon", [("H1", 0.0, 0.0), ("H2", 0.0, 0.0)]),
        "lanes": lanes,
        "stock": frame("location item quantity", [("H1", "K", 8), ("H2", "K", 4), ("H1", "L", 3)]),
        "inbound": inbound(),
        "exits": frame("exit item region cost recovery capacity delay_weeks"),
        "assortment": frame("region item from to"),
        "returns": frame("date region item quantity"),
        "availability": frame("week region item in_stock"),
        "calendar": frame("date event region"),
        "prices": frame("week region item price promotion"),
        "signals": frame("week region item views carts wishlists"),
        "overrides": frame("kind value reason author expires region item origin"),
        "buyers": frame("week region item customers"),
    }


def inbound(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    """Return inbound lots given as (location, item, quantity, day)."""
    lots = [(place, item, quantity, date(day)) for place, item, quantity, day in rows]
    table = frame("location item quantity arrival_date", lots)
    return table.astype({"quantity": np.int64, "arrival_date": "datetime64[ns]"})


def plan(*rows: tuple[str, str, str, str, int]) -> pd.DataFrame:
    """Return plan lines given as (action, origin, destination, item, quantity)."""
    return frame("action origin destination item quantity", rows)
