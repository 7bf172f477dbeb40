"""Every run of a folder with its state, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from foreship.approval.life import life_of
from foreship.errors import ForeshipError, OtherSchema, UsageError
from foreship.own_files import INBOUND, MANIFEST, PLAN_LINES
from foreship.reading.gain import expected_gain
from foreship.runs import RUNS, WHAT_IFS, load_run

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DAMAGED",
    "OTHER_SCHEMA",
    "RunRow",
    "list_runs",
    "run_folders",
    "runs_as_frame",
    "runs_in_words",
]

FORECAST: Final = "forecast"
WHAT_IF: Final = "what-if"
DAMAGED: Final = "damaged"
OTHER_SCHEMA: Final = "other schema"
LEAST: Final = (PLAN_LINES, "plan.csv", "units.parquet", INBOUND, "forecast.parquet")
"""files without which a run is not whole, whatever else was taken away"""
PLACES: Final = ("foreship.toml", ".foreship", RUNS, WHAT_IFS)


@dataclass(frozen=True)
class RunRow:
    """A run as the list shows it; what is not known is None or blank."""

    run: str
    as_of: str
    command: str
    """forecast, plan or run"""
    state: str
    """forecast, draft, held, approved, released, superseded, what-if, damaged or other schema"""
    status: str
    objective: float | None
    lines: int | None
    bytes: int
    written: str
    folder: Path
    """where it lies"""
    expected_gain: float | None = None
    """what the plan is expected to earn, each whole order counted once [money]"""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        return {**asdict(self), "folder": str(self.folder)}


def list_runs(folder: Path) -> list[RunRow]:
    """Return every run and every plan that was tried, the newest Monday and writing first.

    Sizes of files are looked at and the summary is read; `foreship doctor` checks every byte.

    Raises
    ------
    UsageError
        If the folder is neither a workspace nor one with runs.
    """
    rows = [_row(each) for each in run_folders(folder)]
    return sorted(rows, key=lambda row: (row.as_of, row.written, row.run), reverse=True)


def run_folders(folder: Path) -> list[Path]:
    """Return the folder of every run and of every plan that was tried, by name.

    Raises
    ------
    UsageError
        If the folder is neither a workspace nor one with runs.
    """
    if not any((folder / each).exists() for each in PLACES):
        raise UsageError(
            f"the folder {folder} is no workspace and holds no runs; give the workspace, or what "
            "--out was when the runs were made"
        )
    return [
        run
        for place in (RUNS, WHAT_IFS)
        for run in sorted(each.parent for each in (folder / place).glob(f"*/{MANIFEST}"))
    ]


def _row(folder: Path) -> RunRow:
    """Return the row of a run; one that cannot be read is shown by its name."""
    name, size = folder.name, sum(_bytes_of(folder))
    try:
        run = load_run(folder, ["summary.json"])
        manifest, summary = run.manifest, run.summary
        state = _state(folder, manifest)
    except OtherSchema:
        return RunRow(name, name[:10], "", OTHER_SCHEMA, "", None, None, size, "", folder)
    except (ForeshipError, OSError):
        return RunRow(name, name[:10], "", DAMAGED, "", None, None, size, "", folder)
    lines = summary.get("counts", {}).get("lines")
    return RunRow(
        run=name,
        as_of=str(manifest["as_of"]),
        command=str(manifest.get("command", "")),
        state=state,
        status=str(summary.get("status", "")),
        objective=summary.get("objective"),
        lines=None if lines is None else int(lines),
        bytes=size,
        written=str(manifest["written"]),
        folder=folder,
        expected_gain=expected_gain(summary),
    )


def _state(folder: Path, manifest: Mapping[str, Any]) -> str:
    files = manifest["files"]
    for name in LEAST:
        path = folder / name
        if name in files and not (path.is_file() and path.stat().st_size == files[name]["bytes"]):
            return DAMAGED
    if folder.parent.name == WHAT_IFS:
        return WHAT_IF
    return life_of(folder).stage.name if PLAN_LINES in files else FORECAST


def _bytes_of(folder: Path) -> Iterator[int]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path.stat().st_size


def runs_as_frame(rows: list[RunRow]) -> pd.DataFrame:
    """Return the list as a frame, a row a run; what is not known is a blank."""
    import pandas as pd

    columns = [each.name for each in fields(RunRow)]
    frame = pd.DataFrame([row.to_dict() for row in rows], columns=columns)
    numbers = {
        "objective": "float64",
        "expected_gain": "float64",
        "lines": "Int64",
        "bytes": "int64",
    }
    return frame.astype(numbers | dict.fromkeys(set(columns) - {*numbers}, "str"))


def runs_in_words(rows: list[RunRow]) -> str:
    """Return the list as a table of at most 80 columns, a line a run."""
    if not rows:
        return "No run yet."
    lines = [
        f"{'run':<22} {'state':<12} {'status':<8} {'expected gain':>13} {'lines':>8} {'MB':>9}"
    ]
    for row in rows:
        gain = "" if row.expected_gain is None else f"{row.expected_gain:,.2f}"
        count = "" if row.lines is None else f"{row.lines:,}"
        size = f"{row.bytes / 1e6:,.1f}"
        told = f"{row.run:<22} {row.state:<12} {row.status:<8} {gain:>13} {count:>8} {size:>9}"
        lines.append(told)
    return "\n".join(lines)
