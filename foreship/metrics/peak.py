"""The most memory that a process has held, as Linux tells it."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["KIBIBYTE", "peak_bytes"]

KIBIBYTE = 1024
"""in which Linux tells the most memory of a process"""


def peak_bytes() -> int | None:
    """Return the most memory that this process has held; None where the system does not say.

    Not `getrusage`: a process starts there with what its parent had held.
    """
    try:
        told = Path("/proc/self/status").read_text("ascii", "ignore")
    except OSError:
        return None
    found = re.search(r"^VmHWM:\s+(\d+) kB", told, re.MULTILINE)
    return KIBIBYTE * int(found.group(1)) if found else None
