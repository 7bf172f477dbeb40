"""What plans sent into cells and took out of them, added up: the table `recent` of a plan."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from foreship_foundation.actions import action_names
from foreship_foundation.tables.derived import RECENT

__all__ = ["moves_of"]

ENDS = {
    "units_in": ("destination", action_names(destination="region")),
    "units_out": ("origin", action_names(origin="region")),
}
"""end of a line that is a cell, and actions whose lines have it, by column"""


def moves_of(plans: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Add up what plans send into every cell and take out of it, sorted by its key."""
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
