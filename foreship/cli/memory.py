"""Limits on a process's memory (`ulimit -v`): small ones are refused before any library fails.

Numerical libraries do not survive them: some end the process, some wait for ever. What is needed
to load them is known; beyond that, memory that runs out is said by whoever asked for it.
"""

from __future__ import annotations

import os

__all__ = ["heed_memory_limit", "refuse_small_memory"]

LEAST = 2**30
"""bytes of address space that the libraries need before there is any table; measured: .67e9, and
as much as a small plan takes"""
MODEST = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1"}
"""environment in which libraries do not reserve address space that they may never use"""


def heed_memory_limit() -> None:
    """Where address space is limited, tell libraries to be modest; they read it as they load."""
    if _limit() is not None:
        for name, value in MODEST.items():
            os.environ.setdefault(name, value)


def refuse_small_memory() -> None:
    """Raise MemoryError if the process may not even load what it needs."""
    limit = _limit()
    if limit is not None and limit < LEAST:
        raise MemoryError(
            f"this process may use {limit / 2**30:.2f} GiB of address space (ulimit -v), at least "
            f"{LEAST / 2**30:.0f} GiB is needed; raise the limit"
        )


def _limit() -> int | None:
    """Return the bytes of address space this process may use, None without a limit."""
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft
