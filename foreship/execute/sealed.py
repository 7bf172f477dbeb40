"""Values as bytes on their way between our own processes; never in a file.

Reading them runs code, so they are taken only from processes that this job has started or trusts.
"""

from __future__ import annotations

import traceback
from multiprocessing.reduction import ForkingPickler
from typing import Any

__all__ = ["opened", "sealed", "sealed_error"]


def sealed(value: Any) -> bytes:
    """Return a value as bytes; functions and classes by the module they stand in."""
    return bytes(ForkingPickler.dumps(value))


def opened(told: bytes) -> Any:
    """Return the value that bytes tell."""
    return ForkingPickler.loads(told)


def sealed_error(error: Exception) -> bytes:
    """Return an error with a note of where it arose; one that cannot travel, by its name."""
    words = f"{type(error).__name__}: {error}"
    where = "".join(traceback.format_exception(error))
    for each in (error, RuntimeError(words)):
        each.add_note(f"in another process: {where}")
        try:
            told = sealed(each)
            opened(told)
        except Exception:  # its own way of being copied fails
            continue
        return told
    raise AssertionError(words)  # words always travel
