"""A finished plan before it is written, and the one door for further plans on its terms."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from foreship.jobs.identity import Tell
from foreship.pipeline.adjusted_demand import Readjusted
from foreship.pipeline.stages import plan_stage
from foreship_foundation.telling.words import sentences

if TYPE_CHECKING:
    import pandas as pd

    from foreship.config import Config
    from foreship.reading.views import RunView
    from foreship.workspace.opening import Workspace
    from foreship_optimize.demand import DemandScenarios
    from foreship_optimize.plan import Plan

__all__ = ["Made", "Spent", "Step"]

LEAST_SECONDS = 0.001
"""what `plan.time_limit_seconds` admits"""


@dataclass
class Spent:
    """Seconds that further plans of all steps together have taken."""

    seconds: float = 0.0


@dataclass(frozen=True)
class Made:
    """A finished plan before it is written, with what steps have worked out of it so far."""

    workspace: Workspace
    tables: Mapping[str, pd.DataFrame]
    """what it was made from"""
    demand: DemandScenarios
    obsolescence: float | None
    """yearly chance that a cell closes, None where no forecast measured it"""
    forecast: Callable[[], pd.DataFrame | None]
    """gives `forecast.parquet`, laid out once; None where the demand was the user's own"""
    plan: Plan
    identity: str
    notes: tuple[str, ...]
    """one sentence each, in the order in which they are told"""
    facts: Mapping[str, Any]
    """what the manifest says beside ids, notes, files and their hashes"""
    extras: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """file name -> frame that a step has added"""
    strict: bool = False
    what_if: bool = False
    readjusted: Readjusted | None = None
    """the demand under other adjustments; None where its law is not known"""
    stale: Callable[[], tuple[str, ...]] = tuple
    """why the stock may not be that of its Monday, one sentence each; worked out once"""
    steered: bool = False
    """whether a function of somebody's had a say: further plans would be made without it"""
    skill: Mapping[str, Any] | None = None
    """scores of the forecast on the weeks held out; None where it has none"""
    spent: Spent = field(default_factory=Spent)

    def solve(
        self,
        tables: Mapping[str, pd.DataFrame] | None = None,
        demand: DemandScenarios | None = None,
        config: Config | None = None,
    ) -> Plan:
        """Return the plan on the same terms but for what is given.

        `tables` are all tables: those of this plan with some in another's place. All steps
        together have `plan.time_limit_seconds` once more.

        Raises
        ------
        NoUsablePlan
            If that time is over before the search has ended: no result depends on the clock.
        What `plan_stage` raises.
        """
        from foreship_optimize.errors import NoUsablePlan

        terms = self.workspace.config if config is None else config
        left = terms.plan.time_limit_seconds - self.spent.seconds
        if left < LEAST_SECONDS:
            raise NoUsablePlan("the time for further plans is over (plan.time_limit_seconds)")
        begun = time.monotonic()
        try:
            plan = plan_stage(
                self.tables if tables is None else tables,
                self.demand if demand is None else demand,
                self.workspace.as_of,
                replace(terms, plan=replace(terms.plan, time_limit_seconds=left)),
                strict=self.strict,
                obsolescence=self.obsolescence,
            )
        finally:
            self.spent.seconds += time.monotonic() - begun
        if plan.is_cut:
            raise NoUsablePlan("a further plan was cut short (plan.time_limit_seconds)")
        return plan

    def noting(self, *words: str) -> Made:
        """Return the same with further notes at the end, each a sentence."""
        return replace(self, notes=(*self.notes, *sentences(words)))

    def adding(self, name: str, frame: pd.DataFrame) -> Made:
        """Return the same with a further file."""
        return replace(self, extras={**self.extras, name: frame})

    def view(self, *, forecast: bool = True) -> RunView:
        """Return the run as its readers will see it; without its `forecast` where none is read.

        Of a million cells that takes half a gibibyte.
        """
        from foreship.reading.views import RunView

        return RunView(
            as_of=self.workspace.as_of,
            run_id=self.identity,
            lines=self.plan.lines,
            units=self.plan.units,
            reasons=self.plan.reasons,
            orders=self.plan.orders,
            departures=self.plan.departures,
            needs=self.plan.needs,
            ahead=self.plan.sends_ahead,
            extras=self.extras,
            summary=self.plan.summary,
            forecast=self.forecast() if forecast else None,
            tables=self.workspace.tables,
            notes=self.notes,
            assumptions=self.facts["config"],
            versions=self.facts["versions"],
            inputs={each["name"]: each for each in self.facts["inputs"]},
        )


Step = Callable[[Made, Tell], Made]
