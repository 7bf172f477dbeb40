"""HTML written by functions: every text is escaped unless a function here made it.

Only what a planner's page needs: elements, tables with aligned numbers, a closed page that
may load nothing and run nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from foreship_foundation.telling.words import fixed, plural

__all__ = [
    "Column",
    "Markup",
    "card",
    "chapter",
    "cut",
    "element",
    "join",
    "page",
    "short",
    "style_sheet",
    "table",
    "text_of",
]

VOID = frozenset({"meta", "br", "hr", "col", "input", "link"})
SHAPES = frozenset({"rect", "circle", "line", "path", "polygon"})
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
SHORT = 14
"""letters of an id that stays on one line; longer ones would widen a table too far"""
Content = object
"""a `Markup`, kept as it is; anything else is shown as escaped text"""


class Markup(str):
    """Text that is HTML already; made only by this module's functions."""

    __slots__ = ()


def text_of(content: Content) -> str:
    """Return content as HTML: escaped, without what hides or turns the text around it."""
    if isinstance(content, Markup):
        return content
    return escape(_visible(str(content)), quote=True)


def _visible(text: str) -> str:
    """Replace what could hide or turn the text around: controls, lone surrogates, bidi marks."""
    return UNSEEN.sub("\ufffd", text)


def element(name: str, *children: Content, **attributes: object) -> Markup:
    """Write one element; `class_` stands for `class`, `_` in a name for `-`, None leaves it out.

    Attribute names come from our own code, never from data; values are escaped.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text_of(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in VOID:
        return Markup(f"<{name}{written}>")
    inner = "".join(text_of(child) for child in children)
    if name in SHAPES and not inner:
        return Markup(f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{inner}</{name}>")


def join(parts: Iterable[Content]) -> Markup:
    """Set parts one after the other."""
    return Markup("".join(text_of(part) for part in parts))


@dataclass(frozen=True)
class Column:
    """Heading of a table's column; `number` aligns it right."""

    title: str
    number: bool = False
    help: str = ""
    """shown when the pointer rests on the heading"""


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Content]],
    *,
    caption: Content | None = None,
    total: Sequence[Content] | None = None,
) -> Markup:
    """Write a table that scrolls sideways where the page is narrow."""
    head = [element("th", each.title, scope="col", **_cell(each)) for each in columns]
    parts: list[Content] = [element("caption", caption)] if caption is not None else []
    parts.append(element("thead", element("tr", *head)))
    parts.append(element("tbody", *(_row(columns, row) for row in rows)))
    if total is not None:
        parts.append(element("tfoot", _row(columns, total)))
    return element("div", element("table", *parts), class_="scroll")


def _row(columns: Sequence[Column], cells: Sequence[Content]) -> Markup:
    pairs = zip(columns, cells, strict=True)
    return element(
        "tr", *(element("td", cell, class_="n" if each.number else None) for each, cell in pairs)
    )


def _cell(column: Column) -> dict[str, object]:
    return {"class_": "n" if column.number else None, "title": column.help or None}


def chapter(title: str, *content: Content) -> Markup:
    """Write a section under its heading."""
    return element("section", element("h2", title), *content)


def cut(shown: int, total: int, noun: str, where: Content) -> Content:
    """Say what is left out of a table, and where it all is; nothing where the table is whole."""
    if shown >= total:
        return ""
    said = f"{fixed(shown)} of {plural(total, noun)} shown; "
    return element("p", said, where, ".", class_="soft")


def short(name: str) -> Content:
    """Keep a short name on one line, so that an id is not broken at its hyphen."""
    return element("span", name, class_="whole") if len(name) <= SHORT else name


def card(name: str, figure: Content, *more: Content) -> Markup:
    """Write a key figure with its name above and what it means below."""
    return element(
        "div",
        element("div", name, class_="name"),
        element("div", figure, class_="figure"),
        element("div", *more, class_="more"),
        class_="card",
    )


def style_sheet() -> str:
    """Return the style that all pages share."""
    return files("foreship.reports").joinpath("page.css").read_text("utf-8")


def page(title: str, style: str, body: Content) -> Markup:
    """Close a page: its policy allows this one style sheet by its hash and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        Markup(f"<style>{style}</style>"),
    )
    return Markup(
        "<!DOCTYPE html>\n" + element("html", head, element("body", body), lang="en") + "\n"
    )
