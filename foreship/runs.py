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
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship.errors import StorageError, Tampered, UsageError, WorkspaceLocked
from foreship.files import read_small
from foreship.own_files import (
    MANIFEST,
    SCHEMA_VERSION,
    read_frame,
    read_manifest,
    read_summary,
)

if TYPE_CHECKING:
    import pandas as pd

    from foreship.reports.pictures.charts import Picture

__all__ = [
    "RUNS",
    "WHAT_IFS",
    "Run",
    "load_run",
    "newest_run",
    "read_manifest",
    "run_id",
    "workspace_lock",
    "write_folder",
    "write_run",
    "written",
]

RUNS, WHAT_IFS = "runs", "whatif"
"""folders of a workspace: plans of weeks, and plans that are tried"""
LARGEST_OWNER = 10_000
"""bytes beyond which a note of who holds the workspace is not ours"""


@dataclass(frozen=True)
class Run:
    """A finished run: its folder, its manifest and, read on demand, its tables.

    Frames are those of the contract; what a command did not make is None (a forecast has no
    plan) or, for frames, raises UsageError with the command that makes it.
    """

    path: Path
    manifest: Mapping[str, Any] = field(repr=False)
    doubts: tuple[str, ...] = ()
    """what in the folder is not as it was written, and was not needed to read the run"""
    reused: bool = False
    """whether it stood already when its job was asked for again"""

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
        """What was left out, borrowed or assumed, one sentence each; last what changed since."""
        return [*self.manifest["notes"], *self.doubts]

    def fact(self, name: str) -> Any:
        """Return what the manifest says of the run beside its files.

        Raises
        ------
        Tampered
            If it does not say it, though every run of a command does.
        """
        if name not in self.manifest:
            raise Tampered(f"{self.path / MANIFEST} is damaged ({name}); make the run again")
        return self.manifest[name]

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
        return self._frame_if_there("reasons.parquet")

    @cached_property
    def orders(self) -> pd.DataFrame | None:
        """`orders.parquet`: what past orders say of each cell.

        None where money is by the unit, and for a forecast alone.
        """
        return self._frame_if_there("orders.parquet")

    @cached_property
    def departures(self) -> pd.DataFrame | None:
        """`departures.parquet`: what leaves when, in how many vehicles.

        None where no lane states more than its units' cost, and for a forecast alone.
        """
        return self._frame_if_there("departures.parquet")

    @cached_property
    def needs(self) -> pd.DataFrame | None:
        """`needs.parquet`: what hubs are expected to need, by item and week; None if unknown."""
        return self._frame_if_there("needs.parquet")

    @cached_property
    def ahead(self) -> pd.DataFrame | None:
        """`ahead.parquet`: what later plans are expected to send; None if unknown."""
        return self._frame_if_there("ahead.parquet")

    def extra(self, name: str) -> pd.DataFrame | None:
        """Read what was worked out of the plan, by file name; None where it says nothing."""
        return self._frame_if_there(name)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """`summary.json`: status, money, bound and gap; empty for a forecast alone."""
        path = self.path / "summary.json"
        return read_summary(path) if path.exists() else {}

    def _frame_if_there(self, name: str) -> pd.DataFrame | None:
        return self.frame(name) if (self.path / name).exists() else None

    def frame(self, name: str) -> pd.DataFrame:
        """Read one of the run's Parquet files.

        Raises
        ------
        UsageError
            If the run has no such file.
        Tampered
            If it cannot be read as what it should be.
        """
        if not (self.path / name).exists():
            made_by = "forecast" if name in ("forecast.parquet", "scenarios.parquet") else "plan"
            raise UsageError(f"{self.path.name} holds no {name}; `foreship {made_by}` makes one")
        return read_frame(self.path / name)

    def chart(self) -> Picture:
        """Draw the plan, or the forecast where there is no plan."""
        from foreship.reports.pictures.charts import draw_forecast, draw_plan

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
    StorageError
        If the private folder is a link or holds one: nothing beyond the workspace is touched.
    """
    from filelock import FileLock, Timeout

    private = workspace / ".foreship"
    _refuse_links(private)
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


def _refuse_links(private: Path) -> None:
    """Raise StorageError where what we write, sweep or lock is not a file or folder of our own."""
    for path in (private, private / "tmp", private / "lock", private / "owner.json"):
        folder = path.name in (".foreship", "tmp")
        own = path.is_dir() if folder else path.is_file()
        if path.is_symlink() or (path.exists() and not own):
            kind = "a link" if path.is_symlink() else f"no {'folder' if folder else 'plain file'}"
            raise StorageError(f"{path} is {kind}, nothing of ours; take it away")


def _who_holds(workspace: Path, owner: Path) -> str:
    try:
        who = json.loads(read_small(owner, LARGEST_OWNER))
        holder = f"process {who['pid']} on {who['host']} since {who['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        holder = "another process"
    return f"the folder {workspace} is held by {holder}; wait for it or stop it"


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def write_run(
    workspace: Path,
    as_of: str,
    identity: str,
    writers: Mapping[str, Callable[[Path], object]],
    facts: Mapping[str, Any],
    folder: str = RUNS,
) -> Run:
    """Write a whole run folder or none.

    Parameters
    ----------
    workspace
        The workspace's folder, whose lock is held.
    as_of, identity
        Name the folder: `<as_of>-<identity>/`.
    writers
        File or folder name -> a function that writes it at the path it is given.
    facts
        What the manifest says beside ids, files and their hashes.
    folder
        Where it lies in the workspace.
    """
    place = workspace / folder / f"{as_of}-{identity}"
    manifest = write_folder(workspace, place, writers, {"run_id": identity, "as_of": as_of}, facts)
    return Run(place, manifest)


def write_folder(
    workspace: Path,
    folder: Path,
    writers: Mapping[str, Callable[[Path], object]],
    *facts: Mapping[str, Any],
) -> dict[str, Any]:
    """Write a whole folder with its manifest, or nothing; return what the manifest says.

    Parameters
    ----------
    workspace
        The workspace's folder, whose lock is held.
    folder
        Where it shall lie, two levels below the workspace; it may not be there yet.
    writers
        File or folder name -> a function that writes it at the path it is given.
    facts
        What the manifest says beside the files and their hashes; `run_id`, `as_of` and `notes`
        are among them.

    Raises
    ------
    UsageError
        If the folder is there already.
    """
    if folder.exists():
        raise UsageError(f"{folder} is there already; nothing of ours is written twice")
    draft = workspace / ".foreship" / "tmp" / folder.name
    draft.mkdir(parents=True)
    for name, write in writers.items():
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        write(draft / name)
    files = {name: _measure(draft / name) for name in _inventory(draft)}
    manifest: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "written": datetime.now(UTC).isoformat(timespec="microseconds"),
    }
    for each in facts:
        manifest |= each
    manifest["files"] = files
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
    return manifest


def _inventory(folder: Path) -> list[str]:
    plain = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(str(path.relative_to(folder)) for path in plain)


def _measure(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _is_as_measured(path: Path, entry: Mapping[str, Any]) -> bool:
    # sizes first: a file that grew without end is not read to its end
    same_size = entry["bytes"] == path.stat().st_size
    return same_size and _measure(path) == entry


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def load_run(path: str | Path, needs: Iterable[str] | None = None) -> Run:
    """Open a run folder after checking its files against the manifest.

    Parameters
    ----------
    needs
        The files that will be read, as far as the run has them; a folder stands for all that is in
        it. Only these are checked, and must be right; what else is not as it was written becomes a
        doubt of the run: people save workbooks in place and take old scenarios away. Left out,
        every file must be right and no other may be there.

    Raises
    ------
    UsageError
        If there is no run at `path`.
    Tampered
        If a file is missing, added or not what its hash says.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    files: Mapping[str, Any] = manifest["files"]
    found, odd = set(_inventory(folder)) - {MANIFEST}, _links(folder)
    doubts = {name: f"{name} is missing" for name in sorted(set(files) - found)}
    doubts |= {name: f"{name} is no plain file" for name in odd}
    doubts |= {name: f"{name} was added" for name in sorted(found - set(files))}
    needed = None if needs is None else {each.rstrip("/") for each in needs}
    for name in sorted(found & set(files)):
        if _is_needed(name, needed):
            right = _is_as_measured(folder / name, files[name])
        else:
            right = (folder / name).stat().st_size == files[name]["bytes"]
        if not right:
            doubts[name] = f"{name} is not what its sha256 says"
    faults = [words for name, words in doubts.items() if _is_needed(name, needed)]
    if faults:
        raise Tampered(f"{folder}: {'; '.join(faults)}. Move the folder away and make it again")
    changed = f"{folder.name} has changed since it was written: {'; '.join(doubts.values())}"
    return Run(folder, manifest, (changed,) if doubts else ())


