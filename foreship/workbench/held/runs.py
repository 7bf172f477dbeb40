"""The runs that are held open: those asked for last, each opened once."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from weakref import WeakSet

from foreship.workbench.held.columns import Arrays
from foreship.workbench.held.lru import Lru
from foreship.workbench.held.run import HeldRun

__all__ = ["HeldRuns"]

LEAVING: Final = 5.0
"""seconds for which the end waits for a run that is being read"""


class HeldRuns:
    """Runs held open for all who ask.

    Parameters
    ----------
    most
        How many are held at once.
    megabytes
        Of the cells of each run in memory; the rest lies in files in `scratch`.
    """

    def __init__(self, most: int, megabytes: int, scratch: Path) -> None:
        self._megabytes, self._scratch = megabytes, scratch
        self._runs: Lru[HeldRun] = Lru(most, HeldRun.close)
        self._opened: WeakSet[HeldRun] = WeakSet()

    def get(self, folder: Path) -> HeldRun:
        """Return the run in a folder; raises as `HeldRun.open`."""
        return self._runs.get(str(folder), lambda: self._open(folder))

    def _open(self, folder: Path) -> HeldRun:
        found = HeldRun.open(folder, Arrays(self._megabytes, self._scratch))
        self._opened.add(found)
        return found

    def close(self) -> None:
        """Let all of them go, and wait a little for those that are still being read.

        They may be writing arrays into the folder, which is taken away after this.
        """
        self._runs.close()
        for each in list(self._opened):
            each.wait(LEAVING)
