"""The price of an edit: what the plan loses by it, the difference of two solves (P37).

    price of an edit = objective(plan with this edit alone) - objective(plan)

in true money, so a price below 0 brings. Prices of single edits need not sum to that of all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pandas as pd

from foreship.approval.edits import Edit
from foreship.approval.groups import Group, groups_of

__all__ = ["NOT_PRICED", "SOLVED", "TOGETHER", "Prices", "prices_of"]

SOLVED, TOGETHER, NOT_PRICED = "solved", "together", "not priced"


class Prices(NamedTuple):
    """What each edit costs."""

    each: list[float]
    """by edit [money]; NaN where it has no price of its own"""
    how: list[str]
    """solved alone, together with others, or not priced"""
    rest: float
    """of those that were priced together, NaN where none were"""


def prices_of(
    edits: Sequence[Edit],
    lines: pd.DataFrame,
    objective: float,
    solve: Callable[[Sequence[Group]], float | None],
    most: int,
) -> Prices:
    """Return the price of each edit.

    Parameters
    ----------
    lines, objective
        Of the plan that is edited.
    solve
        Returns the objective of the plan with the edits of some groups, None where it cannot be
        found in time.
    most
        Edits with a price of their own, those of most units first; all others have one together.
    """
    quantity = lines["quantity"].tolist()
    moved = [abs(each.quantity - int(quantity[each.line])) for each in edits]
    order = sorted(range(len(edits)), key=lambda place: (-moved[place], edits[place].line))
    each, how = [float("nan")] * len(edits), [NOT_PRICED] * len(edits)
    for place in order[:most]:
        found = solve(groups_of([edits[place]], lines))
        if found is not None:
            each[place], how[place] = found - objective, SOLVED
    rest = sorted(order[most:])
    together = solve(groups_of([edits[place] for place in rest], lines)) if rest else None
    if together is None:
        return Prices(each, how, float("nan"))
    for place in rest:
        how[place] = TOGETHER
    return Prices(each, how, together - objective)
