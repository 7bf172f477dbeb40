"""Work on blocks whose worker is killed in the middle, once or always, or that never end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from concurrent.futures import CancelledError
from pathlib import Path

from foreship.cluster.spreading import Answer, on_worker
from foreship.execute.sealed import opened


def doubled(part: tuple[Path, int]) -> tuple[int, int]:
    """Return twice a number and the process that found it."""
    return 2 * part[1], os.getpid()


def dying_once(part: tuple[Path, int]) -> tuple[int, int]:
    """Do the same; the worker that gets number 3 first is killed."""
    folder, number = part
    if number == 3:
        _die_once(folder / "three")
    return doubled(part)


def held_up(part: tuple[Path, int]) -> int:
    """Return number 0 at once, and any other never."""
    while part[1]:
        time.sleep(0.05)
    return part[1]


def dying(part: tuple[Path, int]) -> int:
    """End every worker that tries."""
    os.kill(os.getpid(), signal.SIGKILL)
    return part[1]


def refused(part: tuple[Path, int]) -> int:
    """Raise an error of our own."""
    from foreship_forecast.errors import TableFault

    raise TableFault([f"number {part[1]} is wrong"])


class CannotTravelError(Exception):
    """Made from two values, told as one: what copies it cannot make it again."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what} {why}")


ERRORS: dict[str, Exception] = {
    "disk": PermissionError(13, "no such right", "/a/file"),
    "slow": TimeoutError("a lock was held too long"),
    "network": ConnectionResetError("a store hung up"),
    "bug": RuntimeError("two and two are five"),
    "given up": CancelledError("by the work itself"),
    "memory": MemoryError("no room"),
    "import": ModuleNotFoundError("No module named 'spare'", name="spare"),
    "odd": CannotTravelError("this", "cannot travel"),
}
"""by name, what work may raise that a lost cluster raises too, or a cluster cannot carry"""


def raising(name: str) -> int:
    """Raise an error by its name."""
    raise ERRORS[name]


def killed_in_each_stage(marks: str, packed: bytes, versions: Mapping[str, str]) -> Answer:
    """Work on a block as workers do; the first worker of each stage is killed when it is done."""
    answer = on_worker(packed, versions)
    stage = opened(packed)[0].__name__
    _die_once(Path(marks) / stage)
    return answer


def _die_once(mark: Path) -> None:
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
