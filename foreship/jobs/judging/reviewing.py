"""The job behind `foreship review`: what became of the plan of an earlier Monday."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from foreship.approval.life import plans_before, released_runs
from foreship.approval.named_runs import find_run
from foreship.errors import UsageError
from foreship.files import write_atomically
from foreship.jobs.identity import Tell, iso, silent
from foreship.own_files import EXTRAS, KEPT
from foreship.runs import load_run

if TYPE_CHECKING:
    from foreship.reviews.results import Review
    from foreship.runs import Run
    from foreship.workspace.opening import Workspace

__all__ = ["last_plan", "review_job"]

READ: Final = ("plan.parquet", "forecast.parquet", "summary.json", *EXTRAS, KEPT)
WEEKS: Final = 8
"""of plans that are looked at beside the reviewed one"""


def review_job(
    workspace: Workspace,
    run: str | None = None,
    *,
    page: Path | None = None,
    tell: Tell = silent,
) -> Review:
    """Say what became of a plan, with orders and receipts up to the workspace's Monday.

    Parameters
    ----------
    run
        Which plan; left out, the newest release before that Monday, else the newest plan that
        counts as that of its week.
    page
        Where it is also written as HTML.

    Raises
    ------
    UsageError
        If there is no such plan, it is not of an earlier Monday, or it cannot be played any more;
        if `page` is no place for a page.
    """
    from foreship.reports.evaluation_page import refuse_place
    from foreship.reviews.page import render
    from foreship.reviews.week import review_of

    if page is not None:
        refuse_place(page, workspace.runs_at)
    folder = last_plan(workspace) if run is None else find_run(run, workspace.runs_at)
    if folder is None:
        raise UsageError(
            f"the folder {workspace.runs_at} holds no plan of a week before {iso(workspace.as_of)}"
        )
    found = load_run(folder, READ)
    if not found.summary:
        raise UsageError(f"{folder.name} holds no plan; there is nothing to review")
    if found.as_of >= iso(workspace.as_of):
        raise UsageError(
            f"{folder.name} is a plan of {found.as_of}: nothing is known yet of its week, orders "
            f"end before {iso(workspace.as_of)}"
        )
    tell(f"review {folder.name}")
    review = review_of(found, workspace.tables, workspace.as_of, _others(workspace, found))
    if page is not None:
        write_atomically(page, lambda path: path.write_text(render(review), "utf-8"))
    return review


def last_plan(workspace: Workspace) -> Path | None:
    """Return the newest release before a workspace's Monday, else the newest plan of a week."""
    day = iso(workspace.as_of)
    released = (each for each in released_runs(workspace.runs_at) if each.name[:10] < day)
    return next(released, None) or next(plans_before(workspace.runs_at, day), None)


def _others(workspace: Workspace, run: Run) -> list[Run]:
    """Return the plans of the weeks around a run, those that keep their tables."""
    near = islice(plans_before(workspace.runs_at, iso(workspace.as_of)), WEEKS)
    return [
        load_run(each, READ)
        for each in near
        if each.name[:10] != run.as_of and (each / KEPT).is_dir()
    ]
