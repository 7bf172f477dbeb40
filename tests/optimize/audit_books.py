"""Small books for the audit's checks: two hubs, two regions, two items, all on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from foreship_optimize.audit.books import Books, Lane, Line
from foreship_optimize.audit.timetables import LaneAhead, RowTimes
from foreship_optimize.params import ExitParams, OptimizeParams

MONDAY = pd.Timestamp("2026-11-16")
EXITS = ExitParams(
    allowed=("redirect", "return", "markdown", "give_away"),
    markdown_share=0.3,
    return_handling=0.5,
    redirect_handling=0.25,
    recovery_share=0.1,
)
PARAMS = OptimizeParams(exits=EXITS)
ITEMS = {
    "A": {"price": 20.0, "unit_cost": 10.0, "volume": 1.0, "weight_kg": 2.0, "pack_size": 1,
          "holding_cost_per_week": 0.1},
    "B": {"price": 30.0, "unit_cost": 12.0, "volume": 2.0, "weight_kg": 1.0, "pack_size": 3,
          "holding_cost_per_week": 0.2},
}  # fmt: skip


def ahead(hub: str, lead: int, first: float = -np.inf, last: float = np.inf) -> LaneAhead:
    """Return a lane from a hub that leaves on Mondays between two days."""
    row, never = {"lead_time_days": lead}, frozenset()
    return LaneAhead(hub, RowTimes(row, first, last, never, False, (never, never), 0, 7))


def books(**changes: Any) -> Books:
    """H1 holds 5 A and 6 B, H2 2 A; R1 (room for 10) has 2 A and one due; five lanes.

    A from H1 to R1 costs 1 + .25 a kg = 1.50 and takes two days; to R2 2.00, three days; from H2
    to R1 1.75, a day; on from R1 to R2 .75, a day; back to H1 .50, two days.
    """
    about: dict[str, Any] = {
        "as_of": MONDAY,
        "items": ITEMS,
        "regions": {"R1": {"capacity": 10.0}, "R2": {"capacity": np.inf}},
        "hubs": {"H1": {}, "H2": {}},
        "lanes": {
            ("H1", "R1"): [Lane(1.0, 0.25, 2, 8.0)],
            ("H1", "R2"): [Lane(2.0, 0.0, 3, np.inf)],
            ("H2", "R1"): [Lane(1.75, 0.0, 1, np.inf)],
            ("R1", "R2"): [Lane(0.75, 0.0, 1, np.inf)],
            ("R1", "H1"): [Lane(0.5, 0.0, 2, np.inf)],
        },
        "ahead": {
            "R1": [ahead("H1", 2), ahead("H2", 1)],
            "R2": [ahead("H1", 3)],
        },
        "supplied": {("H1", "A"), ("H1", "B"), ("H2", "A")},
        "hub_stock": {("H1", "A"): 5, ("H1", "B"): 6, ("H2", "A"): 2},
        "on_hand": {("R1", "A"): 2},
        "coming": {("R1", "A"): [(MONDAY + pd.Timedelta(days=3), 1)]},
        "assortment": None,
        "horizon_days": 28,
        "exits": {},
        "overrides": [],
        "params": PARAMS,
        "relaxed": {},
    }
    return Books(**(about | changes))


def line(action: str, origin: str, destination: str, item: str, quantity: int, **more: Any) -> Line:
    """Return a line with the dates, the cost and the exit that the books give it."""
    found = books()
    lanes = found.lanes.get((origin, destination), []) if item in found.items else []
    lead = lanes[0].lead_days if lanes else 0
    cost = found.freight(lanes[0], item) if lanes else 0.0
    leaves = "" if action == "ship" else action
    if leaves and item in found.items:
        cost += found.exit_cost(leaves, origin, item) or 0.0
    made = Line(
        action, origin, destination, item, quantity, MONDAY, MONDAY + pd.Timedelta(days=lead),
        cost * quantity, 0.0, 0.5, 0.5, leaves,
    )  # fmt: skip
    return replace(made, **more)


def lock(kind: str, value: float, region: str = "", item: str = "", origin: str = "") -> dict:
    """Return an override that holds."""
    return {"kind": kind, "value": value, "region": region, "item": item, "origin": origin,
            "expires": pd.NaT}  # fmt: skip


def exit_row(cost: float, recovery: float = np.nan, delay: float = 0.0, capacity: float = np.inf):
    """Return what the exits table says of one exit."""
    return {"cost": cost, "recovery": recovery, "delay_weeks": delay, "capacity": capacity}


class Demand:
    """Weekly units of some cells by scenario, spread evenly over the days of a week."""

    def __init__(self, cells: dict[tuple[str, str], Any], start: pd.Timestamp = MONDAY) -> None:
        self.region = np.array([region for region, _ in cells], dtype=object)
        self.item = np.array([item for _, item in cells], dtype=object)
        self.units = np.stack([np.asarray(each, dtype=np.int64) for each in cells.values()])
        self.weeks = np.datetime64(start, "D") + 7 * np.arange(self.units.shape[1])
        self.scenarios = self.units.shape[2]

    def units_of(self, rows: Any, weeks: slice = slice(None)) -> np.ndarray:
        """Return the units of some cells and weeks, shape (rows, weeks, S)."""
        return self.units[rows][:, weeks]

    def demand_until(self, rows: np.ndarray, day: int) -> np.ndarray:
        """Return the units before a day counted from the first week, shape (rows, S)."""
        whole, days = divmod(day, 7)
        units = self.units[rows]
        found = units[:, :whole].sum(axis=1)
        if days and whole < units.shape[1]:
            found = found + units[:, whole] * days // 7
        return found


SHIP = line("ship", "H1", "R1", "A", 2)
REDIRECT = line("redirect", "R1", "R2", "A", 1)
RETURN = line("return", "R1", "H1", "A", 1)
MARKDOWN = line("markdown", "R1", "", "A", 1)
GIFT = line("give_away", "R1", "", "A", 1)
EVERY = [SHIP, REDIRECT, RETURN, MARKDOWN, GIFT]
