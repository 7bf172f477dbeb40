"""What plans of the last weeks sent into cells and took out of them: the table `recent` of a plan.

It is asked for only where `plan.change_cost` charges what takes these back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreship.approval.life import weeks_plans
from foreship.runs import load_run
from foreship_foundation.actions import action_names
from foreship_foundation.derived import RECENT

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from foreship.workspace.opening import Workspace

__all__ = ["moves_of", "recent_moves"]

PLAN = "plan.parquet"
ENDS = {
    "units_in": ("destination", action_names(destination="region")),
    "units_out": ("origin", action_names(origin="region")),
}
"""end of a line that is a cell, and actions whose lines have it, by column"""


def recent_moves(workspace: Workspace) -> pd.DataFrame:
    """Return the table `recent`, without a row where no change is charged or nothing was moved.

    Raises
    ------
    Tampered
        If a plan that counts is not as it was written.
    """
    plan, before = workspace.config.plan, workspace.as_of.date().isoformat()
    runs: list[Path] = []
    if plan.change_cost:
        runs = weeks_plans(workspace.path, before, plan.calm_weeks)
    return moves_of([load_run(each, (PLAN,)).plan for each in runs])


def moves_of(plans: list[pd.DataFrame]) -> pd.DataFrame:
    """Add up what plans send into every cell and take out of it, sorted by its key."""
    import pandas as pd

    found = []
    for name, (end, actions) in ENDS.items():
        lines = [plan[plan["action"].isin(actions)] for plan in plans]
        moved = [each[[end, "item", "quantity"]] for each in lines if len(each)]
        if moved:
            named = pd.concat(moved).rename(columns={end: "region", "quantity": name})
            found.append(named.groupby(["region", "item"], sort=True)[name].sum())
    columns = ["units_in", "units_out"]
    if not found:
        empty = pd.DataFrame(columns=list(RECENT.names))
        return empty.astype({"region": str, "item": str, **dict.fromkeys(columns, "int64")})
    table = pd.concat(found, axis=1).reindex(columns=columns).fillna(0).astype("int64")
    return table.sort_index().reset_index()[list(RECENT.names)]
