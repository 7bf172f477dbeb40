"""Micro-aggregation: cells of few buyers share the mean forecast of cells nearly like them.

A group of cells holds at least `min_customers` distinct buyers, and all its cells say the same of
every week, so that no row describes fewer (docs/forecast.md, section 6).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree
from scipy.special import logit

from foreship_forecast.counts.law import CountLaw, dispersion_of
from foreship_forecast.history.distinct_buyers import (
    Describable,
    distinct_buyers,
    fewest_buyers,
    floor_is_on,
)
from foreship_forecast.history.panel import Panel
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["Groups", "SmallCells", "in_units"]

STANDS_OUT = 1.25
"""times the median week above which a week is one of its own kind"""
ALONE = -1
"""group of a cell that shares its forecast with no other"""


@dataclass(frozen=True)
class SmallCells:
    """Which cells have too few buyers to be described by themselves, and what they do instead.

    **Invariants:** no cell is both `grouped` and `lone`; both are known before any forecast is.
    """

    grouped: Bools
    """shares a forecast with cells like it, shape (C,)"""
    lone: Bools
    """counted like no others that hold enough buyers with it: its pools speak, shape (C,)"""
    count: Floats
    """known distinct buyers, shape (C,)"""
    least: int
    """distinct buyers a description rests on"""
    lot: Ints
    """units that each cell is counted in where it is described, shape (C,)"""
    told: Bools
    """its item has enough buyers in all regions, so that its pools may tell of it, shape (C,)"""
    describable: Describable
    """which pools may be told of"""

    @classmethod
    def of(cls, panel: Panel, buyers: pd.DataFrame, least: int) -> SmallCells:
        """Tell the small cells of a panel from others.

        Parameters
        ----------
        panel
            Cells; only those that may be stocked are described, and only they form groups.
        buyers, least
            As in `floor_is_on`.
        """
        nobody = np.zeros(panel.shape[0], dtype=bool)
        if not floor_is_on(buyers, least):
            every = Describable.of(panel.codes, buyers, least)
            return cls(nobody, nobody, nobody.astype(np.float64), 1, panel.lot, ~nobody, every)
        count, region = distinct_buyers(panel.codes, buyers), panel.codes.region
        described = panel.offered & panel.observed
        small = described & (count < least)
        lot = panel.lot.copy()
        for size in np.unique(lot[small & (lot > 1)]).tolist():
            alike = described & (panel.lot == size)
            if fewest_buyers(count[alike], region[alike]) < least:
                # a lot that so few are known to order in is said of nobody
                lot[alike] = 1
        singly = described & (lot == 1)
        few = fewest_buyers(count[singly], region[singly]) < least
        lone = small & (lot == 1) & few
        describable = Describable.of_counts(panel.codes, count, least)
        told = describable.item[panel.codes.item]
        lot[(lone | ~panel.observed) & ~told] = 1
        return cls(small & ~lone, lone, count, least, lot, told, describable)

    def shared(self, panel: Panel, cells: Ints, law: CountLaw) -> tuple[CountLaw, Groups]:
        """Return what may be said of each cell, and which cells share it.

        Parameters
        ----------
        panel
            As in `of`.
        cells
            The predicted cells, all that may be stocked, shape (n,).
        law
            What the model says of them, week by week within a cell, in lots of the panel.
        """
        weeks = len(law) // max(len(cells), 1)
        if (panel.lot[cells] > 1).any():
            # pools count in lots of all sizes: what they say needs no conversion
            own = np.where(panel.observed & ~self.lone, panel.lot, self.lot)
            law = replace(law, lot=own[cells].repeat(weeks))
        law = in_units(law, self.lot[cells].repeat(weeks))
        groups = self._groups(panel, cells, law)
        return groups.law(law), groups

    def _groups(self, panel: Panel, cells: Ints, law: CountLaw) -> Groups:
        """Put small cells of nearly the same forecast together."""
        weeks = len(law) // max(len(cells), 1)
        found = np.full(len(cells), ALONE)
        if not self.grouped[cells].any():
            return Groups(found, weeks)
        chance = law.chance.reshape(len(cells), weeks)
        units = (law.chance * (1.0 + law.extra) * law.units_of_one()).reshape(chance.shape)
        like = _likeness(chance[:, 0], units)
        week = _week_that_stands_out(units)
        count, region, lot = self.count[cells], panel.codes.region[cells], self.lot[cells]
        small, large = self.grouped[cells], panel.observed[cells] & (count >= self.least)
        for size in np.unique(lot[small]).tolist():
            mine, others = (np.flatnonzero(each & (lot == size)) for each in (small, large))
            ways = [_among_themselves(mine, week, like, count, region, self.least)]
            ways += [_with_large(mine, others, like)] if len(others) else []
            # a way that leaves cells alone is none, and of two the first is taken where they tie
            chosen, group = min(
                (way for way in ways if (way[1] != ALONE).all()),
                key=lambda way: _moved(like[way[0]], way[1]),
            )
            found[chosen] = group + found.max() + 1
        return Groups(found, weeks)


@dataclass(frozen=True)
class Groups:
    """Cells that share one description."""

    of: Ints
    """group of each predicted cell, `ALONE` where it shares none, shape (n,)"""
    weeks: int

    def mean(self, values: Floats) -> Floats:
        """Return a value of each cell, shape (n,), with its group's mean where it shares one."""
        inside = self.of != ALONE
        found = values.copy()
        found[inside] = _mean(self.of[inside], values[inside], np.ones(int(inside.sum())))
        return found

    def law(self, law: CountLaw) -> CountLaw:
        """Return the law with every group's cells at the law of one of them drawn at random.

        Equations 41 to 43, week by week: its chance and mean are the group's, and its variance
        holds what the cells differ by.
        """
        inside = (self.of != ALONE).repeat(self.weeks)
        if not inside.any():
            return law
        part = law.part(inside)
        weeks = np.tile(np.arange(self.weeks), int((self.of != ALONE).sum()))
        group = self.of.repeat(self.weeks)[inside] * self.weeks + weeks
        x, r = part.bounded()
        mean = _mean(group, x, part.chance)
        square = _mean(group, x + x**2 / r + x**2, part.chance)
        chance, extra, dispersion = law.chance.copy(), law.extra.copy(), law.dispersion.copy()
        chance[inside] = _mean(group, part.chance, np.ones(len(part)))
        extra[inside] = mean
        dispersion[inside] = dispersion_of(mean, (square - mean**2) / mean)
        return replace(law, chance=chance, extra=extra, dispersion=dispersion)


