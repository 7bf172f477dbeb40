"""Find finished runs by what they are: the latest plan, the released one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foreship.runs import Run

__all__ = ["latest", "released"]


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
    from foreship.places.place import folder_of

    return finished_run(latest_run(folder_of(folder)))


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
    from foreship.places.place import folder_of

    return finished_run(released_run(folder_of(folder)))
