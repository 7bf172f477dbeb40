"""Which run a command means: a folder, a name or how it begins, `latest` or `released`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from foreship.approval.life import released_runs
from foreship.approval.papers import approval_at
from foreship.config import CONFIG_NAME
from foreship.errors import UsageError
from foreship.own_files import MANIFEST, MODEL, PLAN_LINES, read_manifest
from foreship.runs import RUNS, WHAT_IFS, written

__all__ = ["LATEST", "RELEASED", "find_run", "latest_run", "released_run"]

LATEST: Final = "latest"
RELEASED: Final = "released"
SHOWN: Final = 5


def find_run(name: str | Path, folder: Path | None = None, holding: str = PLAN_LINES) -> Path:
    """Return the folder of the run that is meant.

    Parameters
    ----------
    name
        `latest`: of the newest Monday the plan made last; `released`: the newest release; a run's
        name or its beginning, with or without its Monday; or the path of a run.
    folder
        The workspace, or the folder that its runs lie in; by default the current folder. Not
        asked where `name` is a path.
    holding
        File or folder that the latest run must have: the latest forecast is no plan.

    Raises
    ------
    UsageError
        If there is no such run, or several begin so.
    """
    text = str(name)
    if (Path(text) / MANIFEST).exists():
        return Path(text)
    workspace = _workspace_of(folder, text)
    if text == LATEST:
        return latest_run(workspace, holding)
    if text == RELEASED:
        return released_run(workspace)
    return _beginning_so(text, workspace)


def latest_run(workspace: Path, holding: str = PLAN_LINES) -> Path:
    """Return the run made last of the newest Monday, of those that hold a file: the plan.

    A plan with edits that nobody signed is what an approval has left that was ended: no plan yet.

    Raises
    ------
    UsageError
        If there is none.
    """
    found = [each.parent for each in (workspace / RUNS).glob(f"*/{holding}")]
    if not found:
        what = {PLAN_LINES: "plan", MODEL: "model"}.get(holding, "forecast")
        command = "run" if what == "plan" else "forecast"
        raise UsageError(
            f"the folder {workspace} holds no {what} yet; `foreship {command}` makes one"
        )
    newest = max(each.name[:10] for each in found)
    of_monday = (each for each in found if each.name[:10] == newest)
    made_last = sorted(of_monday, key=written, reverse=True)
    return next((each for each in made_last if not _left_unsigned(each)), made_last[0])


def _left_unsigned(run: Path) -> bool:
    """Whether an approval with edits made a run, and was ended before it signed it.

    Asked again with the same words it signs it, for these mean the plan that was edited.
    """
    return read_manifest(run).get("command") == "approve" and approval_at(run) is None


def released_run(workspace: Path) -> Path:
    """Return the plan released last.

    Raises
    ------
    UsageError
        If none was released.
    """
    found = released_runs(workspace)
    if not found:
        raise UsageError(f"no plan of {workspace} was released yet; `foreship release` does it")
    return found[0]


def _workspace_of(folder: Path | None, name: str) -> Path:
    """Return the workspace in which a name is looked for."""
    workspace = Path() if folder is None else folder
    if not any((workspace / each).exists() for each in (CONFIG_NAME, RUNS)):
        what = f"the folder {workspace} is no workspace, it holds no {CONFIG_NAME}"
        if folder is None:
            what = f"there is no run at {name}, and the current folder holds no {CONFIG_NAME}"
        raise UsageError(f"{what}; give the path of a run, or the folder of its runs by --dir")
    return workspace


def _beginning_so(text: str, workspace: Path) -> Path:
    """Return the one run whose name, or its part after the Monday, begins so."""
    runs = list(_all_runs(workspace))
    exact = [each for each in runs if each.name == text]
    found = exact or [each for each in runs if text and _begins(each.name, text)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"the folder {workspace} holds no run whose name begins with {text!r}; write "
            f"{LATEST}, {RELEASED}, a run's name or its path"
        )
    names = [each.name for each in found]
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    raise UsageError(f"several runs begin with {text!r}: {', '.join(names[:SHOWN])}{more}")


def _begins(name: str, text: str) -> bool:
    return name.startswith(text) or name[len("2026-11-16-") :].startswith(text)


def _all_runs(workspace: Path) -> Iterator[Path]:
    for folder in (RUNS, WHAT_IFS):
        for each in sorted((workspace / folder).glob(f"*/{MANIFEST}")):
            yield each.parent
