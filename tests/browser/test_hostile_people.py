"""Names of people, comments and reasons are text wherever decisions are shown, at any width."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.alien import ALIEN
from tests.browser.axe import serious
from tests.browser.deciding import SLOW, call_oneself, decide, opened
from tests.browser.serving import Served

MALLORY = "<b onclick=alert(1)>Mallory</b> \u202egro.live"
SHOWN = "<b onclick=alert(1)>Mallory</b> gro.live"
"""a name loses what would turn the text around it"""
COMMENT = "</td><script>alert(2)</script>" + "w" * 90
REASON = "<img src=x onerror=alert(3)>" + "v" * 90
WIDTH = "() => document.scrollingElement.scrollWidth"
OWN = "() => [...document.querySelectorAll('main b[onclick]')]"


def faults(page: Any, width: int) -> list[str]:
    """Return what is wrong with a page: markup from people, what axe finds, its width."""
    alien = page.evaluate(ALIEN.replace(", main b", "")) + page.evaluate(OWN)
    wide = page.evaluate(WIDTH)
    found = serious(page) + (["markup of people"] if alien else [])
    return found + ([f"{wide} pixels wide"] if wide > width else [])


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (360, "dark")], ids=["desk", "phone in the dark"]
)
def test_what_people_write_is_text_on_every_page_of_decisions(
    own_bench: Served, page_of: Any, width: int, scheme: str
) -> None:
    """On the line, in a clash, in the list, on a job's page and among what is asked."""
    shape = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    base, found = own_bench.base, {}
    mallory, ben = page_of(own_bench, **shape), page_of(own_bench, **shape)
    for page in (mallory, ben):
        page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    call_oneself(mallory, base, MALLORY)
    for page in (mallory, ben):
        opened(page, base, 0)
    found["form"] = faults(mallory, width)
    decide(mallory, 0, "drop", COMMENT)
    mallory.wait_for_selector("#edit-0 >> text=drop")
    assert COMMENT in mallory.inner_text("#edit-0") and SHOWN in mallory.inner_text("#edit-0")
    found["line"] = faults(mallory, width)

    decide(ben, 0, "freeze", COMMENT)
    ben.wait_for_selector("#edit-0.clash")
    assert SHOWN in ben.inner_text("#edit-0") and COMMENT in ben.inner_text("#edit-0")
    found["clash"] = faults(ben, width)

    ben.goto(f"{base}/run/latest/edits")
    assert SHOWN in ben.inner_text("main table")
    found["list"] = faults(ben, width)

    mallory.goto(f"{base}/run/latest/edits")
    mallory.click("button:has-text('What all of them cost together')")
    mallory.wait_for_url("**/job/*")
    assert SHOWN in mallory.inner_text("main")
    found["job at work"] = faults(mallory, width)
    mallory.wait_for_selector(".job[data-state=done]", timeout=SLOW)
    found["job done"] = faults(mallory, width)

    mallory.goto(f"{base}/asked")
    mallory.fill("#field-value", "2")
    mallory.fill("#field-reason", REASON)
    mallory.fill("#field-expires", "2027-01-31")
    mallory.click("button:has-text('Ask for it')")
    mallory.wait_for_selector("main table")
    assert REASON in mallory.inner_text("main table")
    found["asked"] = faults(mallory, width)
    mallory.click("main td a.figure-link")
    mallory.wait_for_url("**/asked/row*")
    assert REASON in mallory.inner_text("main table") and SHOWN in mallory.inner_text("main table")
    found["asked row"] = faults(mallory, width)
    assert {name: each for name, each in found.items() if each} == {}
