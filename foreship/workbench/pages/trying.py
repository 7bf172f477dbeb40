"""What if: plans with other settings, capacities or costs beside the plan of the week."""

from __future__ import annotations

from typing import Final

from foreship.errors import UsageError
from foreship.jobs.trying.what_if import what_ifs
from foreship.reports.markup import Content, element
from foreship.runs import RUNS, draft_folder
from foreship.workbench.acting import commands, trials
from foreship.workbench.bench import Bench
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.web import links
from foreship_foundation.telling.words import listed

__all__ = ["ROUTES"]

TABLES: Final = "tables"
"""folder of drafts that holds tables that are tried"""


def show(request: Request, bench: Bench) -> Answer:
    """Show what was tried for the Monday of a run, and the form of a further trial."""
    held = bench.run(request.path["run"])
    form = trials.form_of(held.name, bench.config, held, request.who)
    body = element(
        "div", element("h1", "What if"), _so_far(bench, held.run.as_of), element("h2", "Try"), form
    )
    return Answer(body, title="What if")


def _so_far(bench: Bench, as_of: str) -> Content:
    try:
        return trials.tried_table(what_ifs(bench.runs_at, as_of))
    except UsageError:
        return element("p", "Nothing was tried for this Monday yet.")


def try_it(request: Request, bench: Bench) -> Answer:
    """Plan with what a form asks for; the plan lies apart, and this one stays as it is."""
    held = bench.run(request.path["run"])
    if held.run.path.parent.name != RUNS:
        raise UsageError(f"{held.name} was itself only tried; try beside the plan")
    settings = trials.asked_settings(request.form)
    table = trials.changed_table(held, request.form, draft_folder(bench.runs_at, TABLES))
    if not settings and not table:
        raise UsageError("nothing is filled in that would differ")
    named = [*settings, *([table.split("=")[0]] if table else [])]
    words = f"try {listed(named)}"
    job = commands.try_plan(
        bench, held.run.path, settings, [table] if table else [], words=words, who=request.who
    )
    return Answer(to=links.job(job.id))


ROUTES = (
    Route("GET", "/run/{run}/try", show, nav="What if"),
    Route("POST", "/run/{run}/try", try_it),
)
