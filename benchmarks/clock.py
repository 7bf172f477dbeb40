"""A clock on one function: the time that all its calls take together, and when they ran."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Spent", "clock"]


@dataclass
class Spent:
    """What the clocked functions have taken so far."""

    calls: int = 0
    cpu_seconds: float = 0.0
    spans: list[tuple[float, float]] = field(default_factory=list)
    """begin and end of each call on the system's clock [s], which all processes share"""


def clock(owner: Any, name: str, spent: Spent) -> None:
    """Let the function `name` of a module or class add its calls and their time to `spent`."""
    plain: Callable[..., Any] = getattr(owner, name)

    def timed(*words: Any, **more: Any) -> Any:
        started, begun = time.process_time(), time.monotonic()
        try:
            return plain(*words, **more)
        finally:
            spent.calls += 1
            spent.cpu_seconds += time.process_time() - started
            spent.spans.append((begun, time.monotonic()))

    setattr(owner, name, timed)
