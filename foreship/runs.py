"""Run folders: whole or absent, verified by hash, one writer at a time.

A run is written under `.foreship/tmp/`, every file flushed to disk, its manifest last, and
then renamed to `runs/<as_of>-<id>/` in one step. A process killed at any moment leaves the
earlier runs as they were; what it left in `.foreship/tmp/` is swept by the next run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship.errors import Tampered, UsageError, WorkspaceLocked

if TYPE_CHECKING:
    import pandas as pd

    from foreship.reports.charts import Picture

__all__ = [
    "Run",
    "load_run",
    "newest_run",
    "run_id",
    "workspace_lock",
    "write_run",
]

MANIFEST = "manifest.json"
SCHEMA_VERSION = 1
LARGEST_MANIFEST = 50_000_000
"""bytes beyond which a manifest is not ours"""


@dataclass(frozen=True)
class Run:
    """A finished run: its folder, its manifest and, read on demand, its tables.

    Frames are those of the contract; what a command did not make is None (a forecast has no
    plan) or, for frames, raises UsageError with the command that makes it.
    """

    path: Path
    manifest: Mapping[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        """Hash of inputs, config and versions, ten hexadecimal digits."""
        return str(self.manifest["run_id"])

    @property
    def as_of(self) -> str:
        """The Monday the run was made for, ISO date."""
        return str(self.manifest["as_of"])

    @property
    def notes(self) -> list[str]:
        """What was left out, borrowed or assumed, one sentence each."""
        return list(self.manifest["notes"])

    @cached_property
    def forecast(self) -> pd.DataFrame:
        """`forecast.parquet`: a row for each cell and week."""
        return self.frame("forecast.parquet")

    @cached_property
    def plan(self) -> pd.DataFrame:
        """`plan.parquet`: a row a line."""
        return self.frame("plan.parquet")

    @cached_property
    def units(self) -> pd.DataFrame:
        """`units.parquet`: the unit ledger."""
        return self.frame("units.parquet")

    @cached_property
    def reasons(self) -> pd.DataFrame | None:
        """`reasons.parquet`: what stops or holds units that the ledger does not tell of.

        None for a run made before there was one.
        """
        here = (self.path / "reasons.parquet").exists()
        return self.frame("reasons.parquet") if here else None

    @cached_property
    def summary(self) -> dict[str, Any]:
        """`summary.json`: status, money, bound and gap; empty for a forecast alone."""
        path = self.path / "summary.json"
        return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}

    def frame(self, name: str) -> pd.DataFrame:
        """Read one of the run's Parquet files.

        Raises
        ------
        UsageError
            If the run has no such file.
        """
        import pandas as pd

        if not (self.path / name).exists():
            made_by = "forecast" if name in ("forecast.parquet", "scenarios.parquet") else "plan"
            raise UsageError(f"{self.path.name} holds no {name}; `foreship {made_by}` makes one")
        return pd.read_parquet(self.path / name)

    def chart(self) -> Picture:
        """Draw the plan, or the forecast where there is no plan."""
        from foreship.reports.charts import draw_forecast, draw_plan

        if (self.path / "plan.parquet").exists():
            return draw_plan(self.plan, self.units)
        return draw_forecast(self.forecast)

    def __str__(self) -> str:
        lines = [f"Run {self.path.name}"]
        shown = ("status", "termination", "objective", "bound", "gap", "cvar")
        known = [key for key in shown if key in self.summary]
        lines += [f"  {key:<12} {_in_short(self.summary[key])}" for key in known]
        lines += [f"  {name:<18} {entry['bytes']:>12,} bytes" for name, entry in self._files()]
        return "\n".join(lines)

    def _files(self) -> list[tuple[str, Mapping[str, Any]]]:
        return sorted(self.manifest["files"].items())

    def _repr_html_(self) -> str:
        from html import escape

        table = (
            self.plan.head(10).to_html(index=False) if (self.path / "plan.parquet").exists() else ""
        )
        return f"<pre>{escape(str(self))}</pre>{table}"


def _in_short(value: object) -> str:
    return f"{value:,.4f}" if isinstance(value, float) else str(value)


def run_id(**ingredients: Any) -> str:
    """Ten hexadecimal digits of the hash of everything the answer depends on."""
    text = json.dumps(ingredients, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


@contextlib.contextmanager
def workspace_lock(workspace: Path) -> Iterator[None]:
    """Hold the workspace for one writing command; sweep what a killed one left behind.

    Raises
    ------
    WorkspaceLocked
        At once, if another process holds it; names that process.
    """
    from filelock import FileLock, Timeout

    private = workspace / ".foreship"
    private.mkdir(exist_ok=True)
    lock, owner = FileLock(private / "lock"), private / "owner.json"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise WorkspaceLocked(_who_holds(workspace, owner)) from None
    try:
        shutil.rmtree(private / "tmp", ignore_errors=True)
        owner.write_text(
            json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}), "utf-8"
        )
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def _who_holds(workspace: Path, owner: Path) -> str:
    try:
        who = json.loads(owner.read_text("utf-8"))
        holder = f"process {who['pid']} on {who['host']} since {who['since']}"
    except (OSError, ValueError, KeyError):
        holder = "another process"
    return f"{workspace} is held by {holder}; wait for it or stop it"


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def write_run(
    workspace: Path,
    as_of: str,
    identity: str,
    writers: Mapping[str, Callable[[Path], object]],
    facts: Mapping[str, Any],
) -> Run:
    """Write a whole run folder or none.

    Parameters
    ----------
    workspace
        The workspace's folder, whose lock is held.
    as_of, identity
        Name the folder: `runs/<as_of>-<identity>/`.
    writers
        File or folder name -> a function that writes it at the path it is given.
    facts
        What the manifest says beside ids, files and their hashes.
    """
    folder = workspace / "runs" / f"{as_of}-{identity}"
    draft = workspace / ".foreship" / "tmp" / folder.name
    draft.mkdir(parents=True)
    for name, write in writers.items():
        write(draft / name)
    files = {name: _measure(draft / name) for name in _inventory(draft)}
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "run_id": identity,
        "as_of": as_of,
        "written": _now(),
        **facts,
        "files": files,
    }
    text = json.dumps(manifest, indent=1, sort_keys=True, default=str, ensure_ascii=False)
    (draft / MANIFEST).write_text(text + "\n", "utf-8")
    for name in (*files, MANIFEST):
        _flush(draft / name)
    for inner in sorted(path for path in draft.rglob("*") if path.is_dir()):
        _flush(inner)
    _flush(draft)
    folder.parent.mkdir(exist_ok=True)
    draft.rename(folder)
    _flush(folder.parent)
    return Run(folder, manifest)


def _inventory(folder: Path) -> list[str]:
    plain = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(str(path.relative_to(folder)) for path in plain)


def _measure(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _is_as_measured(path: Path, entry: object) -> bool:
    # sizes first: a file that grew without end is not read to its end
    same_size = isinstance(entry, dict) and entry.get("bytes") == path.stat().st_size
    return same_size and _measure(path) == entry


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def load_run(path: str | Path) -> Run:
    """Open a run folder after checking every file against its manifest.

    Raises
    ------
    UsageError
        If there is no run at `path`.
    Tampered
        If a file is missing, added or not what its hash says.
    """
    folder = Path(path)
    try:
        if (folder / MANIFEST).stat().st_size > LARGEST_MANIFEST:
            raise ValueError
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        files, _ = manifest["files"], (manifest["run_id"], manifest["notes"])
        listed = set(files.keys())
        date.fromisoformat(manifest["as_of"])
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"{folder} is not a run: it has no {MANIFEST}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Tampered(f"{folder / MANIFEST} is damaged; make the run again") from None
    found = set(_inventory(folder)) - {MANIFEST}
    faults = [f"{name} is no plain file" for name in _links(folder)]
    faults += [f"{name} is missing" for name in sorted(listed - found)]
    faults += [f"{name} was added" for name in sorted(found - listed)]
    faults += [
        f"{name} is not what its sha256 says"
        for name in sorted(found & listed)
        if not _is_as_measured(folder / name, files[name])
    ]
    if faults:
        raise Tampered(f"{folder}: {'; '.join(faults)}. Move the folder away and make it again")
    return Run(folder, manifest)


def _links(folder: Path) -> list[str]:
    """Return what is neither a file nor a folder of its own: links, pipes, devices."""
    own = ((path, path.is_symlink()) for path in folder.rglob("*"))
    odd = [path for path, link in own if link or not (path.is_file() or path.is_dir())]
    return sorted(str(path.relative_to(folder)) for path in odd)


def newest_run(workspace: Path, as_of: str, holding: str) -> Run | None:
    """Return the latest run of `as_of` that holds the file `holding`, or None."""
    folders = [
        path.parent
        for path in (workspace / "runs").glob(f"{as_of}-*/{MANIFEST}")
        if (path.parent / holding).exists()
    ]
    if not folders:
        return None
    return load_run(
        max(folders, key=lambda path: ((path / MANIFEST).stat().st_mtime_ns, path.name))
    )
