"""What plans of the last weeks sent into cells and took out of them: the table `recent` of a plan.

It is asked for only where `plan.change_cost` charges what takes these back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreship.approval.life import weeks_plans
from foreship.jobs.identity import iso
from foreship.own_files import PLAN_LINES
from foreship.pipeline.past_moves import moves_of
from foreship.runs import load_run

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from foreship.workspace.opening import Workspace

__all__ = ["recent_moves"]


def recent_moves(workspace: Workspace) -> pd.DataFrame:
    """Return the table `recent`, without a row where no change is charged or nothing was moved.

    Raises
    ------
    Tampered
        If a plan that counts is not as it was written.
    """
    plan, before = workspace.config.plan, iso(workspace.as_of)
    runs: list[Path] = []
    if plan.change_cost:
        runs = weeks_plans(workspace.runs_at, before, plan.calm_weeks)
    return moves_of([load_run(each, (PLAN_LINES,)).plan for each in runs])
