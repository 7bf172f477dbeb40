"""Memory that nobody uses any more, given back to the system.

The allocators of C and of Arrow keep what was freed for whoever asks next. Between two stages of a
job nobody does at once, and what a process holds is what its machine must have.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys

__all__ = ["give_back"]


def give_back() -> None:
    """Give back what the allocators keep; where one of them cannot, it stays."""
    if (arrow := sys.modules.get("pyarrow")) is not None:
        arrow.default_memory_pool().release_unused()
    with contextlib.suppress(OSError, AttributeError):  # the C library of Linux alone can
        ctypes.CDLL(None).malloc_trim(0)
