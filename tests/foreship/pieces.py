"""Pieces of work that other processes can import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from foreship.errors import Fault, InputError
from foreship_forecast.errors import TableFault
from foreship_optimize.errors import AuditFailed, LimitsConflict


def squared_beyond(common: int, part: int) -> tuple[int, int]:
    """Return the answer and the process that found it; later pieces are quicker."""
    time.sleep(0.05 * (4 - part) if part < 4 else 0.0)
    return common + part**2, os.getpid()


def added(common: int, part: int, *given: int) -> int:
    """Add a part to the results that it needs; later parts are quicker."""
    time.sleep(0.05 * max(0, 4 - part))
    return common + part + sum(given)


def failing(common: list[str], part: str) -> None:
    """Raise one of the errors that carry a list."""
    if part == "input":
        raise InputError("words", [Fault(name, "is wrong") for name in common])
    raise {"table": TableFault, "limits": LimitsConflict, "audit": AuditFailed}[part](common)


def ending(common: Any, part: int) -> int:
    """End the worker as a system does that runs out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return part


def endless(common: Path, part: int) -> int:
    """Say that work began, and never end it."""
    (common / f"{part}-{os.getpid()}").write_text("")
    time.sleep(600)
    return part
