"""Two who decide at once: neither loses anything, and each learns of the other."""

from __future__ import annotations

from typing import Any

from tests.browser.deciding import SLOW, call_oneself, decide, opened
from tests.browser.serving import Served


def test_two_people_meet_on_a_line(own_bench: Served, page_of: Any) -> None:
    """Who comes later sees both decisions, and writes over the other only knowingly.

    An approval of what was seen is refused where something came in since.
    """
    ada, ben = page_of(own_bench), page_of(own_bench)
    for page, name in ((ada, "Ada"), (ben, "Ben")):
        call_oneself(page, own_bench.base, name)
        opened(page, own_bench.base, 0)
    decide(ada, 0, "drop", "not this week")
    ada.wait_for_selector("#edit-0 >> text=not this week")
    ada.goto(f"{own_bench.base}/run/latest/edits")

    decide(ben, 0, "freeze", "promised")
    ben.wait_for_selector("#edit-0.clash")
    told = ben.inner_text("#edit-0")
    assert "drop" in told and "said to be Ada" in told and "freeze" in told
    ben.click("#edit-0 button:has-text('Write mine')")
    ben.wait_for_selector("#edit-0:not(.clash) >> text=promised")

    ada.wait_for_selector("#since >> text=1 decision by Ben since", timeout=SLOW)
    assert "not this week" in ada.inner_text("main table")
    ada.click("button:has-text('Approve the plan')")
    ada.wait_for_selector("text=1 decision by Ben came in since you looked")
    assert not list((own_bench.folder / "runs").parent.glob("approvals/*"))
