"""Hashed random numbers for sample paths: normals tied to ids, whichever block asks for them.

Every draw is a hash of (seed, factor, region, item, week, scenario), so neither the size of a
block nor the order of the rows can change it.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pandas as pd

from foreship_forecast.counts.dependence import Dependence, Factor
from foreship_foundation.arrays import Floats, Hashes, Ids, Ints, Singles

__all__ = ["Draws"]

ROOT_OF_WEEK, ROOT_OF_REGION = np.uint64(1), np.uint64(2)
LEVEL = np.uint64(1 << 61)
"""where the counters of a level begin, far beyond those of weeks"""
START = np.uint64(1 << 62)
"""where the counters of v begin"""


class Draws:
    """Normal scores of C cells over H weeks and S scenarios, available for any of the cells."""

    def __init__(
        self, cells: tuple[Ids, Ids], weeks: int, dependence: Dependence, scenarios: int, seed: int
    ) -> None:
        self.dependence, self.scenarios, self.weeks = dependence, scenarios, weeks
        region, item = cells
        root = _mix(np.array([seed], dtype=np.uint64))
        self.item_code, item_names = pd.factorize(item, sort=True)
        self.region_code, region_names = pd.factorize(region)
        region_hash = _mix(_hashes(region_names) ^ root)
        self.item_key = _mix(_hashes(item_names) ^ root)
        self.cell_key = _mix(region_hash[self.region_code] ^ self.item_key[self.item_code])
        self.by_week = self._part(dependence.week, _mix(root ^ ROOT_OF_WEEK))
        # few regions, many blocks: drawn once
        self.by_region = self._part(dependence.region, _mix(region_hash ^ ROOT_OF_REGION))

    def scores(self, block: Ints) -> Singles:
        """Return eq. 16 for some cells, shape (cells, weeks, S)."""
        score = self._part(self.dependence.own, self.cell_key[block])
        if self.dependence.item.share > 0:
            codes, at = np.unique(self.item_code[block], return_inverse=True)
            score += self._part(self.dependence.item, _mix(self.item_key[codes]))[at]
        if self.dependence.region.share > 0:
            score += self.by_region[self.region_code[block]]
        if self.dependence.week.share > 0:
            score += self.by_week
        return score

    def start(self, block: Ints) -> Floats:
        """Return v of eq. 17, one uniform for each cell and week, shape (cells x weeks,)."""
        week = np.arange(self.weeks, dtype=np.uint64) + START
        bits = _mix(self.cell_key[block][:, None] ^ _mix(week))
        return ((bits >> np.uint64(11)).astype(np.float64) * 2.0**-53).ravel()

    def _part(self, factor: Factor, keys: Hashes) -> Singles:
        """Return what a shared component adds to the score, eq. 29, shape (keys, weeks, S)."""
        path = self._normals(keys, np.arange(self.weeks * self._half, dtype=np.uint64))
        fresh = np.float32(np.sqrt(1.0 - factor.decay**2))
        for week in range(1, self.weeks):
            path[:, week] = np.float32(factor.decay) * path[:, week - 1] + fresh * path[:, week]
        path *= np.float32(np.sqrt(factor.share * (1.0 - factor.level)))
        if factor.level > 0:
            level = self._normals(keys, LEVEL + np.arange(self._half, dtype=np.uint64))
            path += np.float32(np.sqrt(factor.share * factor.level)) * level
        return path

    @property
    def _half(self) -> int:
        return (self.scenarios + 1) // 2

    def _normals(self, keys: Hashes, counter: Hashes) -> Singles:
        """Return independent standard normals, shape (keys, counters / half of S, S)."""
        parts = len(counter) // self._half
        bits = _mix(keys[:, None] ^ _mix(counter)).reshape(len(keys), parts, self._half)
        return _box_muller(bits)[:, :, : self.scenarios]


def _box_muller(bits: Hashes) -> Singles:
    """Return two standard normals for each 64 bits (Box-Muller, doi:10.1214/aoms/1177706645)."""
    scale = np.float32(2.0**-24)
    uniform = ((bits >> np.uint64(40)).astype(np.float32) + np.float32(1.0)) * scale
    angle = (bits & np.uint64(0xFFFFFF)).astype(np.float32) * (scale * np.float32(2.0 * np.pi))
    radius = np.sqrt(np.float32(-2.0) * np.log(uniform))
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=2)


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
