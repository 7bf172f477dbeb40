"""foreship as a policy of the game: tables of the week in a folder, `foreship run`, its ships."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

import foreship
from benchmarks.inventory.game import Game, Known

__all__ = ["Staged"]

FIRST_MONDAY = pd.Timestamp("2024-01-01")
PLENTY = 100_000
UNIT_COST = 0.01
TABLES = ("orders", "items", "regions", "hubs", "lanes", "stock", "inbound", "receipts")
CONFIG = "\n".join(
    ["[tables]", *(f'{name} = "{name}.parquet"' for name in TABLES), "[exits]", "allowed = []", ""]
)


class Staged:
    """Writes what is known into a workspace, runs the weekly job, and orders what it ships.

    A hub that always has enough, a region whose customers never wait, and a lane between them that
    costs nothing. A unit that comes late is under way until it is there; what came is told in
    `receipts`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: dict[int, str] = {}
        """run of each week"""

    def __call__(self, game: Game, known: Known) -> int:
        """Order for a week."""
        weeks = len(game.history)
        monday = FIRST_MONDAY + pd.Timedelta(weeks=weeks + known.week)
        for name, table in _tables(game, known, monday, self._runs).items():
            table.to_parquet(self._folder / f"{name}.parquet", index=False)
        (self._folder / "foreship.toml").write_text(CONFIG)
        run = foreship.run(foreship.open(self._folder, monday))
        self._runs[known.week] = run.path.name
        ships = run.plan[run.plan["action"] == "ship"]
        return int(ships["quantity"].sum())


def _tables(
    game: Game, known: Known, monday: pd.Timestamp, runs: Mapping[int, str]
) -> dict[str, pd.DataFrame]:
    promised = 7 * game.promised
    return {
        "orders": _orders(known.demand),
        "items": pd.DataFrame(
            {
                "item": ["item"],
                "price": [game.profit + UNIT_COST],
                "unit_cost": [UNIT_COST],
                "holding_cost_per_week": [game.holding],
                "lost_sale_share": [1.0],
            }
        ),
        "regions": pd.DataFrame({"region": ["shop"]}),
        "hubs": pd.DataFrame({"hub": ["hub"]}),
        "lanes": pd.DataFrame(
            {
                "origin": ["hub"],
                "destination": ["shop"],
                "cost_per_unit": [0.0],
                "lead_time_days": [promised],
                "direct_cost": [0.0],
                "lead_time_sd_days": [7.0 * game.spread],
            }
        ),
        "stock": pd.DataFrame(
            {
                "location": ["hub", "shop"],
                "item": "item",
                "quantity": [PLENTY, known.on_hand],
            }
        ),
        "inbound": _inbound(known, monday, promised),
        "receipts": _receipts(known, monday, runs),
    }


def _orders(demand: list[int]) -> pd.DataFrame:
    """Seven order lines a week, as equal as whole units allow."""
    units = np.asarray(demand, dtype=np.int64)
    day = np.arange(7)
    table = (units[:, None] * (day + 1) // 7) - (units[:, None] * day // 7)
    dates = FIRST_MONDAY + pd.to_timedelta(np.arange(7 * len(units)), unit="D")
    rows = pd.DataFrame(
        {"date": dates, "region": "shop", "item": "item", "quantity": table.ravel()}
    )
    return rows[rows["quantity"] > 0]


def _inbound(known: Known, monday: pd.Timestamp, promised: int) -> pd.DataFrame:
    late = pd.Timedelta(days=promised)
    rows = [
        ("shop", "item", order.units, _monday_of(order.week, known, monday) + late)
        for order in known.under_way
    ]
    frame = pd.DataFrame(rows, columns=["location", "item", "quantity", "arrival_date"])
    return frame.astype(
        {"location": str, "item": str, "quantity": "int64", "arrival_date": "datetime64[s]"}
    )


def _receipts(known: Known, monday: pd.Timestamp, runs: Mapping[int, str]) -> pd.DataFrame:
    rows = [
        (_monday_of(order.came, known, monday), "shop", "item", order.units, runs[order.week])
        for order in known.orders
        if order.came is not None
    ]
    frame = pd.DataFrame(rows, columns=["date", "location", "item", "quantity", "run"])
    return frame.astype(
        {"date": "datetime64[s]", "location": str, "item": str, "quantity": "int64", "run": str}
    )


def _monday_of(week: int, known: Known, monday: pd.Timestamp) -> pd.Timestamp:
    return monday + pd.Timedelta(weeks=week - known.week)
