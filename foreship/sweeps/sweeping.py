"""Plan every variant on the same demand, and set the plans side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from foreship.errors import ForeshipError, UsageError
from foreship.execute import map_parts
from foreship.jobs.before_plan.demand_source import (
    FORECAST_SECTIONS,
    forecast_or_new,
    own_demand,
)
from foreship.jobs.before_plan.lateness import plan_tables
from foreship.pipeline.stages import plan_stage
from foreship.replay.track import at_costs
from foreship.reports.tables_html import html_table
from foreship.sweeps.variants import told_apart
from foreship_foundation.telling.progress import pieces, unheard
from foreship_foundation.telling.words import plural

if TYPE_CHECKING:
    from foreship.config import Config
    from foreship.runs import Run
    from foreship.workspace.opening import Workspace
    from foreship_optimize.demand import DemandScenarios
    from foreship_optimize.plan import Plan

__all__ = ["COLUMNS", "Sweep", "sweep"]

COLUMNS: Final = (
    "name", "status", "objective", "gap", "lines", "units", "cvar", "words",
)  # fmt: skip
NO_PLAN: Final = "none"


@dataclass(frozen=True)
class Sweep:
    """The plans of a sweep; nothing of it was written."""

    table: pd.DataFrame
    """a row a variant: `name, status, objective, gap, lines, units, cvar, words`; where there is no
    plan the status is `none`, `words` says why and the numbers are blank"""
    plans: Mapping[str, Plan] = field(repr=False)
    """by name; variants without a plan are absent"""

    def __str__(self) -> str:
        shown = self.table.drop(columns="words").head(5).to_string(index=False)
        return f"{self._in_short}\n{shown}"

    __repr__ = __str__

    @property
    def _in_short(self) -> str:
        variants, plans = len(self.table), len(self.plans)
        return f"Sweep of {plural(variants, 'variant')}, {plural(plans, 'plan')}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self._in_short)}</p>{html_table(self.table)}"


def sweep(
    workspace: Workspace,
    changes: Mapping[str, Mapping[str, Any]],
    *,
    forecast: Run | None = None,
    demand: Path | pd.DataFrame | None = None,
    workers: int = 1,
) -> Sweep:
    """Plan under each of several settings on one demand, without a lock or a file.

    Parameters
    ----------
    changes
        Settings by name of the variant, as `workspace.with_settings` takes them, by a dot or two
        underscores; `cost_factor` is lane, line and exit costs times it.
    forecast, demand
        What all plan on, as in `foreship.plan`; absent: the newest forecast made from the same
        tables and settings, else one made now.
    workers
        Processes at once, with the same result.

    Raises
    ------
    UsageError
        With a setting that does not exist, or one that the forecast hangs on.
    """
    if demand is not None and forecast is not None:
        raise UsageError("a sweep is made on a forecast or on one's own demand: give one of them")
    given: Any = changes
    if not isinstance(given, Mapping):
        raise UsageError("variants are given by name, as {'little': {'risk.budget': 400}}")
    variants = {name: _variant(workspace, name, each) for name, each in changes.items()}
    source = (
        forecast_or_new(workspace, forecast) if demand is None else own_demand(workspace, demand)
    )
    common = _Common(
        dict(plan_tables(workspace).tables), source.demand(), workspace.as_of, source.obsolescence
    )
    how = "serial" if workers == 1 else "processes"
    made = map_parts(_planned, common, list(variants.values()), how=how, workers=workers)
    told = pieces(made, "Planning the variants", len(variants))
    found = dict(zip(variants, told, strict=True))
    rows = [_row(name, each) for name, each in found.items()]
    plans = {name: each for name, each in found.items() if not isinstance(each, str)}
    return Sweep(pd.DataFrame(rows, columns=list(COLUMNS)), plans)


@dataclass(frozen=True)
class _Common:
    tables: dict[str, pd.DataFrame]
    demand: DemandScenarios
    as_of: pd.Timestamp
    obsolescence: float | None


@dataclass(frozen=True)
class _Variant:
    items: pd.DataFrame
    """items as its settings fill them"""
    config: Config
    factor: float


def _variant(workspace: Workspace, name: str, changes: Mapping[str, Any]) -> _Variant:
    given: Any = changes
    if not (isinstance(given, Mapping) and all(isinstance(key, str) for key in given)):
        raise UsageError(f"variant {name!r}: give its settings by name, as {{'risk.budget': 400}}")
    settings, factor = told_apart(changes)
    sections = {key.replace("__", ".").partition(".")[0] for key in settings}
    if sections & set(FORECAST_SECTIONS):
        raise UsageError(
            f"variant {name!r}: all plans of a sweep stand on one forecast; make one with "
            "foreship.forecast(workspace.with_settings(...)) and give it by forecast="
        )
    try:
        changed = workspace.with_settings(**settings) if settings else workspace
    except UsageError as error:
        words = "" if error.faults else f" {error}"
        raise UsageError(f"variant {name!r}:{words}", error.faults) from None
    return _Variant(changed.tables["items"], changed.config, factor)


def _planned(common: _Common, variant: _Variant) -> Plan | str:
    """Return the plan of a variant, or why there is none."""
    tables, config = at_costs(
        variant.factor, {**common.tables, "items": variant.items}, variant.config
    )
    plan: Callable[..., Plan] = partial(plan_stage, tables, common.demand, common.as_of, config)
    try:
        with unheard():
            return plan(obsolescence=common.obsolescence)
    except ForeshipError as error:
        return str(error)


def _row(name: str, made: Plan | str) -> list[Any]:
    if isinstance(made, str):
        return [name, NO_PLAN, *[None] * 5, made]
    told, plan = made.summary, made.lines
    numbers = told["objective"], told["gap"], len(plan), int(plan["quantity"].sum()), told["cvar"]
    return [name, told["status"], *numbers, ""]
