"""What a policy is: any function from what is known on a Monday to the lines that leave.

One protocol for the replay (`foreship.backtest(policies=...)`) and for a week
(`foreship.plan(policy=...)`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import pandas as pd

from foreship.errors import UsageError
from foreship.frames.arriving import pandas_of
from foreship_foundation.telling.words import listed

if TYPE_CHECKING:
    from foreship.config import Config
    from foreship.frames.kinds import IntoFrame
    from foreship.pipeline.stages import ForecastResult
    from foreship_optimize.plan import Plan

__all__ = ["LINE_COLUMNS", "PAST_ONLY", "Known", "Policy", "lines_of", "tables_before"]

LINE_COLUMNS: Final = ("action", "origin", "destination", "item", "quantity")
"""columns of the lines that a policy returns"""
PAST_ONLY: Final = {
    "orders": "date",
    "returns": "date",
    "availability": "week",
    "signals": "week",
    "receipts": "date",
}
"""tables of the past, with the column that says when"""


@dataclass(frozen=True)
class Known:
    """Everything that a policy may know on one Monday.

    **Invariants:** no table but `calendar` and `prices` holds a row dated on or after `as_of`;
    `stock` and `inbound` are what this policy's own earlier plans left.
    """

    as_of: pd.Timestamp
    tables: Mapping[str, pd.DataFrame]
    """the policy's own: nobody else sees what is written into them"""
    config: Config
    forecast: Callable[[], ForecastResult]
    """the week's forecast, computed once for all policies and only if one asks"""


class Policy(Protocol):
    """A rule that plans a week: plan lines, or a `Plan` with `lines` and `summary`."""

    def __call__(self, known: Known) -> IntoFrame | Plan:
        """Return `action, origin, destination, item, quantity` of what leaves at `as_of`."""


def lines_of(name: str, answer: IntoFrame | Plan) -> pd.DataFrame:
    """Return the lines that a policy answers with, of a frame of any kind or of a plan.

    Raises
    ------
    UsageError
        If they are no frame, or one without a column of `LINE_COLUMNS`.
    """
    given: Any = answer
    lines = given if isinstance(given, pd.DataFrame) else getattr(given, "lines", given)
    try:
        frame = pandas_of(lines, name)
    except UsageError:
        words = f"policy {name} returns {type(answer).__name__}, not a frame of lines"
        raise UsageError(words) from None
    absent = [each for each in LINE_COLUMNS if each not in frame.columns]
    if absent:
        raise UsageError(f"policy {name}: its lines have no column {listed(absent)}")
    return frame


def tables_before(
    tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp
) -> dict[str, pd.DataFrame]:
    """Cut every table of the past at `as_of`; `calendar` and `prices` may look ahead."""
    return {
        name: table[table[PAST_ONLY[name]] < as_of] if name in PAST_ONLY else table
        for name, table in tables.items()
    }
