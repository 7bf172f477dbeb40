"""Find finished runs by what they are: all of them, the latest plan, the released one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from foreship.runs import Run

__all__ = ["latest", "list_runs", "released"]


def list_runs(folder: str | Path) -> pd.DataFrame:
    """Return every run and every plan that was tried, the newest Monday and writing first.

    `foreship.runs` is the package that reads and writes run folders, hence the name.

    Parameters
    ----------
    folder
        The folder that holds `runs/`: the workspace, or the `out` it was opened with, which may
        be a place in a store.

    Returns
    -------
    DataFrame
        A row a run: `run, as_of, command, state, status, objective, lines, bytes, written,
        folder, expected_gain`, as `foreship runs` lists them; `state` is forecast, draft, held,
        approved, released, superseded, what-if, damaged or other schema, and what is not known is
        blank.

    Raises
    ------
    UsageError
        If the folder is neither a workspace nor one with runs.
    """
    from foreship.jobs.keeping.listing import list_runs as listed
    from foreship.jobs.keeping.listing import runs_as_frame
    from foreship.places.place import found_folder

    return runs_as_frame(listed(found_folder(folder)))


def latest(folder: str | Path) -> Run:
    """Return the plan made last of the newest Monday.

    Parameters
    ----------
    folder
        The folder that holds `runs/`: the workspace, or the `out` it was opened with, which may
        be a place in a store.

    Raises
    ------
    UsageError
        If there is no plan.
    """
    from foreship.approval.named_runs import latest_run
    from foreship.jobs.finished import finished_run
    from foreship.places.place import found_folder

    return finished_run(latest_run(found_folder(folder)))


def released(folder: str | Path) -> Run:
    """Return the plan released last.

    Parameters
    ----------
    folder
        The folder that holds `runs/`: the workspace, or the `out` it was opened with, which may
        be a place in a store.

    Raises
    ------
    UsageError
        If none was released.
    """
    from foreship.approval.named_runs import released_run
    from foreship.jobs.finished import finished_run
    from foreship.places.place import found_folder

    return finished_run(released_run(found_folder(folder)))
