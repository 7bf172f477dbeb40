"""Open, check and sample workspaces."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from foreship.frames.kinds import IntoFrame
    from foreship.samples import SampleReport
    from foreship.workspace.checking import CheckReport
    from foreship.workspace.opening import Workspace

__all__ = ["check", "from_frames", "open", "sample"]


def open(  # noqa: A001
    folder: str | Path,
    as_of: str | pd.Timestamp | None = None,
    *,
    history: bool = True,
    out: str | Path | None = None,
) -> Workspace:
    """Read, check and type a workspace.

    Parameters
    ----------
    folder
        Folder with `foreship.toml`.
    as_of
        The Monday to plan for; default: the Monday after the last order.
    history
        Whether orders are needed; a plan on one's own demand does without.
    out
        Folder for the runs, or a place in a store such as `s3://bucket/plans`; default: the
        workspace itself, which is then written to.

    Raises
    ------
    UsageError, InputError
        With every fault of the config or of the tables.
    """
    from foreship.files import path_of
    from foreship.workspace.opening import open_workspace

    return open_workspace(path_of(folder, "folder"), as_of, history=history, out=out)


def from_frames(
    tables: Mapping[str, IntoFrame],
    as_of: str | pd.Timestamp | None = None,
    settings: Mapping[str, Any] | None = None,
    *,
    history: bool = True,
) -> Workspace:
    """Check and type tables that are frames: a workspace without a folder of one's own.

    Parameters
    ----------
    tables
        By contract name: frames of pandas, polars, Arrow or DuckDB, with the columns of files.
    as_of
        The Monday to plan for; default: the Monday after the last order.
    settings
        As in `foreship.toml`, by `section.setting`, `section__setting` or nested by section.
    history
        Whether orders are needed; a plan on one's own demand does without.

    Returns
    -------
    Workspace
        Its runs lie in a temporary folder that goes when the last workspace that came of it does;
        `run.save(folder)` keeps one.

    Raises
    ------
    UsageError, InputError
        With every fault of the settings or of the tables, in the words that files get.
    """
    from foreship.workspace.of_frames import workspace_of_frames

    return workspace_of_frames(tables, as_of, settings, history=history)


def check(folder: str | Path) -> CheckReport:
    """Return every fault of a workspace at once; change nothing."""
    from foreship.files import path_of
    from foreship.workspace.checking import check as check_workspace

    return check_workspace(path_of(folder, "folder"))


def sample(
    folder: str | Path,
    source: str = "synthetic",
    size: str = "small",
    seed: int = 1,
    kind: str = "parquet",
) -> SampleReport:
    """Write a ready workspace of sample data into a new or empty folder."""
    from foreship.files import path_of
    from foreship.samples import make_sample

    return make_sample(path_of(folder, "folder"), source=source, size=size, seed=seed, kind=kind)
