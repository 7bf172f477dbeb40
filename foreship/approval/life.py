"""The stages of a run, told from what lies beside it: a run's own folder never changes.

    draft or held -> approved -> released;  superseded, once another run of its Monday is either

The plan of a week is the one released; else the one approved last; else the one written last that
was not held. All who ask what was sent in a week ask here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

from foreship.approval.papers import (
    RELEASED,
    approval_of,
    approved_on,
    release_of,
    released_on,
    run_of,
)
from foreship.errors import ForeshipError
from foreship.own_files import INBOUND, MANIFEST, read_summary
from foreship.runs import RUNS, load_run, written

__all__ = [
    "SHIPPED",
    "Life",
    "Stage",
    "earlier_mondays",
    "life_of",
    "plan_of_the_week",
    "plans_before",
    "plans_made",
    "released_runs",
    "weeks_plans",
]

SHIPPED: Final = ("ship", "relaxed")
"""statuses of a plan that may be shipped as it is"""
HELD: Final = "hold"
SUMMARY: Final = "summary.json"


class Stage(StrEnum):
    """How far a run has come."""

    draft = "draft"
    held = "held"
    approved = "approved"
    released = "released"
    superseded = "superseded"


@dataclass(frozen=True)
class Life:
    """The stage of a run, and who brought it there."""

    stage: Stage
    by: str = ""
    """who approved or released it"""
    at: str = ""
    """when, UTC"""
    held_by: tuple[str, ...] = ()
    """what held the plan when it was made, one sentence each; an approval does not undo it"""
    of: str = ""
    """run that took its place"""


def life_of(run: Path) -> Life:
    """Return the stage of a run, from folders and its summary's status.

    Raises
    ------
    Tampered
        If a file that tells of it is not as it was written.
    """
    summary = _summary_of(run)
    held_by = tuple(each["words"] for each in summary.get("held_by", ()))
    for stage, paper in ((Stage.released, release_of(run)), (Stage.approved, approval_of(run))):
        other = _signed_otherwise(run, stage)
        if paper is not None and other is None:
            return Life(stage, str(paper["by"]), str(paper["at"]), held_by)
        if other is not None:
            return Life(Stage.superseded, held_by=held_by, of=other)
    return Life(Stage.held if summary.get("status") == HELD else Stage.draft, held_by=held_by)


def _signed_otherwise(run: Path, stage: Stage) -> str | None:
    """Return another run of this Monday that is released, or approved last, None where none is."""
    workspace, as_of = run.parent.parent, run.name[:10]
    if stage is Stage.released:
        found = released_on(workspace, as_of)
    else:
        found = next(reversed(approved_on(workspace, as_of)), None)
    return None if found is None or run_of(found) == run.name else run_of(found)


def plan_of_the_week(workspace: Path, as_of: str) -> Path | None:
    """Return the run whose plan counts as that of a Monday, None where there is none.

    Raises
    ------
    Tampered
        If a run that would have to be asked is damaged.
    """
    signed = released_on(workspace, as_of) or next(reversed(approved_on(workspace, as_of)), None)
    if signed is not None:
        return workspace / RUNS / run_of(signed)
    for folder in reversed(plans_made(workspace, as_of)):
        if _summary_of(folder).get("status") in SHIPPED:
            return folder
    return None


def plans_made(workspace: Path, as_of: str, folder: str = RUNS) -> list[Path]:
    """Return the runs with a plan of a Monday, the one written last at the end."""
    found = (each.parent for each in (workspace / folder).glob(f"{as_of}-*/{INBOUND}"))
    return sorted(found, key=written)


def earlier_mondays(workspace: Path, before: str) -> list[str]:
    """Return the Mondays before a day for which a plan was made, newest first."""
    names = {each.parent.name[:10] for each in (workspace / RUNS).glob(f"*/{INBOUND}")}
    return sorted((each for each in names if each < before), reverse=True)


def plans_before(workspace: Path, before: str) -> Iterator[Path]:
    """Yield the plans of the weeks before a day, newest first, one a Monday at most.

    A Monday whose runs cannot be read is passed over: `sent_before` warns of it.
    """
    for monday in earlier_mondays(workspace, before):
        try:
            found = plan_of_the_week(workspace, monday)
        except (ForeshipError, OSError):
            continue
        if found is not None:
            yield found


def weeks_plans(workspace: Path, before: str, weeks: int) -> list[Path]:
    """Return the plans of the last `weeks` weeks before a day, newest first, one a Monday."""
    first = (date.fromisoformat(before) - timedelta(weeks=weeks)).isoformat()
    return list(takewhile(lambda run: run.name[:10] >= first, plans_before(workspace, before)))


def released_runs(workspace: Path) -> list[Path]:
    """Return the runs that were released, newest Monday first."""
    found = (workspace / RELEASED).glob(f"*/{MANIFEST}")
    names = sorted((each.parent.name for each in found), reverse=True)
    return [workspace / RUNS / name for name in names]


def _summary_of(run: Path) -> Mapping[str, Any]:
    """Return the summary of a run once its hash is right, empty where it has none."""
    load_run(run, [SUMMARY])
    path = run / SUMMARY
    return read_summary(path) if path.exists() else {}
