"""Where the workbench begins: the workspace, and the runs it has."""

from __future__ import annotations

from foreship.jobs.keeping.listing import run_folders
from foreship.reports.markup import element
from foreship.workbench.bench import Bench
from foreship.workbench.handling import Answer, Request, Route
from foreship_foundation.telling.words import plural

__all__ = ["ROUTES"]


def home(request: Request, bench: Bench) -> Answer:
    """Name the workspace, and say how many runs there are."""
    count = len(run_folders(bench.runs_at))
    body = element("h1", bench.folder.resolve().name), element("p", f"{plural(count, 'run')}.")
    return Answer(element("div", *body), title=bench.folder.resolve().name)


ROUTES = (Route("GET", "/", home),)
