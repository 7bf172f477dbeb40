"""Clocks of tests: one that does not run out, one that stands still, one that moves when seen."""

from __future__ import annotations

import itertools

from foreship_optimize.program.clock import Clock

HOURS = 4 * 3600.0
"""seconds, where the longest of what is timed takes a few on a busy machine"""
A_LOOK = 1e6
"""seconds that pass with a look: no solver needs as long before the next"""


def endless() -> Clock:
    """Return a clock that runs out for nothing but a solver that has come to hang."""
    return Clock(HOURS)


def still(seconds: float) -> Clock:
    """Return a clock that leaves the same seconds for ever."""
    return Clock(seconds, now=lambda: 0.0)


def ticking(looks: int) -> Clock:
    """Return a clock that is over at the look after so many."""
    return Clock((looks + 0.5) * A_LOOK, now=itertools.count(0.0, A_LOOK).__next__)