def in_units(law: CountLaw, lot: Ints) -> CountLaw:
    """Return the law counted in units where `lot` is 1, of the same mean and variance.

    Parameters
    ----------
    law
        N laws, counted in their own lots.
    lot
        What each is to be counted in: its own lot, or 1, shape (N,).
    """
    own = law.units_of_one()
    changed = own != lot
    if not changed.any():
        return law
    x, r = law.part(changed).bounded()
    size = own[changed].astype(np.float64)
    mean = size * x + size - 1.0
    extra, dispersion = law.extra.copy(), law.dispersion.copy()
    extra[changed], dispersion[changed] = mean, dispersion_of(mean, size**2 * (x + x**2 / r) / mean)
    return replace(law, extra=extra, dispersion=dispersion, lot=lot)


def _likeness(first: Floats, units: Floats) -> Floats:
    """Return by what cells are alike: the log odds of p_1, log mean units, and log units of a week.

    Parameters
    ----------
    first
        p_1 of the first week, shape (n,).
    units
        Expected units, shape (n, H); each week counts as its departure from the mean.
    """
    mean = units.mean(axis=1)
    return np.column_stack([logit(first), np.log(mean), np.log(units / mean[:, None])])


def _week_that_stands_out(units: Floats) -> Ints:
    """Return the week for which much more is expected than usual, shape (n,), -1 where none is."""
    above = units / np.median(units, axis=1, keepdims=True)
    week: Ints = np.where(above.max(axis=1) > STANDS_OUT, above.argmax(axis=1), -1)
    return week


