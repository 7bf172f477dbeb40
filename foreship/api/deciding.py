"""Approve and release a plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from foreship.api.bars import with_bar
from foreship.api.given import a_run, given, patient
from foreship.files import path_of

if TYPE_CHECKING:
    from foreship.frames.kinds import IntoFrame
    from foreship.jobs.deciding.approved import Approval
    from foreship.jobs.deciding.pricing import Priced
    from foreship.jobs.deciding.releasing import Release
    from foreship.runs import Run

__all__ = ["approve", "price_edits", "release"]


@with_bar
def approve(
    run: Run,
    by: str,
    edits: str | Path | None = None,
    *,
    until: str | None = None,
    demand: str | Path | IntoFrame | None = None,
    wait: float = 0,
) -> Approval:
    """Approve a plan; with edits each is checked and priced, and it is planned again.

    Parameters
    ----------
    by
        Who approves.
    edits
        The run's `plan.xlsx` as edited, or a CSV file `line, decision, new_quantity, comment`.
    until
        Last day on which the edits hold; absent: the Sunday of the week.
    demand
        Your own scenarios, if the run was planned on them.
    wait
        Seconds to wait while another job holds the place of the runs.

    Returns
    -------
    Approval
        `.run` is the approved one, `.edits` have their prices.

    Raises
    ------
    InputError
        With every edit that is at fault.
    UsageError
        If nobody signs, the week is released, or edits cannot be planned: the run was made with a
        policy or limits of your own, or of frames that are no longer there.
    """
    from foreship.jobs.deciding.approving import approve_job

    file = None if edits is None else path_of(edits, "edits")
    with patient(wait):
        approval = approve_job(a_run(run), by=by, edits=file, until=until, demand=given(demand))
    return replace(approval, run=replace(approval.run, keeper=run.keeper))


@with_bar
def price_edits(
    run: Run,
    edits: str | Path,
    *,
    until: str | None = None,
    demand: str | Path | IntoFrame | None = None,
) -> Priced:
    """Say what edits of a plan would cost, as `approve` does; nothing is approved or written.

    Parameters
    ----------
    edits
        The run's `plan.xlsx` as edited, or a CSV file `line, decision, new_quantity, comment`.
    until
        Last day on which the edits would hold; absent: the Sunday of the week.
    demand
        Your own scenarios, if the run was planned on them.

    Raises
    ------
    InputError
        With every edit that is at fault, or that no plan keeps.
    UsageError
        If the week is released, or the run cannot be planned again.
    """
    from foreship.jobs.deciding.pricing import price_job

    return price_job(a_run(run), edits=path_of(edits, "edits"), until=until, demand=given(demand))


def release(
    run: Run, by: str, *, bom: bool = False, decimal: str = ".", wait: float = 0
) -> Release:
    """Release a plan: write once what the warehouse takes; `.path` is its folder.

    Another job is waited for up to `wait` seconds.
    """
    from foreship.jobs.deciding.releasing import release_job

    with patient(wait):
        return release_job(a_run(run), by=by, bom=bom, decimal=decimal)
