"""The worth of units whose day of arrival is drawn: the mixture over its days.

Equation 31a of docs/value.md. Lateness knows nothing of demand, so that every expectation of a unit
is the mean of what it is on each day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues

__all__ = ["OnDay", "mixed", "over_days"]

OnDay: TypeAlias = Callable[[Ints, Ints, int], UnitValues]
"""values the units of some cells: the cells, fewest units of each, day of arrival"""


def over_days(
    on_day: OnDay, rows: Ints, units: Ints, law: tuple[Ints, Floats], held: Floats
) -> UnitValues:
    """Value the units of some cells that arrive by a law.

    Parameters
    ----------
    on_day
        Values those that come on one day, at least `units` of them, or none of a cell whose first
        unit is worth too little then.
    rows, units
        The cells to value, and fewest units of each, (B,).
    law
        Days of arrival and the chance of each; where it is one day, its values are returned.
    held
        h w by cell of the plan, holding of a unit unsold through its window [money].

    Returns
    -------
    As many units of a cell as on the day on which it has most.
    """
    days, weights = law
    parts = [on_day(rows, units, day) for day in days.tolist()]
    if len(parts) == 1:
        return parts[0]
    counts = np.stack([np.bincount(part.cell, minlength=len(held)) for part in parts])
    most = counts.max(axis=0)
    for place, day in enumerate(days.tolist()):
        fewer = counts[place] < most
        if fewer.any():
            part, some = parts[place], np.flatnonzero(fewer)
            more = on_day(some, most[some], day)
            parts[place] = UnitValues.joined([part.rows(~fewer[part.cell]), more])
    return mixed([part.rows(part.unit <= most[part.cell]) for part in parts], weights, held)


def mixed(parts: list[UnitValues], weights: Floats, held: Floats) -> UnitValues:
    """Average the same units over the days of their law (equation 31a).

    Sales are averaged over the paths and days that have them, and so is what stays unsold: then
    v = p b + (1 - p)(r - h w) holds for the mean as on each day.
    """
    first = parts[0]
    chance, value, sold, kept, benefit, unsold = np.zeros((6, len(first.cell)))
    stays = held[first.cell]
    for part, weight in zip(parts, weights.tolist(), strict=True):
        chance += weight * part.probability
        value += weight * part.value
        sold += weight * part.probability * part.benefit
        kept += weight * (1.0 - part.probability) * (part.unsold - stays)
        benefit += weight * part.benefit
        unsold += weight * part.unsold
    chance = np.minimum(chance, 1.0)
    never = 1.0 - chance
    return UnitValues(
        first.cell,
        first.unit,
        value,
        chance,
        np.divide(sold, chance, out=benefit, where=chance > 0.0),
        np.divide(kept, never, out=unsold - stays, where=never > 0.0) + stays,
    )
