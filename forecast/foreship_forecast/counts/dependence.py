"""Dependence: how cells and weeks move together beyond the forecast, from held-out weeks.

A score has four parts: of the week, of the item, of the region and of the cell alone (eq. 16).
Each is partly a level that stays over the whole horizon - what the forecast missed from its
origin on - and partly autoregressive (eq. 29). Pairs of held-out rows of one origin tell the
parts by what the two have in common and how many weeks lie between them (eqs. 18-19, 30).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.network_totals import (
    Moments,
    PastTotals,
    mean_correlation,
    normal_density,
    total_variance,
)
from foreship_forecast.model_files import typed
from foreship_foundation.arrays import Floats, Ints

__all__ = ["NOTHING", "Dependence", "Factor", "estimate_dependence"]

SCORE_BINS = 20
LARGEST_SHARE = {"week": 0.3, "item": 0.6, "region": 0.3}
LARGEST_SHARED = 0.95
"""share of a cell's variance that week, item and region together may take"""
DECAYS = np.arange(20) / 20.0
"""weekly decays tried"""
LEVELS = np.arange(21) / 20.0
"""shares of the week's part that stay, tried"""
PAIR_PRIOR = 100.0
"""pairs' worth of certainty, at each lag, that there is no dependence"""


@dataclass(frozen=True)
class Factor:
    """One component of the score: its share of the variance, and how long it lasts.

    **Invariants:** 0 <= `share` <= 1, 0 <= `level` <= 1, 0 <= `decay` < 1; ValueError where one
    breaks.
    """

    share: float
    """share of the normal score's variance"""
    level: float = 0.0
    """share of this part's own variance that stays over the whole horizon"""
    decay: float = 0.0
    """correlation of neighbouring weeks in the rest of it"""

    def __post_init__(self) -> None:
        if not (0 <= self.share <= 1 and 0 <= self.level <= 1 and 0 <= self.decay < 1):
            raise ValueError(f"no part of a score has share, level and decay {asdict(self)}")

    def correlation(self, lag: int) -> float:
        """Return eq. 30: its contribution to the correlation of scores some weeks apart."""
        return self.share * (self.level + (1.0 - self.level) * self.decay**lag)

    def __str__(self) -> str:
        return (
            f"{self.share:.3f} ({self.level:.2f} of it stays, the rest by {self.decay:.2f} a week)"
        )


NOTHING = Factor(0.0)


@dataclass(frozen=True)
class Dependence:
    """How strongly cells and weeks move together beyond what was predicted.

    **Invariants:** the four shares add up to 1, `own` has some; ValueError where that breaks.
    """

    week: Factor
    """what all cells have in common"""
    item: Factor
    """what all regions of an item have in common"""
    region: Factor
    """what all items of a region have in common"""
    own: Factor
    """what no other cell shares"""

    def __post_init__(self) -> None:
        whole = self.week.share + self.item.share + self.region.share + self.own.share
        if not (abs(whole - 1.0) < 1e-9 and self.own.share > 0):
            raise ValueError(f"shares should add up to 1, some of it a cell's own: {self}")

    @classmethod
    def of(
        cls,
        week: Factor = NOTHING,
        item: Factor = NOTHING,
        region: Factor = NOTHING,
        own: tuple[float, float] = (0.0, 0.0),
    ) -> Dependence:
        """Return the components that cells share, and what each cell keeps, with its decay."""
        return cls(week, item, region, Factor(1.0 - week.share - item.share - region.share, *own))

    def with_week(self, week: Factor) -> Dependence:
        """Return the same with another part of the week; a cell keeps what the others leave."""
        much = max((week.share + self.item.share + self.region.share) / LARGEST_SHARED, 1.0)
        parts = [replace(each, share=each.share / much) for each in (week, self.item, self.region)]
        return Dependence.of(parts[0], parts[1], parts[2], (self.own.level, self.own.decay))

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries and numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: object) -> Dependence:
        """Read back `to_json`; ValueError where it is not that."""
        names = set(cls.__dataclass_fields__)
        if not isinstance(found, dict) or set(found) != names:
            raise ValueError(f"dependence should have the parts {', '.join(sorted(names))}")
        return cls(**{name: typed(Factor, each) for name, each in found.items()})

    def __str__(self) -> str:
        return ", ".join(f"{name} {getattr(self, name)}" for name in self.__dataclass_fields__)


