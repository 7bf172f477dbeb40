"""What equation 1 of docs/value.md deals orders by: binomial laws, and hashes as random numbers."""

from __future__ import annotations

import functools
from typing import Final

import numpy as np

from foreship_foundation.arrays import Floats, Hashes

__all__ = [
    "GOLDEN",
    "MOST_ORDERS",
    "MOST_TOGETHER",
    "SLOTS",
    "binomial_laws",
    "mixed",
    "uniform_of",
]

MOST_TOGETHER: Final = 128
"""orders dealt by one look into the table of laws; more are dealt in parts"""
SLOTS: Final = 256
"""groups of paths by demand whose uniform numbers are spread evenly by themselves, a power of 2"""
MOST_ORDERS: Final = 4096
"""orders told apart in a week and path; more of them stand together"""
GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)


@functools.cache
def binomial_laws() -> Floats:
    """P(X <= k) for shares 4/7, 1/2, 2/3 and n orders, shape (3, MOST_TOGETHER + 1, same)."""
    width = MOST_TOGETHER + 1
    laws = np.zeros((3, width, width))
    for row, share in enumerate((4.0 / 7.0, 1.0 / 2.0, 2.0 / 3.0)):
        laws[row, 0, 0] = 1.0
        for n in range(1, width):
            laws[row, n] = laws[row, n - 1] * (1.0 - share)
            laws[row, n, 1:] += laws[row, n - 1, :-1] * share
    return np.minimum(np.cumsum(laws, axis=2), 1.0)


def mixed(words: Hashes) -> Hashes:
    """Mix bits by the finaliser of splitmix64 (doi:10.1145/2660193.2660195)."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(words ^ (words >> np.uint64(31)))


def uniform_of(words: Hashes) -> Floats:
    """Return numbers in [0, 1) of 53 bits."""
    return np.asarray((words >> np.uint64(11)).astype(np.float64) * 2.0**-53)
