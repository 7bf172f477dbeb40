"""Values as bytes on their way between our own processes; never in a file.

Reading them runs code, so they are taken only from processes that this job has started or trusts.
"""

from __future__ import annotations

from multiprocessing.reduction import ForkingPickler
from typing import Any

__all__ = ["opened", "sealed"]


def sealed(value: Any) -> bytes:
    """Return a value as bytes; functions and classes by the module they stand in."""
    return bytes(ForkingPickler.dumps(value))


def opened(told: bytes) -> Any:
    """Return the value that bytes tell."""
    return ForkingPickler.loads(told)
