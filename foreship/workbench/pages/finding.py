"""The search of every page: items, regions and hubs by id or name, or an item in a region."""

from __future__ import annotations

from foreship.reports.markup import Content, Markup, element
from foreship.workbench.bench import Bench
from foreship.workbench.grid.ids import Found
from foreship.workbench.grid.query import Query
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.held.run import HeldRun
from foreship.workbench.web import forms, links

__all__ = ["ROUTES"]

LONGEST = 200
"""letters that are searched for"""


def find(request: Request, bench: Bench) -> Answer:
    """Show what a text may mean; where Enter was pressed and it means one thing, go there."""
    run = request.asked("run", links.NEWEST)
    text = request.asked("q").strip()[:LONGEST]
    if not text:
        return Answer("" if request.fragment else _asking(run), title="Find")
    held = bench.run(run)
    told = _meant(held, run, text)
    if not request.fragment and len(told) == 1:
        return Answer(to=told[0][0])
    if request.fragment:
        return Answer(_listed(told, text))
    return Answer(element("div", _asking(run, text), _listed(told, text)), title=f"Find {text}")


def _meant(held: HeldRun, run: str, text: str) -> list[tuple[str, str]]:
    """Return address and words of each thing that a text may mean, the likeliest first."""
    pair = held.ids.cell(text)
    if pair is not None:
        item, region = pair
        return [(links.cell(run, region, item), f"{_called(held, item, region)}: why this many")]
    found = held.ids.find(text)
    wanted = text.casefold()
    exact = [each for each in found if wanted in (each.id.casefold(), each.name.casefold())]
    return [_entry(run, each) for each in (exact if len(exact) == 1 else found)]


def _called(held: HeldRun, item: str, region: str) -> str:
    names = [f"{each} {kind.name(each)}".strip() for kind, each in
             ((held.ids.item, item), (held.ids.region, region))]  # fmt: skip
    return " in ".join(names)


def _entry(run: str, found: Found) -> tuple[str, str]:
    words = f"{found.kind} {found.id}" + (f", {found.name}" if found.name else "")
    if found.kind == "item":
        return links.item(run, found.id), words
    if found.kind == "region":
        return links.region(run, found.id), words
    return links.lines(run, Query(hub=found.id).text), words


def _asking(run: str, text: str = "") -> Markup:
    hint = "an id or a name; an item and a region, as `K17 Lyon`, lead to the two together"
    entry = forms.field("q", "Item, region or hub", text, kind="search", id="find", help=hint)
    return element(
        "div",
        element("h1", "Find"),
        forms.form(links.find(), entry, forms.hidden(run=run), forms.button("Find"), method="get"),
    )


def _listed(told: list[tuple[str, str]], text: str) -> Content:
    if not told:
        return element("p", f"Nothing here is called {text}, or begins so.", class_="soft")
    rows = [element("li", element("a", words, href=link)) for link, words in told]
    return element("ul", *rows, class_="found")


ROUTES = (Route("GET", "/find", find),)
