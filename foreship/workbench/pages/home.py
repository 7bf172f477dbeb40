"""Where the workbench begins: with the newest plan, or with the words that there is none yet."""

from __future__ import annotations

from foreship.reports.markup import element
from foreship.workbench.bench import Bench
from foreship.workbench.door.places import NotFound
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.web import links

__all__ = ["ROUTES"]


def home(request: Request, bench: Bench) -> Answer:
    """Lead to the newest plan; without one, say how one is made."""
    del request
    try:
        bench.place(links.NEWEST)
    except NotFound as error:
        name = bench.folder.resolve().name
        said = element("h1", name), element("p", str(error))
        return Answer(element("div", *said), title=name)
    return Answer(to=links.week(links.NEWEST))


ROUTES = (Route("GET", "/", home),)
