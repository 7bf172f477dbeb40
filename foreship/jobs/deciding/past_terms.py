"""The terms that a run was planned on, for further plans on them: its tables, demand, settings.

Tables, settings and scenarios are the run's own. Past orders and returns are not kept by a run:
they are the workspace's, and must still be those it was made from.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship.approval.checking import not_kept
from foreship.approval.groups import Group
from foreship.config import CONFIG_NAME
from foreship.errors import UsageError
from foreship.files import sha256
from foreship.jobs.before_plan.demand_source import (
    Source,
    forecast_behind,
    forecast_source,
    own_demand,
)
from foreship.jobs.before_plan.own_rules import refuse_steered
from foreship.jobs.before_plan.standing_overrides import MOVE, edits_of, standing_overrides
from foreship.jobs.finished import changed_inputs
from foreship.pipeline.kept_tables import kept_tables
from foreship.pipeline.stages import plan_stage
from foreship.reviews.week import settings_of
from foreship.workspace.opening import Workspace, open_workspace
from foreship_foundation.telling.words import listed

if TYPE_CHECKING:
    import pandas as pd

    from foreship.runs import Run
    from foreship_optimize.demand import DemandScenarios
    from foreship_optimize.plan import Plan

__all__ = ["PastTerms", "past_terms"]

NOT_KEPT = ("orders", "returns")
"""tables of customers, which no run keeps"""
AS_IT_IS = "approve it without edits, or edit a plan of the tables alone"


@dataclass(frozen=True)
class PastTerms:
    """What a run was planned on."""

    run: Run
    workspace: Workspace
    """with the tables and settings of the run"""
    source: Source
    demand: DemandScenarios
    edits: pd.DataFrame
    """overrides that earlier edits of this run and of earlier weeks have come to"""
    notes: tuple[str, ...]
    """what has changed since and is not used, one sentence each"""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """What the plan was made from."""
        return self.workspace.tables

    @property
    def strict(self) -> bool:
        """Whether no limit may give way."""
        return bool(self.run.manifest.get("strict", False))

    def with_overrides(self, more: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
        """Return the tables with new edits, in the place of earlier ones about the same moves."""
        there = self.without_edits_of(more)
        return {**there, "overrides": _one_below(there["overrides"], more)}

    def without_edits_of(self, new: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
        """Return the tables without earlier edits about the moves of new ones: these give way."""
        there = self.tables["overrides"]
        replaced = _keys(there).isin(_keys(self._given_way(new)))
        return {**self.tables, "overrides": there[~replaced].reset_index(drop=True)}

    def edits_with(self, new: pd.DataFrame) -> pd.DataFrame:
        """Return all edits of the run that hold beside new ones, and these."""
        mine = edits_of(self.run.path)
        kept = mine[~_keys(mine, MOVE).isin(_keys(new, MOVE))]
        return _one_below(kept.reset_index(drop=True), new)

    def _given_way(self, new: pd.DataFrame) -> pd.DataFrame:
        found: pd.DataFrame = self.edits[_keys(self.edits, MOVE).isin(_keys(new, MOVE))]
        return found

    def objective(self, groups: Sequence[Group], locks: pd.DataFrame) -> float | None:
        """Return the objective of the plan with some edits alone, None where none keeps them.

        Parameters
        ----------
        groups, locks
            The edits, and the overrides that they come to.
        """
        from foreship_optimize.errors import NoUsablePlan

        try:
            plan = self.solve(self.with_overrides(locks))
        except NoUsablePlan:
            return None
        kept = not plan.is_cut and not not_kept(groups, plan.lines, "")
        return float(plan.summary["objective"]) if kept else None

    def solve(self, tables: Mapping[str, pd.DataFrame]) -> Plan:
        """Return the plan on the same terms from other tables."""
        return plan_stage(
            tables,
            self.demand,
            self.workspace.as_of,
            self.workspace.config,
            strict=self.strict,
            obsolescence=self.source.obsolescence,
        )


def past_terms(
    run: Run, demand: Path | pd.DataFrame | None = None, *, remedy: str = AS_IT_IS
) -> PastTerms:
    """Return the terms of a run.

    Parameters
    ----------
    demand
        One's own scenarios, where the run was planned on them.
    remedy
        What to do where it was planned with functions of one's own.

    Raises
    ------
    UsageError
        If the run keeps no tables, its scenarios were taken away, the scenarios given are others,
        orders or returns have changed since, or a policy or limits of one's own made it.
    """
    refuse_steered(run, remedy)
    kept = kept_tables(run)
    if kept is None:
        raise UsageError(f"{run.path.name} keeps no tables: it was made by an older version")
    then = run.fact("inputs")
    workspace = _workspace_of(run, history=any(each["name"] == "orders" for each in then))
    changed = changed_inputs(then, workspace.inputs)
    gone = [name for name in changed if name in NOT_KEPT]
    if gone:
        raise UsageError(
            f"changed since run {run.path.name} was made: {listed(gone)}; plan again, and edit that"
        )
    tables = {**workspace.tables, **kept}
    workspace = dataclasses.replace(workspace, tables=tables, config=settings_of(run))
    source = _source_of(run, workspace, demand)
    rest = [name for name in changed if name not in NOT_KEPT]
    words = (
        f"changed since run {run.path.name} was made: {listed(rest)}; the edited plan uses what "
        f"that run was made from"
    )
    standing = standing_overrides(workspace)[0]
    edits = _one_below(standing, edits_of(run.path))
    return PastTerms(run, workspace, source, source.demand(), edits, (words,) if rest else ())


def _workspace_of(run: Run, *, history: bool) -> Workspace:
    """Return the workspace of a run: the frames it holds, else its folder as it is now."""
    if isinstance(run.keeper, Workspace):
        return run.keeper.at(run.as_of)
    if not (run.workspace / CONFIG_NAME).exists():
        raise UsageError(
            f"{run.workspace} holds no {CONFIG_NAME}: a plan of frames takes edits only as the run "
            "that foreship.plan or foreship.run returned, which still has the frames"
        )
    runs_at = run.path.parent.parent
    return open_workspace(run.workspace, run.as_of, history=history, out=runs_at)


def _one_below(above: pd.DataFrame, below: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([above, below], ignore_index=True) if len(above) else below


def _keys(rows: pd.DataFrame, columns: Sequence[str] = (*MOVE, "kind", "value", "expires")) -> Any:
    """Return rows as values to be looked up among others."""
    import pandas as pd

    return pd.Series(list(rows[list(columns)].itertuples(index=False, name=None)), dtype=object)


def _source_of(run: Run, workspace: Workspace, demand: Path | pd.DataFrame | None) -> Source:
    """Return the demand that a run was planned on."""
    if demand is None:
        return dataclasses.replace(forecast_source(workspace, forecast_behind(run)), notes=())
    source = own_demand(workspace, demand)
    known = [source.identity["demand"]]
    if isinstance(demand, Path):  # runs of older versions knew the bytes
        known.append(sha256(demand))
    if run.manifest.get("demand") not in known:
        raise UsageError(f"--demand: {run.path.name} is planned on other scenarios")
    return source
