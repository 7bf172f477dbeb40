"""The published generator in plain whole numbers."""

from __future__ import annotations

__all__ = ["splitmix"]


def splitmix(state: int) -> int:
    """The published generator, in whole numbers of any size."""
    size = 2**64
    mixed = (state + 0x9E3779B97F4A7C15) % size
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) % size
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) % size
    return mixed ^ (mixed >> 31)
