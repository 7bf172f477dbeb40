"""What makes a run the same run: a hash of inputs, config and versions.

What the tables hold counts, not where they lie nor how they are written: a table by another door
is the same table. Where the same run stands already, intact, it is returned as it is: a scheduler
may retry a night without a second plan appearing. A plan that was cut short is no answer to be
returned again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from foreship.files import json_text
from foreship.installation import run_versions
from foreship.jobs.finished import READ
from foreship.runs import RUNS, Run, load_run, run_id
from foreship.workspace.opening import contents_of, inputs_of

if TYPE_CHECKING:
    import pandas as pd

    from foreship.workspace.opening import Workspace
    from foreship_optimize.plan import Plan

__all__ = ["Tell", "identity_of", "identity_of_cut", "iso", "silent", "standing_run"]

NEVER_ANSWERING = ("threads",)
"""settings that change how long an answer takes, never the answer"""
NEVER_ANSWERING_SECTIONS = ("cluster", "store", "serve")
"""sections of nothing but such settings"""
HOW_TABLES_ARE_READ = ("tables", "columns")
"""sections that end where reading does: what was read is in the tables"""

Tell = Callable[[str], None]


def silent(words: str) -> None:
    """Say nothing."""


def iso(as_of: pd.Timestamp) -> str:
    """Return the day as it stands in file names: 2026-11-16."""
    return as_of.date().isoformat()


def identity_of(workspace: Workspace, command: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """Return the run's id and the facts of its manifest that are known before it is made.

    The inputs are what the tables hold now, whatever was read, and what is doubted of them: of
    lines that were added up, the sum alone does not tell a line that stands twice.
    """
    now = contents_of(workspace)
    facts: dict[str, Any] = {
        "command": command,
        "inputs": inputs_of(workspace, now),
        "config": workspace.config.to_dict(),
        "versions": run_versions(),
        "seeds": {
            "forecast": workspace.config.forecast.seed,
            "plan": workspace.config.plan.seed,
        },
        **more,
    }
    held = sorted((name, each) for name, each in now.items() if len(workspace.tables[name]))
    settings = {
        name: _answering(values)
        for name, values in facts["config"].items()
        if name not in (*NEVER_ANSWERING_SECTIONS, *HOW_TABLES_ARE_READ)
    }
    warned = (each for each in workspace.warnings if each.check)
    doubts = sorted((each.table, each.check, each.count) for each in warned)
    ingredients = facts | {
        "inputs": held,
        "doubts": doubts,
        "config": settings,
        "as_of": iso(workspace.as_of),
    }
    if workspace.out is not None:
        facts["workspace"] = str(workspace.path.resolve())
    return run_id(**ingredients), facts


def _answering(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a section that an answer may depend on."""
    return {name: value for name, value in settings.items() if name not in NEVER_ANSWERING}


def identity_of_cut(identity: str, plan: Plan) -> str:
    """Return the id of a plan whose search was cut short: asked again, nobody takes it for it.

    It tells what was found, beside what was asked: another clock may find something else.
    """
    found = [plan.lines.to_csv(index=False), json_text(plan.summary, sort_keys=True)]
    return run_id(of=identity, found=found)


def standing_run(
    workspace: Workspace,
    identity: str,
    tell: Tell = silent,
    needs: Iterable[str] = READ,
    folder: str = RUNS,
) -> Run | None:
    """Return the same run if it stands already, with the files that its readers need intact."""
    place = workspace.runs_at / folder / f"{iso(workspace.as_of)}-{identity}"
    if not place.exists():
        return None
    run = load_run(place, needs)
    tell("the same inputs, config and versions were run before; that run still stands")
    return dataclasses.replace(run, reused=True)
