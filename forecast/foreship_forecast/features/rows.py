"""Which (cell, origin, horizon) rows the model learns from, is calibrated on, and predicts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from foreship_forecast.history.panel import Panel
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["Rows", "calibration_rows", "labels", "prediction_rows", "training_rows"]

WARM_UP = 3
"""weeks before the first origin; earlier ones have next to nothing to say"""
FEWEST_JUDGED = 3
"""weeks that judge at least, even if their origins have little to say: one tells no width"""


@dataclass(frozen=True)
class Rows:
    """Rows to predict, sorted by cell, then origin, then horizon.

    `origin` is the position of the last known week; the target week is `origin + horizon`.
    """

    cell: Ints
    origin: Ints
    horizon: Ints

    def __len__(self) -> int:
        return len(self.cell)

    @property
    def target(self) -> Ints:
        """Position of the week each row predicts."""
        return self.origin + self.horizon

    @cached_property
    def cells(self) -> tuple[Ints, Ints]:
        """The cells of the rows, each once, and which of them each row is of."""
        first = np.append(True, self.cell[1:] != self.cell[:-1])[: len(self.cell)]
        return self.cell[first], np.cumsum(first) - 1

    def part(self, chosen: npt.NDArray[np.generic] | slice) -> Rows:
        """Return some of the rows, in their order."""
        return Rows(self.cell[chosen], self.origin[chosen], self.horizon[chosen])


def labels(panel: Panel, rows: Rows) -> tuple[Floats, Bools]:
    """Return the units of each row's target week, and whether demand was fully observed.

    Where they are not, they are the least in a censored week, and 0 where nothing is known.

    Raises
    ------
    ValueError
        If a target week is not over by `as_of`: its label is not ripe.
    """
    weeks = panel.shape[1]
    if len(rows) and int(rows.target.max()) >= weeks:
        raise ValueError(f"unripe labels: week {weeks} and later lie on or after {panel.as_of}")
    at = (rows.cell, rows.target)
    return panel.units[at].astype(np.float64), panel.known[at]


def training_rows(panel: Panel, horizons: range, last: int, most: int, seed: int) -> Rows:
    """Return rows of some horizons with observed targets before week `last`, about `most` at most.

    Targets are of the weeks to learn from; origins may lie before those.
    More than that are thinned by one seeded draw in each of equal stretches of the canonical
    order, so that every cell, week and horizon keeps its share.
    """
    origins = np.arange(max(WARM_UP, panel.learned - horizons[-1]), last - horizons[0])
    return _thinned(panel, origins, horizons, (panel.learned, last), most, seed)


def calibration_rows(panel: Panel, horizon_weeks: int, first: int, most: int, seed: int) -> Rows:
    """Return rows with observed targets from week `first`, origins from the week before.

    The features move with the origin; (cell, origin) pairs are thinned with all their horizons
    together, so that dependence over the horizon can be read.
    """
    weeks = panel.shape[1]
    earliest = min(WARM_UP, max(weeks - 1 - FEWEST_JUDGED, 1))
    origins = np.arange(max(first - 1, earliest), weeks - 1)
    pairs = _thinned(
        panel, origins, range(1, 2), (first, weeks), max(most // horizon_weeks, 1), seed
    )
    horizon = np.tile(np.arange(1, horizon_weeks + 1), len(pairs))
    rows = Rows(pairs.cell.repeat(horizon_weeks), pairs.origin.repeat(horizon_weeks), horizon)
    rows = rows.part(rows.target < weeks)
    return rows.part(panel.counted((rows.cell, rows.target)))


def prediction_rows(panel: Panel, cells: Ints, horizon_weeks: int) -> Rows:
    """Return the weeks from `as_of` on of some cells, seen from the panel's last week."""
    last = panel.shape[1] - 1
    return Rows(
        cells.repeat(horizon_weeks),
        np.full(len(cells) * horizon_weeks, last),
        np.tile(panel.gap + np.arange(1, horizon_weeks + 1), len(cells)),
    )


def _thinned(
    panel: Panel, origins: Ints, horizons: range, targets: tuple[int, int], most: int, seed: int
) -> Rows:
    eligible = _count(panel, origins, horizons, targets)
    grid = len(panel.entered) * len(origins) * len(horizons)
    if eligible <= most:
        places = np.arange(grid)
    else:
        drawn = int(np.ceil(most * grid / eligible))
        stretch = np.arange(drawn) + np.random.default_rng(seed).random(drawn)
        places = (stretch * (grid / drawn)).astype(np.int64)  # never falls: neighbours may be alike
        places = places[(np.diff(places, prepend=-1) > 0) & (places < grid)]
    pair, horizon = np.divmod(places, len(horizons))
    cell, origin = np.divmod(pair, max(len(origins), 1))
    rows = Rows(cell, origins[origin], horizon + horizons[0])
    return rows.part(_eligible(panel, rows, targets))


def _eligible(panel: Panel, rows: Rows, targets: tuple[int, int]) -> Bools:
    inside = (rows.target >= targets[0]) & (rows.target < targets[1])
    target = np.where(inside, rows.target, 0)
    known = panel.counted((rows.cell, target))
    return inside & known & (panel.entered[rows.cell] <= rows.origin)


def _count(panel: Panel, origins: Ints, horizons: range, targets: tuple[int, int]) -> int:
    """Return how many rows of the origins are eligible, as `_eligible` tells one by one."""
    weeks = panel.shape[1]
    # counted cells of each week by the week in which they entered, then by then
    entered = np.cumsum(
        [np.bincount(panel.entered[here], minlength=weeks + 1) for here in panel.counted_by_week()],
        axis=1,
    )
    total = 0
    for origin in origins:
        first = max(origin + horizons[0], targets[0])
        last = min(origin + horizons[-1], targets[1] - 1)
        total += int(entered[first : max(first, last + 1), origin].sum())
    return total