def _among_themselves(
    mine: Ints, week: Ints, like: Floats, count: Floats, region: Ints, least: int
) -> tuple[Ints, Ints]:
    """Return small cells in an order of their forecasts, and the run of it that each is in.

    Those of which the same week stands out (a promotion, an event) stay together where they hold
    enough buyers and leave enough for the others: shared with those it would be thinned.
    """
    kind = np.where(_enough(week[mine], count[mine], region[mine], least), week[mine], -1)
    if not _enough(kind, count[mine], region[mine], least).all():
        kind[:] = -1
    order, group = mine[:0], mine[:0]
    for each in np.unique(kind):
        cells = mine[kind == each]
        cells = cells[_snake(like[cells], count[cells], region[cells], least)]
        run = _runs(count[cells], region[cells], least)
        order, group = np.append(order, cells), np.append(group, run + group.max(initial=-1) + 1)
    return order, group


def _enough(kind: Ints, count: Floats, region: Ints, least: int) -> Bools:
    """Return which cells hold enough buyers together with all of their kind, shape (n,)."""
    kinds, place = np.unique(kind, return_inverse=True)
    held = [fewest_buyers(count[place == k], region[place == k]) for k in range(len(kinds))]
    return (np.array(held) >= least)[place]


def _with_large(mine: Ints, others: Ints, like: Floats) -> tuple[Ints, Ints]:
    """Return small cells and those of the large that are nearest to one, and the group of each."""
    nearest = cKDTree(like[others]).query(like[mine])[1]
    joined, group = np.unique(nearest, return_inverse=True)
    return np.append(mine, others[joined]), np.append(group, np.arange(len(joined)))


def _moved(like: Floats, group: Ints) -> float:
    """Return by how much cells differ from the mean of their group: the sum of squares."""
    one = np.ones(len(group))
    return float(sum(((each - _mean(group, each, one)) ** 2).sum() for each in like.T))


def _snake(like: Floats, count: Floats, region: Ints, least: int) -> Ints:
    """Return an order of cells in which neighbours are alike in p_1 and in mean units.

    Strata of mean units, as many as groups in each, are walked up and down by p_1.
    """
    cells = np.arange(len(like))
    line = np.lexsort((cells, like[:, 1]))
    groups = int(_runs(count[line], region[line], least).max(initial=0)) + 1
    strata = max(round(groups**0.5), 1)
    stratum = np.empty(len(like), dtype=np.int64)
    stratum[line] = cells * strata // len(like)
    upwards = np.where(stratum % 2 == 0, like[:, 0], -like[:, 0])
    order: Ints = np.lexsort((cells, upwards, stratum))
    return order


def _runs(count: Floats, region: Ints, least: int) -> Ints:
    """Cut an order of cells into runs that hold `least` buyers each by eq. 40.

    What is left joins the run before it; `ALONE` where all cells together hold too few.
    """
    group = np.empty(len(count), dtype=np.int64)
    largest: dict[int, float] = {}
    run, first, held = 0, 0, 0.0
    for place, (buyers, where) in enumerate(zip(count.tolist(), region.tolist(), strict=True)):
        more = max(buyers - largest.get(where, 0.0), 0.0)
        largest[where] = largest.get(where, 0.0) + more
        held += more
        if held >= least:
            group[first : place + 1] = run
            run, first, held, largest = run + 1, place + 1, 0.0, {}
    group[first:] = run - 1
    return group


def _mean(group: Ints, values: Floats, weight: Floats) -> Floats:
    """Return each row's weighted mean over the rows of its group, shape (n,)."""
    total = np.bincount(group, weight)
    with np.errstate(invalid="ignore"):  # numbers that no group has
        found: Floats = (np.bincount(group, weight * values) / total)[group]
    return found