def estimate_dependence(
    law: CountLaw,
    units: Floats,
    groups: tuple[Ints, Ints],
    origin: Ints,
    horizon: Ints,
    cell: Ints,
    past: PastTotals,
) -> Dependence:
    """Estimate the components from held-out rows, eqs. 18-19 and 30, the week's from past totals.

    A row's score is the mean of the normals its outcome stands for, so slow cells, whose outcome
    says little about their normal, weigh little: E[s_a s_b] = rho E[s_a^2] E[s_b^2] to first
    order, and each rho is the ratio of sums over pairs.

    Parameters
    ----------
    law, units
        Predicted law and units ordered, N rows.
    groups
        Positions of each row's item and region, shape (N,) each.
    origin, horizon, cell
        Positions of each row, shape (N,). Without any row nothing moves together.
    past
        Totals after all past origins, held-out ones among them.
    """
    if not len(units):
        return Dependence.of()
    score = _scores(law, units)
    weight = _binned_square(score, law.chance * (1.0 + law.extra))
    at = (origin - origin.min(), horizon - horizon.min())
    codes = {"item": groups[0], "region": groups[1], "own": cell}
    above, below = (_pair_sums(values, codes, at) for values in (score, weight))
    seen = {kind: above[kind] / (below[kind] + PAIR_PRIOR) for kind in above}
    curves = {"week": seen["week"]}
    curves |= {name: seen[name] - seen["week"] for name in ("item", "region")}
    held_out = _fitted(curves, seen["own"], below)
    first = horizon == horizon.min()
    moments = _moments(law.part(first), groups[0][first], groups[1][first], origin[first], past)
    return held_out.with_week(_week_part(past, moments, held_out))


def _moments(law: CountLaw, item: Ints, region: Ints, origin: Ints, past: PastTotals) -> Moments:
    """Return the moments of past totals at the latest origin held out."""
    here = origin == origin.max()
    law = law.part(here)
    size = float(past.expected[origin.max(), 0]) / max(float(law.mean().sum()), 1e-9)
    return Moments.of(law, item[here], region[here], size or 1.0)


def _week_part(past: PastTotals, moments: Moments, others: Dependence) -> Factor:
    """Return the week's component that with the others gives totals eq. 48's variances: eq. 49."""
    weeks = range(1, past.expected.shape[1] + 1)
    explained = np.array([_explained(moments, others, each) for each in weeks])
    wanted = np.maximum(total_variance(past, explained) / moments.week, 1e-12)
    level, decay = np.meshgrid(LEVELS, DECAYS, indexing="ij")
    shape = np.stack([mean_correlation(level, decay, each) for each in weeks], axis=-1)
    # relative misses of the variances alike over all lengths; for each shape the best share
    relative = shape / wanted
    share = relative.sum(axis=-1) / (relative**2).sum(axis=-1)
    miss = ((share[..., None] * relative - 1.0) ** 2).sum(axis=-1)
    at = np.unravel_index(int(np.argmin(miss)), miss.shape)
    most = LARGEST_SHARE["week"]
    return Factor(min(float(share[at]), most), float(level[at]), float(decay[at]))


def _explained(moments: Moments, others: Dependence, weeks: int) -> float:
    """Return what items, regions and cells give the relative variance of a total, eq. 49."""
    found = moments.alone / weeks
    parts = (others.item, moments.item), (others.region, moments.region), (others.own, moments.own)
    for part, moment in parts:
        found += moment * part.share * float(mean_correlation(part.level, part.decay, weeks))
    return found


