"""The runs that are held open: those asked for last, each opened once."""

from __future__ import annotations

from pathlib import Path

from foreship.workbench.held.columns import Arrays
from foreship.workbench.held.lru import Lru
from foreship.workbench.held.run import HeldRun

__all__ = ["HeldRuns"]


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

    def get(self, folder: Path) -> HeldRun:
        """Return the run in a folder; raises as `HeldRun.open`."""
        arrays = Arrays(self._megabytes, self._scratch)
        return self._runs.get(str(folder), lambda: HeldRun.open(folder, arrays))

    def close(self) -> None:
        """Let all of them go."""
        self._runs.close()
