"""Arguments as the jobs take them."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from math import inf
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship.errors import UsageError
from foreship_foundation.bounds import is_number
from foreship_foundation.telling.progress import report

if TYPE_CHECKING:
    import pandas as pd

    from foreship.frames.kinds import IntoFrame
    from foreship.runs import Run
    from foreship.workspace.opening import Workspace

__all__ = [
    "a_run",
    "a_run_or_none",
    "a_workspace",
    "at",
    "given",
    "keeping",
    "patient",
    "whole_weeks",
]


def a_workspace(given: Workspace) -> Workspace:
    """Return a workspace; raise UsageError where something else was given for one."""
    from foreship.workspace.opening import Workspace

    if isinstance(given, Workspace):
        return given
    kind = type(given).__name__
    raise UsageError(
        f"workspace: {kind} is no workspace; give foreship.open(folder) or "
        "foreship.from_frames(tables)"
    )


def a_run(given: Run, name: str = "run") -> Run:
    """Return a run; raise UsageError where something else was given for one, as `name`."""
    from foreship.runs import Run

    if isinstance(given, Run):
        return given
    kind = type(given).__name__
    raise UsageError(f"{name}: {kind} is no run; give foreship.load_run(folder), or what made it")


def a_run_or_none(given: Run | None, name: str) -> Run | None:
    """Return a run, or None where none is given; raise UsageError as `a_run`."""
    return None if given is None else a_run(given, name)


def given(demand: str | Path | IntoFrame | None) -> Path | pd.DataFrame | None:
    """Return one's own scenarios as the jobs take them, a file by its path."""
    if demand is None or isinstance(demand, (str, Path)):
        return None if demand is None else Path(demand)
    from foreship.frames.arriving import pandas_of

    return pandas_of(demand, "demand")


def at(workspace: Workspace, as_of: str | pd.Timestamp | None) -> Workspace:
    """Return the workspace for another Monday, its tables as they are."""
    a_workspace(workspace)
    return workspace if as_of is None else workspace.at(as_of)


def keeping(made: Run, workspace: Workspace) -> Run:
    """Return a run that holds a workspace of frames, and so the temporary folder of both."""
    return made if workspace.keeper is None else replace(made, keeper=workspace)


def whole_weeks(weeks: int) -> int:
    """Return a number of weeks; raise UsageError where it is no whole number from 1 on."""
    given: Any = weeks
    if not isinstance(given, Integral) or isinstance(given, bool) or given < 1:
        raise UsageError(f"weeks={weeks!r}: give a whole number, at least 1 week")
    return int(weeks)


def patient(wait: float) -> AbstractContextManager[None]:
    """Let jobs inside wait so many seconds for another one; a progress bar says for whom.

    Raises
    ------
    UsageError
        If it is no number of seconds of 0 or more.
    """
    if not is_number(wait) or not 0 <= wait < inf:
        raise UsageError(f"wait={wait!r}: give seconds, 0 or more, such as 600")
    if not wait:
        return nullcontext()  # an outer `waiting` still holds
    from foreship.runs import waiting

    return waiting(float(wait), lambda words: report(words, 0, 0))
