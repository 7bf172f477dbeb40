"""Work behind the pages: how far it is, what came of it, its end on demand; and plans anew."""

from __future__ import annotations

import re

from foreship.errors import UsageError
from foreship.reports.markup import Content, element, join
from foreship.workbench.acting import commands, unsigned
from foreship.workbench.acting.commands import Kind
from foreship.workbench.acting.telling import job_told
from foreship.workbench.bench import Bench
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.web import links
from foreship.workbench.work.jobs import Job, State
from foreship_foundation.telling.words import capital

__all__ = ["ROUTES"]

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def job(request: Request, bench: Bench) -> Answer:
    """Show how a job stands."""
    return _shown(request, bench, bench.jobs.get(request.path["job"]))


def stop(request: Request, bench: Bench) -> Answer:
    """Stop a job; what it has not finished is as if it had not begun."""
    found = bench.jobs.stop(request.path["job"])
    return _shown(request, bench, found) if request.fragment else Answer(to=links.job(found.id))


def plan(request: Request, bench: Bench) -> Answer:
    """Make the plan of a Monday, of the tables as they are now."""
    as_of = request.form.get("as_of", "").strip()
    if as_of and not DAY.fullmatch(as_of):
        raise UsageError(f"{as_of!r} is no day; write it as 2026-11-16")
    return Answer(to=links.job(commands.plan_anew(bench, as_of, who=request.who).id))


def _shown(request: Request, bench: Bench, found: Job) -> Answer:
    told: Content = job_told(found, _unsigned(request, bench, found))
    title = capital(found.words)
    if request.fragment:
        return Answer(told, title=title)
    run = found.about.get("run")
    back = element("p", element("a", "Back to the decisions", href=links.edits(run))) if run else ""
    return Answer(element("div", element("h1", title), told, back), title=title)


def _unsigned(request: Request, bench: Bench, found: Job) -> Content:
    """Say which decisions came in too late for an approval."""
    run = found.about.get("run", "")
    if found.kind != Kind.approve:
        return ""
    if not found.is_over:
        return unsigned.at_work_told(bench, bench.draft(run))
    if found.state is not State.done:
        return ""
    return join(
        unsigned.told(each, request.who, run) for each in unsigned.unsigned_of(bench.runs_at, run)
    )


ROUTES = (
    Route("GET", "/job/{job}", job),
    Route("POST", "/job/{job}/stop", stop),
    Route("POST", "/plan", plan),
)
