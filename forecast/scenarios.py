"""Joint sample paths: weeks and cells that move together, with marginals that stay exact.

    z = sqrt(rho_W) W_h + sqrt(rho_I) A_{i,h} + sqrt(rho_R) B_{r,h}
        + sqrt(1 - rho_W - rho_I - rho_R) e_{r,i,h}                                   (eq. 16)

W, A, B and e are standard normal, autoregressive of order one over the weeks. Within each cell and
week the S values of z are replaced by their ranks, u = (rank + v) / S with one v for all, and
D = #{k : p_k > 1 - u} (eq. 17): path frequencies meet p_k to 1 / S while the order of the
scenarios, which carries the dependence, stays as drawn. Every draw is a hash of (seed, factor,
region, item, week, scenario), so neither blocks nor row order can change it.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri
from scipy.stats import norm

from forecast.arrays import Bools, Days, Floats, Hashes, Ids, Ints, Singles
from forecast.distribution import DemandDistribution
from forecast.errors import ForecastError, TableFault
from forecast.law import LARGEST_COUNT, CountLaw
from forecast.tables import PATH_COLUMNS

__all__ = ["Dependence", "SamplePaths", "estimate_dependence", "sample_paths"]

BLOCK_DRAWS = 4_000_000
SCORE_BINS = 20
LARGEST_WEEK, LARGEST_ITEM, LARGEST_REGION, LARGEST_DECAY = 0.3, 0.6, 0.3, 0.95
LARGEST_SHARED = 0.95
"""share of a cell's variance that all factors together may take"""
PAIR_PRIOR = 100.0
"""pairs' worth of certainty that there is no dependence"""


@dataclass(frozen=True)
class Dependence:
    """How strongly cells and weeks move together beyond what was predicted.

    **Invariants:** `week`, `item`, `region` >= 0, their sum < 1, 0 <= `decay` < 1; ValueError
    where one breaks.
    """

    item: float
    """share of the normal score's variance that all regions of an item have in common"""
    week: float
    """share that all cells have in common"""
    decay: float
    """correlation of neighbouring weeks"""
    region: float = 0.0
    """share that all items of a region have in common"""

    def __post_init__(self) -> None:
        shares = (self.item, self.week, self.region)
        if not (min(shares) >= 0 and sum(shares) < 1 and 0 <= self.decay < 1):
            raise ValueError(f"no dependence has the shares and the decay of {self}")


