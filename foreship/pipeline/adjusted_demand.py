"""Demand as planners adjust it: their own paths, and a forecast under other adjustments.

A forecast moves its law (docs/forecast.md, section 11); paths that a planner brings are moved
themselves, each number rounded by evenly spread ones so that means stay (equation 71 there).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from foreship.pipeline.handoff import drawn_demand
from foreship_foundation.paths.path_units import changed

if TYPE_CHECKING:
    import pandas as pd

    from foreship_forecast.counts.sample_paths import PathDraws
    from foreship_forecast.features.adjustments import Adjustments
    from foreship_foundation.arrays import Floats, Ints
    from foreship_foundation.paths.path_units import Units
    from foreship_optimize.demand import DemandScenarios

__all__ = ["Adjusted", "Readjusted", "adjusted_paths", "redrawn"]

Readjusted: TypeAlias = "Callable[[pd.DataFrame], DemandScenarios]"
"""gives the demand of a plan under another table `adjustments`"""


@dataclass(frozen=True)
class Adjusted:
    """Paths of one's own as adjustments make them."""

    demand: DemandScenarios
    changed: pd.DataFrame | None
    """`adjusted.parquet` of the contract; None where nothing changes"""


def adjusted_paths(
    demand: DemandScenarios, tables: Mapping[str, pd.DataFrame], rows: pd.DataFrame
) -> Adjusted:
    """Return a planner's own paths with the rows of `adjustments` that hold.

    Parameters
    ----------
    demand
        Equally likely paths, before any adjustment.
    tables
        `items` with their category.
    rows
        Rows of `adjustments`.

    Raises
    ------
    TableFault
        If a cell would sell more units a week than a plan can hold.
    """
    from foreship_forecast.features.adjustments import adjustments_of

    if not len(rows):
        return Adjusted(demand, None)
    weeks = len(demand.weeks)

    def mean(place: Ints) -> Floats:
        return _mean(demand, place, weeks)

    cells = demand.region, demand.item
    found = adjustments_of(rows, tables["items"], cells, demand.weeks, mean)
    noted = replace(demand, notes=(*demand.notes, *found.notes))
    if not len(found.place):
        return Adjusted(noted, None)
    moved = _moved(demand, found)
    after = _mean(moved, found.place, weeks)
    changed = found.frame(*cells, demand.weeks).assign(mean=after)
    return Adjusted(replace(moved, notes=noted.notes), changed)


def _mean(demand: DemandScenarios, place: Ints, weeks: int) -> Floats:
    """Return expected units of some cells and weeks."""
    found: Floats = demand.totals[place // weeks, place % weeks] / demand.scenarios
    return found


def _moved(demand: DemandScenarios, found: Adjustments) -> DemandScenarios:
    """Return paths multiplied and added to, in whole units (equation 71 of docs/forecast.md).

    Units taken away are taken in parts of what each path wants: no path wants less than nothing.
    """
    import numpy as np

    from foreship_foundation.bounds import MOST_IN_CELL
    from foreship_optimize.days.orders_on_days import OrdersOnDays
    from foreship_optimize.errors import TableFault

    cell, week = np.divmod(found.place, len(demand.weeks))
    less = found.plus < 0
    share = np.divide(found.after, found.before, out=np.zeros(len(cell)), where=found.before > 0)
    factor = np.where(less, share, found.factor)
    plus = np.where(less, 0.0, found.plus)
    number = demand.weeks.astype(np.int64)[week].astype(np.uint64)
    law = OrdersOnDays(demand.kept, demand.order_sizes, named=False)
    units = demand.units.astype(np.int64)
    wanted = units[cell, week] * factor[:, None] + plus[:, None]
    # a whole number stays one: products of floats end just beside it
    whole = np.rint(wanted)
    wanted = np.where(np.abs(wanted - whole) < 1e-9 * np.maximum(whole, 1.0), whole, wanted)
    moved = np.floor(wanted + law.spread(cell, number, week))
    if moved.max() > MOST_IN_CELL:
        at = int(np.argmax(moved.max(axis=1)))
        raise TableFault(
            [
                f"adjustments: item {demand.item[cell[at]]} in {demand.region[cell[at]]} would "
                f"sell more than {MOST_IN_CELL:,} units in the week of {demand.weeks[week[at]]}; "
                "lower the value, or let the row expire"
            ]
        )
    units[cell, week] = moved
    return replace(demand, paths=units)


def redrawn(
    draws: PathDraws,
    demand: DemandScenarios,
    tables: Mapping[str, pd.DataFrame],
    rows: pd.DataFrame,
) -> DemandScenarios:
    """Return a forecast's paths under other rows of `adjustments`, drawn by the same numbers.

    Parameters
    ----------
    draws
        What `demand` was drawn from.
    tables
        `items` with their category.
    """
    import numpy as np

    from foreship_forecast.features.adjustments import adjusted_distribution

    said = draws.distribution
    other = adjusted_distribution(said.without_adjustments(), rows, tables["items"])
    differs = np.zeros(said.shape[0] * said.shape[1], dtype=bool)
    for name in ("chance", "extra", "dispersion"):
        differs |= getattr(other.law, name) != getattr(said.law, name)
    cells = np.flatnonzero(differs.reshape(said.shape).any(axis=1))
    if not len(cells):
        return demand
    drawn = drawn_demand(replace(draws, distribution=other.part(cells)))
    place = np.full(len(differs) // len(said.weeks), -1)
    place[cells] = np.arange(len(cells))

    def moved(some: Ints, units: Units) -> Units:
        mine = place[some] >= 0
        found = units.copy()
        found[mine] = drawn.units_of(place[some[mine]])
        return found

    return replace(demand, paths=changed(demand.kept, moved))
