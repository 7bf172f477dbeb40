"""The frame of every page: head, skip link, search, the list of pages, and who is at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from foreship.reports.markup import Content, Markup, element, join
from foreship.workbench.door.who import said_to_be
from foreship.workbench.web import forms, links
from foreship.workbench.web.assets import asset_link

__all__ = ["Frame", "Place", "whole"]

KEYS = {
    "/": "to the search",
    "?": "this list",
    "arrows, Home, End, Page Up, Page Down": "from cell to cell of a table",
    "Ctrl Home, Ctrl End": "to its first and its last cell",
    "Enter": "opens what a cell leads to, or its field",
    "Escape": "back from a field to its cell, and out of this list",
}
"""what keys do, as `assets/keys.js` has it"""
HTMX = '{"includeIndicatorCSS": false}'
"""its own style would be refused by our policy"""


class Place(NamedTuple):
    """A page in the list of pages."""

    name: str
    link: str
    here: bool = False


@dataclass(frozen=True)
class Frame:
    """What stands around the content of a page."""

    places: Sequence[Place] = ()
    who: str = ""
    """who is said to be at work; blank where nobody is in yet: no search and no list then"""
    run: str = ""
    """run that is shown, in which items and regions are found; blank where there is none"""
    about: Content = ""
    """which run is shown and how far it came"""


def whole(title: str, content: Content, frame: Frame) -> Markup:
    """Write a whole page; its one `h1` is the content's."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name_="color-scheme", content="light dark"),
        element("meta", name_="htmx-config", content=HTMX),
        element("title", f"{title} - foreship"),
        element("link", rel="icon", type="image/svg+xml", href=asset_link("icon.svg")),
        element("link", rel="stylesheet", href=asset_link("page.css")),
        element("link", rel="stylesheet", href=asset_link("workbench.css")),
        element("script", src=asset_link("htmx.min.js"), defer=""),
        element("script", src=asset_link("keys.js"), defer=""),
    )
    body = element(
        "body",
        element("a", "To the content", class_="skip", href="#content"),
        _header(frame) if frame.who else "",
        element("main", content, id="content", tabindex="-1"),
        element("div", id="dialog"),
        _keys() if frame.who else "",
        element("div", id="said", role="status", aria_live="polite", class_="soft"),
        class_="workbench",
    )
    return Markup(f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n")


def _header(frame: Frame) -> Markup:
    places = element("nav", element("ul", *map(_entry, frame.places)), aria_label="Pages")
    return element(
        "header",
        join([places, _search(frame.run) if frame.run else "", _who(frame.who)]),
        element("p", frame.about, class_="kicker") if frame.about else "",
    )


def _keys() -> Markup:
    """Write the list of keys, which `?` shows."""
    rows = [element("p", element("kbd", key), f" {words}") for key, words in KEYS.items()]
    shut = element("form", element("button", "Close"), method="dialog")
    title = element("h2", "Keys", id="keys-title")
    return element("dialog", title, *rows, shut, id="keys", aria_labelledby="keys-title")


def _entry(place: Place) -> Markup:
    current = "page" if place.here else None
    return element("li", element("a", place.name, href=place.link, aria_current=current))


def _search(run: str) -> Markup:
    entry = forms.field(
        "q", "Find an item or a region", kind="search", id="search", autocomplete="off",
        aria_keyshortcuts="/",
    )  # fmt: skip
    return element(
        "div",
        forms.form(
            links.find(),
            entry,
            forms.hidden(run=run),
            method="get",
            role="search",
            swap=forms.Swap("#found", "innerHTML", "input delay:150ms from:#search"),
        ),
        element("div", id="found", aria_live="polite"),
        class_="search",
    )


def _who(name: str) -> Markup:
    summary = element("summary", said_to_be(name))
    entry = forms.field("name", "What you call yourself", name, maxlength=60, required="")
    change = forms.form(links.name(), entry, forms.button("Keep this name"), label="Your name")
    return element("details", summary, change, class_="who")
