"""The keyboard alone finds an answer: search, grid, cell and back, without a click."""

from __future__ import annotations

from typing import Any

from tests.browser.serving import Served

HERE = "() => (document.activeElement.closest('[data-key]') || document.body).dataset.key || ''"


def test_the_search_is_reached_by_a_key_and_leads_to_why(page: Any, bench: Served) -> None:
    """`/`, an item and a region, Enter: the first words of the page answer why not one more."""
    page.goto(f"{bench.base}/run/latest/lines")
    item = page.get_attribute("tbody tr:first-child td[data-key$='-item'] a", "href")
    region, wanted = item.split("region=")[1].split("&item=")
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.id") == "search"
    page.keyboard.type(f"{wanted} {region}")
    page.wait_for_selector("#found a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cell?**")
    assert "Why not one more" in page.inner_text("main h2 >> nth=0")


def test_arrows_lead_through_the_grid_and_enter_opens_what_is_there(
    page: Any, bench: Served
) -> None:
    """One cell is in the order of the tab key; from it arrows, Home and End lead on."""
    page.goto(f"{bench.base}/run/latest/lines")
    page.focus("tbody td[tabindex='0']")
    assert page.locator("tbody td[tabindex='0']").count() == 1
    first = page.evaluate(HERE)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    assert page.evaluate(HERE) == first
    page.keyboard.press("Control+End")
    assert page.evaluate(HERE) != first
    page.keyboard.press("Control+Home")
    assert page.evaluate(HERE) == first
    for _ in range(20):
        if page.evaluate(HERE).endswith("-item"):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cell?**")


def test_a_heading_sorts_and_keeps_the_focus(page: Any, bench: Served) -> None:
    """The grid is exchanged, the address says the order, and the focus stays on the heading."""
    page.goto(f"{bench.base}/run/latest/lines")
    page.focus("[data-key='head-quantity']")
    page.keyboard.press("Enter")
    page.wait_for_selector("th[aria-sort='descending'] [data-key='head-quantity']")
    assert "sort=quantity" in page.url
    assert page.evaluate(HERE) == "head-quantity"


def test_the_list_of_keys_opens_and_closes(page: Any, bench: Served) -> None:
    """By `?` and Escape; not while somebody writes."""
    page.goto(f"{bench.base}/runs")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
    page.focus("#search")
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()
