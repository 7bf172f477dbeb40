"""Quantiles or means of others -> joint sample paths, through the product's own dependence.

docs/forecast.md, section 12.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from foreship.errors import UsageError
from foreship.forecasts.recognising import StatedForecast
from foreship_foundation.arrays import Days, Floats, Ids, Ints
from foreship_foundation.bounds import is_number
from foreship_foundation.telling.words import number, percent, plural

if TYPE_CHECKING:
    from foreship_forecast.counts.dependence import Dependence
    from foreship_forecast.counts.foreign_law import ForeignLaw
    from foreship_forecast.counts.sample_paths import SamplePaths

__all__ = ["LAWS", "Asked", "joint_paths"]

LAWS: Final = ("poisson", "negative_binomial")
"""laws that a mean can be given"""
EMPIRICAL: Final = "empirical"
"""what others call the spread of past errors, which a mean alone does not bring along"""
WEEK_DAYS: Final = 7
SURE: Final = 0.95
"""level below which a highest quantile of 0 says little of whether anything sells"""


class Asked(NamedTuple):
    """What a forecast does not say itself."""

    dependence: Dependence
    scenarios: int
    seed: int
    law: str | None = None
    """one of `LAWS`, for a mean"""
    dispersion: float | None = None
    """r of a negative binomial, variance mean + mean^2 / r"""


def joint_paths(
    stated: StatedForecast, as_of: pd.Timestamp, asked: Asked
) -> tuple[SamplePaths, list[str]]:
    """Return joint paths of a stated forecast, and what was left out or taken for 0.

    Weeks run from `as_of` to the last one stated, 104 at most; a cell and week that is not stated
    has no demand.

    Raises
    ------
    UsageError
        If no week is left, a mean has no law, or the law does not fit the form.
    """
    from foreship_forecast.counts.draws import Draws
    from foreship_forecast.counts.foreign_law import foreign_paths

    region, item, cell = _sorted_cells(stated.region, stated.item)
    weeks, week = _weeks(stated.week, as_of)
    keep = (week >= 0) & (week < len(weeks))
    if not keep.any():
        raise UsageError(f"the forecast has no week from {as_of.date().isoformat()} on")
    values = np.zeros((len(region) * len(weeks), stated.values.shape[1]))
    values[cell[keep] * len(weeks) + week[keep]] = stated.values[keep]
    law = _law(stated.levels, values, asked)
    draws = Draws((region, item), len(weeks), asked.dependence, asked.scenarios, asked.seed)
    paths = foreign_paths((region, item), weeks, law, draws)
    absent = len(values) - int(keep.sum())
    return paths, list(_notes(stated, week, len(weeks), absent))


def _sorted_cells(region: Ids, item: Ids) -> tuple[Ids, Ids, Ints]:
    """Return the cells in canonical order, and which of them each row is of."""
    rows = pd.MultiIndex.from_arrays([region, item])
    cells = rows.unique().sort_values()
    names = [cells.get_level_values(n).to_numpy(dtype=object) for n in range(2)]
    return names[0], names[1], cells.get_indexer(rows)


def _weeks(week: Days, as_of: pd.Timestamp) -> tuple[Days, Ints]:
    """Return the Mondays from `as_of` on, and the how manieth each row is about."""
    from foreship_optimize.demand import MOST_WEEKS

    start = np.datetime64(as_of, "D")
    place = (week - start).astype(np.int64) // WEEK_DAYS
    count = min(int(place.max(initial=-1)) + 1, MOST_WEEKS)
    return start + WEEK_DAYS * np.arange(max(count, 0)), place


def _law(levels: Floats, values: Floats, asked: Asked) -> ForeignLaw:
    """Return the count laws that are stated."""
    from foreship_forecast.counts.foreign_law import MeanLaw, QuantileLaw

    law, dispersion = asked.law, asked.dispersion
    if len(levels):
        if law is not None or dispersion is not None:
            raise UsageError("law and dispersion are for a mean: quantiles say what the law is")
        return QuantileLaw(levels, values)
    if law not in LAWS:
        said = "a mean alone says nothing of what may be ordered" if law is None else ""
        words = said or f"there is no law {law!r}"
        if law == EMPIRICAL:
            words += " of a mean: how far past weeks lay from it is told by quantiles"
        remedy = "law='poisson', or law='negative_binomial' with dispersion=r (variance m + m^2/r)"
        raise UsageError(f"{words}; give {remedy}, or a forecast by quantiles")
    if (law == "negative_binomial") != (dispersion is not None):
        need = "needs" if dispersion is None else "has no"
        raise UsageError(f"law {law!r} {need} dispersion")
    if dispersion is not None and not is_number(dispersion):
        raise UsageError(f"dispersion {dispersion!r} is no number")
    if dispersion is not None and not 0.0 < dispersion <= 1e6:
        raise UsageError(f"dispersion {number(dispersion)}: it is above 0, 1,000,000 at most")
    return MeanLaw(values[:, 0], dispersion)


def _notes(stated: StatedForecast, week: Ints, weeks: int, absent: int) -> Iterator[str]:
    """Yield what must be known of the paths."""
    early, late = int((week < 0).sum()), int((week >= weeks).sum())
    if early:
        yield f"demand: {plural(early, 'row')} of weeks before the plan left out"
    if late:
        yield f"demand: {plural(late, 'row')} beyond {plural(weeks, 'week')} left out"
    if absent:
        yield f"demand: {plural(absent, 'cell and week', 'cells and weeks')} without a row are 0"
    if len(stated.levels) and stated.levels[-1] < SURE:
        silent = int((stated.values[:, -1] == 0).sum())
        if silent:
            highest = percent(stated.levels[-1])
            yield (
                f"demand: {plural(silent, 'row says', 'rows say')} 0 even at the highest level, "
                f"{highest}, and are taken for no demand at all; give higher levels"
            )
