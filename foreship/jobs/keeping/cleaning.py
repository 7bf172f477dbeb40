"""Remove old runs that nobody needs any more, and nothing else.

Whatever a run that stays, or a plan of the next Monday, would read is kept, with the reason.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from foreship.approval.life import Stage, earlier_mondays, plan_of_the_week
from foreship.errors import ForeshipError, UsageError
from foreship.jobs.before_plan.sent_before import announced_by
from foreship.jobs.keeping.listing import DAMAGED, OTHER_SCHEMA, RunRow, list_runs, run_folders
from foreship.own_files import INBOUND, MODEL, read_manifest
from foreship.runs import draft_folder, load_run, workspace_lock
from foreship_foundation.telling.words import plural

__all__ = ["Cleaning", "clean_job"]

SIGNED: Final = (Stage.released.name, Stage.approved.name)
UNREADABLE: Final = (DAMAGED, OTHER_SCHEMA)
BEYOND: Final = "9999-12-31"


@dataclass(frozen=True)
class Cleaning:
    """What is removed, and why everything else is kept."""

    removed: tuple[str, ...]
    kept: Mapping[str, str]
    """name -> reason"""
    bytes: int
    """of what is removed"""
    dry_run: bool

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        return {
            "removed": list(self.removed),
            "kept": dict(self.kept),
            "bytes": self.bytes,
            "dry_run": self.dry_run,
        }

    def __str__(self) -> str:
        verb = "would remove" if self.dry_run else "removed"
        lines = [f"kept {name}: {why}" for name, why in self.kept.items()]
        lines += [f"{verb} {name}" for name in self.removed]
        count = plural(len(self.removed), "run")
        return "\n".join([*lines, f"{verb} {count}, {self.bytes / 1e6:,.1f} MB"])


def clean_job(folder: Path, keep: int, *, dry_run: bool = False) -> Cleaning:
    """Remove the runs of all but the newest Mondays, as far as nobody needs them.

    Parameters
    ----------
    folder
        Where the runs lie.
    keep
        Mondays with a plan, of which every run stays, at least 1.
    dry_run
        Whether to say only what would be removed.

    Raises
    ------
    UsageError
        If `keep` is less than 1, or the folder holds no runs.
    WorkspaceLocked
        If another job is at work there.
    """
    if keep < 1:
        raise UsageError(f"--keep {keep}: the newest plan always stays; give 1 or more weeks")
    if dry_run or not run_folders(folder):
        return _sorted_out(folder, list_runs(folder), keep, dry_run=dry_run)
    with workspace_lock(folder):
        rows = list_runs(folder)
        found = _sorted_out(folder, rows, keep, dry_run=False)
        for row in rows:
            if row.run in found.removed:
                _remove(folder, row.folder)
    return found


def _sorted_out(folder: Path, rows: list[RunRow], keep: int, *, dry_run: bool) -> Cleaning:
    kept = _kept(folder, rows, keep)
    gone = [row for row in rows if row.folder not in kept]
    reasons = {row.run: kept[row.folder] for row in rows if row.folder in kept}
    # a run and a trial may be of one name: what stays is never said to be removed
    gone = [row for row in gone if row.run not in reasons]
    size = sum(row.bytes for row in gone)
    return Cleaning(tuple(row.run for row in gone), reasons, size, dry_run)


def _kept(folder: Path, rows: list[RunRow], keep: int) -> dict[Path, str]:
    """Return the folders that stay, each with the first reason for it."""
    reasons: dict[Path, str] = {}
    weeks = sorted({row.as_of for row in rows if row.lines is not None}, reverse=True)[:keep]
    first = weeks[-1] if weeks else ""
    for row in rows:
        if row.folder.is_symlink():
            reasons[row.folder] = "it is a link"
        elif row.state in UNREADABLE:
            reasons[row.folder] = f"it is {row.state}; look at it, or take it away yourself"
        elif row.state in SIGNED:
            reasons[row.folder] = row.state
        elif row.as_of >= first:
            reasons[row.folder] = f"of the newest {plural(keep, 'week')}"
    for path in _asked_next(folder, rows):
        reasons.setdefault(path, "the next plan looks back at it")
    for path in _under_way(folder, max(weeks, default=BEYOND)):
        reasons.setdefault(path, "its lines are still under way")
    _add_referenced(rows, reasons)
    return reasons


def _asked_next(folder: Path, rows: Iterable[RunRow]) -> Iterator[Path]:
    """Yield the plans of weeks that the next plan reads: what is kept calm, and its gates."""
    newest = next((row for row in rows if row.lines is not None), None)
    if newest is None:
        return
    config = read_manifest(newest.folder).get("config", {})
    most = int(config.get("plan", {}).get("calm_weeks") or 0)
    most = max(most, int(config.get("gates", {}).get("plans") or 0) + 1)
    for monday in earlier_mondays(folder, BEYOND)[:most]:
        yield from _plan_of(folder, monday)


def _under_way(folder: Path, newest: str) -> Iterator[Path]:
    """Yield the plans of which something arrives on the newest Monday or later."""
    for monday in earlier_mondays(folder, BEYOND):
        for path in _plan_of(folder, monday):
            try:
                sent = announced_by(load_run(path, [INBOUND]))
            except (ForeshipError, OSError):
                yield path
                continue
            if (sent["arrival_date"] >= newest).any():
                yield path


def _plan_of(folder: Path, monday: str) -> Iterator[Path]:
    """Yield the plan of a Monday, where it can be told."""
    try:
        found = plan_of_the_week(folder, monday)
    except (ForeshipError, OSError):
        return
    if found is not None:
        yield found


def _add_referenced(rows: list[RunRow], reasons: dict[Path, str]) -> None:
    """Keep what kept runs name, and what these name in turn."""
    known = {row.run: row.folder for row in reversed(rows)}
    models = {_model_of(row.folder): row.folder for row in rows if row.state not in UNREADABLE}
    models.pop((), None)
    todo = list(reasons)
    while todo:
        path = todo.pop()
        for other in _named_by(path, known, models):
            if other not in reasons:
                reasons[other] = f"{path.name} refers to it"
                todo.append(other)


def _named_by(path: Path, known: Mapping[str, Path], models: Mapping[Any, Path]) -> Iterator[Path]:
    """Yield the runs that a manifest names: its forecast, base, model and what it was tried on."""
    try:
        manifest = read_manifest(path)
    except (ForeshipError, OSError):
        return
    tried = manifest.get("whatif") or {}
    for name in (manifest.get("forecast"), manifest.get("base"), tried.get("against")):
        if name is not None and name in known:
            yield known[name]
    learned = manifest.get("model")
    if isinstance(learned, dict) and (mark := tuple(sorted(learned.items()))) in models:
        yield models[mark]


def _model_of(path: Path) -> tuple[tuple[str, str], ...]:
    """Return the hashes of a run's model, by which a later run names it."""
    try:
        files = read_manifest(path)["files"]
    except (ForeshipError, OSError):
        return ()
    return tuple(sorted((n, e["sha256"]) for n, e in files.items() if n.startswith(f"{MODEL}/")))


def _remove(folder: Path, run: Path) -> None:
    """Take a run away in one step, then its files; a killed job leaves no half of it.

    What was being decided on it goes, too, unless a link leads to where that lies.
    """
    aside = folder / ".foreship" / "tmp"  # not there: the lock swept it; no room is needed so
    run.rename(aside)
    shutil.rmtree(aside)
    draft = draft_folder(folder, run.name)
    if not draft.parent.is_symlink():
        shutil.rmtree(draft, ignore_errors=True)
