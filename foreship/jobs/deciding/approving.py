"""Approve a plan, with a planner's edits or as it is.

Without edits an approval is a paper beside the run. With edits the run is planned again on its own
terms, each edit a lock, and the new run is approved; it names the one it came from.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from foreship import files
from foreship.approval.as_overrides import as_overrides, end_of_week
from foreship.approval.checking import faults_of, not_kept
from foreship.approval.edited_book import read_edits
from foreship.approval.edits import Edit
from foreship.approval.groups import Group, groups_of, keys_of
from foreship.approval.life import life_of
from foreship.approval.papers import APPROVALS, approval_of, paper_in, released_on, time_now
from foreship.approval.prices import TOGETHER, Prices, prices_of
from foreship.errors import Fault, InputError, UsageError
from foreship.installation import run_versions
from foreship.jobs.deciding.past_terms import PastTerms, past_terms
from foreship.jobs.finished import finished_run
from foreship.jobs.identity import Tell, silent, standing_run
from foreship.jobs.lateness import PlanTables
from foreship.jobs.weekly import About, planned_run
from foreship.runs import RUNS, Run, run_id, workspace_lock, write_folder
from foreship_foundation.words import money, plural, sentences

if TYPE_CHECKING:
    from foreship_optimize.plan import Plan

__all__ = ["EDITS", "Approval", "approve_job", "refuse_unsigned"]

EDITS: Final = (
    "line", "action", "origin", "destination", "item", "old", "new", "decision", "comment",
    "price", "how",
)  # fmt: skip
"""columns of `edits.csv`"""
IDS: Final = dict.fromkeys(("action", "origin", "destination", "item", "comment"), str)
"""columns of it that hold text, be it `00123`"""


@dataclass(frozen=True)
class Approval:
    """An approved plan."""

    run: Run
    """the run approved, which edits have made another one"""
    path: Path
    """its folder in `approvals/`"""
    paper: Mapping[str, Any]
    """what `approval.json` says"""
    edits: pd.DataFrame
    """a row an edit, with its price"""
    notes: tuple[str, ...] = ()
    reused: bool = False
    """whether it stood already"""

    @property
    def price_of_all(self) -> float | None:
        """What all edits together cost, None without any."""
        found = self.paper.get("price_of_all")
        return None if found is None else float(found)

    def words(self) -> list[str]:
        """Say who approved what, what each edit costs, and what all of them together do."""
        said = [f"Run {self.run.path.name} is approved by {self.paper['by']}."]
        for row in self.edits.to_dict("records"):
            to = f" to {row['destination']}" if row["destination"] else ""
            move = f"{row['action']} of {row['item']} from {row['origin']}{to}"
            price = row["price"]
            cost = "not priced" if pd.isna(price) else f"costs {money(price)}"
            if row["how"] == TOGETHER:
                cost = f"priced with others, {money(self.paper['price_of_the_rest'])} in all"
            said.append(f"Line {row['line']}, {move}: {row['old']} -> {row['new']}, {cost}.")
        if self.price_of_all is not None:
            said.append(f"All edits together cost {money(self.price_of_all)}.")
        return said

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        return {
            "run": str(self.run.path),
            "approval": str(self.path),
            "reused": self.reused,
            **{name: value for name, value in self.paper.items() if name != "run"},
            "edits": self.edits.to_dict("records"),
            "notes": list(self.notes),
        }


def approve_job(
    run: Run,
    *,
    by: str,
    edits: Path | None = None,
    until: str | None = None,
    demand: Path | pd.DataFrame | None = None,
    tell: Tell = silent,
) -> Approval:
    """Approve a run, planned again where it was edited.

    Parameters
    ----------
    by
        Who approves.
    edits
        The run's workbook as it was edited, or a CSV file of edits.
    until
        Last day on which the edits hold, also for later plans; left out, the Sunday of the week.
    demand
        The run's own scenarios, where it was not planned on a forecast.

    Raises
    ------
    InputError
        With every edit that is at fault; nothing is written then.
    UsageError
        If nobody signs, the Monday is released, somebody else has approved the same already, or
        the terms of the run are not to be had any more.
    """
    refuse_unsigned(run, by)
    with workspace_lock(run.path.parent.parent):
        if edits is None:
            return _signed(run, run, by.strip(), _no_edits(), None, ())
        read = read_edits(edits, run.plan, run.id)
        if not read.edits and not read.faults:
            words = f"{edits.name} holds no edit: the plan is approved as it is"
            return _signed(run, run, by.strip(), _no_edits(), None, (*read.notes, words))
        tell(f"read {plural(len(read.edits), 'edit')}")
        planner = _Planner(run, by.strip(), edits, read.edits, tuple(read.notes), tell)
        return planner.approve(planner.terms(read.faults, demand), _last_day(run, until))


def refuse_unsigned(run: Run, by: str) -> None:
    """Refuse what nobody signs, what is no plan of a week, and a week that is released.

    Raises
    ------
    UsageError
    """
    if not by.strip():
        raise UsageError("who decides? give a name by --by NAME")
    if run.path.parent.name != RUNS:
        raise UsageError(f"{run.path.name} was only tried; plan with these settings, then decide")
    if not run.summary:
        raise UsageError(f"{run.path.name} holds no plan; `foreship plan` makes one")
    workspace = run.path.parent.parent
    released = released_on(workspace, run.as_of)
    if released is not None:
        paper = paper_in(released) or {}
        raise UsageError(
            f"the plan of {run.as_of} is released: run {released.name}, by {paper.get('by')} at "
            f"{paper.get('at')}; what is wrong with it the next plan answers"
        )


@dataclass(frozen=True)
class _Planner:
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
        lines, config = self.run.plan, terms.workspace.config
        groups = groups_of(self.edits, lines)
        locks = as_overrides(groups, self.by, until)
        identity, facts = self._identity(terms, until)
        new = standing_run(terms.workspace, identity, self.tell)
        if new is not None and (signed := _standing(new, self.by)):
            return signed
        new = new or self._planned(terms, groups, locks, identity, facts)
        self.tell(f"price {plural(len(self.edits), 'edit')}")
        most = config.approval.priced_edits
        objective = float(self.run.summary["objective"])

        def solve(some: Sequence[Group]) -> float | None:
            return terms.objective(some, as_overrides(some, self.by, until))

        prices = prices_of(self.edits, lines, objective, solve, most)
        table = _edits_table(self.edits, lines, prices)
        told = (*self.notes, *terms.notes)
        price = float(new.summary["objective"]) - objective
        return _signed(
            new, self.run, self.by, table, (terms.edits_with(locks), price, prices.rest), told
        )

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
        return run_id(edits=asked, **facts), facts

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
        """Return what a plan does not keep of edits, and limits that give way to them anew."""
        faults = not_kept(groups, plan.lines, self.file.name)
        before = {str(each["limit"]) for each in self.run.summary.get("relaxed", ())}
        anew = [each for each in plan.summary["relaxed"] if str(each["limit"]) not in before]
        cells = ", ".join(group.cells for group in groups if group.units > group.planned)
        for each in [] if faults else anew:
            problem = f"with these edits {each['words']}"
            faults.append(Fault(self.file.name, problem, "ask for less", column=cells))
        return faults


def _most_changed(groups: Sequence[Group], terms: PastTerms) -> list[Group]:
    """Return groups to be planned one by one: none that is alone, and no more than are priced."""
    changed = [each for each in groups if each.units != each.planned]
    order = sorted(changed, key=lambda each: -abs(each.units - each.planned))
    most = set(order[: terms.workspace.config.approval.priced_edits])
    return [each for each in groups if each in most] if len(groups) > 1 else []


def _refuse(file: Path, faults: Sequence[Fault]) -> None:
    if faults:
        count = plural(len(faults), "fault")
        raise InputError(f"{file} has {count}, nothing of it is applied:", list(faults))


def _last_day(run: Run, until: str | None) -> pd.Timestamp:
    """Return the last day on which edits hold."""
    monday = pd.Timestamp(run.as_of)
    if until is None:
        return end_of_week(monday)
    try:
        day = pd.Timestamp(until).normalize()
    except (ValueError, TypeError):
        raise UsageError(f"--until {until!r} is no date; write it as 2026-11-22") from None
    if pd.isna(day) or day < monday:
        raise UsageError(f"--until {until}: edits of the plan of {run.as_of} would never hold")
    return day


def _no_edits() -> pd.DataFrame:
    return pd.DataFrame(columns=list(EDITS))


def _edits_table(edits: Sequence[Edit], lines: pd.DataFrame, prices: Prices) -> pd.DataFrame:
    """Return a row an edit: its line, what was and what is asked, and its price."""
    keys, quantity = keys_of(lines), lines["quantity"].tolist()
    rows = [
        (
            edit.line, *keys[edit.line][:2], lines["destination"].iloc[edit.line],
            keys[edit.line][3], int(quantity[edit.line]), edit.quantity, edit.decision,
            edit.comment, price, how,
        )
        for edit, price, how in zip(edits, prices.each, prices.how, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(EDITS))


def _standing(run: Run, by: str) -> Approval | None:
    """Return the approval of a run that stands already, None where nobody signed it.

    Raises
    ------
    UsageError
        If somebody else signed it.
    """
    paper = approval_of(run.path)
    if paper is None:
        return None
    if paper["by"] != by:
        raise UsageError(f"{run.path.name} was approved by {paper['by']} at {paper['at']}")
    folder = run.path.parent.parent / APPROVALS / run.path.name
    path = folder / "edits.csv"
    edits = pd.read_csv(path, dtype=IDS, keep_default_na=False, na_values={"price": [""]})
    return Approval(run, folder, paper, edits, tuple(run.doubts), reused=True)


def _signed(
    run: Run,
    base: Run,
    by: str,
    edits: pd.DataFrame,
    priced: tuple[pd.DataFrame, float, float] | None,
    notes: Sequence[str],
) -> Approval:
    """Write the paper of an approval, or return the one that stands."""
    if (standing := _standing(run, by)) is not None:
        return standing
    locks, price, rest = priced or (as_overrides([], by, pd.Timestamp(run.as_of)), None, math.nan)
    paper = {
        "run": run.path.name,
        "base": base.path.name,
        "as_of": run.as_of,
        "by": by,
        "at": time_now(),
        "edits": len(edits),
        "price_of_all": price,
        "price_of_the_rest": rest,
        "held_by": list(life_of(run.path).held_by),
        "status": run.summary.get("status"),
    }
    folder = run.path.parent.parent / APPROVALS / run.path.name
    told = sentences(notes)
    write_folder(
        run.path.parent.parent,
        folder,
        {
            "approval.json": lambda path: files.write_json(paper, path),
            "edits.csv": lambda path: files.write_csv(edits, path),
            "overrides.csv": lambda path: files.write_csv(locks, path),
        },
        {"run_id": run.id, "as_of": run.as_of, "notes": told},
    )
    return Approval(finished_run(run.path), folder, paper, edits, tuple(told))
