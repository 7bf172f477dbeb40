"""A whole Monday without a mouse: search, why, a decision, the approval, the release."""

from __future__ import annotations

from typing import Any

from tests.browser.deciding import SLOW
from tests.browser.serving import Served

MOST_STEPS = 120
"""times that the tab key is pressed on the way to something"""
HERE = "() => (document.activeElement.textContent || '').trim()"
AT = "() => (document.activeElement.closest('[data-key]') || document.body).dataset.key || ''"


def to(page: Any, words: str) -> None:
    """Press the tab key until what has the focus begins with these words."""
    for _ in range(MOST_STEPS):
        if page.evaluate(HERE).startswith(words):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not lead to {words!r}")


def by_name(page: Any, name: str) -> None:
    """Press the tab key until a field of this name has the focus."""
    for _ in range(MOST_STEPS):
        if page.evaluate("() => document.activeElement.name || ''") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not lead to the field {name!r}")


def test_a_line_is_decided_on_approved_and_released_by_keys_alone(
    own_bench: Served, page_of: Any
) -> None:
    """From the first page to the picking list; no click is made."""
    page = page_of(own_bench)
    _look(page)
    _decide(page)
    page.reload()
    to(page, "Decisions")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edits")
    to(page, "Approve the plan with 1 decision")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Release it", timeout=SLOW)
    to(page, "Release it")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edits")
    to(page, "Release the plan")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=For the warehouse", timeout=SLOW)
    to(page, "picking.csv")
    with page.expect_download() as found:
        page.keyboard.press("Enter")
    assert found.value.suggested_filename == "picking.csv"


def _look(page: Any) -> None:
    """Ask why not one more of an item in a region, and go on to its lines."""
    page.keyboard.press("/")
    page.keyboard.type("00005 R001")
    page.wait_for_selector("#found a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cell?**")
    assert "Why not one more" in page.inner_text("main h2 >> nth=0")
    to(page, "its lines")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lines?**")


def _decide(page: Any) -> None:
    """Drop the first line of the grid."""
    for _ in range(MOST_STEPS):
        if page.evaluate("() => document.activeElement.getAttribute('role')") == "gridcell":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("End")
    assert page.evaluate(AT).endswith("-decided")
    line = page.evaluate(AT).split("-")[0]
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#decision-{line}")
    by_name(page, "decision")
    page.keyboard.type("drop")
    by_name(page, "comment")
    page.keyboard.type("not this week")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#edit-{line} >> text=not this week")
