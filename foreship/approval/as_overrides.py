"""Edits as overrides: a lock on the units of each group, with author, reason and last day."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from foreship.approval.groups import Group
from foreship_foundation.tables.input_tables import INPUTS, LEAVING

__all__ = ["as_overrides", "end_of_week"]

NO_COMMENT = "edited in the plan"


def as_overrides(groups: Sequence[Group], author: str, expires: pd.Timestamp) -> pd.DataFrame:
    """Return rows of `overrides` that fix what edits ask for, a row a group.

    Parameters
    ----------
    author
        Who edits.
    expires
        Last day on which they hold.
    """
    rows = [
        {
            "kind": "fix",
            "value": group.units,
            "reason": "; ".join(dict.fromkeys(filter(None, (each.comment for each in group.edits))))
            or NO_COMMENT,
            "author": author,
            "expires": expires,
            "region": group.destination,
            "item": group.item,
            "origin": group.origin,
            "action": group.action if group.action in LEAVING else "",
        }
        for group in groups
    ]
    table = pd.DataFrame(rows, columns=list(INPUTS["overrides"].names))
    texts = dict.fromkeys(("kind", "reason", "author", "region", "item", "origin", "action"), "str")
    return table.astype(texts | {"value": "int64", "expires": "datetime64[ns]"})


def end_of_week(as_of: pd.Timestamp) -> pd.Timestamp:
    """Return the Sunday of the week of a plan: edits hold for it alone unless more is said."""
    return as_of + pd.Timedelta(days=6)
