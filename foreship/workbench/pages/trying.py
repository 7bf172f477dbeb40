"""What if: plans with other numbers, settings or events beside a plan, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from foreship.errors import UsageError
from foreship.jobs.trying.what_if import figures_of, what_ifs
from foreship.reading.comparing.several import lines_apart
from foreship.reports.markup import Content, element
from foreship.runs import RUNS
from foreship.workbench.acting import commands
from foreship.workbench.bench import Bench
from foreship.workbench.cells.waiting import still_reading
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.held.run import HeldRun
from foreship.workbench.trials.apart import Apart, ordered
from foreship.workbench.trials.asked import asked_of, judged
from foreship.workbench.trials.fields import form_of
from foreship.workbench.trials.line_table import line_table
from foreship.workbench.trials.side_by_side import compared_table, tried_table
from foreship.workbench.web import links
from foreship_foundation.telling.words import listed

__all__ = ["ROUTES"]

TITLE = "What if"
SAID = 3
"""changes that the name of a job tells"""


def show(request: Request, bench: Bench) -> Answer:
    """Show what was tried for the Monday of a run, and the form of a further trial."""
    held = bench.run(request.path["run"])
    asked = {name: values[-1] for name, values in request.query.items() if values}
    form = form_of(bench.config, held, request.who, asked)
    return _page(held, bench, form, form_first=False)


def _page(
    held: HeldRun, bench: Bench, form: Content, status: int = 200, *, form_first: bool = True
) -> Answer:
    so_far, ask = _so_far(bench, held), [element("h2", "Try"), form]
    parts = [*ask, so_far] if form_first else [so_far, *ask]
    return Answer(element("div", element("h1", TITLE), *parts), status=status, title=TITLE)


def _so_far(bench: Bench, held: HeldRun) -> Content:
    try:
        plans = what_ifs(bench.runs_at, held.run.as_of)
    except UsageError:
        return element("p", "Nothing was tried for this Monday yet.")
    names = [str(each) for each in plans["run"]]
    tried = [each for each in names if each != held.name]
    return tried_table(held.name, plans, tried)


def try_it(request: Request, bench: Bench) -> Answer:
    """Plan with what a form asks for; the plan lies apart, and this one stays as it is."""
    held, form = bench.run(request.path["run"]), request.form
    if held.run.path.parent.name != RUNS:
        raise UsageError(f"{held.name} was itself only tried; try beside the plan")
    if "more" in form:
        return _page(held, bench, form_of(bench.config, held, request.who, form))
    asked = asked_of(form)
    if not asked.said:
        raise UsageError("nothing is filled in that would differ")
    faults, unlearned = judged(asked, bench.config, bench.folder, held)
    if faults:
        again = form_of(bench.config, held, request.who, form, faults=faults)
        return _page(held, bench, again, status=400)
    if unlearned and "confirmed" not in form:
        again = form_of(bench.config, held, request.who, form, unlearned=unlearned)
        return _page(held, bench, again)
    words = f"try {listed(asked.said, SAID)}"
    job = commands.try_plan(
        bench, held.run.path, _pairs(asked.settings), [], asked.changes, words=words,
        who=request.who,
    )  # fmt: skip
    return Answer(to=links.job(job.id))


def _pairs(settings: Mapping[str, str]) -> list[str]:
    return [f"{key}={value}" for key, value in settings.items()]


def apart(request: Request, bench: Bench) -> Answer:
    """Show the lines in which up to four plans that were tried differ from a plan."""
    held = bench.run(request.path["run"])
    asked = Apart.of(held.name, request.query)
    trials = [bench.run(each) for each in asked.trials]
    asked = replace(asked, trials=tuple(each.name for each in trials))
    for each in trials:
        if each.run.as_of != held.run.as_of:
            raise UsageError(f"{each.name} is no plan of {held.run.as_of}")
    if len(trials) == 1:  # why is told from what is read behind
        waiting = still_reading(trials[0], asked.link(page=asked.page))
        if waiting is not None:
            return Answer(waiting, title=TITLE)
    rows = ordered(_lines_apart(bench, held, trials, money_alone=asked.money_alone), asked)
    plans = pd.DataFrame([figures_of(each.run) for each in (held, *trials)])
    other = not asked.money_alone
    words = "lines of which only the money differs, too" if other else "only other units"
    body = element(
        "div",
        element("h1", "What differs"),
        compared_table(plans, held.name, asked.trials),
        element(
            "p", element("a", f"Show {words}", href=asked.link(money_alone=other)), " \u00b7 ",
            element("a", "All that was tried", href=links.try_it(held.name)),
        ),
        line_table(rows, held, trials, asked),
    )  # fmt: skip
    return Answer(body, title="What differs")


def _lines_apart(
    bench: Bench, held: HeldRun, trials: Sequence[HeldRun], *, money_alone: bool
) -> pd.DataFrame:
    """Return the lines in which plans differ, compared once for all orders and pages of them."""
    key = " ".join([held.name, *(each.name for each in trials), "money" if money_alone else ""])
    views = [each.view for each in trials]
    return bench.compared.get(key, lambda: lines_apart(held.view, views, money_alone=money_alone))


ROUTES = (
    Route("GET", "/run/{run}/try", show, nav="What if"),
    Route("POST", "/run/{run}/try", try_it),
    Route("GET", "/run/{run}/try/lines", apart),
)
