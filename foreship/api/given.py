"""Arguments as the jobs take them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from foreship.frames.kinds import IntoFrame
    from foreship.runs import Run
    from foreship.workspace.opening import Workspace

__all__ = ["at", "given", "keeping"]


def given(demand: str | Path | IntoFrame | None) -> Path | pd.DataFrame | None:
    """Return one's own scenarios as the jobs take them, a file by its path."""
    if demand is None or isinstance(demand, (str, Path)):
        return None if demand is None else Path(demand)
    from foreship.frames.arriving import pandas_of

    return pandas_of(demand, "demand")


def at(workspace: Workspace, as_of: str | pd.Timestamp | None) -> Workspace:
    """Return the workspace for another Monday, its tables as they are."""
    return workspace if as_of is None else workspace.at(as_of)


def keeping(made: Run, workspace: Workspace) -> Run:
    """Return a run that holds a workspace of frames, and so the temporary folder of both."""
    return made if workspace.keeper is None else replace(made, keeper=workspace)
