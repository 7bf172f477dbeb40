"""Edits of earlier weeks that still hold: overrides of approvals whose last day is to come.

Only plans of the week count (`approval.life`); of two edits about the same move the later week's
holds. The edits of this very Monday live in their run alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from foreship.approval.life import plans_before
from foreship.approval.papers import APPROVALS
from foreship.errors import ForeshipError, Tampered
from foreship.jobs.identity import iso
from foreship.own_files import MANIFEST
from foreship.runs import load_run
from foreship_foundation.input_tables import INPUTS
from foreship_foundation.words import plural

if TYPE_CHECKING:
    from pathlib import Path

    from foreship.workspace.opening import Workspace

__all__ = ["standing_overrides"]

LOCKS: Final = "overrides.csv"
MOVE: Final = ["region", "item", "origin", "action"]


def standing_overrides(workspace: Workspace) -> tuple[pd.DataFrame, list[str]]:
    """Return rows of `overrides` from approvals of earlier Mondays, and what is to be said of them.

    Rows of what or where nothing is sold any more are left out and counted.
    """
    found, notes = [], []
    for run in plans_before(workspace.path, iso(workspace.as_of)):
        folder = workspace.path / APPROVALS / run.name
        try:
            rows = _locks_of(folder) if (folder / MANIFEST).exists() else None
        except (ForeshipError, OSError) as error:
            notes.append(f"edits of an earlier week are not known: {error}")
            continue
        if rows is not None and len(rows):
            found.append(rows[rows["expires"] >= workspace.as_of])
    columns = list(INPUTS["overrides"].names)
    both = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
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


def _locks_of(folder: Path) -> pd.DataFrame:
    """Read the overrides of an approval."""
    load_run(folder, [LOCKS])
    try:
        rows = pd.read_csv(folder / LOCKS, dtype=str, keep_default_na=False)
        days = pd.to_datetime(rows["expires"], format="%Y-%m-%d").astype("datetime64[ns]")
        rows = rows.assign(value=rows["value"].astype("int64"), expires=days)
        return rows[list(INPUTS["overrides"].names)]
    except (ValueError, KeyError, TypeError, OSError):
        raise Tampered(f"{folder / LOCKS} is damaged; move the folder away") from None


def _known(rows: pd.DataFrame, workspace: Workspace) -> pd.Series:
    """Mark rows whose ids the workspace still has."""
    tables = workspace.tables
    regions, items = set(tables["regions"]["region"]), set(tables["items"]["item"])
    places = regions | set(tables["hubs"]["hub"])
    good = rows["item"].isin(items | {""}) & rows["region"].isin(regions | {""})
    return good & rows["origin"].isin(places | {""})
