"""The workspace that is served, and what is kept of it while the server runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from foreship.config import CONFIG_NAME, Config, load_config
from foreship.workbench.door.door import Door
from foreship.workbench.door.places import run_folder

__all__ = ["Bench"]


@dataclass
class Bench:
    """One workspace, one door; what pages may ask of them."""

    folder: Path
    """the workspace"""
    runs_at: Path
    """the folder in which its runs lie, mostly the same"""
    door: Door
    scratch: Path
    """folder of this server alone (0700), gone at its end"""
    _read: tuple[tuple[int, int], Config] | None = field(default=None, init=False, repr=False)

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
