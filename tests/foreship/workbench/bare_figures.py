"""Figures of a page that lead nowhere: there must be none."""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["bare_figures"]

FIGURE = re.compile(r"[+\u2212-]?\d[\d.,]*( %)?")
MAY = frozenset({"a", "svg", "h1", "h2", "h3", "th", "option", "label", "code"})
"""elements in which a figure leads on, is drawn beside its table, or is none"""
VOID = frozenset({"br", "input", "img", "hr", "meta", "link"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if FIGURE.fullmatch(data.strip()) and not MAY & set(self.inside):
            self.found.append(data.strip())


def bare_figures(page: str) -> list[str]:
    """Return every text of a page that is a figure and nothing else, and leads nowhere."""
    reader = _Reader()
    reader.feed(page)
    return reader.found
