"""The step that adds whether a plan is held for an approval, and what holds it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from foreship.approval.life import SHIPPED, plans_before
from foreship.jobs.after_plan.made import Made
from foreship.jobs.before_plan.freshness import HELD
from foreship.jobs.identity import Tell, iso
from foreship.own_files import KEPT
from foreship.runs import load_run
from foreship_foundation.telling.words import sentence

if TYPE_CHECKING:
    import pandas as pd

    from foreship.approval.gates.raised import Raised
    from foreship.approval.gates.seen import PastPlan, Seen

__all__ = ["gates"]

READ: Final = ("plan.parquet",)
REVIEWED: Final = ("plan.parquet", "summary.json", KEPT)
PROMISE: Final = "promise"
LATEST: Final = 4
"""plans whose windows may not be over yet"""


def gates(made: Made, tell: Tell) -> Made:
    """Return the plan with what its gates say first among its notes, held where they hold it.

    A what-if is never shipped: nothing holds it.
    """
    from foreship.approval.gates.raised import raised

    if made.what_if:
        return made
    found = [*raised(_seen(made)), *_promise(made)]
    holding = [each for each in found if each.holds]
    said = [HELD + each.words for each in holding]
    said += [each.words for each in found if not each.holds]
    made = replace(made, notes=(*said, *made.notes))
    if not holding:
        return made
    summary = dict(made.plan.summary)
    summary["held_by"] = [{"gate": each.gate, "words": each.words} for each in holding]
    if summary["status"] in SHIPPED:
        summary["status"] = "hold"
    return replace(made, plan=replace(made.plan, summary=summary))


def _promise(made: Made) -> list[Raised]:
    """Ask whether the last plans kept their promises; of many cells only where that holds a plan.

    More plans than are asked for are looked at: the newest are not over yet.
    """
    from foreship.approval.gates.raised import Raised
    from foreship.reviews.promises import promise_words

    workspace, config = made.workspace, made.workspace.config
    holds = PROMISE in config.plan.hold
    if not holds and len(made.demand.item) > config.asked.most_cells:
        return []
    folders = plans_before(workspace.runs_at, iso(workspace.as_of))
    kept = (each for each in folders if (each / KEPT).is_dir())
    runs = [load_run(each, REVIEWED) for each in islice(kept, config.gates.plans + LATEST)]
    words = promise_words(runs, workspace.tables, workspace.as_of, config.gates)
    return [Raised(PROMISE, sentence(each), holds) for each in words]


def _seen(made: Made) -> Seen:
    from foreship.approval.gates.seen import Seen

    workspace, settings = made.workspace, made.workspace.config.gates
    sold, weeks = _sold(made)
    items = made.tables["items"]
    return Seen(
        summary=made.plan.summary,
        notes=tuple(made.plan.notes),
        lines=made.plan.lines,
        demand=_demand(made),
        sold=sold,
        weeks_sold=weeks,
        categories=dict(zip(items["item"], items["category"], strict=True)),
        warnings=workspace.warnings,
        stale=made.stale(),
        past=tuple(_past(made, settings.plans)),
        hold=workspace.config.plan.hold,
        largest_gap=workspace.config.plan.largest_gap,
        settings=settings,
    )


def _demand(made: Made) -> pd.DataFrame:
    """Return expected demand of a week by cell, over at most as many weeks as sales are of."""
    import pandas as pd

    paths, weeks = made.demand, made.workspace.config.gates.forecast_weeks
    total = paths.totals[:, :weeks]
    mean = total.sum(axis=1) / (total.shape[1] * paths.scenarios)
    return pd.DataFrame({"region": paths.region, "item": paths.item, "mean": mean})


def _sold(made: Made) -> tuple[pd.DataFrame, int]:
    """Return sales by cell of the last weeks, and how many of these weeks had any."""
    import pandas as pd

    as_of = made.workspace.as_of
    begin = as_of - pd.Timedelta(weeks=made.workspace.config.gates.forecast_weeks)
    orders = made.tables["orders"]
    orders = orders[orders["date"].between(begin, as_of, inclusive="left")]
    weeks = int(((as_of - orders["date"]).dt.days - 1).floordiv(7).nunique())
    units = orders.groupby(["region", "item"], sort=True)["quantity"].sum()
    return units.rename("units").reset_index(), weeks


def _past(made: Made, most: int) -> list[PastPlan]:
    """Return the plans of the last weeks, newest first."""
    from foreship.approval.gates.seen import PastPlan, Size

    workspace, found = made.workspace, []
    for folder in islice(plans_before(workspace.runs_at, iso(workspace.as_of)), most):
        run = load_run(folder, READ)
        warnings = run.manifest.get("warnings")
        known = None if warnings is None else frozenset(warnings)
        found.append(PastPlan(folder.name, Size.of(run.frame("plan.parquet")), known))
    return found
