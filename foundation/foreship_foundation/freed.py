"""Memory that was freed, given back to the system: libraries keep much of it for later use.

Beside a plan of a million cells, what reading or a forecast left free would have to fit too.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

__all__ = ["give_back"]


def give_back() -> None:
    """Give back what is free, as far as the libraries in use can."""
    trim = _trim()
    if trim is not None:
        trim(0)
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()


@cache
def _trim() -> Callable[[int], Any] | None:
    """Return what gives free memory of numpy and Python back; None where the system has no such."""
    try:
        found: Callable[[int], Any] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # of glibc alone
        return None
    return found
