"""What changed from one plan to another, by the inputs exchanged last (docs/review.md, R34)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import pandas as pd

from foreship_foundation.telling.words import money, plural, units

__all__ = ["GROUPS", "NOW", "Figures", "attributed"]

GRAIN: Final = 2.0**-20
"""money is told in whole parts of this, a millionth: sums and differences of it are exact"""
BEFORE: Final = "before"
NOW: Final = "now"
GROUPS: Final = {
    "stock": "A week passed: what was sold, arrived and was counted",
    "demand": "Demand is expected otherwise",
    "costs": "Costs, lanes, limits and what is on offer",
    "locks": "Locks and policies",
    "settings": "Settings",
}
"""groups of inputs in the order in which they are exchanged, and what they are in words"""


class Figures(NamedTuple):
    """What a plan comes to."""

    lines: int
    units: int
    cost: float
    """of its lines [money]"""
    expected_gain: float

    @classmethod
    def of(cls, lines: pd.DataFrame, expected_gain: float) -> Figures:
        """Sum up the lines of a plan."""
        cost = float(lines["cost"].sum())
        moved = int(lines["quantity"].sum())
        return cls(len(lines), moved, _in_grains(cost), _in_grains(expected_gain))


def attributed(before: Figures, after_each: Sequence[Figures]) -> pd.DataFrame:
    """Return `changes.parquet`: the plan before, after each group was exchanged, and now.

    The changes of the groups sum exactly to that of the row `now`, which is the plan after all of
    them.

    Parameters
    ----------
    after_each
        Of the plan after each of `GROUPS`, in their order.
    """
    plans = [before, *after_each, after_each[-1]]
    earlier = [before, before, *after_each[:-1], before]
    rows = [
        (name, *plan, plan.units - last.units, plan.expected_gain - last.expected_gain,
         _words(name, plan, last))
        for name, plan, last in zip((BEFORE, *GROUPS, NOW), plans, earlier, strict=True)
    ]  # fmt: skip
    columns = ["group", *Figures._fields, "d_units", "d_gain", "words"]
    return pd.DataFrame(rows, columns=columns)


def _words(name: str, plan: Figures, last: Figures) -> str:
    gain = plan.expected_gain
    if name == BEFORE:
        return f"The plan before had {plural(plan.lines, 'line')}, expected gain {money(gain)}."
    change = (
        f"units {units(plan.units - last.units, sign=True)}, expected gain "
        f"{money(gain - last.expected_gain, sign=True)}"
    )
    if name == NOW:
        return f"This plan has {plural(plan.lines, 'line')}; in all {change}."
    same = plan == last
    return f"{GROUPS[name]}: {'nothing changed' if same else change}."


def _in_grains(amount: float) -> float:
    return round(amount / GRAIN) * GRAIN
