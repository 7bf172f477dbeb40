"""What if, by the keyboard alone: several numbers, an event that never was, lines that differ."""

from __future__ import annotations

from typing import Any

from tests.browser.axe import serious
from tests.browser.deciding import SLOW
from tests.browser.serving import Served

PHONE = {"width": 360, "height": 800}
WIDTH = "() => document.scrollingElement.scrollWidth"
ALIEN = "() => [...document.querySelectorAll('main script, main img, main b')].length"
HURT = '<img src=x onerror=alert(1)>, "<b>, x"'


def write(page: Any, field: str, text: str) -> None:
    """Go to a field and write over what stands there."""
    page.focus(f"#field-{field}")
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_several_changes_are_tried_and_the_lines_that_differ_are_read(
    own_bench: Served, page_of: Any
) -> None:
    """Faults first, all at once; then what no forecast knows; then the plan, and why it differs."""
    page = page_of(own_bench)
    page.watch.allow("status of 4")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{own_bench.base}/run/latest/try")
    fill_in_what_cannot_be(page)
    assert "HUB-X" in page.inner_text("main [role=alert]")
    assert "<img src=x" in page.inner_text("main [role=alert]")
    assert page.evaluate(ALIEN) == 0
    assert serious(page) == []
    correct_it(page)
    assert serious(page) == []
    page.focus("button:has-text('Plan with it all the same')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".job[data-state=done]", timeout=SLOW)
    page.focus("text=The lines in which it differs")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('What differs')")
    read_the_lines(page)
    tick_it_on_a_phone(page, own_bench)


def fill_in_what_cannot_be(page: Any) -> None:
    """Ask for a hub that there is none of, and for an event on a day that is none."""
    page.focus("#field-what-1")
    page.keyboard.type("lanes: cost per unit")
    write(page, "amount-1", "1.4")
    write(page, "where-1", "origin=HUB-X")
    page.focus("summary:has-text('A holiday')")
    page.keyboard.press("Enter")
    write(page, "event-value", "moonfest")
    write(page, "event-date", f"2026-11-17..{HURT}")
    page.keyboard.press("Enter")
    page.wait_for_selector("main [role=alert] table")


def correct_it(page: Any) -> None:
    """Ask for what there is; the rest stands as it was filled in."""
    write(page, "where-1", "origin=HUB-A")
    write(page, "event-date", "2026-11-17")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=no such event was before")


def read_the_lines(page: Any) -> None:
    """Go from cell to cell, and sort by a heading."""
    page.focus("main [role=gridcell][tabindex='0']")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.dataset.key") == "1-item"
    page.focus("[data-key=head-item]")
    page.keyboard.press("Enter")
    page.wait_for_selector("th[aria-sort=ascending] [data-key=head-item]")
    assert serious(page) == []


def tick_it_on_a_phone(page: Any, bench: Served) -> None:
    """Choose what stands side by side; no page is wider than the phone."""
    page.set_viewport_size(PHONE)
    page.goto(f"{bench.base}/run/latest/try")
    assert page.evaluate(WIDTH) == PHONE["width"]
    page.focus("input[name=with]")
    page.keyboard.press("Space")
    page.focus("button:has-text('Show the lines')")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('What differs')")
    assert page.evaluate(WIDTH) == PHONE["width"]
    assert serious(page) == []