def _is_needed(name: str, needed: set[str] | None) -> bool:
    """Whether a file, or the folder it lies in, is among those needed; None: everything is."""
    return needed is None or name in needed or name.split("/", maxsplit=1)[0] in needed


def _links(folder: Path) -> list[str]:
    """Return what is neither a file nor a folder of its own: links, pipes, devices."""
    own = ((path, path.is_symlink()) for path in folder.rglob("*"))
    odd = [path for path, link in own if link or not (path.is_file() or path.is_dir())]
    return sorted(str(path.relative_to(folder)) for path in odd)


def newest_run(
    workspace: Path,
    as_of: str | None,
    holding: str,
    needs: Iterable[str] | None = None,
    suits: Callable[[Mapping[str, Any]], bool] = lambda manifest: True,
) -> Run | None:
    """Return the run of `as_of` written last that holds the file `holding`, or None.

    Without `as_of` runs of all Mondays are looked at.
    What its manifest says counts, not the time of a file: copies and backups change that. Only
    runs whose manifest `suits` are looked at; `needs` is that of `load_run`.
    """
    folders = [
        path.parent
        for path in (workspace / RUNS).glob(f"{as_of or '*'}-*/{MANIFEST}")
        if (path.parent / holding).exists() and suits(read_manifest(path.parent))
    ]
    if not folders:
        return None
    return load_run(max(folders, key=written), needs)


def written(folder: Path) -> tuple[datetime, str]:
    """Return when a run was written, by its manifest, and its name, so that no two are equal."""
    return datetime.fromisoformat(read_manifest(folder)["written"]), folder.name