@dataclass(frozen=True)
class SamplePaths:
    """S joint scenarios of the demand of C cells over H weeks.

    **Invariants:** cells are sorted by (region, item); all scenarios are equally likely.
    """

    region: Ids
    """shape (C,)"""
    item: Ids
    """shape (C,)"""
    weeks: Days
    """Mondays, shape (H,)"""
    units: npt.NDArray[np.uint16]
    """units ordered, shape (C, H, S)"""

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each cell, week and scenario (0, 1, ..) with at least one unit."""
        cell, week, scenario = np.nonzero(self.units)
        found = (
            self.region[cell],
            self.item[cell],
            self.weeks.astype("datetime64[s]")[week],
            scenario,
            self.units[cell, week, scenario].astype(np.int64),
        )
        return pd.DataFrame(dict(zip(PATH_COLUMNS, found, strict=True)))

    @classmethod
    def from_frame(
        cls, frame: pd.DataFrame, cells: pd.DataFrame, weeks: npt.ArrayLike, scenarios: int
    ) -> SamplePaths:
        """Read back `to_frame`, which keeps no row where nothing is sold.

        Parameters
        ----------
        frame
            `region, item, week, scenario, units`, scenarios counted from 0.
        cells
            `region, item` of all cells.
        weeks
            All Mondays.
        scenarios
            Number of scenarios.
        """
        pairs = cells[["region", "item"]].astype(object).drop_duplicates()
        index = pd.MultiIndex.from_frame(pairs.sort_values(["region", "item"]))
        cell = index.get_indexer(pd.MultiIndex.from_frame(frame[["region", "item"]].astype(object)))
        mondays = np.unique(np.asarray(weeks).astype("datetime64[D]"))
        day = frame["week"].to_numpy().astype("datetime64[D]")
        week = np.minimum(np.searchsorted(mondays, day), len(mondays) - 1)
        if (cell < 0).any() or (mondays[week] != day).any():
            raise ForecastError("sample paths name a cell or week that the forecast does not hold")
        units = np.zeros((len(index), len(mondays), scenarios), dtype=np.uint16)
        units[cell, week, frame["scenario"].to_numpy()] = frame["units"].to_numpy()
        region, item = (index.get_level_values(n).to_numpy(dtype=object) for n in range(2))
        return cls(region, item, mondays, units)

    def __str__(self) -> str:
        cells, weeks, scenarios = self.units.shape
        return f"SamplePaths: {cells:,} cells x {weeks} weeks x {scenarios:,} scenarios"


def sample_paths(
    distribution: DemandDistribution, dependence: Dependence, scenarios: int, seed: int
) -> SamplePaths:
    """Draw joint scenarios from the distribution.

    Parameters
    ----------
    distribution
        Marginals of C cells over H weeks.
    dependence
        What cells and weeks have in common.
    scenarios
        Number of scenarios S, at least 1.
    seed
        Same seed and ids, same units.

    Raises
    ------
    TableFault
        If a cell would sell more than 65,535 units in a week, which the result cannot hold.
    """
    cells, weeks = distribution.shape
    units = np.empty((cells, weeks, scenarios), dtype=np.uint16)
    draws = _Draws(distribution, dependence, scenarios, seed)
    # item by item, so that each item's own factor is drawn once
    order = np.argsort(draws.item_code, kind="stable")
    step = max(1, BLOCK_DRAWS // (weeks * scenarios))
    for first in range(0, cells, step):
        block = order[first : first + step]
        rows = (block[:, None] * weeks + np.arange(weeks)).ravel()
        counts = _sorted_counts(distribution.law.part(rows), draws.start(block), scenarios)
        place = np.argsort(draws.scores(block).reshape(len(rows), scenarios), axis=1)
        drawn = np.empty_like(counts)
        np.put_along_axis(drawn, place, counts, axis=1)
        units[block] = drawn.reshape(len(block), weeks, scenarios)
    return SamplePaths(distribution.region, distribution.item, distribution.weeks, units)


class _Draws:
    """The hashed randomness of a run, a block of cells at a time."""

    def __init__(
        self, distribution: DemandDistribution, dependence: Dependence, scenarios: int, seed: int
    ) -> None:
        self.dependence, self.scenarios = dependence, scenarios
        self.weeks = len(distribution.weeks)
        root = _mix(np.array([seed], dtype=np.uint64))
        self.item_code, item_names = pd.factorize(distribution.item, sort=True)
        self.region_code, region_names = pd.factorize(distribution.region)
        region_hash = _mix(_hashes(region_names) ^ root)
        self.item_key = _mix(_hashes(item_names) ^ root)
        cell_key = region_hash[self.region_code] ^ self.item_key[self.item_code]
        self.cell_key = _mix(cell_key)
        self.common = self._path(_mix(root ^ np.uint64(1)))
        # few regions, many blocks: drawn once
        self.by_region = self._path(_mix(region_hash ^ np.uint64(2))) if dependence.region else None

    def scores(self, block: Ints) -> Singles:
        """Return eq. 16 for some cells, shape (cells, weeks, scenarios)."""
        shared = self.dependence.week, self.dependence.item, self.dependence.region
        score = self._path(self.cell_key[block])
        score *= np.float32(np.sqrt(1.0 - sum(shared)))
        if shared[1] > 0:
            codes, at = np.unique(self.item_code[block], return_inverse=True)
            score += (np.float32(np.sqrt(shared[1])) * self._path(_mix(self.item_key[codes])))[at]
        if self.by_region is not None:
            score += (np.float32(np.sqrt(shared[2])) * self.by_region)[self.region_code[block]]
        score += np.float32(np.sqrt(shared[0])) * self.common
        return score

    def start(self, block: Ints) -> Floats:
        """Return v of eq. 17, one uniform for each cell and week, shape (cells x weeks,)."""
        week = np.arange(self.weeks, dtype=np.uint64) + np.uint64(1 << 62)
        bits = _mix(self.cell_key[block][:, None] ^ _mix(week))
        return ((bits >> np.uint64(11)).astype(np.float64) * 2.0**-53).ravel()

    def _path(self, keys: Hashes) -> Singles:
        """Return autoregressive standard normals, shape (keys, weeks, scenarios)."""
        half = (self.scenarios + 1) // 2
        counter = _mix(np.arange(self.weeks * half, dtype=np.uint64))
        bits = _mix(keys[:, None] ^ counter).reshape(len(keys), self.weeks, half)
        path = _normals(bits)[:, :, : self.scenarios]
        decay = np.float32(self.dependence.decay)
        fresh = np.float32(np.sqrt(1.0 - self.dependence.decay**2))
        for week in range(1, self.weeks):
            path[:, week] = decay * path[:, week - 1] + fresh * path[:, week]
        return path


def _normals(bits: Hashes) -> Singles:
    """Return two standard normals for each 64 bits (Box-Muller, doi:10.1214/aoms/1177706645)."""
    scale = np.float32(2.0**-24)
    uniform = ((bits >> np.uint64(40)).astype(np.float32) + np.float32(1.0)) * scale
    angle = (bits & np.uint64(0xFFFFFF)).astype(np.float32) * (scale * np.float32(2.0 * np.pi))
    radius = np.sqrt(np.float32(-2.0) * np.log(uniform))
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=2)


def _sorted_counts(law: CountLaw, start: Floats, scenarios: int) -> npt.NDArray[np.uint16]:
    """Return eq. 17 at each stratum in ascending order, shape (N, scenarios).

    Of the strata j = 0 .. S - 1, those with (j + v) / S > 1 - p_k sell a k-th unit: a count for
    each k, from which the k of each stratum are read back.
    """
    width = scenarios + 1
    histogram = np.zeros(len(law) * width, dtype=np.int64)
    reached = False
    for each in law.walk():
        limit = scenarios * (1.0 - each.survival) - start[each.rows]
        sells = scenarios - 1 - np.clip(np.floor(limit), -1, scenarios - 1).astype(np.int64)
        flat = (each.rows * width + sells).ravel()
        histogram += np.bincount(flat, minlength=len(histogram))
        reached |= bool(each.first + len(each.survival) > LARGEST_COUNT and sells[-1].any())
    if reached:
        many = f"orders: a cell sells {LARGEST_COUNT:,} units a week or more in some scenario; "
        remedy = "check the quantities of orders, or state them in larger units (cases, hundreds)"
        raise TableFault([many + remedy])
    # stratum j sells every k that at least S - j strata sell
    at_least = np.cumsum(histogram.reshape(len(law), width)[:, ::-1], axis=1)[:, :-1]
    return at_least.astype(np.uint16)


def estimate_dependence(
    law: CountLaw,
    units: Floats,
    groups: tuple[Ints, Ints],
    origin: Ints,
    horizon: Ints,
    cell: Ints,
) -> Dependence:
    """Estimate the factors from held-out rows, eqs. 18-19.

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
        Positions of each row, shape (N,).
    """
    score = _scores(law, units)
    weight = _binned_square(score, law.chance * (1.0 + law.extra))
    at = origin * (int(horizon.max()) + 1) + horizon
    pooled = _pair_ratio(score, weight, at)
    same_item, same_region = (
        _pair_ratio(score, weight, at * (int(code.max()) + 1) + code) for code in groups
    )
    week = float(np.clip(pooled, 0.0, LARGEST_WEEK))
    order = np.lexsort([horizon, origin, cell])
    following = _following(cell[order], origin[order], horizon[order])
    left, right = order[:-1][following], order[1:][following]
    above = float((score[left] * score[right]).sum())
    below = float((weight[left] * weight[right]).sum()) + PAIR_PRIOR
    item = float(np.clip(same_item - week, 0.0, LARGEST_ITEM))
    region = float(np.clip(same_region - week, 0.0, LARGEST_REGION))
    much = max((week + item + region) / LARGEST_SHARED, 1.0)
    decay = float(np.clip(above / below, 0.0, LARGEST_DECAY))
    return Dependence(item / much, week / much, decay, region / much)


def _scores(law: CountLaw, units: Floats) -> Floats:
    """Return eq. 18: the mean of a standard normal between its quantiles F(D - 1) and F(D)."""
    below, upto = law.interval(units)
    low, high = ndtri(np.clip(below, 1e-9, 1 - 1e-9)), ndtri(np.clip(upto, 1e-9, 1 - 1e-9))
    score: Floats = (norm.pdf(low) - norm.pdf(high)) / np.maximum(upto - below, 1e-9)
    return np.clip(score, -5.0, 5.0)


def _binned_square(score: Floats, mean: Floats) -> Floats:
    """Return the mean squared score of rows of like mean."""
    edges = np.unique(np.quantile(mean, np.arange(1, SCORE_BINS) / SCORE_BINS))
    place = np.searchsorted(edges, mean)
    square = np.bincount(place, score * score) / np.maximum(np.bincount(place), 1)
    return square[place]


def _pair_ratio(score: Floats, weight: Floats, group: Ints) -> float:
    """Return eq. 19: the sum over pairs in a group of scores' over weights' products."""

    def pairs(values: Floats) -> float:
        return float((np.bincount(place, values) ** 2).sum() - (values**2).sum())

    _, place = np.unique(group, return_inverse=True)
    return pairs(score) / (pairs(weight) + PAIR_PRIOR)


def _following(cell: Ints, origin: Ints, horizon: Ints) -> Bools:
    same = (cell[1:] == cell[:-1]) & (origin[1:] == origin[:-1])
    found: Bools = same & (horizon[1:] == horizon[:-1] + 1)
    return found


def _mix(state: Hashes) -> Hashes:
    """Return the splitmix64 output of each state (doi:10.1145/2714064.2660195)."""
    mixed = state + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _hashes(ids: object) -> Hashes:
    """Return 64 stable bits of each id's text."""
    names = np.asarray(ids, dtype=object)
    digests = (blake2b(str(each).encode(), digest_size=8).digest() for each in names)
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)
