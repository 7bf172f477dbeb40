"""The signature under a plan: the paper of its approval, written once, by one name.

A plan that was approved, and another one of its Monday since, may be approved again: a further
paper says the same edits anew, and of the Monday the one approved last counts.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from foreship import files
from foreship.approval.as_overrides import as_overrides, end_of_week
from foreship.approval.life import life_of
from foreship.approval.papers import (
    approval_at,
    approved_on,
    next_approval,
    paper_in,
    released_on,
    run_of,
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

PAPER: Final = "approval.json"
SIGNED: Final = "edits.csv"
LOCKS: Final = "overrides.csv"
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
    """Return the approval of a run, written again where another one of its Monday followed it.

    None where nobody signed the run.

    Raises
    ------
    UsageError
        If somebody else signed it, and nothing was approved since.
    """
    folder = approval_at(run.path)
    paper = None if folder is None else paper_in(folder)
    if folder is None or paper is None:
        return None
    if folder != approved_on(run.path.parent.parent, run.as_of)[-1]:
        return _signed_again(run, by, folder, paper)
    if paper["by"] != by:
        raise UsageError(f"{run.path.name} was approved by {paper['by']} at {paper['at']}")
    return Approval(run, folder, paper, signed_edits(folder), tuple(run.doubts), reused=True)


def _signed_again(run: Run, by: str, first: Path, paper: Mapping[str, Any]) -> Approval:
    """Write a further paper of a run: the plan and its edits are the same, who and when are new."""
    edits = signed_edits(first)
    load_run(first, [LOCKS])
    texts = {each: partial(shutil.copyfile, first / each) for each in (SIGNED, LOCKS)}
    return _written(run, dict(paper), by, edits, texts, tuple(run.doubts))


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
        "edits": len(edits),
        "price_of_all": price,
        "price_of_the_rest": rest,
        "held_by": list(life_of(run.path).held_by),
        "status": run.summary.get("status"),
    }
    texts = {
        SIGNED: lambda path: files.write_csv(edits, path),
        LOCKS: lambda path: files.write_csv(locks, path),
    }
    return _written(run, paper, by, edits, texts, notes)


def _written(
    run: Run,
    said: Mapping[str, Any],
    by: str,
    edits: pd.DataFrame,
    texts: Mapping[str, Callable[[Path], object]],
    notes: Sequence[str],
) -> Approval:
    """Write the folder of an approval; its paper says which run's it takes the place of."""
    workspace = run.path.parent.parent
    last = next(reversed(approved_on(workspace, run.as_of)), None)
    instead_of = None if last is None else run_of(last)
    paper = {**said, "by": by, "at": time_now(), "instead_of": instead_of}
    folder, told = next_approval(run.path), sentences(notes)
    write_folder(
        workspace,
        folder,
        {PAPER: lambda path: files.write_json(paper, path), **texts},
        {"run_id": run.id, "as_of": run.as_of, "notes": told},
    )
    return Approval(finished_run(run.path), folder, paper, edits, tuple(told))
