"""From a run's name in an address to its folder: looked up among those there are, never joined."""

from __future__ import annotations

import re
from pathlib import Path

from foreship.approval.named_runs import LATEST, RELEASED, latest_run, released_run
from foreship.errors import UsageError
from foreship.own_files import MANIFEST
from foreship.runs import RUNS, WHAT_IFS

__all__ = ["RUN_NAME", "NotFound", "run_folder"]

RUN_NAME = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{10}")


class NotFound(UsageError):
    """An address names something that is not there."""


def run_folder(runs_at: Path, name: str) -> Path:
    """Return the folder of a run.

    Parameters
    ----------
    name
        A run's whole name, `latest` or `released`.

    Raises
    ------
    NotFound
        If there is no such run, or what bears its name is a link.
    """
    if name in (LATEST, RELEASED):
        try:
            found = latest_run(runs_at) if name == LATEST else released_run(runs_at)
        except UsageError as error:
            raise NotFound(str(error)) from error
        if _is_linked(found / MANIFEST, runs_at):
            raise NotFound(f"{found.name} is a link, which is not followed")
        return found
    if RUN_NAME.fullmatch(name):
        for place in (RUNS, WHAT_IFS):
            for each in (runs_at / place).glob(f"*/{MANIFEST}"):
                if each.parent.name == name and not _is_linked(each, runs_at):
                    return each.parent
    raise NotFound(f"there is no run {name!r} here; the page of runs lists those there are")


def _is_linked(path: Path, above: Path) -> bool:
    """Whether a step from a folder down to a file is a link."""
    steps = [path, *path.parents]
    return any(each.is_symlink() for each in steps[: steps.index(above)])
