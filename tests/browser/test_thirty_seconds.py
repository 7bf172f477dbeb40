"""A first visitor finds why not one more of an item goes to a region in at most four clicks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.axe import serious
from tests.browser.clicks import Hand
from tests.browser.serving import Served

MOST = 4
ITEM, REGION = "00005", "R001"


def answer_of(page: Any) -> str:
    """Return the first chapter of a page, once it is that of the question."""
    page.wait_for_selector("main h2:has-text('Why not one more?')")
    first = page.locator("main section").first
    assert first.locator("h2").inner_text() == "Why not one more?"
    assert page.locator("main h1").inner_text().startswith(f"{ITEM} ")
    return str(first.inner_text())


@pytest.mark.parametrize("words", [f"{ITEM} {REGION}", f"{REGION} {ITEM}"])
def test_by_the_search_with_the_keyboard_alone(page: Any, bench: Served, words: str) -> None:
    """The key that the search tells of, the two words in either order, Enter."""
    page.goto(f"{bench.base}/")
    hand = Hand(page)
    hand.press("/")
    hand.type(words)
    hand.press("Enter")
    assert "break-even" in answer_of(page)
    assert hand.count == 2


def test_by_the_search_with_the_mouse(page: Any, bench: Served) -> None:
    """A click into the field, and one on what it found."""
    page.goto(f"{bench.base}/")
    hand = Hand(page)
    hand.click("#search")
    hand.type(f"{ITEM} {REGION}")
    hand.click("#found a")
    assert "break-even" in answer_of(page)
    assert hand.count <= MOST


def test_by_the_item(page: Any, bench: Served) -> None:
    """Whoever knows the item alone goes on by its region."""
    page.goto(f"{bench.base}/")
    hand = Hand(page)
    hand.press("/")
    hand.type(ITEM)
    hand.press("Enter")
    hand.click(f"main table a[href*='/cell?'][href*='region={REGION}']:not(.figure-link)")
    assert "break-even" in answer_of(page)
    assert hand.count <= MOST


def test_a_figure_shows_its_rows_over_the_page_in_one_click(page: Any, bench: Served) -> None:
    """With what its column means; Escape closes it, and the focus is where it was."""
    page.goto(f"{bench.base}/run/latest/cell?region={REGION}&item={ITEM}")
    answer_of(page)
    page.click("a.figure-link[href*='column=p&']")
    page.wait_for_selector("dialog[open]")
    told = page.inner_text("dialog")
    assert "units.parquet" in told
    assert "SHA-256" in told
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    assert "column=p&" in page.evaluate("() => document.activeElement.getAttribute('href')")
