"""What makes a run the same run: a hash of inputs, config and versions.

Where the same run stands already, intact, it is returned as it is: a scheduler may retry a night
without a second plan appearing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from foreship.installation import run_versions
from foreship.runs import Run, load_run, run_id

if TYPE_CHECKING:
    import pandas as pd

    from foreship.workspace.opening import Workspace

__all__ = ["Tell", "identity_of", "iso", "silent", "standing_run"]

Tell = Callable[[str], None]


def silent(words: str) -> None:
    """Say nothing."""


def iso(as_of: pd.Timestamp) -> str:
    """Return the day as it stands in file names: 2026-11-16."""
    return as_of.date().isoformat()


def identity_of(workspace: Workspace, command: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """Return the run's id and the facts of its manifest that are known before it is made."""
    facts: dict[str, Any] = {
        "command": command,
        "inputs": workspace.inputs,
        "config": workspace.config.to_dict(),
        "versions": run_versions(),
        "seeds": {
            "forecast": workspace.config.forecast.seed,
            "plan": workspace.config.plan.seed,
        },
        **more,
    }
    hashes = sorted((each["name"], each["sha256"]) for each in workspace.inputs)
    ingredients = facts | {"inputs": hashes, "as_of": iso(workspace.as_of)}
    return run_id(**ingredients), facts


def standing_run(workspace: Workspace, identity: str, tell: Tell = silent) -> Run | None:
    """Return the same run if it stands already, intact."""
    folder = workspace.path / "runs" / f"{iso(workspace.as_of)}-{identity}"
    if not folder.exists():
        return None
    run = load_run(folder)
    tell("the same inputs, config and versions were run before; that run still stands")
    return dataclasses.replace(run, reused=True)
