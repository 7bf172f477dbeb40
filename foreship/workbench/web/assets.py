"""Style sheets and scripts: named by their content, so that a browser may keep them for good."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, NamedTuple

from foreship.reports.markup import style_sheet
from foreship.workbench.web import links

__all__ = ["Asset", "asset", "asset_link"]

KINDS: Final = MappingProxyType(
    {
        "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    }
)
OWN: Final = ("workbench.css", "htmx.min.js", "keys.js", "icon.svg")
HASH_LETTERS = 12


class Asset(NamedTuple):
    """A file that pages load."""

    kind: str
    body: bytes


def asset_link(name: str) -> str:
    """Return the address of a file by its plain name, `page.css` or one of `assets/`."""
    return links.address("assets", _hashed(name, _bodies()[name]))


def asset(name: str) -> Asset | None:
    """Return a file by its name with the hash, None where there is none of that content."""
    return _assets().get(name)


@cache
def _bodies() -> Mapping[str, bytes]:
    folder = files("foreship.workbench").joinpath("assets")
    own = {name: folder.joinpath(name).read_bytes() for name in OWN}
    return {"page.css": style_sheet().encode(), **own}


@cache
def _assets() -> Mapping[str, Asset]:
    return {
        _hashed(name, body): Asset(KINDS[name.rsplit(".", 1)[-1]], body)
        for name, body in _bodies().items()
    }


def _hashed(name: str, body: bytes) -> str:
    stem, ending = name.rsplit(".", 1)
    return f"{stem}.{hashlib.sha256(body).hexdigest()[:HASH_LETTERS]}.{ending}"
