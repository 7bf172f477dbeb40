"""A workspace opened with what is tried: other settings, other tables, changes of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from foreship.errors import UsageError
from foreship.jobs.trying.change import EVENT, PROMOTION, change_of
from foreship.jobs.trying.changed_settings import Tried, changed_config, text_of
from foreship.jobs.trying.changed_tables import changed_tables
from foreship.workspace.changed import stated_tables
from foreship.workspace.opening import IN_MEMORY, open_workspace

if TYPE_CHECKING:
    from foreship.jobs.before_plan.demand_source import Source
    from foreship.workspace.opening import Workspace

__all__ = ["Trial", "trial_of", "with_tried"]


@dataclass(frozen=True)
class Trial:
    """What is tried, and the workspace with it."""

    workspace: Workspace
    tried: Tried
    unchanged: Workspace
    """with settings and tables that are tried, before any change of a table"""
    notes: tuple[str, ...] = ()
    """what must be said of the changes, one sentence each"""

    def notes_of(self, source: Source) -> list[str]:
        """Return what must be said of it, planned for that demand."""
        planned = [
            each for each in self.tried.changes if change_of(each).about in (PROMOTION, EVENT)
        ]
        if "demand" in source.identity and planned:
            words = "scenarios of your own stay as they are, whatever is promoted or celebrated"
            return [*self.notes, words]
        return list(self.notes)


def trial_of(workspace: Workspace, tried: Tried) -> Trial:
    """Return a workspace of settings and tables that are tried with the changes of its tables.

    Raises
    ------
    UsageError
        With every fault of every change.
    InputError
        With every fault of the tables that they make.
    """
    if not tried.changes:
        return Trial(workspace, tried, workspace)
    stated, weeks = stated_tables(workspace), workspace.config.forecast.horizon_weeks
    until = workspace.as_of + pd.Timedelta(weeks=weeks)
    changed = changed_tables(stated, workspace.tables, workspace.as_of, tried.changes, until)
    other = workspace.with_tables(**changed.frames)
    texts = tuple(str(change_of(each)) for each in tried.changes)
    return Trial(other, replace(tried, changes=texts), workspace, changed.notes)


def with_tried(
    workspace: Workspace,
    settings: Mapping[str, Any],
    tables: Mapping[str, str | Path],
    changes: Sequence[str] = (),
) -> Trial:
    """Return an open workspace with other settings, tables and changes of tables.

    Parameters
    ----------
    settings
        By `section.setting`; None takes a setting away.
    tables
        Files by table name; none of a workspace that holds frames.
    changes
        Sentences as `Change` reads them.

    Raises
    ------
    UsageError
        With every setting and table that cannot be, or every fault of every change.
    """
    _refuse_nameless(settings, "settings", "{'plan.freight_budget': 500}")
    _refuse_nameless(tables, "tables", "{'stock': 'stock.csv'}")
    said = {key: text_of(value) for key, value in settings.items()}
    files = {name: Path(path) for name, path in tables.items()}
    tried = Tried(said, files, tuple(_texts(changes)))
    config = changed_config(workspace.config, workspace.path, tried)
    if not any(each["path"] == IN_MEMORY for each in workspace.inputs):
        history, out = len(workspace.tables["orders"]) > 0, workspace.out
        again = open_workspace(
            workspace.path, workspace.as_of, history=history, config=config, out=out
        )
        return trial_of(again, tried)
    # its folder does not hold what it holds
    if tables:
        raise UsageError("this workspace is one of frames: give them to workspace.with_tables")
    return trial_of(workspace.with_settings(**settings), tried)


def _refuse_nameless(given: Any, what: str, example: str) -> None:
    """Refuse what does not stand under names."""
    if not (isinstance(given, Mapping) and all(isinstance(key, str) for key in given)):
        raise UsageError(f"{what} to be tried are given by name, as {example}")


def _texts(changes: Any) -> list[str]:
    """Return changes as texts; refuse what is no list of them."""
    listed = isinstance(changes, Sequence) and not isinstance(changes, str)
    if not (listed and all(isinstance(each, str) for each in changes)):
        raise UsageError("changes are a list of texts, as ['lanes.capacity*0.8 where origin=H']")
    return list(changes)
