"""What pages load is ours, named by its content, and what was vendored is what it was."""

from __future__ import annotations

import hashlib

from foreship.workbench.web.assets import OWN, asset, asset_link

HTMX = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"
"""sha256 of dist/htmx.min.js of htmx.org 4.0.1"""


def test_every_file_is_found_by_the_link_that_pages_write() -> None:
    """With its kind; under another name nothing is."""
    for name in ("page.css", *OWN):
        link = asset_link(name)
        found = asset(link.removeprefix("/assets/"))
        assert found is not None
        assert hashlib.sha256(found.body).hexdigest()[:12] in link
        assert asset(name) is None
    assert asset("../__init__.py") is None


def test_the_vendored_script_is_as_it_was_published() -> None:
    """Byte for byte, with its licence beside it."""
    found = asset(asset_link("htmx.min.js").removeprefix("/assets/"))
    assert found is not None
    assert hashlib.sha256(found.body).hexdigest() == HTMX
    assert found.kind.startswith("text/javascript")
