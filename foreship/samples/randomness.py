"""Seeded draws by name: adding a draw somewhere never moves a draw elsewhere."""

from __future__ import annotations

import zlib

import numpy as np

__all__ = ["stream"]


def stream(seed: int, name: str, block: int = 0) -> np.random.Generator:
    """Return the generator of one named purpose (and one block of items) under `seed`."""
    entropy = np.random.SeedSequence([seed, zlib.crc32(name.encode()), block])
    return np.random.Generator(np.random.PCG64(entropy))
