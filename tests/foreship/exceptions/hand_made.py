"""A plan of three cells with round numbers, to be changed where a test wants another one."""

from __future__ import annotations

from typing import Any

import pandas as pd

from foreship.exceptions.seen import Seen
from foreship.reading.facts.line_facts import Sales
from foreship.reading.views import RunView
from foreship_foundation.tables.output_files import PLAN, UNITS

__all__ = ["AS_OF", "cell", "frame", "line", "seen"]

AS_OF = pd.Timestamp("2026-11-16")


def frame(columns: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    """Return a table of the given columns."""
    return pd.DataFrame(list(rows), columns=columns.split())


def cell(region: str, item: str, **more: Any) -> dict[str, Any]:
    """Return a cell in which nothing is wrong, but for what is given."""
    usual = {
        "on_hand": 0, "coming": 0, "arriving": 0, "leaving": 0, "stays": 0, "expected": True,
        "weekly": 1.0, "wanted": 2.0, "unserved": 0.0, "sold_out": 0.1, "worth": 2.0, "loss": 1.0,
        "line": -1,
    }  # fmt: skip
    return {"region": region, "item": item, **usual, **more}


def line(gain: float, **more: Any) -> dict[str, Any]:
    """Return a line of one unit from H to R."""
    day = AS_OF + pd.Timedelta(days=2)
    values = ("ship", "H", "R", "A", 1, AS_OF, day, 1.0, gain, 0.6, 0.4, "return")
    return {**dict(zip(PLAN.names, values, strict=True)), **more}


def seen(
    *cells: dict[str, Any],
    tables: dict[str, pd.DataFrame] | None = None,
    lines: tuple[dict[str, Any], ...] = (),
    **view: Any,
) -> Seen:
    """Return what exceptions are read from: item A at 10 of cost 6, B at 30 of cost 20."""
    known = {
        "items": frame(
            "item name price unit_cost holding_cost_per_week",
            ("A", "Lamp", 10.0, 6.0, 0.1),
            ("B", "", 30.0, 20.0, 0.2),
        ),
        "regions": frame("region name capacity", ("R", "", 50.0), ("Q", "", 50.0)),
        "hubs": frame("hub name", ("H", "North")),
        "stock": frame("location item quantity", ("H", "A", 5)),
        **(tables or {}),
    }
    orders = pd.DataFrame(
        {"date": [AS_OF - pd.Timedelta(days=500)], "region": "R", "item": "A", "quantity": 1}
    )
    sales = view.pop("sales", Sales(orders, frame("week region item customers")))
    about = {name: view.pop(name) for name in ("warnings", "stale") if name in view}
    run = RunView(
        AS_OF,
        "run",
        pd.DataFrame(list(lines), columns=list(PLAN.names)),
        pd.DataFrame([], columns=list(UNITS.names)),
        view.pop("summary", {"status": "ship", "objective": -100.0}),
        tables=known,
        **view,
    )
    table = pd.DataFrame(list(cells), columns=list(cell("", ""))).astype({"expected": bool})
    return Seen(run, known, table, 2, sales, **about)
