"""A plan with a planner's edits: planned again on its own terms, each edit a lock, and priced."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from foreship.approval.as_overrides import as_overrides
from foreship.approval.checking import faults_of, not_kept
from foreship.approval.edits import Edit
from foreship.approval.groups import Group, groups_of
from foreship.approval.prices import prices_of
from foreship.errors import Fault, InputError, UsageError
from foreship.installation import run_versions
from foreship.jobs.before_plan.lateness import PlanTables
from foreship.jobs.deciding.approved import Approval, edits_table
from foreship.jobs.deciding.past_terms import PastTerms, past_terms
from foreship.jobs.deciding.signing import signed_approval, standing_approval
from foreship.jobs.identity import Tell, standing_run
from foreship.jobs.weekly import About, planned_run
from foreship.runs import Run, run_id
from foreship_foundation.telling.words import plural

if TYPE_CHECKING:
    from foreship_optimize.plan import Plan

__all__ = ["EditedPlan"]

NOISE = 1e-6
"""share by which a limit may give way further without being told anew"""


@dataclass(frozen=True)
class EditedPlan:
    """One approval with edits, from their check to the paper."""

    run: Run
    by: str
    file: Path
    edits: Sequence[Edit]
    notes: tuple[str, ...]
    tell: Tell

    def terms(self, unread: Sequence[Fault], demand: Path | pd.DataFrame | None) -> PastTerms:
        """Return the terms of the run; refuse edits of which one is at fault, with every fault.

        Raises
        ------
        InputError, UsageError
        """
        try:
            terms = past_terms(self.run, demand)
        except UsageError:
            _refuse(self.file, unread)
            raise
        least = terms.workspace.config.plan.minimum_line_quantity
        lines = self.run.plan
        asked = as_overrides(groups_of(self.edits, lines), self.by, terms.workspace.as_of)
        faults = faults_of(
            self.edits,
            lines,
            terms.without_edits_of(asked),
            terms.workspace.as_of,
            minimum_line=least,
            file=self.file.name,
        )
        _refuse(self.file, [*unread, *faults])
        return terms

    def approve(self, terms: PastTerms, until: pd.Timestamp) -> Approval:
        """Plan again with the edits as locks, price each, and sign."""
        groups = groups_of(self.edits, self.run.plan)
        locks = as_overrides(groups, self.by, until)
        identity, facts = self._identity(terms, until)
        new = standing_run(terms.workspace, identity, self.tell)
        if new is not None and (signed := standing_approval(new, self.by)):
            return signed
        new = new or self._planned(terms, groups, locks, identity, facts)
        table, rest = self._prices(terms, until)
        told = (*self.notes, *terms.notes)
        price = float(new.summary["objective"]) - self._objective
        return signed_approval(
            new, self.run, self.by, table, (terms.edits_with(locks), price, rest), told
        )

    def priced(self, terms: PastTerms, until: pd.Timestamp) -> tuple[pd.DataFrame, float, float]:
        """Return the edits with their prices, the price of all and of the rest; write nothing.

        Raises
        ------
        InputError
            If no plan keeps them.
        """
        groups = groups_of(self.edits, self.run.plan)
        locks = as_overrides(groups, self.by, until)
        self.tell(f"plan with {plural(len(self.edits), 'edit')}")
        plan = terms.solve(terms.with_overrides(locks))
        _refuse(self.file, self._against(terms, groups, locks, plan))
        price = float(plan.summary["objective"]) - self._objective
        table, rest = self._prices(terms, until)
        return table, price, rest

    @property
    def _objective(self) -> float:
        return float(self.run.summary["objective"])

    def _prices(self, terms: PastTerms, until: pd.Timestamp) -> tuple[pd.DataFrame, float]:
        """Return a row an edit with its price, and the price of those that have none alone."""
        self.tell(f"price {plural(len(self.edits), 'edit')}")
        lines, most = self.run.plan, terms.workspace.config.approval.priced_edits

        def solve(some: Sequence[Group]) -> float | None:
            return terms.objective(some, as_overrides(some, self.by, until))

        prices = prices_of(self.edits, lines, self._objective, solve, most)
        return edits_table(self.edits, lines, prices), prices.rest

    def _identity(self, terms: PastTerms, until: pd.Timestamp) -> tuple[str, dict[str, Any]]:
        """Return the id of the edited run: who signs is no ingredient of a plan."""
        asked = [(each.line, each.decision, each.quantity, each.comment) for each in self.edits]
        facts = {
            "command": "approve",
            "base": self.run.path.name,
            "inputs": self.run.fact("inputs"),
            "config": self.run.fact("config"),
            "seeds": self.run.fact("seeds"),
            "versions": run_versions(),
            "strict": terms.strict,
            "until": until.date().isoformat(),
            **terms.source.identity,
        }
        identity, lying = run_id(edits=asked, **facts), self.run.manifest.get("workspace")
        # where tables lie is no ingredient either, but told to whoever edits this plan again
        return identity, facts if lying is None else facts | {"workspace": lying}

    def _planned(
        self,
        terms: PastTerms,
        groups: Sequence[Group],
        locks: pd.DataFrame,
        identity: str,
        facts: Mapping[str, Any],
    ) -> Run:
        """Return the run with all edits, refused where it does not keep them."""
        tables = terms.with_overrides(locks)
        before = [
            f"this is the plan of run {self.run.path.name} with {plural(len(self.edits), 'edit')} "
            f"by {self.by}; what that run noted of its tables holds for it too",
            *self.notes,
            *terms.notes,
        ]
        return planned_run(
            dataclasses.replace(terms.workspace, tables=tables),
            terms.source,
            PlanTables(tables, {}, []),
            About(identity, facts, before),
            self.tell,
            strict=terms.strict,
            accept=lambda plan: _refuse(self.file, self._against(terms, groups, locks, plan)),
        )

    def _against(
        self, terms: PastTerms, groups: Sequence[Group], locks: pd.DataFrame, plan: Plan
    ) -> list[Fault]:
        """Return why no plan keeps all edits: those that are at fault alone, else them together."""
        found = self._broken_by(groups, plan)
        alone: list[Fault] = []
        for group in _most_changed(groups, terms) if found else ():
            self.tell(f"look at {group.cells} alone")
            mine = as_overrides([group], self.by, locks["expires"].max())
            alone += self._broken_by([group], terms.solve(terms.with_overrides(mine)))
        return alone or found

    def _broken_by(self, groups: Sequence[Group], plan: Plan) -> list[Fault]:
        """Return what a plan does not keep of edits, and limits that give way to them further."""
        faults = not_kept(groups, plan.lines, self.file.name)
        grown = [group for group in groups if group.units > group.planned]
        cells = ", ".join(group.cells for group in grown or groups)
        for words in [] if faults else _gave_way(self.run.summary, plan.summary):
            problem = f"with these edits {words}"
            faults.append(Fault(self.file.name, problem, "ask for less", column=cells))
        return faults


def _gave_way(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return in words which limits of one plan give way that did not, or not as far, in another."""
    told = {str(each["limit"]): float(each["amount"]) for each in before.get("relaxed", ())}
    return [
        str(each["words"])
        for each in after["relaxed"]
        if each["amount"] > told.get(str(each["limit"]), 0.0) + NOISE * max(1.0, each["amount"])
    ]


def _most_changed(groups: Sequence[Group], terms: PastTerms) -> list[Group]:
    """Return groups to be planned one by one: none that is alone, and no more than are priced."""
    changed = [each for each in groups if each.units != each.planned]
    order = sorted(changed, key=lambda each: -abs(each.units - each.planned))
    most = set(order[: terms.workspace.config.approval.priced_edits])
    return [each for each in groups if each in most] if len(groups) > 1 else []


def _refuse(file: Path, faults: Sequence[Fault]) -> None:
    if faults:
        count = plural(len(faults), "fault")
        raise InputError(f"{file} has {count}; nothing of it is applied:", list(faults))
