"""What a finished job reports to those who watch jobs: a file of metrics, and a record of a log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from foreship.cli.terminal.voice import Voice
from foreship.errors import StorageError
from foreship.exit_codes import DONE

__all__ = ["Report"]


@dataclass
class Report:
    """Writes the metrics of a job once, however it ends."""

    path: Path | None
    """file of OpenMetrics text, None where nobody asked for one"""
    voice: Voice
    _written: bool = field(default=False, init=False)

    def write(self, code: int) -> None:
        """Write the file, if one is wanted, and add the record `run_finished` to a JSON log.

        Raises
        ------
        StorageError
            If the system refuses the file; the run stands.
        """
        if self._written:
            return
        self._written = True
        kept = self.voice.kept if code in DONE else {}
        summary = kept.get("summary")  # of a run; other commands sum up otherwise
        metrics = summary.get("metrics") or {} if isinstance(summary, Mapping) else {}
        command, as_of = self.voice.command, str(kept.get("as_of", ""))
        words = f"{command} ended with exit code {code}."
        facts = {"command": command, "as_of": as_of, "exit_code": code, "metrics": metrics}
        self.voice.event("run_finished", words, facts)
        if self.path is None:
            return
        from foreship.metrics.openmetrics import openmetrics_text, write_openmetrics

        try:
            write_openmetrics(self.path, openmetrics_text(command, code, metrics, as_of))
        except OSError as error:
            raise StorageError(
                f"the metrics could not be written to {self.path}: {error.strerror or error}; the "
                "run stands, and a retry gives it again"
            ) from error
