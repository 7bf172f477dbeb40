"""A calm week as its gates see it: nothing to say, and ways to make it a bad one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from foreship.approval.gates.seen import PastPlan, Seen, Size
from foreship.params import GateParams

LINES = pd.DataFrame({"cost": [2.0] * 10, "quantity": [3] * 10})
CELLS = [("R1", "a"), ("R1", "b"), ("R2", "a"), ("R2", "b")]


def past(money: float = 20.0, units: int = 30, lines: int = 10, warnings: Any = ()) -> PastPlan:
    """Return a plan of an earlier week."""
    known = None if warnings is None else frozenset(warnings)
    return PastPlan("2026-01-05-0123456789", Size(money, units, lines), known)


def seen(settings: dict[str, Any] | None = None, **changes: Any) -> Seen:
    """Return a calm week with some of it changed: 10 lines, 10 sold and expected a cell and week.

    Each of the four cells sold 80 units in 8 weeks.
    """
    cells = pd.DataFrame(CELLS, columns=["region", "item"])
    calm = Seen(
        summary={"status": "ship", "relaxed": [], "gap": 0.0},
        notes=(),
        lines=LINES,
        demand=cells.assign(mean=10.0),
        sold=cells.assign(units=80),
        weeks_sold=8,
        categories={"a": "tea", "b": ""},
        warnings=(),
        stale=(),
        past=(past(), past()),
        hold=(),
        largest_gap=0.05,
        settings=GateParams(**(settings or {})),
    )
    return replace(calm, **changes)
