"""What became of a plan: asked for here, found by `foreship review`, shown as its page."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from foreship.jobs.keeping.listing import list_runs
from foreship.reports.markup import Content, Markup, element
from foreship.workbench.acting.commands import Kind, look_back
from foreship.workbench.bench import Bench
from foreship.workbench.door.places import NotFound
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.web import forms, links
from foreship.workbench.work.jobs import Job, State
from foreship_foundation.telling.words import capital, percent

__all__ = ["ROUTES"]

SIGNED = ("released", "approved", "superseded", "draft", "held")
"""states of runs that can be looked back at"""
NEWEST = forms.Choice("", "the plan that was released last, else that of its week")
PART = "reviews"


def reviews(request: Request, bench: Bench) -> Answer:
    """Show which reviews were asked for since the server began; a fragment is their list."""
    listed = _listed(bench)
    if request.fragment:
        return Answer(listed)
    about = (
        "A review sets what was sent, sold and left against what the plan promised, as far as the "
        "tables know it by now; it reads, and changes nothing."
    )
    runs = [
        forms.Choice(each.run, f"{each.as_of}, {each.run[11:]}, {each.state}")
        for each in list_runs(bench.runs_at)
        if each.state in SIGNED
    ]
    asking = forms.form(
        links.review(),
        forms.select("run", "Plan", [NEWEST, *runs], request.asked("run")),
        forms.button("Look back"),
        label="Look back at a plan",
    )
    parts = element("h1", "Review"), element("p", about), asking, listed
    return Answer(element("div", *parts), title="Review")


def ask(request: Request, bench: Bench) -> Answer:
    """Begin a review."""
    run = request.form.get("run", "")
    place = bench.place(run) if run else None
    page = bench.scratch / f"review-{secrets.token_hex(8)}.html"
    look_back(bench, place, page, who=request.who)
    return Answer(to=links.review())


def page(request: Request, bench: Bench) -> Answer:
    """Show the page of a review that is done."""
    found = bench.jobs.get(request.path["job"])
    if found.kind != Kind.review or found.state is not State.done:
        raise NotFound("there is no such review, or it is not done yet")
    return Answer(Path(found.about["page"]).read_bytes(), sandboxed=True)


def _listed(bench: Bench) -> Markup:
    """List the reviews, the newest first; while one is at work the list looks again by itself."""
    found = [each for each in bench.jobs.all() if each.kind == Kind.review]
    again: dict[str, object] = {}
    if any(not each.is_over for each in found):
        link, target = links.review(), f"#{PART}"
        again = {
            "hx_get": link, "hx_target": target, "hx_swap": "outerHTML", "hx_trigger": "every 1s",
        }  # fmt: skip
    rows = [element("li", *_told(each)) for each in found]
    shown = element("ul", *rows) if rows else ""
    return element("div", shown, id=PART, aria_live="polite", **again)


def _told(job: Job) -> Iterator[Content]:
    """Say how a review stands, with the way to its page or why there is none."""
    name = capital(job.words)
    if job.state is State.done:
        yield element("a", name, href=links.address("review", job.id))
        return
    yield f"{name}: {job.state}"
    if job.state is State.failed:
        error = job.answer.get("error", {})
        yield f". {error.get('message', '')}"
    elif job.said.stage:
        yield f", {job.said.stage}"
        if job.said.share is not None:
            yield f" {percent(job.said.share)}"


ROUTES = (
    Route("GET", "/review", reviews, nav="Review"),
    Route("POST", "/review", ask),
    Route("GET", "/review/{job}", page),
)
