"""Edits of earlier weeks that still hold: overrides of approvals whose last day is to come.

Only plans of the week count (`approval.life`); of two edits about the same move the later week's
holds. The edits of this very Monday live in their run alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from foreship.approval.life import plans_before
from foreship.approval.papers import approval_at
from foreship.errors import ForeshipError, Tampered
from foreship.jobs.identity import iso
from foreship.runs import load_run
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.telling.words import plural

if TYPE_CHECKING:
    from pathlib import Path

    from foreship.workspace.opening import Workspace

__all__ = ["MOVE", "edits_of", "standing_overrides"]

LOCKS: Final = "overrides.csv"
MOVE: Final = ["region", "item", "origin", "action"]
"""columns that say which move an edit is about"""


def standing_overrides(workspace: Workspace) -> tuple[pd.DataFrame, list[str]]:
    """Return rows of `overrides` from approvals of earlier Mondays, and what is to be said of them.

    Rows of what or where nothing is sold any more are left out and counted.
    """
    found, notes = [], []
    for run in plans_before(workspace.runs_at, iso(workspace.as_of)):
        try:
            rows = edits_of(run)
        except (ForeshipError, OSError) as error:
            notes.append(f"edits of an earlier week are not known: {error}")
            continue
        if len(rows):
            found.append(rows[rows["expires"] >= workspace.as_of])
    if not found:
        return _none(), notes
    both = pd.concat(found, ignore_index=True)
    standing = both.drop_duplicates(MOVE, ignore_index=True)
    known = _known(standing, workspace)
    if len(standing) - known.sum():
        gone = plural(int((~known).sum()), "edit")
        notes.append(f"{gone} of earlier weeks of what or where nothing is sold any more left out")
    kept = standing[known].reset_index(drop=True)
    if len(kept):
        said = plural(len(kept), "edit of an earlier week", "edits of earlier weeks")
        last = iso(kept["expires"].max())
        notes.append(f"{said} still held, until {last} at the latest (approvals/)")
    return kept, notes


def edits_of(run: Path) -> pd.DataFrame:
    """Return the overrides that edits of a run have come to, without rows where there are none.

    Raises
    ------
    Tampered
        If they are not as they were written.
    """
    folder = approval_at(run)
    if folder is None:
        return _none()
    load_run(folder, [LOCKS])
    try:
        rows = pd.read_csv(folder / LOCKS, dtype=str, keep_default_na=False)
        days = pd.to_datetime(rows["expires"], format="%Y-%m-%d").astype("datetime64[ns]")
        rows = rows.assign(value=rows["value"].astype("int64"), expires=days)
        return rows[list(INPUTS["overrides"].names)]
    except (ValueError, KeyError, TypeError, OSError):
        raise Tampered(f"{folder / LOCKS} is damaged; move the folder away") from None


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=list(INPUTS["overrides"].names))


def _known(rows: pd.DataFrame, workspace: Workspace) -> pd.Series:
    """Mark rows whose ids the workspace still has."""
    tables = workspace.tables
    regions, items = set(tables["regions"]["region"]), set(tables["items"]["item"])
    places = regions | set(tables["hubs"]["hub"])
    good = rows["item"].isin(items | {""}) & rows["region"].isin(regions | {""})
    return good & rows["origin"].isin(places | {""})
