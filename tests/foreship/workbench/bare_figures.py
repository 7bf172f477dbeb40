"""Figures of a page that lead nowhere: there must be none.

Judged by the HTML that a browser gets, whatever wrote it. A number leads to where it comes from if
it is a link; if its paragraph, list entry, cell, card or picture holds a link beside it; if it is
part of a sentence in a row of a table that holds a link; or if it is part of a sentence in a
chapter whose sources are linked below it, in a `p` of the class `sources`.

What is no figure, or is where it comes from:

- ids and days, which are names;
- sums at the foot of a table, each of whose rows leads;
- headings, and the names, choices and hints of fields and buttons;
- file hashes and versions, in `code`;
- how many rows or pages stand right there: captions, page numbers, and a `role=status` that says
  one number and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["bare_figures", "figures_of", "links_of", "stands_in"]

NUMBER = re.compile(r"(?<![\w.:/#-])[+\u2212-]?\d[\d.,\u00a0\u202f']*(?:\s?%)?(?![\w-])")
DAY = re.compile(
    r"\b\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2})?(?:-[0-9a-f]{10})?\b|\b\d{1,2}[./]\d{1,2}[./]\d{4}\b"
)
"""a day with or without its time, and the name of a run, which begins with one"""
NO_FIGURE = frozenset(
    {"h1", "h2", "h3", "th", "option", "label", "button", "summary", "code", "caption", "nav",
     "textarea", "title", "legend"}
)  # fmt: skip
BLOCKS = frozenset({"td", "li", "p", "figure"})
PARTS = frozenset({"card", "edit"})
"""classes of elements that stand for a cell"""
FIELD, SOURCES = "field", "sources"
CHAPTERS = frozenset({"section", "header", "main"})
VOID = frozenset({"br", "input", "img", "hr", "meta", "link", "col"})


@dataclass
class _Element:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    above: _Element | None = None
    inside: list[_Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def chain(self) -> Iterator[_Element]:
        here: _Element | None = self
        while here is not None:
            yield here
            here = here.above

    @property
    def all(self) -> Iterator[_Element]:
        yield self
        for each in self.inside:
            yield from each.all

    @property
    def leads(self) -> bool:
        """Whether there is a link inside."""
        return any(each.name == "a" and each.attributes.get("href") for each in self.all)

    @property
    def words(self) -> str:
        return " ".join(text for each in self.all for text in each.texts)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.top = self.here = _Element("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        new = _Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.inside.append(new)
        if tag not in VOID:
            self.here = new

    def handle_endtag(self, tag: str) -> None:
        for each in self.here.chain:
            if each.name == tag:
                assert each.above is not None
                self.here = each.above
                return

    def handle_data(self, data: str) -> None:
        self.here.texts.append(data)


def bare_figures(page: str, names: Iterable[str] = ()) -> list[str]:
    """Return every text of a page with a number that leads nowhere.

    Parameters
    ----------
    names
        Ids of the workspace that are written with digits alone, as `00005`.
    """
    reader = _Reader()
    reader.feed(page)
    mains = [each for each in reader.top.all if each.name == "main"] or [reader.top]
    known = sorted(set(names), key=len, reverse=True)
    return [
        text.strip()
        for main in mains
        for each in main.all
        for text in each.texts
        if _numbers(text, known) and not _is_led(each, known)
    ]


def links_of(page: str) -> list[str]:
    """Return where the links of a page's content lead, in their order."""
    reader = _Reader()
    reader.feed(page)
    mains = [each for each in reader.top.all if each.name == "main"]
    found = (each for main in mains for each in main.all if each.name == "a")
    return [each.attributes["href"] for each in found if "href" in each.attributes]


def figures_of(page: str) -> list[tuple[str, str]]:
    """Return the links of a page's content whose words are one number, each with it."""
    reader = _Reader()
    reader.feed(page)
    mains = [each for each in reader.top.all if each.name == "main"]
    found = (each for main in mains for each in main.all if each.name == "a")
    return [
        (each.attributes["href"], each.words)
        for each in found
        if "/from?" in each.attributes.get("href", "") and NUMBER.fullmatch(each.words)
    ]


def stands_in(figure: str, page: str) -> bool:
    """Tell whether a figure as it is shown is a number of a page, rounded; signs apart."""
    reader = _Reader()
    reader.feed(page)
    wanted, digits = _value(figure), len(figure.rstrip(" %\u00a0").partition(".")[2])
    texts = (
        text for each in reader.top.all if each.name in ("td", "strong") for text in each.texts
    )
    values = [_value(each) for text in texts for each in NUMBER.findall(text)]
    share = 100.0 if "%" in figure else 1.0
    return any(abs(abs(each) * share - abs(wanted)) <= 0.51 * 10**-digits for each in values)


def _value(text: str) -> float:
    return float(re.sub(r"[^\d.\u2212-]", "", text).replace("\u2212", "-").strip(".") or 0)


def _numbers(text: str, names: Iterable[str]) -> list[str]:
    """Return the numbers of a text that are neither ids nor days."""
    rest = DAY.sub(" day ", text)
    for each in names:
        rest = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", " id ", rest)
    return NUMBER.findall(rest)


def _is_led(place: _Element, names: Iterable[str]) -> bool:
    chain = list(place.chain)
    if any(each.name in ("a", *NO_FIGURE) or FIELD in each.kinds for each in chain):
        return True
    status = next((each for each in chain if each.attributes.get("role") == "status"), None)
    if status is not None and len(_numbers(status.words, names)) == 1:
        return True
    block = next((each for each in chain if each.name in BLOCKS or PARTS & each.kinds), place)
    figure = next((each for each in chain if each.name == "figure"), block)
    return block.leads or figure.leads or _is_led_from_around(place, block)


def _is_led_from_around(place: _Element, block: _Element) -> bool:
    """Tell whether the rows above, the row, or the chapter around a number lead to it."""
    foot = next((each for each in place.chain if each.name == "tfoot"), None)
    if foot is not None and foot.above is not None:
        return all(each.leads for each in _rows(foot.above))
    if not re.search(r"[^\W\d]{2}", block.words):
        return False  # a figure and no sentence
    if block.name == "td" and block.above is not None:
        return block.above.leads
    chapter = _chapter_of(place)
    told = (each for each in chapter.all if SOURCES in each.kinds and each.leads)
    return any(_chapter_of(each) is chapter for each in told)


def _rows(table: _Element) -> list[_Element]:
    """Return the rows of a table between its head and its foot."""
    bodies = [each for each in table.inside if each.name == "tbody"]
    return [row for body in bodies for row in body.inside]


def _chapter_of(place: _Element) -> _Element:
    chain = list(place.chain)
    return next((each for each in chain if each.name in CHAPTERS), chain[-1])
