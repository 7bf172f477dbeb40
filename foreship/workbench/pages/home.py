"""Where the workbench begins: the plan made last."""

from __future__ import annotations

from foreship.reports.markup import element
from foreship.workbench.bench import Bench
from foreship.workbench.door.places import NotFound
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.web import forms, links

__all__ = ["ROUTES"]


def home(request: Request, bench: Bench) -> Answer:
    """Go to the week of the plan made last; say that there is none where there is none."""
    del request
    name = bench.folder.resolve().name
    try:
        return Answer(to=links.week(bench.place(links.NEWEST).name))
    except NotFound:
        words = "No plan yet: `foreship run` makes one, here or at a terminal."
        plan = forms.form(links.plan(), forms.button("Plan this week"))
        return Answer(element("div", element("h1", name), element("p", words), plan), title=name)


ROUTES = (Route("GET", "/", home),)
