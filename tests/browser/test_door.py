"""The start link lets a browser in, wherever it is followed from; nothing else does."""

from __future__ import annotations

from typing import Any

from tests.browser.serving import Served


def test_the_link_leads_in_and_the_secret_does_not_stay_in_the_address(
    page: Any, bench: Served
) -> None:
    """The browser ends at a page of the workbench, whose address may be shown to others."""
    assert "token" not in page.url
    assert page.locator("body > header").count() == 1


def test_a_browser_without_the_link_is_told_how_to_get_in(page_of: Any, bench: Served) -> None:
    """And sees nothing of the workspace."""
    page = page_of(bench, comes_in=False)
    page.watch.allow("status of 403")
    answer = page.goto(f"{bench.base}/")
    assert answer.status == 403
    assert "start link" in page.inner_text("main")
    assert page.locator("body > header").count() == 0


def test_another_name_of_this_machine_is_led_to_the_links(page: Any, bench: Served) -> None:
    """The cookie knows one name only."""
    page.watch.faults.clear()
    page.goto(bench.base.replace("127.0.0.1", "localhost") + "/")
    assert page.url.startswith(bench.base)
    assert page.locator("body > header").count() == 1
    page.watch.faults = [each for each in page.watch.faults if "//localhost" not in each]


def test_a_name_is_changed_and_kept(page: Any, bench: Served) -> None:
    """Whatever letters it has, it is shown as text on every page after."""
    page.click("details.who summary")
    page.fill("#field-name", "Ada <script>alert(1)</script>")
    page.click("details.who button")
    page.wait_for_load_state()
    page.goto(f"{bench.base}/")
    assert "said to be Ada <script>alert(1)</script>" in page.inner_text("details.who summary")
