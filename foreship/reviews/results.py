"""A review: what became of the plan of an earlier Monday, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

import numpy as np
import pandas as pd

__all__ = ["Review", "plain_rows"]

CENTS: Final = 2


@dataclass(frozen=True)
class Review:
    """What became of a plan (docs/review.md).

    **Invariants:** `money["promised"]` sums to `promised` and `money["came"]` to `came`; of a line
    into a region `received = sold + moved_on + lying`, of every line that goes somewhere
    `sent = received + under_way + missing`.
    """

    run: str
    """name of the run"""
    stage: str
    """released, approved, or draft where it only counts as the plan of its week"""
    monday: str
    until: str
    """first day of which nothing is known"""
    promised: float
    """gain that the plan promised [money]"""
    came: float
    """gain that came [money]"""
    settled: bool
    """whether it is final: before its windows are over, what lies is valued (R31)"""
    ledger: Mapping[str, float]
    """account of the plan's first week"""
    lines: pd.DataFrame
    """a row a line: `line`, its keys, `sent, received, under_way, missing, sold, moved_on, lying`
    in units, `gain_promised, gain_came`"""
    money: pd.DataFrame
    """`region, category, promised, came`"""
    forecast: pd.DataFrame | None
    """see `review.forecasts`; None where demand was the user's own"""
    scores: pd.DataFrame
    """see `review.scores`"""
    late: pd.DataFrame
    """see `Arrivals.late`"""
    due: pd.DataFrame
    """`run, line, region, item, units, exit, loss`: units of earlier plans whose exit day has come
    and that still lie"""
    notes: tuple[str, ...]
    margins: Mapping[str, float] = field(default_factory=dict, repr=False)
    """price less unit cost by item [money]"""

    findings: tuple[str, ...] = ()
    """what was found, most money first, one sentence each"""
    text: str = ""
    """the review in words"""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: money in cents, dates as text, what is unknown as None."""
        return {
            "run": self.run,
            "stage": self.stage,
            "as_of": self.monday,
            "until": self.until,
            "promised": round(self.promised, 2),
            "came": round(self.came, 2),
            "settled": self.settled,
            "ledger": plain_rows(pd.DataFrame([self.ledger]))[0],
            "findings": list(self.findings),
            "lines": plain_rows(self.lines),
            "money": plain_rows(self.money),
            "forecast": None if self.forecast is None else plain_rows(self.forecast),
            "scores": plain_rows(self.scores),
            "late": plain_rows(self.late),
            "due": plain_rows(self.due),
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.text)}</pre>"


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return records: money and other fractions in cents, dates as text, blanks as None."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, np.generic):
        value = value.item()
    return round(value, CENTS) if isinstance(value, float) else value
