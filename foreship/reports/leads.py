"""Where a word or a figure of a page leads to: nowhere in a file, to its page in the workbench.

Chapters are written once. In a closed file nothing leads anywhere; where a workbench shows them,
each id leads to its page and each figure to what it is read or summed from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from foreship.reports.markup import Content, element

__all__ = [
    "Leads",
    "leading",
    "leads_somewhere",
    "sourced",
    "sources",
    "summed",
    "to_cell",
    "to_item",
    "to_region",
]


class Leads(Protocol):
    """Addresses of what a page speaks of."""

    def cell(self, region: str, item: str) -> str:
        """An item in a region."""

    def item(self, item: str) -> str:
        """An item."""

    def region(self, region: str) -> str:
        """A region."""

    def lines(self, **by: str) -> str:
        """The lines of an action, a hub, a region, an item."""

    def source(self, file: str, column: str, **where: str) -> str:
        """Rows of a file of the run, and what their column means."""


_LEADS: ContextVar[Leads | None] = ContextVar("leads", default=None)


@contextmanager
def leading(leads: Leads) -> Iterator[None]:
    """Let what is written inside lead somewhere."""
    before = _LEADS.set(leads)
    try:
        yield
    finally:
        _LEADS.reset(before)


def to_cell(region: str, item: str, shown: Content) -> Content:
    """Let a text lead to an item in a region, or to either where the other is blank."""
    leads = _LEADS.get()
    if leads is None or not (region or item):
        return shown
    if not region:
        return _link(leads.item(item), shown)
    return _link(leads.cell(region, item) if item else leads.region(region), shown)


def to_item(item: str, shown: Content | None = None) -> Content:
    """Let an item's id, or what is shown for it, lead to its page."""
    return to_cell("", item, item if shown is None else shown)


def to_region(region: str, shown: Content | None = None) -> Content:
    """Let a region's id, or what is shown for it, lead to its page."""
    return to_cell(region, "", region if shown is None else shown)


def sourced(shown: Content, file: str, column: str, **where: str) -> Content:
    """Let a figure lead to the rows of a file that it is read from."""
    leads = _LEADS.get()
    return shown if leads is None else _figure(leads.source(file, column, **where), shown)


def summed(shown: Content, **by: str) -> Content:
    """Let a figure lead to the lines that it sums."""
    leads = _LEADS.get()
    return shown if leads is None else _figure(leads.lines(**by), shown)


def sources(*found: Content) -> Content:
    """Say below sentences what they are read from; nothing in a closed file.

    Parameters
    ----------
    found
        What `sourced` and `summed` return, or other links; blank ones are left out.
    """
    links = [each for each in found if each]
    if not leads_somewhere() or not links:
        return ""
    parts = [part for each in links for part in (", ", each)][1:]
    return element("p", "Read from ", *parts, ".", class_="sources soft")


def leads_somewhere() -> bool:
    """Whether what is written now leads anywhere."""
    return _LEADS.get() is not None


def _link(address: str, shown: Content) -> Content:
    return element("a", shown, href=address)


def _figure(address: str, shown: Content) -> Content:
    return element("a", shown, href=address, class_="figure-link")
