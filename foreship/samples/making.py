"""Write a sample into a new folder, whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foreship.errors import StorageError, UsageError
from foreship.samples.table_formats import FORMATS, in_format
from foreship_foundation.bounds import LARGEST_SEED, range_in_words

__all__ = ["SOURCES", "SampleReport", "make_sample"]

SOURCES = ("synthetic", "complete-journey")


@dataclass(frozen=True)
class SampleReport:
    """What was written."""

    path: Path
    rows: Mapping[str, int]
    """rows of each table"""
    notes: list[str] = field(default_factory=list)
    """what a reader of the data should know"""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        return {"path": str(self.path), "rows": dict(self.rows), "notes": list(self.notes)}

    def __str__(self) -> str:
        width = max(len(name) for name in self.rows)
        lines = [f"  {name:<{width}} {count:>12,}" for name, count in self.rows.items()]
        return "\n".join([f"{self.path}", *lines])


def make_sample(
    folder: str | Path,
    source: str = "synthetic",
    size: str = "small",
    seed: int = 1,
    kind: str = "parquet",
) -> SampleReport:
    """Write a ready workspace into a new or empty folder.

    Parameters
    ----------
    folder
        Where to; created with its parents.
    source
        `synthetic`, or `complete-journey` (needs the extra `samples`; `size` is not used).
    size
        `tiny`, `small`, `medium`, `large`, `hundred-thousand` or `million`.
    seed
        At least 0; the same seed writes the same bytes.
    kind
        What the tables are written as: `parquet`, `csv` or `xlsx`.

    Raises
    ------
    UsageError
        If the folder holds anything, a name is unknown, the extra is not installed, or a table
        has more rows than a sheet holds.
    StorageError
        If the folder cannot be written.
    """
    target = Path(folder)
    _refuse_unknown(source, size, seed, kind)
    _refuse_occupied(target)
    try:
        return _make_whole(target, source, size, seed, kind)
    except OSError as error:
        raise StorageError(f"cannot write {target}: {error.strerror or error}") from error


def _make_whole(target: Path, source: str, size: str, seed: int, kind: str) -> SampleReport:
    """Write under a temporary name beside `target`, then rename."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.parent / f".{target.name}.{secrets.token_hex(4)}"
    draft.mkdir()
    try:
        rows, notes = _write(draft, source, size, seed)
        in_format(draft, kind)
        draft.replace(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return SampleReport(target, rows, notes)


def _write(draft: Path, source: str, size: str, seed: int) -> tuple[dict[str, int], list[str]]:
    if source == "complete-journey":
        from foreship.samples.complete_journey.sample import complete_journey

        return complete_journey(draft, seed)
    from foreship.samples.synthetic.sample import simulate_workspace

    return simulate_workspace(draft, size, seed), []


def _refuse_unknown(source: str, size: str, seed: int, kind: str) -> None:
    from foreship.samples.synthetic.world import SIZES

    faults = []
    if kind not in FORMATS:
        faults.append(f"unknown format '{kind}'; known: {', '.join(FORMATS)}")
    if source not in SOURCES:
        faults.append(f"unknown source '{source}'; known: {', '.join(SOURCES)}")
    if size not in SIZES:
        faults.append(f"unknown size '{size}'; known: {', '.join(SIZES)}")
    given: Any = seed
    if not (isinstance(given, int) and 0 <= given <= LARGEST_SEED):
        faults.append(f"seed = {seed}; must be {range_in_words(0, LARGEST_SEED)}")
    if faults:
        raise UsageError("; ".join(faults))


def _refuse_occupied(target: Path) -> None:
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists():
        kind = "holds files already" if target.is_dir() else "is a file"
        raise UsageError(f"{target} {kind}; a sample goes into a new or empty folder")
