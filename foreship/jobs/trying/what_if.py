"""Another plan by way of trial: other settings or tables, set against a run, lying apart.

It is written to `whatif/`, where nobody looks for the plan of a week.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from foreship.approval.life import plan_of_the_week, plans_made
from foreship.errors import UsageError
from foreship.jobs.before_plan.demand_source import Source, forecast_like, own_demand
from foreship.jobs.before_plan.lateness import plan_tables
from foreship.jobs.before_plan.notes import notes_before
from foreship.jobs.before_plan.own_rules import refuse_steered
from foreship.jobs.finished import finished_run, view_of
from foreship.jobs.identity import Tell, identity_of, iso, silent, standing_run
from foreship.jobs.trying.changed_settings import Tried
from foreship.jobs.trying.trial import Trial
from foreship.jobs.weekly import About, planned_run
from foreship.reading.comparing.causes import causes
from foreship.reading.comparing.compare import Diff, diff
from foreship.runs import RUNS, WHAT_IFS, Run, workspace_lock

if TYPE_CHECKING:
    from foreship.workspace.opening import Workspace

__all__ = ["COLUMNS", "WhatIf", "figures_of", "what_if_job", "what_ifs"]

COLUMNS = ("run", "tried", "units", "lines", "cost", "expected_gain", "cvar", "status")
TABLES_ALONE = "set what is tried against a plan of the tables alone"


@dataclass(frozen=True)
class WhatIf:
    """A plan that was tried, and how it differs from the run that it is set against."""

    run: Run
    against: Run
    causes: tuple[str, ...]
    """why the money differs, one sentence each"""
    diff: Diff

    def __str__(self) -> str:
        return "\n".join([*self.causes, "", self.diff.text])

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        return {
            "run": str(self.run.path),
            "run_id": self.run.id,
            "as_of": self.run.as_of,
            "reused": self.run.reused,
            "against": self.against.path.name,
            "causes": list(self.causes),
            "summary": self.run.summary,
            "notes": self.run.notes,
            "diff": self.diff.to_dict(),
        }


def what_if_job(
    trial: Trial,
    against: Run | None = None,
    *,
    demand: Path | pd.DataFrame | None = None,
    strict: bool = False,
    tell: Tell = silent,
) -> WhatIf:
    """Plan with what is tried, and set the plan against a run.

    Parameters
    ----------
    trial
        What is tried, opened (`with_tried`, `trial_of`).
    against
        Run of the same Monday; left out, the plan of it that was made last.
    demand
        One's own scenarios; left out, the forecast that `against` planned on, or a new one where
        it hangs on what is tried.

    Raises
    ------
    UsageError
        If there is no run to set it against, or it is of another Monday, or was planned with a
        policy or limits of one's own.
    """
    workspace = trial.workspace
    other = _last_plan(workspace) if against is None else against
    if other.as_of != iso(workspace.as_of):
        raise UsageError(
            f"{other.path.name} is a plan of {other.as_of}, what is tried one of "
            f"{iso(workspace.as_of)}"
        )
    refuse_steered(other, TABLES_ALONE)
    with workspace_lock(workspace.runs_at):
        source = (
            forecast_like(workspace, other, tell, before=trial.unchanged)
            if demand is None
            else own_demand(workspace, demand)
        )
        run = _planned(trial, other, source, strict, tell)
    views = view_of(finished_run(other.path)), view_of(run)
    return WhatIf(run, other, tuple(causes(*views)), diff(*views))


def _planned(trial: Trial, other: Run, source: Source, strict: bool, tell: Tell) -> Run:
    """Return the run of what is tried, the standing one where it was tried before."""
    workspace, tried = trial.workspace, trial.tried
    given = plan_tables(workspace)
    more = source.identity | given.identity
    identity, facts = identity_of(workspace, "plan", **more, strict=strict)
    if standing := standing_run(workspace, identity, tell, folder=WHAT_IFS):
        return standing
    facts |= {"whatif": {**tried.facts(), "against": other.path.name}}
    before = [f"This plan is tried, with {tried.words}: it is never taken for that of the week."]
    before += trial.notes_of(source)
    about = About(identity, facts, [*before, *notes_before(workspace), *given.notes])
    return planned_run(workspace, source, given, about, tell, strict=strict, what_if=True)


def _last_plan(workspace: Workspace) -> Run:
    """Return the plan of this Monday that was made last."""
    day = iso(workspace.as_of)
    found = plans_made(workspace.runs_at, day)
    if not found:
        raise UsageError(
            f"{workspace.runs_at / RUNS} holds no plan of {day} to set it against; make one with "
            f"`foreship run {workspace.path} --as-of {day}`"
        )
    return finished_run(found[-1])


def what_ifs(workspace: Path, as_of: str | None = None) -> pd.DataFrame:
    """Return a row for each plan tried for a Monday, and first the plan made last of it.

    Parameters
    ----------
    as_of
        The Monday; left out, the newest for which something was tried.

    Raises
    ------
    UsageError
        If nothing was tried.
    """
    names = {each.name[:10] for each in (workspace / WHAT_IFS).glob("*-*")}
    day = as_of or max(names, default="")
    folders = plans_made(workspace, day, WHAT_IFS) if day else []
    if not folders:
        said = f" for {as_of}" if as_of else ""
        raise UsageError(
            f"nothing was tried{said} yet; `foreship plan DIR --set KEY=VALUE` does it"
        )
    runs = [*plans_made(workspace, day)[-1:], *folders]
    return pd.DataFrame([figures_of(finished_run(each)) for each in runs], columns=list(COLUMNS))


def _standing_words(run: Run) -> str:
    """Say which plan it is that was not tried."""
    of_the_week = plan_of_the_week(run.path.parent.parent, run.as_of) == run.path
    return "the plan of the week" if of_the_week else "the plan made last, not that of the week"


def figures_of(run: Run) -> dict[str, Any]:
    """Return the row of a plan in `what_ifs`: what was tried, and what it comes to."""
    told = run.manifest.get("whatif", {})
    tried = Tried(
        told.get("set", {}),
        {name: Path(each["path"]) for name, each in told.get("tables", {}).items()},
        tuple(told.get("changes", ())),
    )
    view = view_of(run)
    return {
        "run": run.path.name,
        "tried": tried.words if told else _standing_words(run),
        "units": int(view.lines["quantity"].sum()),
        "lines": len(view.lines),
        "cost": float(view.lines["cost"].sum()),
        "expected_gain": view.expected_gain(),
        "cvar": view.number("cvar"),
        "status": str(view.summary.get("status", "")),
    }
