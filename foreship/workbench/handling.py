"""How a page is asked and how it answers, in types of our own: no page knows HTTP's library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from foreship.reports.markup import Content
from foreship.workbench.bench import Bench

__all__ = ["Answer", "Handler", "Request", "Route"]


@dataclass(frozen=True)
class Request:
    """What a browser asks a page."""

    path: Mapping[str, str] = field(default_factory=dict)
    """parts of the address by their name in the route's pattern, decoded"""
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """every value of each name behind `?`, in the order written"""
    form: Mapping[str, str] = field(default_factory=dict)
    """fields that were sent; of several of one name the last"""
    file: Path | None = None
    """a file that was handed in, in the server's own folder; gone after the answer"""
    file_name: str = ""
    """what the browser calls it; never a path"""
    who: str = ""
    """who is said to ask"""
    fragment: bool = False
    """whether a part of the page is asked for, to be put into one that is shown"""

    def asked(self, name: str, default: str = "") -> str:
        """Return the last value of a name behind `?`."""
        values = self.query.get(name)
        return values[-1] if values else default


@dataclass(frozen=True)
class Answer:
    """What a page says.

    With a `title` the body is put into the frame of a page, unless a fragment was asked for.
    """

    body: Content | bytes | Path = ""
    """HTML, bytes to be sent as they are, or a file to be sent"""
    status: int = 200
    title: str = ""
    to: str = ""
    """address to go to instead (303; a fragment lets its page go there)"""
    kind: str = "text/html; charset=utf-8"
    file_name: str = ""
    """what a download shall be called; empty: it is shown"""
    sandboxed: bool = False
    """whether it is a page of its own, as `report.html`, that may do nothing here"""


Handler = Callable[[Request, Bench], Answer]


@dataclass(frozen=True)
class Route:
    """A page's address and who answers it."""

    method: Literal["GET", "POST"]
    pattern: str
    """as `/run/{run}/lines`; ids of items, regions and hubs travel behind `?` only"""
    handler: Handler
    nav: str = ""
    """its name in the list of pages; empty: it is not listed"""
