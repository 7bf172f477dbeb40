"""Approve a plan, with a planner's edits or as it is.

Without edits an approval is a paper beside the run. With edits the run is planned again on its own
terms, each edit a lock, and the new run is approved; it names the one it came from.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from foreship.approval.edited_book import read_edits
from foreship.jobs.deciding.approved import Approval, no_edits
from foreship.jobs.deciding.edited_plan import EditedPlan
from foreship.jobs.deciding.signing import last_day, refuse_unsigned, signed_approval
from foreship.jobs.identity import Tell, silent
from foreship.runs import Run, workspace_lock
from foreship_foundation.telling.words import plural

__all__ = ["approve_job"]


def approve_job(
    run: Run,
    *,
    by: str,
    edits: Path | None = None,
    until: str | None = None,
    demand: Path | pd.DataFrame | None = None,
    tell: Tell = silent,
) -> Approval:
    """Approve a run, planned again where it was edited.

    Parameters
    ----------
    by
        Who approves.
    edits
        The run's workbook as it was edited, or a CSV file of edits.
    until
        Last day on which the edits hold, also for later plans; left out, the Sunday of the week.
    demand
        The run's own scenarios, where it was not planned on a forecast.

    Raises
    ------
    InputError
        With every edit that is at fault; nothing is written then.
    UsageError
        If nobody signs, the Monday is released, somebody else has approved the same already, or
        the terms of the run are not to be had any more.
    """
    refuse_unsigned(run, by)
    with workspace_lock(run.path.parent.parent):
        if edits is None:
            return signed_approval(run, run, by.strip(), no_edits(), None, ())
        read = read_edits(edits, run.plan, run.id)
        if not read.edits and not read.faults:
            words = f"{edits.name} holds no edit: the plan is approved as it is"
            return signed_approval(run, run, by.strip(), no_edits(), None, (*read.notes, words))
        tell(f"read {plural(len(read.edits), 'edit')}")
        planner = EditedPlan(run, by.strip(), edits, read.edits, tuple(read.notes), tell)
        return planner.approve(planner.terms(read.faults, demand), last_day(run, until))