def _fitted(curves: Mapping[str, Floats], same: Floats, below: Mapping[str, Floats]) -> Dependence:
    """Return the components whose correlations over lags fit those seen best, eq. 30."""
    share = {k: float(np.clip(curves[k][0], 0.0, most)) for k, most in LARGEST_SHARE.items()}
    much = max(sum(share.values()) / LARGEST_SHARED, 1.0)
    parts = {
        name: Factor(share[name] / much, *_memory(curves[name][1:], share[name], below[name][1:]))
        for name in share
    }
    left = 1.0 - sum(each.share for each in parts.values())
    rest = same[1:] - sum(curves[name][1:] for name in share)
    return Dependence(**parts, own=Factor(left, *_memory(rest, left, below["own"][1:])))


def _memory(seen: Floats, share: float, weight: Floats) -> tuple[float, float]:
    """Return level and decay whose eq. 30 fits the correlations seen at lags 1, 2, .. best.

    Squares are weighted by pairs; for each decay tried the best level has a closed form.
    """
    if share <= 0 or not (weight > 0).any():
        return 0.0, 0.0
    lag = np.arange(1, len(seen) + 1)
    fits = []
    for decay in DECAYS:
        fades = share * decay**lag
        room = share - fades
        level = float((weight * room * (seen - fades)).sum() / (weight * room**2).sum())
        level = float(np.clip(level, 0.0, 1.0))
        miss = float((weight * (seen - fades - level * room) ** 2).sum())
        fits.append((miss, level, float(decay)))
    _, level, decay = min(fits, key=lambda each: each[0])
    return level, decay


def _pair_sums(
    values: Floats, codes: Mapping[str, Ints], at: tuple[Ints, Ints]
) -> dict[str, Floats]:
    """Return the sums of eq. 19 by what two rows of an origin share and by weeks between them.

    Returns
    -------
    dict
        For `own` the pairs of a cell, `item` and `region` of different cells with that in
        common, `week` of cells with neither; an array over lags 0, 1, ..
    """
    one = np.zeros_like(codes["own"])
    every, item, region, own = (
        _products(values, code, at) for code in (one, codes["item"], codes["region"], codes["own"])
    )
    return {
        "week": every - item - region + own,
        "item": item - own,
        "region": region - own,
        "own": own,
    }


def _products(values: Floats, code: Ints, at: tuple[Ints, Ints]) -> Floats:
    """Return the sum over groups and origins of totals' products, by lag between horizons."""
    names, group = np.unique(code, return_inverse=True)
    shape = (len(names), *(int(each.max()) + 1 for each in at))
    place = np.ravel_multi_index((group, *at), shape)
    total = np.bincount(place, values, int(np.prod(shape))).reshape(shape)
    lags = range(shape[2])
    return np.array([(total[..., : shape[2] - lag] * total[..., lag:]).sum() for lag in lags])


def _scores(law: CountLaw, units: Floats) -> Floats:
    """Return eq. 18: the mean of a standard normal between its quantiles F(D - 1) and F(D)."""
    below, upto = law.interval(units)
    low, high = ndtri(np.clip(below, 1e-9, 1 - 1e-9)), ndtri(np.clip(upto, 1e-9, 1 - 1e-9))
    score: Floats = (normal_density(low) - normal_density(high)) / np.maximum(upto - below, 1e-9)
    # where both ends are rarer than that, the mean between them is that end
    return np.clip(np.where(high > low, score, low), -5.0, 5.0)


def _binned_square(score: Floats, mean: Floats) -> Floats:
    """Return the mean squared score of rows of like mean."""
    edges = np.unique(np.quantile(mean, np.arange(1, SCORE_BINS) / SCORE_BINS))
    place = np.searchsorted(edges, mean)
    square = np.bincount(place, score * score) / np.maximum(np.bincount(place), 1)
    return square[place]
