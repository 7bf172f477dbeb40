"""The time limit of a solve, and whether somebody asked it to end."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from foreship_optimize.compiled import seconds_compiling

__all__ = ["Clock"]

LEAST_TIME = 0.001
"""seconds: HiGHS reads 0 as no limit"""


class Clock:
    """Seconds left of the time limit, by whatever tells the time in seconds.

    It stands still while loops are compiled.
    """

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._end = now() - seconds_compiling() + seconds
        self.interrupted = False

    def interrupt(self) -> None:
        """End the time limit now, because the user asked for the best plan so far (Ctrl-C)."""
        self._end, self.interrupted = -np.inf, True

    def left(self) -> float:
        """Seconds left, never below `LEAST_TIME`."""
        return max(LEAST_TIME, self._end + seconds_compiling() - self._now())

    def is_over(self) -> bool:
        """Whether the time limit has passed or the solve was interrupted."""
        return self.left() <= LEAST_TIME
