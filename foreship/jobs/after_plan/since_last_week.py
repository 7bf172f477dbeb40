"""The step that adds what became of the last plan, and what changed since it was made.

Groups of inputs are exchanged one at a time, all as of this Monday (docs/review.md, R34).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from foreship.approval.life import weeks_plans
from foreship.errors import ForeshipError
from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import Tell, iso
from foreship.jobs.judging.reviewing import READ
from foreship.own_files import KEPT
from foreship.runs import Run, load_run
from foreship_foundation.telling.words import plural
from foreship_optimize.errors import LimitsConflict, NoUsablePlan, TableFault

if TYPE_CHECKING:
    import pandas as pd

    from foreship.config import Config
    from foreship.reviews.attribution import Figures
    from foreship_optimize.demand import DemandScenarios

__all__ = ["changes_since", "shifted", "since_last_week", "with_new_ids"]

CHANGES: Final = "changes.parquet"
WEEKS: Final = 8
"""a plan longer ago is not compared with"""
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "demand": ("adjustments",),
    "costs": ("items", "regions", "hubs", "lanes", "exits", "assortment", "calendar"),
    "locks": ("overrides", "policies"),
}
"""tables of each group; those of the group `stock` are this week's from the first exchange on"""
KNOWN_BY: Final = {"items": "item", "regions": "region", "hubs": "hub"}
NAMED_IN: Final[Mapping[str, Mapping[str, str]]] = {
    "lanes": {"origin": "places", "destination": "places"},
    "assortment": {"region": "places", "item": "items"},
    "exits": {"region": "places", "item": "items"},
}
"""columns of other tables that name places and items"""


def since_last_week(made: Made, tell: Tell) -> Made:
    """Return the plan with findings on the last one first among its notes, and what changed."""
    workspace = made.workspace
    folders = weeks_plans(workspace.runs_at, iso(workspace.as_of), WEEKS)
    folders = [each for each in folders if (each / KEPT).is_dir()]
    if made.what_if or not folders:
        return made
    cells, most = len(made.demand.item), workspace.config.asked.most_cells
    if cells > most:
        return made.noting(
            f"the last plan is not looked back at: {plural(cells, 'cell')} are more than "
            f"asked.most_cells = {most:,}"
        )
    tell("look back at the last plan")
    last, *others = (load_run(each, READ) for each in folders)
    made = _with_findings(made, last, others)
    try:
        changes = _changes(made, last)
    except (ForeshipError, LimitsConflict, NoUsablePlan, TableFault) as error:
        return made.noting(f"what changed since {last.path.name} is not known: {error}")
    return made.adding(CHANGES, changes)


def _with_findings(made: Made, last: Run, others: Sequence[Run]) -> Made:
    """Return the plan with the three most important findings on the last one as first notes."""
    from foreship.reviews.findings import three_findings
    from foreship.reviews.week import review_of

    workspace = made.workspace
    try:
        review = review_of(last, workspace.tables, workspace.as_of, others)
    except ForeshipError as error:
        return made.noting(f"what became of {last.path.name} is not known: {error}")
    said = [f"Last plan: {words}" for words in three_findings(review)]
    return replace(made, notes=(*said, *made.notes))


def _changes(made: Made, last: Run) -> pd.DataFrame:
    """Return `changes.parquet` from the plan of an earlier Monday to this one."""
    from foreship.jobs.before_plan.demand_source import demand_behind
    from foreship.pipeline.kept_tables import kept_tables
    from foreship.reviews.attribution import Figures, attributed
    from foreship.reviews.week import promise_of, settings_of

    then = Figures.of(last.frame("plan.parquet"), promise_of(last.summary))
    tables = kept_tables(last) or {}
    old = demand_behind(last)
    return attributed(then, changes_since(made, tables, old, settings_of(last)))


def changes_since(
    made: Made, tables: Mapping[str, pd.DataFrame], demand: DemandScenarios, config: Config
) -> list[Figures]:
    """Return what the plan comes to after each group of inputs was exchanged, this plan last.

    What did not change is not solved again.

    Parameters
    ----------
    tables, demand, config
        Kept tables, scenarios and settings of the earlier plan.
    """
    from foreship.reviews.attribution import Figures
    from foreship.reviews.week import promise_of
    from foreship_foundation.tables.contents import content_hash

    old = with_new_ids(tables, made.tables)
    demand = shifted(demand, made.demand)
    costs = {name: old[name] for name in TABLES["costs"] if name in old}
    locks = {name: old[name] for name in TABLES["locks"] if name in old}
    adjusted = {name: old[name] for name in TABLES["demand"] if name in old}

    def other(part: Mapping[str, pd.DataFrame]) -> bool:
        pairs = ((made.tables[name], part[name]) for name in part)
        return any(
            (len(now) or len(then)) and content_hash(now) != content_hash(then)
            for now, then in pairs
        )

    def solved(part: Mapping[str, pd.DataFrame], law: DemandScenarios | None) -> Figures:
        plan = made.solve({**made.tables, **part}, law, config)
        return Figures.of(plan.lines, promise_of(plan.summary))

    steps: list[tuple[bool, Callable[[], Figures]]] = [
        (_differs(demand, made.demand), lambda: solved({**adjusted, **costs, **locks}, demand)),
        (other(costs), lambda: solved({**costs, **locks}, None)),
        (other(locks), lambda: solved(locks, None)),
        (config.to_dict() != made.workspace.config.to_dict(), lambda: solved({}, None)),
    ]
    found = [Figures.of(made.plan.lines, promise_of(made.plan.summary))]
    for changed, solve in reversed(steps):
        found.append(solve() if changed else found[-1])
    return found[::-1]


def shifted(demand: DemandScenarios, now: DemandScenarios) -> DemandScenarios:
    """Return an earlier law for the weeks of this one; beyond its end its last week goes on."""
    import numpy as np

    from foreship_optimize.demand import DemandScenarios

    passed = int((now.weeks[0] - demand.weeks[0]) // np.timedelta64(7, "D"))
    week = np.minimum(np.arange(len(now.weeks)) + passed, len(demand.weeks) - 1)
    parts = (units[:, week] for _, units in demand.pieces())
    shape = len(demand.region), len(week), demand.scenarios
    units, sizes = demand.kept.kept_alike(parts, shape), demand.order_sizes
    return DemandScenarios(demand.region, demand.item, now.weeks, units, order_sizes=sizes)


def _differs(one: DemandScenarios, other: DemandScenarios) -> bool:
    import numpy as np

    named = np.array_equal(one.region, other.region) and np.array_equal(one.item, other.item)
    if not named or one.paths.shape != other.paths.shape:
        return True
    return any((units != other.units_of(cells)).any() for cells, units in one.pieces())


def with_new_ids(
    old: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return earlier tables, with the rows of today's that are about items and places new since."""
    import pandas as pd

    fresh = {
        name: set(new[name][key]) - set(old[name][key])
        for name, key in KNOWN_BY.items()
        if name in old
    }
    ids = {"items": fresh["items"], "places": fresh["regions"] | fresh["hubs"]}
    tables = dict(old)
    for name, frame in old.items():
        if name in KNOWN_BY:
            more = new[name][new[name][KNOWN_BY[name]].isin(fresh[name])]
        elif name in NAMED_IN:
            about = [new[name][column].isin(ids[kind]) for column, kind in NAMED_IN[name].items()]
            more = new[name][pd.concat(about, axis=1).any(axis=1)]
        else:
            continue
        if len(more):
            tables[name] = pd.concat([frame, more], ignore_index=True) if len(frame) else more
    return tables
