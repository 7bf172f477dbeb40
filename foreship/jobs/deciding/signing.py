"""The signature under a plan: the paper of its approval, written once, by one name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from foreship import files
from foreship.approval.as_overrides import as_overrides, end_of_week
from foreship.approval.life import life_of
from foreship.approval.papers import (
    APPROVALS,
    approval_of,
    approved_on,
    paper_in,
    released_on,
    time_now,
)
from foreship.errors import UsageError
from foreship.jobs.deciding.approved import Approval
from foreship.jobs.finished import finished_run
from foreship.runs import RUNS, Run, load_run, write_folder
from foreship_foundation.telling.words import sentences

__all__ = [
    "last_day",
    "refuse_decided",
    "refuse_unsigned",
    "signed_approval",
    "signed_edits",
    "standing_approval",
]

SIGNED: Final = "edits.csv"
IDS: Final = dict.fromkeys(("action", "origin", "destination", "item", "comment"), str)
"""columns of `edits.csv` that hold text, be it `00123`"""


def refuse_unsigned(run: Run, by: str) -> None:
    """Refuse what nobody signs, and what `refuse_decided` does.

    Raises
    ------
    UsageError
    """
    given: Any = by
    if not (isinstance(given, str) and given.strip()):
        raise UsageError("who decides? give a name by --by NAME")
    if len(by.splitlines()) > 1:
        raise UsageError(f"{by!r} is no name: write it on one line")
    refuse_decided(run)


def refuse_decided(run: Run) -> None:
    """Refuse what is no plan of a week, and a week that is released.

    Raises
    ------
    UsageError
    """
    if run.path.parent.name != RUNS:
        raise UsageError(f"{run.path.name} was only tried; plan with these settings, then decide")
    if not run.summary:
        raise UsageError(f"{run.path.name} holds no plan; `foreship plan` makes one")
    workspace = run.path.parent.parent
    released = released_on(workspace, run.as_of)
    if released is not None:
        paper = paper_in(released) or {}
        raise UsageError(
            f"the plan of {run.as_of} is released: run {released.name}, by {paper.get('by')} at "
            f"{paper.get('at')}; the next plan puts right what is wrong with it"
        )


def last_day(run: Run, until: str | None) -> pd.Timestamp:
    """Return the last day on which edits hold: as given, else the Sunday of the week.

    Raises
    ------
    UsageError
        If it is no date, or lies before the Monday.
    """
    monday = pd.Timestamp(run.as_of)
    if until is None:
        return end_of_week(monday)
    try:
        day = pd.Timestamp(until).normalize()
    except (ValueError, TypeError):
        raise UsageError(f"--until {until!r} is no date; write it as 2026-11-22") from None
    if pd.isna(day) or day < monday:
        raise UsageError(f"--until {until}: edits of the plan of {run.as_of} would never hold")
    return day


def standing_approval(run: Run, by: str) -> Approval | None:
    """Return the approval of a run that stands already, None where nobody signed it.

    Raises
    ------
    UsageError
        If somebody else signed it, or another run of its Monday was approved since: papers are
        written once, so this one cannot become the last again.
    """
    paper = approval_of(run.path)
    if paper is None:
        return None
    signed = f"{run.path.name} was approved by {paper['by']} at {paper['at']}"
    if paper["by"] != by:
        raise UsageError(signed)
    folder = run.path.parent.parent / APPROVALS / run.path.name
    last = approved_on(run.path.parent.parent, run.as_of)[-1]
    if last != folder:
        raise UsageError(
            f"{signed}, and {last.name} since: that is the plan of the week, and no approval is "
            f"written twice; approve edits of {last.name} that put it right, or edits of this plan "
            "with another comment"
        )
    return Approval(run, folder, paper, signed_edits(folder), tuple(run.doubts), reused=True)


def signed_edits(approval: Path) -> pd.DataFrame:
    """Return the edits that an approval has worked in, a row each, from its folder.

    Raises
    ------
    Tampered
        If they are not as they were written.
    """
    load_run(approval, [SIGNED])
    path = approval / SIGNED
    return pd.read_csv(path, dtype=IDS, keep_default_na=False, na_values={"price": [""]})


def signed_approval(
    run: Run,
    base: Run,
    by: str,
    edits: pd.DataFrame,
    priced: tuple[pd.DataFrame, float, float] | None,
    notes: Sequence[str],
) -> Approval:
    """Write the paper of an approval, or return the one that stands."""
    if (standing := standing_approval(run, by)) is not None:
        return standing
    locks, price, rest = priced or (as_overrides([], by, pd.Timestamp(run.as_of)), None, math.nan)
    paper = {
        "run": run.path.name,
        "base": base.path.name,
        "as_of": run.as_of,
        "by": by,
        "at": time_now(),
        "edits": len(edits),
        "price_of_all": price,
        "price_of_the_rest": rest,
        "held_by": list(life_of(run.path).held_by),
        "status": run.summary.get("status"),
    }
    folder = run.path.parent.parent / APPROVALS / run.path.name
    told = sentences(notes)
    write_folder(
        run.path.parent.parent,
        folder,
        {
            "approval.json": lambda path: files.write_json(paper, path),
            SIGNED: lambda path: files.write_csv(edits, path),
            "overrides.csv": lambda path: files.write_csv(locks, path),
        },
        {"run_id": run.id, "as_of": run.as_of, "notes": told},
    )
    return Approval(finished_run(run.path), folder, paper, edits, tuple(told))
