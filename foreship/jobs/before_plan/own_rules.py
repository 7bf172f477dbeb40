"""A policy of one's own for a week, and limits beside those of the tables.

The lines of a policy are locked as they are and priced as the plan's own lines are; beside them
nothing moves. Limits that they break are named, and never give way to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from foreship.approval.as_overrides import as_overrides, end_of_week
from foreship.approval.groups import Group, units_by_key
from foreship.errors import Fault, InputError, UsageError
from foreship.ingest.findings import fault_in_rows
from foreship.ingest.raw import Numbering
from foreship.own_files import MODEL
from foreship.pipeline.known import LINE_COLUMNS, Known, Policy, lines_of, tables_before
from foreship.pipeline.stages import forecast_stage
from foreship.runs import RUNS
from foreship.runs.behind import kept_model
from foreship_foundation.actions import action_names
from foreship_foundation.tables.frames import own_copy
from foreship_foundation.telling.words import listed, plural

if TYPE_CHECKING:
    from foreship.frames.kinds import IntoFrame
    from foreship.jobs.before_plan.demand_source import Source
    from foreship.jobs.before_plan.lateness import PlanTables
    from foreship.pipeline.stages import ForecastResult
    from foreship.runs import Run
    from foreship.workspace.opening import Workspace
    from foreship_optimize.own_limits.limit import Limit, OwnRules
    from foreship_optimize.plan import Plan

__all__ = ["Steered", "refuse_steered", "steered_by"]

REASON = "as the policy says"


@dataclass(frozen=True)
class Steered:
    """What a plan keeps beside the tables, as the job takes it."""

    rules: OwnRules
    facts: Mapping[str, Any]
    """what the manifest says of it"""
    lines: pd.DataFrame | None = None
    """of a policy: `LINE_COLUMNS`, a row a way"""
    name: str = ""
    """of the policy"""

    def locked(self, given: PlanTables, as_of: pd.Timestamp) -> PlanTables:
        """Return the tables with each line of the policy fixed."""
        if self.lines is None:
            return given
        units = units_by_key(self.lines)
        groups = [Group(key, 0, count, ()) for key, count in sorted(units.items())]
        locks = as_overrides(groups, f"policy {self.name}", end_of_week(as_of)).assign(
            reason=REASON
        )
        there = given.tables["overrides"]
        both = pd.concat([there, locks], ignore_index=True) if len(there) else locks
        return given._replace(tables={**given.tables, "overrides": both})

    def refuse_others(self, plan: Plan) -> None:
        """Raise LimitsConflict if a plan is not what the policy decided."""
        from foreship_optimize.errors import LimitsConflict

        if self.lines is None:
            return
        wanted, found = units_by_key(self.lines), units_by_key(plan.lines)
        missed = [
            f"policy {self.name}: {plural(wanted.get(key, 0), 'unit')} of {' '.join(key)} asked "
            f"for, {found.get(key, 0)} can be moved"
            for key in sorted({*wanted, *found})
            if wanted.get(key, 0) != found.get(key, 0)
        ]
        if missed:
            raise LimitsConflict(missed)


def steered_by(
    workspace: Workspace,
    given: PlanTables,
    source: Source,
    policy: Policy | None,
    limits: Sequence[Limit],
) -> Steered | None:
    """Ask a policy for its lines, and return what the plan keeps; None where nothing is asked.

    Raises
    ------
    UsageError
        If the policy returns no lines.
    InputError
        With every line that names what does not exist, or no whole units.
    """
    from foreship_optimize.own_limits.limit import Limit, OwnRules

    given_policy: Any = policy
    if policy is not None and not callable(given_policy):
        raise UsageError(f"policy {policy!r} is no function of what is known on the Monday")
    if isinstance(limits, Limit) or not all(isinstance(each, Limit) for each in limits):
        raise UsageError("limits is a list of foreship.Limit")
    stated = [{"name": each.name, "upper": each.upper, "unit": each.counts} for each in limits]
    facts: dict[str, Any] = {"limits": stated} if stated else {}
    if policy is None:
        return Steered(OwnRules(tuple(limits)), facts) if limits else None
    name = str(getattr(policy, "__name__", type(policy).__name__))
    lines = _lines_of(name, policy(_known(workspace, given, source)), given.tables)
    # of what leaves a region a lock says no destination
    keys = [list(key) for key in units_by_key(lines)]
    only = pd.DataFrame(keys, columns=list(LINE_COLUMNS[:4]), dtype=object)
    return Steered(OwnRules(tuple(limits), only), {**facts, "policy": name}, lines, name)


def refuse_steered(run: Run, remedy: str) -> None:
    """Refuse to plan anew what a run planned with functions, which no run keeps.

    Raises
    ------
    UsageError
        If a policy or limits of one's own made the run.
    """
    manifest = run.manifest
    limits = [str(each["name"]) for each in manifest.get("limits", ())]
    parts = [f"the policy {manifest['policy']}"] if "policy" in manifest else []
    parts += [f"{plural(len(limits), 'limit')} of your own ({listed(limits)})"] if limits else []
    if parts:
        raise UsageError(
            f"{run.path.name} was planned with {listed(parts)}: a run keeps no functions, and a "
            f"plan without them would be another one; {remedy}"
        )


def _known(workspace: Workspace, given: PlanTables, source: Source) -> Known:
    """Return what a policy may know: tables of its own, and the forecast if it asks."""
    past = tables_before(given.tables, workspace.as_of)
    tables = {name: own_copy(frame) for name, frame in past.items()}

    @cache
    def forecast() -> ForecastResult:
        folder = workspace.runs_at / RUNS / source.identity.get("forecast", "")
        kept = "forecast" in source.identity and (folder / MODEL).is_dir()
        model = kept_model(folder) if kept else None
        return forecast_stage(workspace.tables, workspace.as_of, workspace.config, model)

    return Known(workspace.as_of, tables, workspace.config, forecast)


def _lines_of(
    name: str, answer: IntoFrame | Plan, tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return the lines of a policy's answer, checked; lines of no unit are none."""
    lines = lines_of(name, answer)
    lines = lines[list(LINE_COLUMNS)].reset_index(drop=True)
    places = {*tables["hubs"]["hub"], *tables["regions"]["region"]}
    known = {
        "action": ({*action_names()}, "no action of that name", f"known: {listed(action_names())}"),
        "origin": (places, "no hub or region of that name", ""),
        "destination": ({*places, ""}, "no hub or region of that name", ""),
        "item": ({*tables["items"]["item"]}, "not in items", ""),
    }
    table = f"policy {name}"
    faults = [
        fault
        for column, (ids, words, remedy) in known.items()
        for fault in _fault(table, column, lines[column], ~lines[column].isin(ids), words, remedy)
    ]
    units = pd.to_numeric(lines["quantity"], errors="coerce")
    whole = np.isfinite(units) & (units >= 0) & (units % 1 == 0)
    faults += _fault(table, "quantity", lines["quantity"], ~whole, "must be whole units, 0 or more")
    if faults:
        raise InputError(f"the lines of policy {name} have {plural(len(faults), 'fault')}:", faults)
    lines = lines.assign(quantity=units.astype("int64"))
    return lines[lines["quantity"] > 0].reset_index(drop=True)


def _fault(
    table: str,
    column: str,
    values: pd.Series[Any],
    bad: pd.Series[bool],
    words: str,
    remedy: str = "",
) -> list[Fault]:
    """Return one fault of all rows that have it."""
    if not bad.any():
        return []
    fault = fault_in_rows(table, column, bad.to_numpy(), Numbering(), problem=words, remedy=remedy)
    return [replace(fault, values=tuple(str(values.iloc[row - 1]) for row in fault.rows))]
