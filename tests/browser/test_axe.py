"""Every page can be used by ear, by keyboard and on a phone: axe finds nothing serious."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.axe import serious
from tests.browser.serving import Served
from tests.browser.walking import kinds_of_pages

WIDTH = "() => document.scrollingElement.scrollWidth"


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (360, "dark")], ids=["desk", "phone in the dark"]
)
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(
    page_of: Any, bench: Served, width: int, scheme: str
) -> None:
    """On one page of each kind that links lead to."""
    size = {"width": width, "height": 800}
    page = page_of(bench, viewport=size, color_scheme=scheme)
    found = {}
    pages, dead = kinds_of_pages(page, bench.base)
    for kind, address in pages.items():
        page.goto(address)
        wide = page.evaluate(WIDTH)
        found[kind] = serious(page) + ([f"{wide} pixels wide"] if wide > width else [])
    assert dead == []
    assert len(found) > 8
    assert {kind: faults for kind, faults in found.items() if faults} == {}
