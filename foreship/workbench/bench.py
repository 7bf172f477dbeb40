"""The workspace that is served, and what is kept of it while the server runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from foreship.config import CONFIG_NAME, Config, load_config
from foreship.workbench.door.door import Door
from foreship.workbench.door.places import run_folder
from foreship.workbench.door.scratch import standing
from foreship.workbench.drafts.log import Draft, read_draft
from foreship.workbench.held.lru import Lru
from foreship.workbench.held.run import HeldRun
from foreship.workbench.held.runs import HeldRuns
from foreship.workbench.held.sales import PastSales
from foreship.workbench.work.jobs import Jobs

__all__ = ["Bench"]

COMPARED = 4
"""comparisons of plans that are kept, so that another order needs none anew"""


@dataclass
class Bench:
    """One workspace, one door; what pages may ask of them."""

    folder: Path
    """the workspace"""
    runs_at: Path
    """the folder in which its runs lie, mostly the same"""
    door: Door
    own_folder: Path
    """folder of this server alone (0700), gone at its end; `scratch` is it for certain"""
    patience: float = 0.0
    """seconds that what writes waits while another program holds the workspace"""
    _read: tuple[tuple[int, int], Config] | None = field(default=None, init=False, repr=False)

    _held: HeldRuns = field(init=False, repr=False)
    _sales: Lru[PastSales] = field(init=False, repr=False)
    jobs: Jobs = field(init=False, repr=False)
    """commands that run behind the pages"""
    compared: Lru[pd.DataFrame] = field(init=False, repr=False)
    """lines in which plans differ, of those compared last: runs never change"""

    def __post_init__(self) -> None:
        serve = self.config.serve
        self._held = HeldRuns(serve.runs_in_memory, serve.memory_mb, self.own_folder)
        self._sales = Lru(serve.runs_in_memory)
        self.compared = Lru(COMPARED)
        self.jobs = Jobs(self.folder, self.own_folder, serve.finished_jobs)

    @property
    def scratch(self) -> Path:
        """Return the server's own folder, which is there.

        Raises
        ------
        StorageError
            If it cannot be.
        """
        return standing(self.own_folder)

    @property
    def config(self) -> Config:
        """Return the settings, read anew when `foreship.toml` has changed.

        Raises
        ------
        UsageError
            With every fault of the file.
        """
        path = self.folder / CONFIG_NAME
        found = path.stat() if path.exists() else None
        marks = (found.st_mtime_ns, found.st_size) if found else (0, 0)
        if self._read is None or self._read[0] != marks:
            self._read = (marks, load_config(path))
        return self._read[1]

    def place(self, run: str) -> Path:
        """Return the folder of a run by its name, `latest` or `released`.

        Raises
        ------
        NotFound
            If there is none.
        """
        return run_folder(self.runs_at, run)

    def run(self, name: str) -> HeldRun:
        """Return a run held open, named as in `place`; opened once.

        Raises
        ------
        NotFound
            If there is none.
        Tampered
            If a file that its first page reads is not as it was written.
        """
        return self._held.get(self.place(name))

    def sales(self, run: HeldRun) -> PastSales:
        """Return what cells sold before a run; read behind, once it is asked for."""
        make = partial(PastSales, self.folder, self.config, run.run)
        return self._sales.get(run.name, make)

    def draft(self, run: str) -> Draft:
        """Return the draft of a run, named as in `place`.

        Raises
        ------
        NotFound
            If there is no such run.
        Tampered
            If its log is damaged.
        """
        return read_draft(self.runs_at, self.place(run).name)

    def close(self) -> None:
        """Let all runs go, and stop what is at work."""
        self.jobs.close()
        self._held.close()
        self.compared.close()
        self._sales.close()
