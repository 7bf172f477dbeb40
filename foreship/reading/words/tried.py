"""Plans that were tried for a Monday, one below the other: what each is, and what it comes to."""

from __future__ import annotations

import math
import textwrap
from typing import Any

import pandas as pd

from foreship_foundation.telling.words import money, units

__all__ = ["tried_words"]

COLUMNS = 80
HEAD = f"{'':<23}{'units':>8}{'lines':>7}{'cost':>14}{'gain':>14}{'CVaR':>14}"


def tried_words(plans: pd.DataFrame) -> str:
    """Return a table of at most 80 columns: figures of each plan below what was tried with it.

    Parameters
    ----------
    plans
        `run, tried, units, lines, cost, expected_gain, cvar, status`, a row a plan. The gain is
        the expected one of the plan, money after cost.
    """
    rows = [HEAD]
    for row in plans.to_dict("records"):
        title = f"{row['tried']} ({row['status']})"
        rows += ["", *textwrap.wrap(title, COLUMNS), f"  {_figures(row)}"]
    return "\n".join(rows).replace("\u2212", "-")


def _figures(row: dict[Any, Any]) -> str:
    amounts = "".join(f" {_amount(row[name]):>13}" for name in ("cost", "expected_gain", "cvar"))
    return f"{row['run']:<21}{units(row['units']):>8}{units(row['lines']):>7}{amounts}"


def _amount(value: float | None) -> str:
    return "-" if value is None or math.isnan(value) else money(value)
