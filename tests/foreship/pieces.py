"""Pieces of work that other processes can import."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from foreship.errors import Fault, InputError
from foreship_forecast.errors import TableFault
from foreship_optimize.errors import AuditFailed, LimitsConflict

PATIENCE = 900.0
"""seconds until a wait is taken for a hang: longer than anything takes on the busiest machine"""


def squared_beyond(common: tuple[int, Path], part: int) -> tuple[int, int]:
    """Return the answer and the process that found it; the first piece ends after the second."""
    beyond, folder = common
    if part == 0:
        wait_until((folder / "second").exists)
    if part == 1:
        (folder / "second").write_text("")
    return beyond + part**2, os.getpid()


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for another process, however long it takes."""
    given_up = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < given_up, "a hang"
        time.sleep(0.02)


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
    while True:
        signal.pause()


def is_running(process: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked after does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return False
    return state not in "ZX"


class Deadly:
    """Ends the process that receives it, as a system does that has no memory left for it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (3,)
