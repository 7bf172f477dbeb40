"""Arguments as the jobs take them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from foreship.workspace.opening import Workspace

__all__ = ["at", "given"]


def given(demand: str | Path | pd.DataFrame | None) -> Path | pd.DataFrame | None:
    """Return one's own scenarios as the jobs take them, a file by its path."""
    return Path(demand) if isinstance(demand, (str, Path)) else demand


def at(workspace: Workspace, as_of: str | pd.Timestamp | None) -> Workspace:
    """Return the workspace for another Monday, its tables as they are."""
    return workspace if as_of is None else workspace.at(as_of)
