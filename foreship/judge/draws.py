"""Draws that look at nothing but what they are about: splitmix64 over hashed ids."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np

from foreship_foundation.arrays import Floats, Hashes

__all__ = ["hashes", "mix", "uniform"]


def mix(state: Hashes) -> Hashes:
    """Return the splitmix64 output of each state (doi:10.1145/2660193.2660195)."""
    mixed = state + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def uniform(drawn: Hashes) -> Floats:
    """Return each draw as a number in [0, 1)."""
    return np.asarray((drawn >> np.uint64(11)) * 2.0**-53)


def hashes(ids: Iterable[object]) -> Hashes:
    """Return 64 stable bits of each id's text."""
    digests = (blake2b(str(each).encode(), digest_size=8).digest() for each in ids)
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)
