"""Sentences and ways on a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from foreship.reports.leads import sources
from foreship.reports.markup import Content, Markup, chapter, element

__all__ = ["listed", "paragraphs", "ways"]


def paragraphs(sentences: Iterable[str]) -> list[Markup]:
    """Write each sentence as a paragraph."""
    return [element("p", each) for each in sentences]


def ways(links: Mapping[str, str]) -> Markup:
    """Write words that lead to addresses, one beside the other."""
    return element("p", *_apart(element("a", words, href=link) for words, link in links.items()))


def listed(title: str, sentences: Iterable[str], *origin: Content) -> Content:
    """Write sentences as a list under their heading; nothing where there is none.

    Parameters
    ----------
    origin
        Links to what they are read from.
    """
    told = [element("li", each) for each in sentences]
    return chapter(title, element("ul", *told, class_="notes"), sources(*origin)) if told else ""


def _apart(parts: Iterable[Content]) -> Iterator[Content]:
    for place, each in enumerate(parts):
        yield from (" \u00b7 ", each) if place else (each,)
