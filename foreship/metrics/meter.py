"""What a job took: seconds by stage, processor time, and the memory that it had at most.

Only the meter knows the clock; no answer ever asks it.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from foreship.metrics.peak import KIBIBYTE, peak_bytes
from foreship_foundation.freed import give_back

__all__ = ["Meter", "Stage", "current", "measuring", "stage"]


def _cpu_seconds() -> float:
    """Return the processor time of this process and of those it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@dataclass
class Stage:
    """A stage at work, and what is known of it once it has ended."""

    name: str
    rows: int | None = None
    """rows of what it made, set by who made them; None where nothing is counted"""
    seconds: float = 0.0
    """wall time, once it has ended"""


def _to_nobody(ended: Stage) -> None:
    """Tell nobody that a stage has ended."""


@dataclass
class Meter:
    """Adds up the time of stages by name, in the order in which they began first."""

    tell: Callable[[Stage], None] = _to_nobody
    """hears of each stage that has ended without an error"""
    seconds: dict[str, float] = field(default_factory=dict)
    cpu_before: float = field(default_factory=_cpu_seconds)

    def clock(self) -> dict[str, Any]:
        """Return seconds by stage, processor seconds of the job, and peak bytes of its processes.

        The peak is the largest of this process, or of one that it started: systems do not tell
        their sum. It is null where the system does not tell it at all.
        """
        return {
            "seconds": {name: round(each, 3) for name, each in self.seconds.items()},
            "cpu_seconds": round(_cpu_seconds() - self.cpu_before, 3),
            "peak_bytes": _peak_bytes(),
        }


_meter: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextlib.contextmanager
def measuring(tell: Callable[[Stage], None] = _to_nobody) -> Iterator[Meter]:
    """Measure the job inside, whose stages need not know who does; `tell` hears of their ends."""
    meter = Meter(tell)
    before = _meter.set(meter)
    try:
        yield meter
    finally:
        _meter.reset(before)


@contextlib.contextmanager
def stage(name: str) -> Iterator[Stage]:
    """Let the time of what is inside count for a stage, where anybody measures.

    What it has freed is given back to the system: the next stage may need all there is.
    """
    meter, begun, work = _meter.get(), time.monotonic(), Stage(name)
    if meter is not None:
        meter.seconds.setdefault(name, 0.0)
    try:
        yield work
    finally:
        give_back()
        if meter is not None:
            work.seconds = time.monotonic() - begun
            meter.seconds[name] += work.seconds
    if meter is not None:
        meter.tell(work)


def current() -> Meter | None:
    """Return the meter of the job that is at work, None where nobody measures."""
    return _meter.get()


def _peak_bytes() -> int | None:
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own, children = (resource.getrusage(each).ru_maxrss * KIBIBYTE for each in who)
    return max(peak_bytes() or own, children)
