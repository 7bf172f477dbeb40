"""Approvals and releases as they lie beside `runs/`: written once, found by the run's name.

A run that is approved again after another one of its Monday gets a further paper, `<run>.2`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

from foreship.errors import Tampered
from foreship.files import read_small
from foreship.own_files import MANIFEST
from foreship.runs import load_run, written

__all__ = [
    "APPROVALS",
    "RELEASED",
    "approval_at",
    "approval_of",
    "approved_on",
    "next_approval",
    "paper_in",
    "release_of",
    "released_on",
    "run_of",
    "time_now",
]

APPROVALS: Final = "approvals"
RELEASED: Final = "released"
PAPERS: Final[Mapping[str, str]] = {APPROVALS: "approval.json", RELEASED: "release.json"}
"""folder -> the file in which it says who and when"""
AGAIN: Final = "."
"""between the name of a run and which of its approvals a folder holds, from the second on"""
LARGEST_PAPER: Final = 10_000_000
"""bytes beyond which such a file is not ours"""


def approval_of(run: Path) -> Mapping[str, Any] | None:
    """Return what the last `approval.json` says of a run, None where nobody approved it.

    Raises
    ------
    Tampered
        If it is not as it was written.
    """
    place = approval_at(run)
    return None if place is None else paper_in(place)


def approval_at(run: Path) -> Path | None:
    """Return the folder of a run's approval, the last where there are several, None without one."""
    return max(_approvals_of(run), key=written, default=None)


def next_approval(run: Path) -> Path:
    """Return where the next approval of a run goes, which is not there yet."""
    place = run.parent.parent / APPROVALS
    names = chain([run.name], (f"{run.name}{AGAIN}{each}" for each in count(2)))
    return next(place / each for each in names if not (place / each).exists())


def run_of(paper: Path) -> str:
    """Return the name of the run that the folder of an approval or a release is about."""
    return paper.name.partition(AGAIN)[0]


def _approvals_of(run: Path) -> list[Path]:
    place = run.parent.parent / APPROVALS
    names = (run.name, f"{run.name}{AGAIN}*")
    return [each.parent for name in names for each in place.glob(f"{name}/{MANIFEST}")]


def release_of(run: Path) -> Mapping[str, Any] | None:
    """Return what `release.json` says of a run, None where it was not released; see above."""
    return paper_in(run.parent.parent / RELEASED / run.name)


def paper_in(folder: Path) -> Mapping[str, Any] | None:
    """Return what an approval or a release says, None where there is no such folder."""
    if not (folder / MANIFEST).exists():
        return None
    path = folder / PAPERS[folder.parent.name]
    load_run(folder, [path.name])
    try:
        told = json.loads(read_small(path, LARGEST_PAPER).decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        told = None
    wanted = ("run", "as_of", "by", "at")
    if not isinstance(told, dict) or not all(isinstance(told.get(each), str) for each in wanted):
        raise Tampered(f"{path} is damaged; move the folder {folder} away")
    return told


def approved_on(workspace: Path, as_of: str) -> list[Path]:
    """Return the approvals of a Monday, the one written last at the end."""
    return _of_a_monday(workspace / APPROVALS, as_of)


def released_on(workspace: Path, as_of: str) -> Path | None:
    """Return the release of a Monday, None where nothing was released: there is one at most."""
    found = _of_a_monday(workspace / RELEASED, as_of)
    return found[-1] if found else None


def _of_a_monday(folder: Path, as_of: str) -> list[Path]:
    return sorted((each.parent for each in folder.glob(f"{as_of}-*/{MANIFEST}")), key=written)


def time_now() -> str:
    """Return the moment of a signature, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
